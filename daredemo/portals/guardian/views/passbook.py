"""時間の記録: a month of hours like a passbook, each line with the booking it comes from."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from daredemo.attendance import queries as attendance
from daredemo.attendance import usage
from daredemo.audit import actions as audit
from daredemo.booking import queries as bookings
from daredemo.config.clock import now, today
from daredemo.families import queries as families
from daredemo.portals.guardian.children import chosen, pills
from daredemo.portals.guardian.forms.booking import months_choice
from daredemo.portals.guardian.gate import family_only, guardian_only
from daredemo.portals.shared.files import download

if TYPE_CHECKING:
    from daredemo.booking.models import LedgerEntry
    from daredemo.families.models import Child, Guardian

MOST_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Line:
    """One entry with the minutes left after it; `where` its hours count, if there is more than one kind."""

    entry: "LedgerEntry"
    left: int
    where: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """One kind of hours of the month: where it counts (`national`: 国の時間), allowed and left."""

    where: str
    cap: int
    left: int


@family_only
@require_safe
def passbook(request: HttpRequest, guardian: "Guardian") -> HttpResponse:
    """The ledger of one child and month, what was recorded at the door, and the way to other months."""
    children, this_month = families.children_of(guardian), today().replace(day=1)
    child = chosen(children, request.GET.get("child"))
    if child is None:
        raise Http404
    months = months_of(child, this_month)
    month = months_choice(request.GET.get("month"), months, this_month)
    visits = [visit for visit in attendance.visits_of(guardian, month) if visit.booking.child_id == child.pk]
    hours, entries = bookings.meter(child, month, now()), list(bookings.passbook(child, month))
    page = {
        "child": child,
        "may_print": child in families.answered_by(guardian),
        "kids": pills(children, child, today(), lambda one: address(one, month)) if len(children) > 1 else [],
        "month": month,
        "months": [(one, address(child, one)) for one in months],
        "hours": hours,
        "shares": shares(hours, entries),
        "lines": lines(hours, entries),
        "visits": visits,
    }
    return render(request, "guardian/passbook.html", page)


@guardian_only
@require_safe
def usage_pdf(request: HttpRequest, guardian: "Guardian") -> HttpResponse:
    """利用の記録 of one child, for a month or from one to another; what is no month is the present one."""
    child = chosen(families.answered_by(guardian), request.GET.get("child"))
    if child is None:
        raise Http404
    this_month = today().replace(day=1)
    known = months_of(child, this_month)
    since, until = sorted(
        months_choice(request.GET.get(name), known, this_month) for name in ("since", "until")
    )
    audit.read(by=guardian.user, subject=child, now=now(), what="usage")
    paper = usage.paper(guardian, child, since, until, now())
    return download(paper, f"riyou-{since:%Y-%m}-{until:%Y-%m}.pdf")


def months_of(child: "Child", this_month: date) -> list[date]:
    """Months with an entry and the present one, newest first."""
    written = {one.month for one in bookings.months_of(child)[:MOST_MONTHS]}
    return sorted(written | {this_month}, reverse=True)


def address(child: "Child", month: date) -> str:
    return f"{reverse('guardian:passbook')}?child={child.pk}&month={month:%Y-%m}"


def kinds(hours: bookings.Hours) -> dict[str, str]:
    """Bucket → where it counts; empty where the month has one kind of hours only."""
    if len(hours.buckets) < 2:
        return {}
    return {one.name: "national" if one.name == "national" else one.where for one in hours.buckets}


def shares(hours: bookings.Hours, entries: "list[LedgerEntry]") -> list[Share]:
    """What is left of each kind, in the order in which they are spent."""
    spent = Counter[str]()
    for entry in entries:
        if entry.kind != "granted":
            spent[entry.bucket] -= entry.effect
    where = kinds(hours)
    return [
        Share(where[one.name], one.minutes, max(0, one.minutes - spent[one.name]))
        for one in (hours.buckets if where else ())
    ]


def lines(hours: bookings.Hours, entries: "list[LedgerEntry]") -> list[Line]:
    """Oldest first, with a running balance."""
    where, balance = kinds(hours), accumulate(entry.effect for entry in entries)
    return [
        Line(entry, left, where.get(entry.bucket, "")) for entry, left in zip(entries, balance, strict=True)
    ]

"""時間の記録: a month of hours like a passbook, each line with the booking it comes from."""

from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from daredemo.attendance import queries as attendance
from daredemo.booking import queries as bookings
from daredemo.config.clock import now, today
from daredemo.families import queries as families
from daredemo.portals.guardian.children import chosen, pills
from daredemo.portals.guardian.forms.booking import months_choice
from daredemo.portals.guardian.gate import guardian_only

if TYPE_CHECKING:
    from daredemo.booking.models import LedgerEntry
    from daredemo.families.models import Child, Guardian

MOST_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Line:
    """One entry with the minutes left after it."""

    entry: "LedgerEntry"
    left: int


@guardian_only
@require_safe
def passbook(request: HttpRequest, guardian: "Guardian") -> HttpResponse:
    """The ledger of one child and month, what was recorded at the door, and the way to other months."""
    children = list(families.children_of(guardian))
    child = chosen(children, request.GET.get("child"))
    if child is None:
        raise Http404
    this_month = today().replace(day=1)
    months = months_of(child, this_month)
    month = months_choice(request.GET.get("month"), months, this_month)
    visits = [visit for visit in attendance.visits_of(guardian, month) if visit.booking.child_id == child.pk]
    page = {
        "child": child,
        "kids": pills(children, child, today(), lambda one: address(one, month)) if len(children) > 1 else [],
        "month": month,
        "months": [(one, address(child, one)) for one in months],
        "hours": bookings.meter(child, month, now()),
        "lines": lines(child, month),
        "visits": visits,
    }
    return render(request, "guardian/passbook.html", page)


def months_of(child: "Child", this_month: date) -> list[date]:
    """Months with an entry and the present one, newest first."""
    written = {one.month for one in bookings.months_of(child)[:MOST_MONTHS]}
    return sorted(written | {this_month}, reverse=True)


def address(child: "Child", month: date) -> str:
    return f"{reverse('guardian:passbook')}?child={child.pk}&month={month:%Y-%m}"


def lines(child: "Child", month: date) -> list[Line]:
    """Oldest first, with a running balance."""
    entries = list(bookings.passbook(child, month))
    balance = accumulate(entry.effect for entry in entries)
    return [Line(entry, left) for entry, left in zip(entries, balance, strict=True)]

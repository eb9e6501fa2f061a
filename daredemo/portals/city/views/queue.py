"""審査の一覧: what waits, by the days that are left, with what the automatic checks found."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from daredemo.certification import checks
from daredemo.certification import queries as certification
from daredemo.certification.actions import screening
from daredemo.config.clock import today
from daredemo.municipalities import queries as municipalities
from daredemo.portals.city.gate import officer_only

if TYPE_CHECKING:
    from daredemo.certification.models import Application
    from daredemo.municipalities.models import Officer
    from daredemo.rules.policy import Policy

PER_PAGE = 50
BADGES = ("age", "residence", "enrolment", "duplicates")
Desk = certification.Desk


@officer_only
@require_GET
def queue(request: HttpRequest, officer: "Officer") -> HttpResponse:
    """One pile, filtered by what the checks found."""
    desk = Desk(request.GET["pile"]) if request.GET.get("pile") in list(Desk) else Desk.WAITING
    level = request.GET.get("checks", "")
    day = today()
    policy = municipalities.policy_on(officer.municipality_id, day)
    rows: Any = certification.pile(officer, desk)
    if level:
        rows = list(rows)
        rows = [one for one, worst in zip(rows, levels(rows, day), strict=True) if worst == level]
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    number = certification.counts(officer)
    return render(
        request,
        "city/queue.html",
        {
            "piles": [(desk_.value, number[desk_], desk_ == desk) for desk_ in Desk],
            "pile": desk.value,
            "level": level,
            "rows": lines(list(page), day, policy),
            "page_obj": page,
            "today": day,
            "to_post": list(certification.to_post(officer)[:20]),
            "may_decide": screening.may_decide(officer),
        },
    )


def levels(applications: list["Application"], day: date) -> list[str]:
    """The most serious finding of each."""
    order = list(checks.Level)
    found = checks.checks_of(applications, day)
    return [str(max((check.level for check in found[a.pk]), key=order.index)) for a in applications]


def lines(applications: list["Application"], day: date, policy: "Policy") -> list[dict[str, Any]]:
    """What the table shows of each application."""
    found = checks.checks_of(applications, day)
    return [line(one, checks.worst(found[one.pk]), day, policy) for one in applications]


def line(
    application: "Application", worst: dict[str, checks.Check], day: date, policy: "Policy"
) -> dict[str, Any]:
    """One row: days left, badges, decisions so far."""
    received_at = application.submitted_at
    left = certification.days_left(received_at, day, policy) if received_at else 0
    children = list(application.children.all())
    return {
        "application": application,
        "children": children,
        "left": left,
        "late": -left,
        "remind": policy.decisions.decide_within_days - policy.decisions.remind_at_day,
        "badges": [worst[name] for name in BADGES if name in worst],
        "decisions": [child.decided[0] for child in children if child.decided],
    }


@officer_only
@require_GET
def following(request: HttpRequest, officer: "Officer", application_id: UUID | None = None) -> HttpResponse:
    """つぎの1件: the oldest that waits, another than this one."""
    after = certification.applications(officer).filter(pk=application_id).first() if application_id else None
    waiting = certification.next_waiting(officer, after)
    if waiting is None:
        return redirect("city:queue")
    return redirect("city:application", waiting.pk)

"""枠より予約が多い: which half hours, who is affected, and what can be done."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from daredemo.booking import actions as booking
from daredemo.booking import queries as bookings
from daredemo.config.clock import now, today
from daredemo.portals.facility import staffing
from daredemo.portals.facility.conflicts import clash, clashes
from daredemo.portals.facility.gate import staff_only

if TYPE_CHECKING:
    from daredemo.booking.models import Conflict
    from daredemo.facilities.models import Member

HERE = "facility:staffing"


@staff_only
@require_safe
def conflicts(request: HttpRequest, member: "Member") -> HttpResponse:
    """What waits, and what was settled in the last month."""
    past = [clash(one) for one in bookings.conflicts_past(member, now())]
    page = {"clashes": clashes(member, now()), "past": past, "now": now(), "here": HERE}
    return render(request, "facility/conflicts.html", page)


def own(member: "Member", conflict_id: UUID) -> "Conflict":
    """One of the facility's own; 404 for any other."""
    try:
        return bookings.conflict_of(member, conflict_id)
    except ObjectDoesNotExist as unknown:
        raise Http404 from unknown


@staff_only
@require_safe
def conflict(request: HttpRequest, member: "Member", conflict_id: UUID) -> HttpResponse:
    """One of them: whom it concerns, and the three ways out."""
    one = own(member, conflict_id)
    (day,) = bookings.staffing(member.facility, one.day.date, one.day.date)
    page = {
        "clash": clash(one),
        "affected": bookings.affected(one) if one.resolved_at is None else [],
        "lines": [line for line in staffing.lines(day) if line.stretch.overstepped],
        "now": now(),
        "today": today(),
        "here": HERE,
    }
    return render(request, "facility/conflict.html", page)


@staff_only
@require_POST
def conflict_take_on(request: HttpRequest, member: "Member", conflict_id: UUID) -> HttpResponse:
    """「わたしが担当します」"""
    booking.take_on(conflict=own(member, conflict_id), member=member, by=member.user, now=now())
    messages.success(request, _("担当になりました。"))
    return redirect("facility:conflict", conflict_id)

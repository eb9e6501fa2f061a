"""職員配置: the week and the day, and what changes on the day itself."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
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
from daredemo.facilities import actions as facilities
from daredemo.facilities import queries as asked
from daredemo.portals.facility import staffing
from daredemo.portals.facility.conflicts import clashes
from daredemo.portals.facility.forms.staffing import DutyForm
from daredemo.portals.facility.gate import staff_only
from daredemo.portals.shared.forms import accepted

if TYPE_CHECKING:
    from daredemo.facilities.models import Carer, Member

HERE = "facility:staffing"
WEEK = timedelta(days=7)


@staff_only
@require_safe
def week(request: HttpRequest, member: "Member") -> HttpResponse:
    """SF12: today, in its week."""
    return show(request, member, today())


@staff_only
@require_safe
def week_of(request: HttpRequest, member: "Member", day: date) -> HttpResponse:
    """Another day, in its week."""
    return show(request, member, day)


def show(request: HttpRequest, member: "Member", day: date) -> HttpResponse:
    """The strip of the week, the people of the day, and what it comes to."""
    monday = day - timedelta(days=day.weekday())
    days = bookings.staffing(member.facility, monday, monday + timedelta(days=6))
    shown, chosen = staffing.axis(days), days[day.weekday()]
    page = {
        "day": chosen,
        "today": today(),
        "glances": staffing.glances(days),
        "rows": staffing.rows(chosen, shown),
        "picture": staffing.picture(chosen, shown),
        "lines": staffing.lines(chosen),
        "premises": asked.premises_of(member.facility),
        "clashes": clashes(member, now()),
        "before": day - WEEK,
        "after": day + WEEK,
        "here": HERE,
    }
    return render(request, "facility/staffing.html", page)


def carer(member: "Member", carer_id: UUID) -> "Carer":
    """Somebody of the own roster; 404 for anybody else."""
    try:
        return asked.carer_of(member, carer_id)
    except ObjectDoesNotExist as unknown:
        raise Http404 from unknown


def tapped(member: "Member", day: date, carer_id: UUID, verb: Any) -> str:
    """A tap: the roster of a day that is not over changes, and its places with it; whose it was."""
    one = carer(member, carer_id)
    if day < today():
        raise Http404
    booking.change_roster(facility=member.facility, verb=verb, carer=one, day=day, by=member.user, now=now())
    return one.name


@staff_only
@require_POST
def duty_off(request: HttpRequest, member: "Member", day: date, carer_id: UUID) -> HttpResponse:
    """「きょう休み」: the day is computed anew in the same moment."""
    words = _("%(name)sさんを お休みにしました。受け入れられる人数を計算しなおしました。")
    messages.success(request, words % {"name": tapped(member, day, carer_id, facilities.set_duty)})
    return redirect("facility:staffing_of", day)


@staff_only
@require_POST
def duty_usual(request: HttpRequest, member: "Member", day: date, carer_id: UUID) -> HttpResponse:
    """「もどす」: as in every week."""
    words = _("%(name)sさんを いつもの勤務に もどしました。")
    messages.success(request, words % {"name": tapped(member, day, carer_id, facilities.clear_duty)})
    return redirect("facility:staffing_of", day)


@staff_only
def duty(request: HttpRequest, member: "Member", day: date, carer_id: UUID) -> HttpResponse:
    """Other times on one date, or a day on which somebody comes in addition."""
    one = carer(member, carer_id)
    if day < today():
        raise Http404
    (staffed,) = bookings.staffing(member.facility, day, day)
    spans = next((row.spans for row in staffed.people if row.carer == one), ())
    first = {"starts": f"{spans[0][0]:%H:%M}", "ends": f"{spans[-1][1]:%H:%M}"} if spans else {}
    form = DutyForm(request.POST or None, initial=first)
    given = {"facility": member.facility, "carer": one, "day": day, "by": member.user, "now": now()}
    if accepted(form, booking.change_roster, verb=facilities.set_duty, **given):
        messages.success(request, _("%(name)sさんの時間を変えました。") % {"name": one.name})
        return redirect("facility:staffing_of", day)
    return render(request, "facility/duty.html", {"form": form, "carer": one, "day": day, "here": HERE})

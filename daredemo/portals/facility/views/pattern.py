"""枠: the weekly pattern and days off. Publishing and closing go through booking, which has the days."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from daredemo.accounts import unsent
from daredemo.booking import actions as booking
from daredemo.booking import queries as bookings
from daredemo.config.clock import now, today
from daredemo.facilities import actions as facilities
from daredemo.facilities import queries as asked
from daredemo.interviews import queries as interviews
from daredemo.portals.facility import week
from daredemo.portals.facility.conflicts import clashes
from daredemo.portals.facility.forms.pattern import ClosureForm, WeekdayForm, before
from daredemo.portals.facility.gate import manager_only, staff_only
from daredemo.portals.shared.forms import accepted
from daredemo.rules.hours import day_of

if TYPE_CHECKING:
    from daredemo.facilities.models import Member

HERE = "facility:pattern"
REOPENED = gettext_lazy("お休みを取りやめて、予約できるようにしました。")


@staff_only
def pattern(request: HttpRequest, member: "Member") -> HttpResponse:
    """SF10: the week at a glance."""
    page = {"weekdays": week.weekdays(member.facility, today()), "clashes": clashes(member, now())}
    return render(request, "facility/pattern.html", page)


@manager_only
def pattern_day(request: HttpRequest, member: "Member", weekday: int) -> HttpResponse:
    """One weekday: write, see what it changes in four weeks, publish."""
    if weekday not in range(7):
        raise Http404
    held = [one for one in asked.patterns_on(member.facility, today()) if one.weekday == weekday]
    first = {**before(held), "valid_from": today() + timedelta(days=1)}
    form = WeekdayForm(request.POST or None, initial=first, today=today())
    step = request.POST.get("step")
    who: dict[str, Any] = {"facility": member.facility, "by": member.user, "now": now()}
    if step == "publish" and accepted(form, facilities.set_weekday, weekday=weekday, **who):
        since = form.cleaned_data["valid_from"]
        until = bookings.kept_open_until(member.facility, today())
        booking.publish_days(since=since, until=max(since, until), **who)
        messages.success(request, _("%(weekday)sの枠を公開しました。") % {"weekday": WEEKDAYS[weekday]})
        return redirect("facility:pattern")
    page = {"form": form, "weekday": weekday, "name": WEEKDAYS[weekday], "here": HERE}
    if step == "preview" and form.is_valid():
        page |= foreseen(member, weekday, form.cleaned_data)
        page["typed"] = [(name, value) for name, value in unsent.fields(request) if name != "step"]
        return render(request, "facility/pattern_preview.html", page)
    return render(request, "facility/pattern_day.html", page)


def foreseen(member: "Member", weekday: int, answers: dict[str, Any]) -> dict[str, Any]:
    """What changes, and whether it leaves a booking outside."""
    changes = week.changes(member, weekday, answers["spans"], answers["valid_from"])
    return {"changes": changes, "over": any(change.over for change in changes)}


@manager_only
def closures(request: HttpRequest, member: "Member") -> HttpResponse:
    """SF11: days and hours off from now on; a new one is looked at before it is announced."""
    form = ClosureForm(request.POST or None, today=today())
    verb = booking.close_hours if form.is_part else booking.close_day
    step = request.POST.get("step")
    if step == "close" and accepted(form, verb, facility=member.facility, by=member.user, now=now()):
        words = _("%(count)d件の予約を取り消して、ご家族にお知らせしました。") % {"count": len(form.result)}
        messages.success(request, words if form.result else _("お休みを登録しました。"))
        return redirect("facility:closures")
    page = {"form": form, "today": today(), "here": HERE}
    if step == "check" and form.is_valid():
        page |= touched(member, *form.span)
        page["typed"] = [(name, value) for name, value in unsent.fields(request) if name != "step"]
        return render(request, "facility/closure_check.html", page)
    page["closures"] = asked.closures_from(member.facility, today())
    page["hours"] = asked.closed_hours_from(member.facility, today())
    return render(request, "facility/closures.html", page)


def touched(member: "Member", starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
    """Whom closing these hours touches: whose booking ends, who is there already, who comes to talk."""
    talks = interviews.coming(member, day_of(starts_at))
    span = (member.facility, starts_at, ends_at, now())
    return {
        "affected": bookings.affected_by_closing(*span),
        "there": bookings.received_within(*span),
        "interviews": [one for one in talks if one.time.starts_at < ends_at and one.time.ends_at > starts_at],
        "starts_at": starts_at,
        "ends_at": ends_at,
    }


@manager_only
@require_POST
def closure_reopen(request: HttpRequest, member: "Member", closure_id: UUID) -> HttpResponse:
    """Open a closed day again; bookings that ended stay ended."""
    closure = asked.closures_from(member.facility, today()).filter(pk=closure_id).first()
    if closure is None:
        raise Http404
    booking.reopen_day(facility=member.facility, day=closure.date, by=member.user, now=now())
    messages.success(request, REOPENED)
    return redirect("facility:closures")


@manager_only
@require_POST
def hours_reopen(request: HttpRequest, member: "Member", hours_id: UUID) -> HttpResponse:
    """The same for closed hours of a day."""
    closed = asked.closed_hours_from(member.facility, today()).filter(pk=hours_id).first()
    if closed is None:
        raise Http404
    booking.reopen_hours(closed=closed, by=member.user, now=now())
    messages.success(request, REOPENED)
    return redirect("facility:closures")

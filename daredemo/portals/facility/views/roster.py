"""What stands behind the days: people and their weeks, enrolled children, 設備と定員, when it counts."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from daredemo.accounts import unsent
from daredemo.booking import actions as booking
from daredemo.config.clock import now, today
from daredemo.facilities import actions as facilities
from daredemo.facilities import queries as asked
from daredemo.portals.facility import staffing
from daredemo.portals.facility.forms import staffing as forms
from daredemo.portals.facility.gate import manager_only, staff_only
from daredemo.portals.facility.views.staffing import HERE, carer
from daredemo.portals.shared.forms import Form, accepted

if TYPE_CHECKING:
    from daredemo.facilities.models import Member

PREVIEW = timedelta(days=27)


def changed(form: Form, member: "Member", verb: Any, **given: Any) -> bool:
    """Change the roster by what a form says, and every day it touches."""
    who = {"facility": member.facility, "by": member.user, "now": now()}
    return accepted(form, booking.change_roster, verb=verb, **given, **who)


@staff_only
def carers(request: HttpRequest, member: "Member") -> HttpResponse:
    """Everyone on the roster; a manager adds."""
    day = today()
    form = forms.NewCarerForm(request.POST or None, today=day, initial={"starts_on": day, "qualified": "yes"})
    if member.role == "manager" and changed(form, member, facilities.add_carer):
        messages.success(request, _("職員を登録しました。つぎに、勤務の時間を入れてください。"))
        return redirect("facility:carers")
    page = {"form": form, "carers": asked.carers_of(member, day), "today": day, "here": HERE}
    return render(request, "facility/carers.html", page)


@manager_only
def carer_edit(request: HttpRequest, member: "Member", carer_id: UUID) -> HttpResponse:
    """Name, 資格 and the week of one of them."""
    one, day = carer(member, carer_id), today()
    shifts = [shift for shift in asked.shifts_from(one, day) if shift.valid_from <= day] or list(
        asked.shifts_from(one, day)
    )
    first = {"valid_from": max(day, one.starts_on), **forms.WeekForm.before(shifts)}
    person = forms.CarerForm(
        request.POST if "person" in request.POST else None, initial=forms.first_answers(one)
    )
    week = forms.WeekForm(request.POST if "week" in request.POST else None, today=day, initial=first)
    if changed(person, member, facilities.edit_carer, carer=one) or changed(
        week, member, facilities.set_shifts, carer=one
    ):
        messages.success(request, _("%(name)sさんの情報を保存しました。") % {"name": one.name})
        return redirect("facility:carers")
    end = forms.EndCarerForm(None, today=day)
    page = {"carer": one, "person": person, "week": week, "end": end, "here": HERE}
    return render(request, "facility/carer.html", page)


@manager_only
@require_POST
def carer_end(request: HttpRequest, member: "Member", carer_id: UUID) -> HttpResponse:
    """The last day on the roster."""
    one = carer(member, carer_id)
    form = forms.EndCarerForm(request.POST, today=today())
    if changed(form, member, facilities.end_carer, carer=one):
        messages.success(request, _("%(name)sさんの さいごの日を登録しました。") % {"name": one.name})
        return redirect("facility:carers")
    messages.error(request, _("きょうから1年までの日にしてください。"))
    return redirect("facility:carer", one.pk)


@manager_only
def enrolled(request: HttpRequest, member: "Member") -> HttpResponse:
    """在園児の人数 by weekday and class, and the dates that differ."""
    facility, day = member.facility, today()
    held = [one for one in asked.enrolled_from(facility, day) if one.valid_from <= day]
    first = {"valid_from": day, **forms.EnrolledForm.before(held)}
    week = forms.EnrolledForm(request.POST if "week" in request.POST else None, today=day, initial=first)
    date_ = forms.EnrolledDayForm(request.POST if "date" in request.POST else None, today=day, prefix="date")
    if changed(week, member, facilities.set_enrolled) or changed(date_, member, facilities.set_enrolled_day):
        messages.success(request, _("在園児の人数を保存しました。"))
        return redirect("facility:enrolled")
    days = asked.enrolled_days_from(facility, day)
    page = {"week": week, "date": date_, "days": days, "form": week if week.is_bound else date_, "here": HERE}
    return render(request, "facility/enrolled.html", page)


@manager_only
@require_POST
def enrolled_clear(request: HttpRequest, member: "Member", day: date) -> HttpResponse:
    """On that date as in every week."""
    verb, who = facilities.clear_enrolled_day, member.user
    booking.change_roster(facility=member.facility, verb=verb, day=day, by=who, now=now())
    messages.success(request, _("いつもの人数に もどしました。"))
    return redirect("facility:enrolled")


@manager_only
def premises(request: HttpRequest, member: "Member") -> HttpResponse:
    """広さと定員."""
    form = forms.PremisesForm.of(asked.premises_of(member.facility), request.POST or None)
    if changed(form, member, facilities.describe_premises):
        messages.success(request, _("広さと定員を保存しました。"))
        return redirect("facility:staffing")
    return render(request, "facility/premises.html", {"form": form, "here": HERE})


@manager_only
def roster_start(request: HttpRequest, member: "Member") -> HttpResponse:
    """「枠に反映する」: look at four weeks, then let the law decide from a day on."""
    day = today()
    form = forms.StartForm(request.POST or None, today=day, initial={"since": day + timedelta(days=1)})
    step = request.POST.get("step")
    if step == "start" and changed(form, member, facilities.use_roster):
        messages.success(request, _("職員配置から 枠を決めるようにしました。"))
        return redirect("facility:staffing")
    page: dict[str, Any] = {"form": form, "here": HERE}
    if step == "preview" and form.is_valid():
        since = form.cleaned_data["since"]
        page["changes"] = staffing.changes(member, since, since + PREVIEW)
        page["typed"] = [(name, value) for name, value in unsent.fields(request) if name != "step"]
        return render(request, "facility/roster_preview.html", page)
    page["premises"] = asked.premises_of(member.facility)
    return render(request, "facility/roster_start.html", page)


@manager_only
@require_POST
def roster_stop(request: HttpRequest, member: "Member") -> HttpResponse:
    """By hand again, from today on."""
    verb, who = facilities.use_roster, member.user
    booking.change_roster(facility=member.facility, verb=verb, since=None, by=who, now=now())
    messages.success(request, _("枠を 曜日ごとの人数で決めるように もどしました。"))
    return redirect("facility:staffing")

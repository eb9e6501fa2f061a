"""面談: families that wait for an answer, the child as far as the family allows, what came out."""

from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from daredemo.accounts import unsent
from daredemo.config.clock import now, today
from daredemo.facilities import queries as facilities
from daredemo.families import actions as families
from daredemo.interviews import actions as interviews
from daredemo.interviews import queries as asked
from daredemo.portals.facility.forms.interviews import (
    ConfirmForm,
    DeclineForm,
    OfferForm,
    OutcomeForm,
    ProposeForm,
)
from daredemo.portals.facility.gate import staff_only
from daredemo.portals.shared.forms import Form, accepted, sentence
from daredemo.rules.hours import day_of
from daredemo.rules.refusal import Refused

if TYPE_CHECKING:
    from daredemo.facilities.models import Member
    from daredemo.interviews.models import Interview, InterviewChild

HERE = "facility:interviews"


@staff_only
def interviews_list(request: HttpRequest, member: "Member") -> HttpResponse:
    """SF13: what waits for an answer comes first, then what waits for a record."""
    over = Paginator(asked.over(member), 20).get_page(request.GET.get("page"))
    page = {"desk": asked.desk(member, now()), "over": over, "today": today()}
    return render(request, "facility/interviews.html", page)


def own(member: "Member", interview_id: UUID) -> "Interview":
    """One of the facility's own; 404 for any other."""
    found = asked.asked_of(member).filter(pk=interview_id).first()
    if found is None:
        raise Http404
    return found


@staff_only
def interview(request: HttpRequest, member: "Member", interview_id: UUID) -> HttpResponse:
    """One interview with everything that can be done about it."""
    return show(request, member, own(member, interview_id))


def show(request: HttpRequest, member: "Member", found: "Interview", **forms: Form) -> HttpResponse:
    """The page, with the form that was sent, if it was wrong. Opening a child's record is written down."""
    rows = list(found.children.all())
    children = [row.child for row in rows]
    records = families.look_at_records(facility=member.facility, children=children, by=member.user, now=now())
    outcome = forms.get("outcome")
    page: dict[str, Any] = {
        "interview": found,
        "cards": [(row, row.child_id in records, records.get(row.child_id)) for row in rows],
        "may_call": bool(records),
        "is_over": found.time.starts_at <= now(),
        "confirm": forms.get("confirm") or ConfirmForm(),
        "propose": forms.get("propose") or propose_form(member, None),
        "decline": forms.get("decline") or DeclineForm(prefix="decline"),
        "outcomes": [(row, outcome_form(row, found, outcome)) for row in rows],
        "form": next(iter(forms.values()), None),
        "today": today(),
        "here": HERE,
    }
    return render(request, "facility/interview.html", page)


def propose_form(member: "Member", data: Any) -> ProposeForm:
    return ProposeForm(data, prefix="propose", free=asked.free_times(member.facility, now()))


def outcome_form(row: "InterviewChild", found: "Interview", sent: Form | None) -> Form:
    """The form of one child: what was sent, else what is recorded already."""
    prefix = f"outcome-{row.pk}"
    if sent is not None and sent.prefix == prefix:
        return sent
    recorded = {
        "outcome": row.outcome,
        "ground": row.ground,
        "reason": row.reason,
        "explained": found.explained,
    }
    return OutcomeForm(prefix=prefix, initial=recorded)


@staff_only
@require_POST
def interview_confirm(request: HttpRequest, member: "Member", interview_id: UUID) -> HttpResponse:
    """「この日時で決める」"""
    found = own(member, interview_id)
    form = ConfirmForm(request.POST)
    if not accepted(form, interviews.confirm, interview=found, by=member.user, now=now()):
        return show(request, member, found, confirm=form)
    messages.success(request, _("日時を決めました。ご家族にお知らせします。"))
    return redirect("facility:interview", found.pk)


@staff_only
@require_POST
def interview_propose(request: HttpRequest, member: "Member", interview_id: UUID) -> HttpResponse:
    """「べつの日時を提案する」"""
    found = own(member, interview_id)
    form = propose_form(member, request.POST)
    if not accepted(form, interviews.propose, interview=found, by=member.user, now=now()):
        return show(request, member, found, propose=form)
    messages.success(request, _("べつの日時を提案しました。ご家族の返事を待ちます。"))
    return redirect("facility:interview", found.pk)


@staff_only
@require_POST
def interview_decline(request: HttpRequest, member: "Member", interview_id: UUID) -> HttpResponse:
    """Turn a request down, after a look at what the family will read."""
    found = own(member, interview_id)
    form = DeclineForm(request.POST, prefix="decline")
    if request.POST.get("step") == "check" and form.is_valid():
        return check(request, found, form, [row.child for row in found.children.all()])
    if request.POST.get("step") != "send" or not accepted(
        form, interviews.decline, interview=found, by=member.user, now=now()
    ):
        return show(request, member, found, decline=form)
    messages.success(request, _("ご家族にお知らせします。"))
    return redirect("facility:interview", found.pk)


@staff_only
@require_POST
def interview_outcome(
    request: HttpRequest, member: "Member", interview_id: UUID, row_id: UUID
) -> HttpResponse:
    """Record what came out for one child, after a look at what the family will read."""
    found = own(member, interview_id)
    row = next((one for one in found.children.all() if one.pk == row_id), None)
    if row is None:
        raise Http404
    form = OutcomeForm(request.POST, prefix=f"outcome-{row.pk}")
    if request.POST.get("step") == "check" and form.is_valid():
        return check(request, found, form, [row.child])
    if request.POST.get("step") != "send" or not accepted(
        form, interviews.record_outcome, child=row, by=member.user, now=now()
    ):
        return show(request, member, found, outcome=form)
    messages.success(request, _("結果を記録しました。ご家族にお知らせします。"))
    return redirect("facility:interview", found.pk)


def check(request: HttpRequest, found: "Interview", form: Form, children: list[Any]) -> HttpResponse:
    """What the family will read, before it is sent."""
    ground = form.cleaned_data.get("ground")
    page = {
        "interview": found,
        "children": children,
        "answers": form.cleaned_data,
        "declines": form.cleaned_data.get("outcome", asked.Outcome.DECLINED) == asked.Outcome.DECLINED,
        "ground": asked.Ground(ground).label if ground else "",
        "typed": [(name, value) for name, value in unsent.fields(request) if name != "step"],
        "here": HERE,
    }
    return render(request, "facility/interview_check.html", page)


@staff_only
@require_POST
def interview_missed(request: HttpRequest, member: "Member", interview_id: UUID) -> HttpResponse:
    """「お見えになりませんでした」"""
    found = own(member, interview_id)
    try:
        interviews.note_missed(interview=found, by=member.user, now=now())
        messages.success(request, _("面談がなかったことを記録しました。ご家族は もう一度 申しこめます。"))
    except Refused as no:
        messages.error(request, sentence(no))
    return redirect("facility:interview", found.pk)


@staff_only
def interview_times(request: HttpRequest, member: "Member") -> HttpResponse:
    """Times from now on, and a form to offer more."""
    closed = facilities.closures_from(member.facility, today()).values_list("date", flat=True)
    form = OfferForm(request.POST or None, today=today(), closed=closed)
    if accepted(form, interviews.offer_times, facility=member.facility, by=member.user, now=now()):
        messages.success(request, _("面談の時間を%(count)d件 出しました。") % {"count": form.result})
        return redirect("facility:interview_times")
    times = groupby(asked.times_of(member, now()), key=lambda time: day_of(time.starts_at))
    page = {"form": form, "days": [(day, list(of_day)) for day, of_day in times], "here": HERE}
    return render(request, "facility/interview_times.html", page)


@staff_only
@require_POST
def interview_time_withdraw(request: HttpRequest, member: "Member", time_id: UUID) -> HttpResponse:
    """Take back a time that nobody has taken."""
    time = asked.times_of(member, now()).filter(pk=time_id).first()
    if time is None:
        raise Http404
    try:
        interviews.withdraw_time(time=time, by=member.user, now=now())
        messages.success(request, _("面談の時間を とりさげました。"))
    except Refused as no:
        messages.error(request, sentence(no))
    return redirect("facility:interview_times")

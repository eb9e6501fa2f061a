"""面談: ask for a time, check, send; see what became of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from daredemo.accounts import unsent
from daredemo.config.clock import now, today
from daredemo.families import queries as families
from daredemo.interviews import actions as interviews
from daredemo.interviews import queries as asked
from daredemo.languages.words import jtime
from daredemo.portals.guardian import steps
from daredemo.portals.guardian.forms.interviews import RequestForm
from daredemo.portals.guardian.gate import guardian_only
from daredemo.portals.guardian.views.facilities import listed
from daredemo.portals.shared.days import Slot
from daredemo.portals.shared.forms import accepted, sentence
from daredemo.rules.hours import day_of
from daredemo.rules.refusal import Reason, Refused

if TYPE_CHECKING:
    from daredemo.facilities.models import Facility
    from daredemo.families.models import Guardian
    from daredemo.interviews.models import Interview

MOST_TIMES = 80
CONFLICT = 409
STAGES = {"requested": 2, "proposed": 2, "confirmed": 3, "held": 4, "declined": 4, "cancelled": 0}


@guardian_only
def interview_request(request: HttpRequest, guardian: "Guardian", facility_id: UUID) -> HttpResponse:
    """SG14: choose, check, send; a time that is gone leads back to the times with everything kept."""
    facility = listed(facility_id, today())
    children = steps.askable(guardian, facility, today())
    step = request.POST.get("step", "")
    if not children:
        return redirect("guardian:facility", facility.pk)
    form = RequestForm(request.POST or None, facility=facility, children=children, now=now())
    if step == "send" and accepted(form, interviews.request, guardian=guardian, by=guardian.user, now=now()):
        messages.success(request, _("面談を申しこみました。園の返事をお待ちください。"))
        return redirect("guardian:interview", form.result.pk)
    if form.refused and form.refused.reason == Reason.INTERVIEW_PENDING:
        return redirect("guardian:facility", facility.pk)
    page = {"form": form, "facility": facility, "here": "guardian:facilities"}
    if step in ("check", "send") and form.is_valid():
        return render(request, "guardian/interview_check.html", {**page, "typed": typed(request)})
    page |= {"days": list(times(facility, form)), "way": steps.way(guardian, facility, today(), now())}
    return render(
        request, "guardian/interview_request.html", page, status=CONFLICT if form.lost_its_time else 200
    )


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What the check page carries on; the button pressed there says the step."""
    return [(name, value) for name, value in unsent.fields(request) if name != "step"]


@dataclass(frozen=True, slots=True)
class DayOfTimes:
    on: date
    slots: list[Slot]


def times(facility: "Facility", form: RequestForm) -> Iterator[DayOfTimes]:
    """The free times by day; the one chosen before stays chosen while it is free."""
    free = asked.free_times(facility, now())[:MOST_TIMES]
    for day, of_day in groupby(free, key=lambda time: day_of(time.starts_at)):
        yield DayOfTimes(
            day,
            [
                Slot(
                    time=jtime(time.starts_at),
                    note=_("%(end)sまで") % {"end": jtime(time.ends_at)},
                    value=str(time.pk),
                    chosen=str(time.pk) == form["time"].value(),
                )
                for time in of_day
            ],
        )


@guardian_only
def interviews_list(request: HttpRequest, guardian: "Guardian") -> HttpResponse:
    """Every interview of the family, those ahead first."""
    page = Paginator(asked.interviews_of(guardian), 20).get_page(request.GET.get("page"))
    return render(request, "guardian/interviews.html", {"page": page})


@guardian_only
def interview(request: HttpRequest, guardian: "Guardian", interview_id: UUID) -> HttpResponse:
    """One interview: where it stands, where to go, what to do."""
    found = own(guardian, interview_id)
    children = [row.child for row in found.children.all()]
    written = families.answered(children)
    page = {
        "interview": found,
        "stage": STAGES[found.status],
        "unwritten": [child for child in children if child.pk not in written],
        "way": steps.way(guardian, found.facility, today(), now()),
        "is_over": found.time.starts_at <= now(),
        "here": "guardian:facilities",
    }
    return render(request, "guardian/interview.html", page)


def own(guardian: "Guardian", interview_id: UUID) -> "Interview":
    """One of the family's own; 404 for any other."""
    found = asked.interviews_of(guardian).filter(pk=interview_id).first()
    if found is None:
        raise Http404
    return found


@guardian_only
@require_POST
def interview_accept(request: HttpRequest, guardian: "Guardian", interview_id: UUID) -> HttpResponse:
    """「この日時でよい」"""
    found = own(guardian, interview_id)
    try:
        interviews.accept_proposal(interview=found, by=guardian.user, now=now())
        messages.success(request, _("面談の日時が決まりました。"))
    except Refused as no:
        messages.error(request, sentence(no))
    return redirect("guardian:interview", found.pk)


@guardian_only
def interview_cancel(request: HttpRequest, guardian: "Guardian", interview_id: UUID) -> HttpResponse:
    """Take the request back, after one look at what it means."""
    found = own(guardian, interview_id)
    if request.method != "POST":
        page = {"interview": found, "here": "guardian:facilities"}
        return render(request, "guardian/interview_cancel.html", page)
    try:
        interviews.cancel(interview=found, by=guardian.user, now=now())
        messages.success(request, _("面談の申しこみを取り消しました。"))
    except Refused as no:
        messages.error(request, sentence(no))
    return redirect("guardian:interview", found.pk)

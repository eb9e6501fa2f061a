"""What a family does: ask for a time, agree to another one, take it back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from daredemo.accounts.models import User
from daredemo.certification import queries as certification
from daredemo.families import actions as families
from daredemo.families.models import Child, ConsentKind, Guardian
from daredemo.interviews import letters, queries
from daredemo.interviews.actions.moves import call_off, move, write_down
from daredemo.interviews.actions.times import hold, require_free
from daredemo.interviews.models import (
    TAKING_A_TIME,
    Interview,
    InterviewChild,
    InterviewStatus,
    InterviewTime,
)
from daredemo.municipalities import queries as municipalities
from daredemo.municipalities.queries import Step
from daredemo.rules.hours import day_of
from daredemo.rules.refusal import Reason, Refused


@transaction.atomic
def request(
    *,
    guardian: Guardian,
    children: Sequence[Child],
    time: InterviewTime,
    note: str,
    wants_advice: bool,
    consent: bool,
    photos: bool = False,
    notes: bool = False,
    by: User,
    now: datetime,
) -> Interview:
    """Ask for an interview at one of a facility's times, letting it see the children's records.

    `consent` is ① and needed; `photos` ② and `notes` ③ are free.
    Raises Refused: CONSENT_MISSING, CHILD_MISSING, CITY_NOT_SERVED, INTERVIEWS_NOT_OPEN, NOT_CERTIFIED,
    INTERVIEW_PENDING, INTERVIEW_TIME_TAKEN, IN_THE_PAST.
    """
    _allow(guardian, children, consent=consent, now=now)
    _hold_children(children)
    held = hold(time)
    require_free(held, now)
    for child in children:
        if queries.outcome(child, held.facility) == "pending":
            raise Refused(Reason.INTERVIEW_PENDING, facility=held.facility.name)
    interview = Interview.objects.create(
        facility=held.facility,
        guardian=guardian,
        time=held,
        status=InterviewStatus.REQUESTED,
        note=note,
        wants_advice=wants_advice,
        requested_at=now,
    )
    boxes = {ConsentKind.RECORD: consent, ConsentKind.PHOTOS: photos, ConsentKind.NOTES: notes}
    for child in children:
        InterviewChild.objects.create(interview=interview, child=child)
        for kind in (kind for kind, ticked in boxes.items() if ticked):
            families.give_consent(child=child, facility=held.facility, kind=kind, by=by, now=now)
    write_down(interview, "request", by=by, now=now)
    letters.promise("interview_requested", interview, now=now)
    return interview


def _allow(guardian: Guardian, children: Sequence[Child], *, consent: bool, now: datetime) -> None:
    if not consent:
        raise Refused(Reason.CONSENT_MISSING, consent=ConsentKind.RECORD)
    if not children:
        raise Refused(Reason.CHILD_MISSING)
    today = day_of(now)
    municipalities.require_open(guardian.municipality_id, Step.INTERVIEWS, today)
    for child in children:
        if not certification.is_certified(child, today):
            raise Refused(Reason.NOT_CERTIFIED, day=today)


def _hold_children(children: Sequence[Child]) -> None:
    """One request at a time for each child, always locked before the time that other families want."""
    ids = [child.pk for child in children]
    list(Child.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values("pk"))


@transaction.atomic
def accept_proposal(*, interview: Interview, by: User, now: datetime) -> Interview:
    """The family agrees to the time the facility proposed, while it still lies ahead."""
    if interview.time.starts_at <= now:
        raise Refused(Reason.IN_THE_PAST, start=interview.time.starts_at, now=now)
    held = move(interview, (InterviewStatus.PROPOSED,), InterviewStatus.CONFIRMED, by=by, now=now)
    letters.promise("interview_confirmed", held, now=now)
    return held


@transaction.atomic
def cancel(*, interview: Interview, by: User, now: datetime) -> Interview:
    """The family takes its request back; the time is free again, and what was allowed for it ends."""
    held = move(interview, TAKING_A_TIME, InterviewStatus.CANCELLED, by=by, now=now)
    call_off(held, by=by, now=now)
    return held

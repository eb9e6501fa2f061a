"""From 「面談を申し込む」 to the outcome. The interview time is the lock: one family, one time."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.certification import queries as certification
from daredemo.facilities.models import Facility
from daredemo.families import actions as families
from daredemo.families.models import Child, ConsentKind, Guardian
from daredemo.interviews import letters, queries
from daredemo.interviews.models import (
    TAKING_A_TIME,
    ChildOutcome,
    Interview,
    InterviewChild,
    InterviewStatus,
    InterviewTime,
)
from daredemo.municipalities import queries as municipalities
from daredemo.municipalities.models import Step
from daredemo.rules.hours import JST
from daredemo.rules.refusal import Reason, Refused


@transaction.atomic
def offer_times(
    *, facility: Facility, starts: Iterable[datetime], minutes: int, by: User | None, now: datetime
) -> int:
    """Offer interview times; those that exist already or lie in the past are passed over."""
    ahead = sorted({start for start in starts if start > now})
    made = InterviewTime.objects.bulk_create(
        [
            InterviewTime(facility=facility, starts_at=start, ends_at=start + timedelta(minutes=minutes))
            for start in ahead
        ],
        ignore_conflicts=True,
    )
    audit.record(by=by, action="interview_times.offer", subject=facility, now=now, facts={"count": len(made)})
    return len(made)


@transaction.atomic
def withdraw_time(*, time: InterviewTime, by: User, now: datetime) -> InterviewTime:
    """Take back a time that no family has taken."""
    held = _hold(time)
    if Interview.objects.filter(time=held, status__in=TAKING_A_TIME).exists():
        raise Refused(Reason.INTERVIEW_TIME_TAKEN, start=held.starts_at)
    held.withdrawn_at = now
    held.save(update_fields=["withdrawn_at"])
    audit.record(by=by, action="interview_time.withdraw", subject=held, now=now)
    return held


@transaction.atomic
def request(
    *,
    guardian: Guardian,
    children: Sequence[Child],
    time: InterviewTime,
    note: str,
    wants_advice: bool,
    consent: bool,
    by: User,
    now: datetime,
) -> Interview:
    """Ask for an interview at one of a facility's times, letting it see the children's records.

    Raises Refused: CONSENT_MISSING, CHILD_MISSING, INTERVIEWS_NOT_OPEN, NOT_CERTIFIED,
    INTERVIEW_PENDING, INTERVIEW_TIME_TAKEN, IN_THE_PAST.
    """
    _allow(guardian, children, consent=consent, now=now)
    held = _hold(time)
    _still_free(held, now)
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
    for child in children:
        InterviewChild.objects.create(interview=interview, child=child)
        families.give_consent(child=child, facility=held.facility, kind=ConsentKind.RECORD, by=by, now=now)
    _note(interview, "request", by=by, now=now)
    letters.promise("interview_requested", interview, now=now)
    return interview


def _allow(guardian: Guardian, children: Sequence[Child], *, consent: bool, now: datetime) -> None:
    if not consent:
        raise Refused(Reason.CONSENT_MISSING, consent=ConsentKind.RECORD)
    if not children:
        raise Refused(Reason.CHILD_MISSING)
    today = now.astimezone(JST).date()
    municipalities.require_open(guardian.municipality_id, Step.INTERVIEWS, today)
    for child in children:
        if not certification.is_certified(child, today):
            raise Refused(Reason.NOT_CERTIFIED, day=today)


def _hold(time: InterviewTime) -> InterviewTime:
    """Lock a time: every family that wants it queues here."""
    return InterviewTime.objects.select_for_update(of=("self",)).select_related("facility").get(pk=time.pk)


def _still_free(held: InterviewTime, now: datetime) -> None:
    if held.starts_at <= now:
        raise Refused(Reason.IN_THE_PAST, start=held.starts_at, now=now)
    taken = Interview.objects.filter(time=held, status__in=TAKING_A_TIME).exists()
    if taken or held.withdrawn_at is not None:
        raise Refused(Reason.INTERVIEW_TIME_TAKEN, start=held.starts_at)


@transaction.atomic
def confirm(*, interview: Interview, words: str, by: User, now: datetime) -> Interview:
    """Agree to the time the family asked for."""
    held = _move(interview, (InterviewStatus.REQUESTED,), InterviewStatus.CONFIRMED, words=words, by=by, now=now)
    letters.promise("interview_confirmed", held, now=now)
    return held


@transaction.atomic
def propose(*, interview: Interview, time: InterviewTime, words: str, by: User, now: datetime) -> Interview:
    """Offer the family another of the facility's times; it is held for them until they answer."""
    if time.facility_id != interview.facility_id:
        raise Refused(Reason.INTERVIEW_NOT_YOURS)
    _still_free(_hold(time), now)
    held = _move(
        interview,
        (InterviewStatus.REQUESTED, InterviewStatus.CONFIRMED, InterviewStatus.PROPOSED),
        InterviewStatus.PROPOSED,
        words=words,
        by=by,
        now=now,
        time=time,
    )
    letters.promise("interview_proposed", held, now=now)
    return held


@transaction.atomic
def accept_proposal(*, interview: Interview, by: User, now: datetime) -> Interview:
    """The family agrees to the time the facility proposed."""
    held = _move(interview, (InterviewStatus.PROPOSED,), InterviewStatus.CONFIRMED, by=by, now=now)
    letters.promise("interview_confirmed", held, now=now)
    return held


@transaction.atomic
def cancel(*, interview: Interview, by: User, now: datetime) -> Interview:
    """The family takes its request back; the time is free again."""
    held = _move(interview, TAKING_A_TIME, InterviewStatus.CANCELLED, by=by, now=now)
    held.cancelled_at = now
    held.save(update_fields=["cancelled_at"])
    return held


@transaction.atomic
def record_outcome(
    *, child: InterviewChild, outcome: ChildOutcome, ground: str, reason: str, by: User, now: datetime
) -> InterviewChild:
    """Write down whether this child can come; declining needs a lawful ground and a sentence.

    The last child's outcome ends the interview. An outcome may be put right later, with a new message.
    """
    interview = Interview.objects.select_for_update(of=("self",)).select_related("time").get(pk=child.interview_id)
    if interview.status not in (InterviewStatus.CONFIRMED, InterviewStatus.HELD):
        raise Refused(
            Reason.STATUS_MOVED, status=interview.status, expected=InterviewStatus.CONFIRMED
        )
    if interview.time.starts_at > now:
        raise Refused(Reason.INTERVIEW_NOT_YET_HELD, start=interview.time.starts_at)
    if outcome == ChildOutcome.DECLINED and not (ground and reason.strip()):
        raise Refused(Reason.REASON_MISSING)
    child.outcome, child.ground, child.reason = outcome, ground, reason
    child.recorded_at, child.recorded_by = now, by
    child.save(update_fields=["outcome", "ground", "reason", "recorded_at", "recorded_by"])
    _end_when_all_are_told(interview)
    facts = {"child": child.child_id, "facility": interview.facility_id, "outcome": outcome, "ground": ground}
    audit.record(by=by, action="interview.outcome", subject=child, now=now, facts=facts)
    letters.tell_outcome(child, now=now)
    return child


def _end_when_all_are_told(interview: Interview) -> None:
    if not interview.children.filter(outcome=ChildOutcome.OPEN).exists():
        interview.status = InterviewStatus.HELD
        interview.save(update_fields=["status"])


def _move(
    interview: Interview,
    expected: Sequence[InterviewStatus],
    to: InterviewStatus,
    *,
    by: User,
    now: datetime,
    words: str | None = None,
    time: InterviewTime | None = None,
) -> Interview:
    """Lock the interview and move it from where the sender thinks it is."""
    related = Interview.objects.select_related("time", "facility", "guardian__user")
    held = related.select_for_update(of=("self",)).get(pk=interview.pk)
    if held.status not in expected:
        raise Refused(Reason.STATUS_MOVED, status=held.status, expected=expected[0])
    held.status = to
    held.time = time or held.time
    if words is not None:
        held.words, held.answered_at, held.answered_by = words, now, by
    held.save(update_fields=["status", "time", "words", "answered_at", "answered_by"])
    _note(held, to, by=by, now=now)
    return held


def _note(interview: Interview, verb: str, *, by: User, now: datetime) -> None:
    facts = {"facility": interview.facility_id, "time": interview.time_id}
    audit.record(by=by, action=f"interview.{verb}", subject=interview, now=now, facts=facts)

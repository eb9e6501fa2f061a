"""What a facility does: agree, propose another time, decline, record what came out for each child."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.interviews import letters
from daredemo.interviews.actions.moves import call_off, move
from daredemo.interviews.actions.times import hold, require_free
from daredemo.interviews.models import (
    TAKING_A_TIME,
    UNANSWERED,
    ChildOutcome,
    Interview,
    InterviewChild,
    InterviewStatus,
    InterviewTime,
)
from daredemo.rules.refusal import Reason, Refused

RECORDED = ("outcome", "ground", "reason", "recorded_at", "recorded_by")


@transaction.atomic
def confirm(*, interview: Interview, words: str, by: User, now: datetime) -> Interview:
    """Agree to the time the family asked for."""
    held = move(
        interview, (InterviewStatus.REQUESTED,), InterviewStatus.CONFIRMED, words=words, by=by, now=now
    )
    letters.promise("interview_confirmed", held, now=now)
    return held


@transaction.atomic
def propose(*, interview: Interview, time: InterviewTime, words: str, by: User, now: datetime) -> Interview:
    """Offer the family another of the facility's times; it is held for them until they answer."""
    if time.facility_id != interview.facility_id:
        raise Refused(Reason.INTERVIEW_NOT_YOURS)
    require_free(hold(time), now)
    held = move(
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
def decline(*, interview: Interview, ground: str, reason: str, by: User, now: datetime) -> Interview:
    """Turn down a request before any interview: 正当な理由 and a sentence, the same for every child of it.

    The sentence may speak of a child's health, so it stands sealed with each child, not among `words`.
    """
    if not (ground and reason.strip()):
        raise Refused(Reason.REASON_MISSING)
    held = move(interview, TAKING_A_TIME, InterviewStatus.DECLINED, words="", by=by, now=now)
    for row in held.children.select_related("child"):
        row.outcome, row.ground, row.reason = ChildOutcome.DECLINED, ground, reason
        row.recorded_at, row.recorded_by = now, by
        row.save(update_fields=[*RECORDED])
        letters.tell_outcome(row, now=now)
    return held


@transaction.atomic
def note_missed(*, interview: Interview, by: User, now: datetime) -> Interview:
    """Nobody came to a confirmed interview: the family may ask for another."""
    if interview.time.starts_at > now:
        raise Refused(Reason.INTERVIEW_NOT_YET_HELD, start=interview.time.starts_at)
    held = move(interview, (InterviewStatus.CONFIRMED,), InterviewStatus.CANCELLED, by=by, now=now)
    call_off(held, by=by, now=now)
    return held


@transaction.atomic
def let_pass(*, interview: Interview, now: datetime) -> bool:
    """Its time went by unanswered: the family is told, and may ask anew. False where it moved meanwhile."""
    try:
        held = move(interview, UNANSWERED, InterviewStatus.CANCELLED, by=None, now=now)
    except Refused:
        return False
    call_off(held, by=None, now=now)
    letters.promise("interview_passed", held, now=now)
    return True


@transaction.atomic
def record_outcome(
    *,
    child: InterviewChild,
    outcome: ChildOutcome,
    ground: str = "",
    reason: str = "",
    explained: Sequence[str] | None = None,
    by: User,
    now: datetime,
) -> InterviewChild:
    """Write down whether this child can come; declining needs a lawful ground and a sentence.

    The last child's outcome ends the interview. An outcome may be put right later, with a new message.
    `explained`: what was gone through with the family; None leaves it as it is.
    """
    related = Interview.objects.select_related("time")
    interview = related.select_for_update(of=("self",)).get(pk=child.interview_id)
    if interview.status not in (InterviewStatus.CONFIRMED, InterviewStatus.HELD):
        raise Refused(Reason.STATUS_MOVED, status=interview.status, expected=InterviewStatus.CONFIRMED)
    if interview.time.starts_at > now:
        raise Refused(Reason.INTERVIEW_NOT_YET_HELD, start=interview.time.starts_at)
    if outcome == ChildOutcome.DECLINED and not (ground and reason.strip()):
        raise Refused(Reason.REASON_MISSING)
    if outcome == ChildOutcome.ACCEPTED:
        ground, reason = "", ""
    child.outcome, child.ground, child.reason = outcome, ground, reason
    child.recorded_at, child.recorded_by = now, by
    child.save(update_fields=[*RECORDED])
    _end_when_all_are_told(interview, explained)
    facts = {"child": child.child_id, "facility": interview.facility_id, "outcome": outcome, "ground": ground}
    audit.record(by=by, action="interview.outcome", subject=child, now=now, facts=facts)
    letters.tell_outcome(child, now=now)
    return child


def _end_when_all_are_told(interview: Interview, explained: Sequence[str] | None) -> None:
    if explained is not None:
        interview.explained = [str(one) for one in explained]
    if not interview.children.filter(outcome=ChildOutcome.OPEN).exists():
        interview.status = InterviewStatus.HELD
    interview.save(update_fields=["status", "explained"])

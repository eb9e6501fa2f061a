"""How an interview moves: from where the sender thinks it is, or not at all."""

from collections.abc import Sequence
from datetime import datetime

from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.families import actions as families
from daredemo.interviews import queries
from daredemo.interviews.models import Interview, InterviewStatus, InterviewTime
from daredemo.rules.refusal import Reason, Refused


def move(
    interview: Interview,
    expected: Sequence[InterviewStatus],
    to: InterviewStatus,
    *,
    by: User | None,
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
    write_down(held, to, by=by, now=now)
    return held


def call_off(held: Interview, *, by: User | None, now: datetime) -> None:
    """It will not take place: what a family allowed only for it ends with it."""
    held.cancelled_at = now
    held.save(update_fields=["cancelled_at"])
    for row in held.children.select_related("child"):
        if queries.outcome(row.child, held.facility) == "missing":
            families.revoke_consents(child=row.child, facility=held.facility, by=by, now=now)


def write_down(interview: Interview, verb: str, *, by: User | None, now: datetime) -> None:
    """Write down what was done to an interview."""
    facts = {"facility": interview.facility_id, "time": interview.time_id}
    audit.record(by=by, action=f"interview.{verb}", subject=interview, now=now, facts=facts)

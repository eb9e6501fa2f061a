"""Interview times: the row of a time is the lock for everyone who wants it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.facilities.models import Facility
from daredemo.interviews.models import TAKING_A_TIME, Interview, InterviewTime
from daredemo.rules.refusal import Reason, Refused


@transaction.atomic
def offer_times(
    *, facility: Facility, starts: Iterable[datetime], minutes: int, by: User | None, now: datetime
) -> int:
    """Offer interview times of so many minutes; how many are new.

    Those that are offered already or lie in the past are passed over; a withdrawn one is offered again.
    """
    ahead = sorted({start for start in starts if start > now})
    length = timedelta(minutes=minutes)
    again = facility.interview_times.exclude(withdrawn_at=None).filter(starts_at__in=ahead)
    count = 0
    for time in again.select_for_update(of=("self",)):
        time.withdrawn_at, time.ends_at = None, time.starts_at + length
        time.save(update_fields=["withdrawn_at", "ends_at"])
        count += 1
    known = set(facility.interview_times.filter(starts_at__in=ahead).values_list("starts_at", flat=True))
    new = [start for start in ahead if start not in known]
    InterviewTime.objects.bulk_create(
        [InterviewTime(facility=facility, starts_at=start, ends_at=start + length) for start in new],
        ignore_conflicts=True,  # two people of the staff may offer the same times at once
    )
    count += len(new)
    audit.record(by=by, action="interview_times.offer", subject=facility, now=now, facts={"count": count})
    return count


@transaction.atomic
def withdraw_time(*, time: InterviewTime, by: User, now: datetime) -> InterviewTime:
    """Take back a time that no family has taken."""
    held = hold(time)
    if Interview.objects.filter(time=held, status__in=TAKING_A_TIME).exists():
        raise Refused(Reason.INTERVIEW_TIME_TAKEN, start=held.starts_at)
    held.withdrawn_at = now
    held.save(update_fields=["withdrawn_at"])
    audit.record(by=by, action="interview_time.withdraw", subject=held, now=now)
    return held


def hold(time: InterviewTime) -> InterviewTime:
    """Lock a time: every family that wants it queues here."""
    return InterviewTime.objects.select_for_update(of=("self",)).select_related("facility").get(pk=time.pk)


def require_free(held: InterviewTime, now: datetime) -> None:
    """Refuse a time that is over, taken or withdrawn; asked under its lock."""
    if held.starts_at <= now:
        raise Refused(Reason.IN_THE_PAST, start=held.starts_at, now=now)
    taken = Interview.objects.filter(time=held, status__in=TAKING_A_TIME).exists()
    if taken or held.withdrawn_at is not None:
        raise Refused(Reason.INTERVIEW_TIME_TAKEN, start=held.starts_at)

"""What time does to bookings: each sweep may run at any moment, twice, or after a crash."""

from datetime import datetime

import structlog
from django.db.models import QuerySet

from daredemo.booking import actions, invariants, letters_moving, queries
from daredemo.booking.actions import reminding
from daredemo.booking.models import Booking, BookingStatus, Cause, Conflict, Reminder
from daredemo.booking.queries import standing
from daredemo.facilities.models import Facility
from daredemo.families import actions as families
from daredemo.rules.hours import day_of, in_japan
from daredemo.rules.refusal import Refused

QUIET_FROM, QUIET_UNTIL = 21, 7
BATCH = 500
log = structlog.get_logger("daredemo.booking")


def release_cancelled(now: datetime) -> int:
    """Undo has ended: places are free again, hours return or are forfeited."""
    waiting = Booking.objects.filter(
        status=BookingStatus.CANCELLED, released_at=None, cancelled_at__lt=now
    ).order_by("cancelled_at")
    return sum(actions.release_cancelled(booking=booking, now=now) for booking in waiting[:BATCH])


def expire_requests(now: datetime) -> int:
    """Requests that nobody answered in time."""
    late = Booking.objects.filter(status=BookingStatus.REQUESTED, expires_at__lt=now).order_by("expires_at")
    return sum(actions.expire(booking=booking, now=now) for booking in late[:BATCH])


def expire_offers(now: datetime) -> int:
    """Places that were kept long enough, and those that nobody can use any more, are free again."""
    over = list(queries.offers_over(now)[:BATCH])
    return sum(actions.expire_offer(offer=offer, now=now) for offer in over)


def offer_freed(now: datetime) -> int:
    """Wherever somebody waits and a place is free, keep it for the first in line who can use it.

    What frees places (a release after undo, a closure, an offer that passed, more staff) needs not tell: this
    looks at the days.
    """
    return actions.offer_along(queries.line(now), now=now)


def end_consents(now: datetime) -> int:
    """A certificate is over and no visit is booked there any more: what the facility was allowed ends."""
    over = list(standing.consents_over(now)[:BATCH])
    return len([families.revoke_consent(consent=consent, by=None, now=now) for consent in over])


def send_reminders(now: datetime) -> int:
    """Promise what is due, never between 21:00 and 7:00: what fell due then is looked at in the morning."""
    hour = in_japan(now).hour
    if hour >= QUIET_FROM or hour < QUIET_UNTIL:
        return 0
    due = Reminder.objects.filter(due_at__lte=now, done_at=None).order_by("due_at")
    return sum(reminding.send(reminder=reminder, now=now) for reminder in due[:BATCH])


def open_next_window(now: datetime) -> int:
    """Keep days open as the weekly patterns say, as far ahead as families may look."""
    today = day_of(now)
    facilities = Facility.objects.exclude(published_at=None).filter(patterns__isnull=False).distinct()
    return sum(
        len(
            actions.publish_days(
                facility=facility,
                since=today,
                until=queries.kept_open_until(facility, today),
                by=None,
                now=now,
            )
        )
        for facility in facilities.order_by("id")
    )


def finish_closures(now: datetime) -> int:
    """Bookings left on a closed day or in closed hours, where closing was cut off in the middle."""
    return sum(_end(left, "", Cause.FACILITY, now) for left in queries.left_in_closed(now))


def pass_conflicts(now: datetime) -> int:
    """Conflicts whose day is over: what was booked came, and they stay as history."""
    left = Conflict.objects.filter(resolved_at=None, day__date__lt=day_of(now)).order_by("day__date")
    return sum(actions.let_pass(conflict=conflict, now=now) for conflict in left[:BATCH])


def tell_moving(now: datetime) -> int:
    """A family moves: it is told once for each child what becomes of the visits booked for later."""
    moving = standing.moving(now)
    untold = letters_moving.untold(moving)[:BATCH]
    for certificate in untold:
        letters_moving.tell(certificate, moving[certificate], now=now)
    return len(untold)


def end_uncertified(now: datetime) -> int:
    """A certificate ended early, or the child enrols: what was booked for later goes, families are told.

    After a move bookings wait as 認定待ち until their free deadline, and go at no cost.
    """
    enrolled = _end(standing.enrolled(now), "", Cause.ENROLMENT, now)
    return enrolled + _end(standing.uncertified(now), "", Cause.CERTIFICATE, now)


def end_unaccepted(now: datetime) -> int:
    """A facility put an interview's outcome right, and it is no longer a yes: later bookings there go."""
    return _end(standing.unaccepted(now), "", Cause.INTERVIEW, now)


def follow_certificates(now: datetime) -> int:
    """The family moved and the new city certified the child: what is booked is counted there from now on."""
    moved = standing.certified_elsewhere(now).order_by("starts_at")
    return sum(actions.follow_certificate(booking=booking, now=now) for booking in moved[:BATCH])


def _end(bookings: QuerySet[Booking], words: str, cause: Cause, now: datetime) -> int:
    count = 0
    for booking in bookings.order_by("starts_at")[:BATCH]:
        try:
            actions.cancel_by_facility(booking=booking, words=words, cause=cause, by=None, now=now)
        except Refused:  # it moved meanwhile
            continue
        count += 1
    return count


def sanity(now: datetime) -> int:
    """Ask every invariant; each difference is one line in the log, for a person to look at."""
    found = invariants.broken(now)
    for name, rows in found.items():
        log.error("invariant_broken", invariant=name, count=len(rows), first=[str(row) for row in rows[:5]])
    return sum(len(rows) for rows in found.values())

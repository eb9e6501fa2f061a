"""What a family tells on the day with one tap: it stays home, comes late, is late to collect.

Each verb says what shall be, not what to change: said twice, it changes nothing and tells nobody again.
"""

from datetime import datetime

from django.db import transaction

from daredemo.accounts.models import User
from daredemo.attendance import queries
from daredemo.attendance.actions.holding import hold, write
from daredemo.attendance.models import Visit, VisitState
from daredemo.booking import actions as booked
from daredemo.booking import letters_today as letters
from daredemo.booking import queries as bookings
from daredemo.booking.models import Booking, BookingStatus, Cause
from daredemo.rules import attendance as rules
from daredemo.rules.hours import day_of
from daredemo.rules.refusal import Reason, Refused

COMING = (VisitState.EXPECTED, VisitState.ABSENT)


@transaction.atomic
def stay_home(*, booking: Booking, seen: int, by: User, now: datetime) -> Booking:
    """「きょうは お休みします」: before the start it cancels for an illness, afterwards it is an absence.

    `seen` is the booking's `revision` on the page with the button: a tap that comes late, after the
    cancellation was taken back, does nothing. Another day's booking is cancelled on the page that tells
    what it costs. Refused NOT_TODAY_HERE, ALREADY_CHECKED_IN, ALREADY_STARTED after the end, STATUS_MOVED.
    """
    held = bookings.hold_booking(booking.pk).booking
    if held.status == BookingStatus.CANCELLED and held.cause in (Cause.FAMILY, Cause.ILLNESS):
        return held
    if held.status != BookingStatus.BOOKED or held.revision != seen:
        raise Refused(Reason.STATUS_MOVED, status=held.status, expected=BookingStatus.BOOKED)
    _is_today(held, now)
    visit = Visit.objects.filter(booking=held).first()
    if visit is not None and visit.state not in COMING:
        raise Refused(Reason.ALREADY_CHECKED_IN, at=visit.received_at or visit.said_arrived_at)
    if now < held.starts_at:
        return booked.cancel(booking=held, cause=Cause.ILLNESS, by=by, now=now)
    if now >= held.ends_at:
        raise Refused(Reason.ALREADY_STARTED, start=held.starts_at)
    _, visit = hold(held.pk)
    if visit.state == VisitState.ABSENT:
        return held
    visit.state, visit.absent_at = VisitState.ABSENT, now
    write(visit, "stay_home", "absent_at", by=by, now=now)
    letters.tell("absent", held, now=now)
    return held


@transaction.atomic
def come_after_all(*, booking: Booking, by: User, now: datetime) -> Visit | None:
    """「やっぱり 行く」: within ten minutes of an absence, and before the end. Twice does no harm."""
    held = bookings.hold_booking(booking.pk).booking
    visit = Visit.objects.filter(booking=held).first()
    if visit is None or visit.state != VisitState.ABSENT or visit.absent_at is None:
        return visit
    visit.booking = held
    until = queries.may_come_until(visit)
    if visit.no_show or until is None or now > until:
        raise Refused(Reason.UNDO_OVER, until=until or now)
    said_at, visit.state, visit.absent_at = visit.absent_at, VisitState.EXPECTED, None
    letters.back(held, said_at=said_at, now=now)
    return write(visit, "come_after_all", "absent_at", by=by, now=now)


@transaction.atomic
def come_late(*, booking: Booking, minutes: int, by: User, now: datetime) -> Visit:
    """「すこし おくれて いきます」: so many minutes after the start; 0 takes it back. The booked time stays.

    Refused NOT_TODAY_HERE, ALREADY_CHECKED_IN, TOO_LATE_TO_CHECK_IN, IN_THE_PAST, STATUS_MOVED.
    """
    held, visit = hold(booking.pk)
    if visit.state == VisitState.ABSENT:
        raise Refused(Reason.STATUS_MOVED, status=visit.state, expected=VisitState.EXPECTED)
    if visit.state != VisitState.EXPECTED:
        raise Refused(Reason.ALREADY_CHECKED_IN, at=visit.received_at or visit.said_arrived_at)
    _is_today(held, now)
    expected = rules.expected_late(held.starts_at, minutes, now)
    if (expected or now) >= held.ends_at:
        raise Refused(Reason.TOO_LATE_TO_CHECK_IN, end=held.ends_at)
    if visit.coming_at == expected:
        return visit
    visit.coming_at = expected
    letters.tell("late" if expected else "on_time", held, now=now, expected_at=expected)
    return write(visit, "come_late", "coming_at", by=by, now=now, at=expected)


@transaction.atomic
def collect_late(*, booking: Booking, minutes: int, by: User, now: datetime) -> Visit:
    """「おむかえが おくれます」: so many minutes after the booked end; 0 takes it back.

    Refused NOT_RECEIVED before the child is there, ALREADY_CHECKED_OUT, NOT_TODAY_HERE, IN_THE_PAST.
    """
    held, visit = hold(booking.pk)
    if visit.state == VisitState.GONE:
        raise Refused(Reason.ALREADY_CHECKED_OUT, at=visit.handed_over_at)
    if visit.state not in queries.PRESENT:
        raise Refused(Reason.NOT_RECEIVED)
    _is_today(held, now)
    expected = rules.expected_late(held.ends_at, minutes, now)
    if visit.collecting_at == expected:
        return visit
    visit.collecting_at = expected
    what = "late_pick_up" if expected else "pick_up_on_time"
    letters.tell(what, held, now=now, expected_at=expected)
    return write(visit, "collect_late", "collecting_at", by=by, now=now, at=expected)


def _is_today(booking: Booking, now: datetime) -> None:
    if day_of(now) != booking.date:
        raise Refused(Reason.NOT_TODAY_HERE, facility=booking.facility.name, start=booking.starts_at)

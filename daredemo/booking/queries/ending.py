"""What cancelling would do, and until when it can be taken back."""

from datetime import date, datetime, timedelta

from daredemo.booking.models import HOLDING, Booking, BookingStatus, Cause
from daredemo.booking.queries.hours import home_policy, place_policy
from daredemo.booking.queries.locks import Held
from daredemo.facilities import queries as facilities
from daredemo.facilities.models import Approval
from daredemo.municipalities import queries as municipalities
from daredemo.rules import cancel as rules
from daredemo.rules import deadline
from daredemo.rules.hours import MINUTE, day_of
from daredemo.rules.refusal import Reason, Refused

LOOK_BACK = timedelta(days=31)
AFTER = timedelta(microseconds=1)


def consequence(booking: Booking, now: datetime, called_at: datetime | None = None) -> rules.Outcome:
    """What cancelling now costs: hours and benefit by the home municipality's rule, the fee by here's."""
    told = deadline.told_at(now, called_at)
    by_home = rules.outcome(
        start=booking.starts_at,
        at=told,
        deadline=booking.deadline_at,
        cancelling=home_policy(booking).cancelling,
    )
    by_here = rules.outcome(
        start=booking.starts_at,
        at=told,
        deadline=booking.fee_deadline_at,
        cancelling=place_policy(booking).cancelling,
    )
    return rules.Outcome(by_home.when, hours=by_home.hours, fee=by_here.fee, benefit=by_home.benefit)


def late(booking: Booking) -> rules.Outcome:
    """What cancelling costs as soon as it is no longer free."""
    passed = max(booking.deadline_at, booking.fee_deadline_at) + AFTER
    return consequence(booking, min(passed, booking.starts_at))


def must_be(booking: Booking, *expected: BookingStatus) -> None:
    """Refused where a booking is no longer where its sender thought."""
    if booking.status == BookingStatus.CANCELLED:
        raise Refused(Reason.ALREADY_CANCELLED, cancelled_at=booking.cancelled_at)
    if booking.status not in expected:
        raise Refused(Reason.STATUS_MOVED, status=booking.status, expected=expected[0].value)


def not_begun(booking: Booking, at: datetime) -> None:
    if booking.begun_at is not None or booking.settled_at is not None or at >= booking.starts_at:
        raise Refused(Reason.ALREADY_STARTED, start=booking.starts_at)


def not_closed(held: Held) -> None:
    """Refused FACILITY_CLOSED where the day is closed, HOURS_CLOSED where these hours of it are.

    The caller holds the day.
    """
    booking, day = held.booking, held.day
    if day is not None and day.closed_at is not None:
        raise Refused(Reason.FACILITY_CLOSED, day=booking.date)
    hours = facilities.closed_hours_between(booking.facility, booking.date, booking.date)
    shut = hours.filter(starts_at__lt=booking.ends_at, ends_at__gt=booking.starts_at).first()
    if shut is not None:
        raise Refused(Reason.HOURS_CLOSED, start=shut.starts_at, end=shut.ends_at)


def check_change(booking: Booking, now: datetime, *, by_staff: bool = False) -> None:
    """The time may be changed as long as cancelling would cost nothing, by the policy pinned to it.

    Refused CHANGE_TOO_LATE; CHANGE_BY_PHONE where the facility answers itself and has said yes already.
    """
    must_be(booking, BookingStatus.BOOKED, BookingStatus.REQUESTED)
    not_begun(booking, now)
    facility, costs = booking.facility, consequence(booking, now)
    if booking.status == BookingStatus.REQUESTED:
        return
    if costs.hours or costs.fee:
        until = min(booking.deadline_at, booking.fee_deadline_at)
        raise Refused(Reason.CHANGE_TOO_LATE, closed_at=until, phone=facility.phone)
    if facility.approval == Approval.ON_REQUEST and not by_staff:
        raise Refused(Reason.CHANGE_BY_PHONE, facility=facility.name, phone=facility.phone)


def undo_time(booking: Booking) -> timedelta:
    return home_policy(booking).cancelling.undo_minutes * MINUTE


def undo_ends_at(booking: Booking) -> datetime | None:
    """Until when a cancellation can be undone: ten minutes, but never after the start; None without one."""
    if booking.cancelled_at is None:
        return None
    return deadline.undo_until(booking.cancelled_at, booking.starts_at, home_policy(booking).cancelling)


def undo_until(booking: Booking) -> datetime | None:
    """Until when the latest step can be undone: the cancellation, else the booking; None: not at all."""
    if booking.begun_at is not None or booking.settled_at is not None:
        return None
    if booking.moved_from_id is not None and booking.status in HOLDING:
        return None  # a change of time is changed back
    if booking.status == BookingStatus.CANCELLED:
        return None if booking.released_at else undo_ends_at(booking)
    if booking.status in HOLDING:
        return min(booking.created_at + undo_time(booking), booking.starts_at)
    return None


def may_undo(booking: Booking, now: datetime) -> bool:
    until = undo_until(booking)
    return until is not None and now <= until and now < booking.starts_at


def was_told(booking: Booking) -> bool:
    """Was the facility written to at once, because the family gave it up on the day itself?"""
    by_family = booking.cause in (Cause.FAMILY, Cause.ILLNESS)
    ended = booking.cancelled_at
    return by_family and ended is not None and day_of(ended) == booking.date


def waits_for_a_call(booking: Booking) -> bool:
    """「電話まだ」: cancelled here, and nobody has noted the family's call. It never costs hours."""
    by_family = booking.cause in (Cause.FAMILY, Cause.ILLNESS)
    return booking.status == BookingStatus.CANCELLED and by_family and booking.called_at is None


def closed_days(booking: Booking, now: datetime) -> frozenset[date]:
    """Closed days around now, the municipality's and the facility's own: nobody could take a call."""
    span = (day_of(now) - LOOK_BACK, day_of(now))
    own = facilities.closures_between(booking.facility, *span).values_list("date", flat=True)
    city = municipalities.calendar_of(
        booking.facility.municipality_id, since=span[0], until=span[1], known_at=now
    )
    return frozenset(own) | city

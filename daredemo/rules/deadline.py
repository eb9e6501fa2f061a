"""Until when cancelling is free (キャンセルの締切). A deadline is inclusive of its instant."""

from collections.abc import Container
from datetime import date, datetime, timedelta

from daredemo.rules.calendar import business_days_before
from daredemo.rules.hours import MINUTE, at_clock, day_of, in_japan
from daredemo.rules.policy_cancelling import Cancelling, DaysBefore, HoursBefore

DAY = timedelta(days=1)
REMIND_AT = "18:00"


def free_until(
    start: datetime,
    cancelling: Cancelling,
    closed: Container[date] = (),
    booked_at: datetime | None = None,
) -> datetime:
    """The last instant at which cancelling costs nothing, never after the start.

    Use on 2026-05-07 under 掛川市's rule → 2026-05-01 12:00. `closed`: see calendar.is_business_day.
    Where the rule runs from the booking on, `booked_at` is needed (ValueError) and is the answer.
    """
    rule = cancelling.deadline
    start = in_japan(start)
    if isinstance(rule, HoursBefore):
        return start - timedelta(hours=rule.n)
    if isinstance(rule, DaysBefore):
        day = start.date()
        if rule.business:
            last = business_days_before(day, rule.n, cancelling.business_days, closed)
        else:
            last = day - rule.n * DAY
        return min(at_clock(last, rule.at), start)
    if booked_at is None:
        raise ValueError("a rule from the booking on needs the time of booking")
    return min(in_japan(booked_at), start)


def is_in_time(at: datetime, deadline: datetime) -> bool:
    """12:00:00 is in time, 12:00:00.001 is not."""
    return at <= deadline


def is_made_late(booked_at: datetime, deadline: datetime) -> bool:
    """Made after (or at) its own deadline: the family hears so before it books."""
    return booked_at >= deadline


def in_force(pinned: datetime, recomputed: datetime) -> datetime:
    """After a closure was added: the later of both, so that it moves only in the family's favour."""
    return max(pinned, recomputed)


def told_at(entered_at: datetime, called_at: datetime | None) -> datetime:
    """When a cancellation counts: the earlier of phone call and system entry."""
    return entered_at if called_at is None else min(entered_at, called_at)


def earliest_call(entered_at: datetime, cancelling: Cancelling, closed: Container[date] = ()) -> datetime:
    """How far back staff may enter a call: the beginning of the previous business day."""
    previous = business_days_before(day_of(entered_at), 1, cancelling.business_days, closed)
    return at_clock(previous, "00:00")


def undo_until(cancelled_at: datetime, start: datetime, cancelling: Cancelling) -> datetime:
    """Until when a cancellation can be taken back: ten minutes, but not after the start."""
    return min(in_japan(cancelled_at) + cancelling.undo_minutes * MINUTE, in_japan(start))


def remind_at(instant: datetime) -> datetime:
    """18:00 on the eve: of the day of the deadline, or of the day of the visit."""
    return at_clock(day_of(instant) - DAY, REMIND_AT)

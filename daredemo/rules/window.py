"""From when until when a place can be booked (予約の受付): what a facility says, never the law.

Each question can be asked both ways: when does this day open, and which days are open now.
"""

from datetime import date, datetime, timedelta

from daredemo.rules import hours
from daredemo.rules.policy import Window
from daredemo.rules.refusal import Reason, Refused

DAY = timedelta(days=1)


def month_ahead(day: date, months: int) -> date:
    """The first day of the month so many months later; earlier where it is negative."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def opens_at(day: date, window: Window, *, resident: bool = True) -> datetime:
    """When booking for that day opens: on the 1st at 9:00 for the next month, or 30 days before at 9:00.

    Others than residents wait so many days longer.
    """
    if window.opens_days_before is None:
        first = month_ahead(day, -window.months_ahead).replace(day=window.opens_day)
    else:
        first = day - window.opens_days_before * DAY
    return hours.at_clock(first, window.opens_at) + _wait(window, resident=resident)


def last_day(now: datetime, window: Window, *, resident: bool = True) -> date:
    """The last day that has opened by now; every day before it has opened too."""
    waited = hours.in_japan(now) - _wait(window, resident=resident)
    today = waited.date()
    if window.opens_days_before is not None:
        return today + (window.opens_days_before - (waited < hours.at_clock(today, window.opens_at))) * DAY
    opened = hours.at_clock(today.replace(day=window.opens_day), window.opens_at) <= waited
    return month_ahead(today, window.months_ahead + opened) - DAY


def closes_at(start: datetime, window: Window) -> datetime:
    """The last instant at which a family can book: 24 hours before the start, or the day before at 17:00."""
    if window.closes_days_before is None:
        return hours.in_japan(start) - timedelta(hours=window.closes_hours_before)
    return hours.at_clock(hours.day_of(start) - window.closes_days_before * DAY, window.closes_at)


def first_start(now: datetime, window: Window) -> datetime:
    """The earliest start that can still be booked now, where booking for it has opened."""
    moment = hours.in_japan(now)
    if window.closes_days_before is None:
        return moment + timedelta(hours=window.closes_hours_before)
    over = moment > hours.at_clock(moment.date(), window.closes_at)
    return hours.at_clock(moment.date() + (window.closes_days_before + over) * DAY, "00:00")


def check(
    start: datetime, now: datetime, window: Window, *, resident: bool = True, may_be_late: bool = False
) -> None:
    """Neither too early nor too late to book."""
    day = hours.day_of(start)
    opens = opens_at(day, window, resident=resident)
    if now < opens:
        month = day.replace(day=1) if window.opens_days_before is None else None
        raise Refused(Reason.WINDOW_NOT_OPEN, opens_at=opens, day=day, month=month)
    closes = closes_at(start, window)
    if now > closes and not may_be_late:
        raise Refused(Reason.WINDOW_CLOSED, closed_at=closes)


def _wait(window: Window, *, resident: bool) -> timedelta:
    return timedelta() if resident else window.residents_first_days * DAY

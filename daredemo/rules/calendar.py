"""Business days (営業日): days on which both the office and the nursery can answer the phone."""

from collections.abc import Container
from datetime import date, timedelta
from functools import cache

from daredemo.rules.policy_cancelling import BusinessDays

DAY = timedelta(days=1)
FARTHEST = 400


def is_holiday(day: date) -> bool:
    """国民の祝日, with 振替休日 and 国民の休日."""
    return bool(holiday_name(day))


@cache
def holiday_name(day: date) -> str:
    """憲法記念日; empty on every other day."""
    import jpholiday  # a tenth of a second that commands without dates need not pay

    return jpholiday.is_holiday_name(day) or ""


def is_new_year(day: date, rule: BusinessDays) -> bool:
    """Within the days around New Year when offices are closed (12/29–1/3)."""
    clock = f"{day:%m-%d}"
    if rule.new_year_from <= rule.new_year_until:
        return rule.new_year_from <= clock <= rule.new_year_until
    return clock >= rule.new_year_from or clock <= rule.new_year_until


def is_business_day(day: date, rule: BusinessDays, closed: Container[date] = ()) -> bool:
    """A weekday (Saturday only if the city says so), no holiday, not New Year, nobody known to be closed.

    `closed` holds the municipality's closed days and the facility's own, as known when booked.
    """
    if day.weekday() == 6 or (day.weekday() == 5 and not rule.saturday):
        return False
    return not (is_holiday(day) or is_new_year(day, rule) or day in closed)


def business_days_before(day: date, n: int, rule: BusinessDays, closed: Container[date] = ()) -> date:
    """The n-th business day before that day; n = 0 is the day itself.

    2026-05-07 and 1 → 2026-05-01, before the holidays of May.
    """
    return _walk(day, n, -DAY, rule, closed)


def business_days_after(day: date, n: int, rule: BusinessDays, closed: Container[date] = ()) -> date:
    """The n-th business day after that day; n = 0 is the day itself."""
    return _walk(day, n, DAY, rule, closed)


def _walk(day: date, n: int, step: timedelta, rule: BusinessDays, closed: Container[date]) -> date:
    for _ in range(FARTHEST):
        if n == 0:
            return day
        day += step
        n -= is_business_day(day, rule, closed)
    raise ValueError(f"no business day within {FARTHEST} days of {day}")

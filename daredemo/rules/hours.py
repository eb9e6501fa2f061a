"""Hours: the zone, the only place that rounds minutes, the grid, and the month a use belongs to.

Instants are aware, spans are [start, end), durations are minutes. A policy's `unit` may be any object with
`minimum` and `step`.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from daredemo.rules.plain import minutes_of
from daredemo.rules.policy import Unit

JST = ZoneInfo("Asia/Tokyo")
MINUTE = timedelta(minutes=1)


def in_japan(instant: datetime) -> datetime:
    """The same instant on a Japanese wall clock; a naive time is a programming error (ValueError)."""
    if instant.tzinfo is None:
        raise ValueError(f"needs a time with its zone, got {instant!r}")
    return instant.astimezone(JST)


def day_of(instant: datetime) -> date:
    """The day in Japan: 2026-04-30 23:30 UTC is 2026-05-01."""
    return in_japan(instant).date()


def month_of(instant: datetime) -> date:
    """The first day of the month whose hours a use spends: 2026-05-01 08:30 JST → 2026-05-01."""
    return day_of(instant).replace(day=1)


def at_clock(day: date, clock: str) -> datetime:
    """The instant of '12:00' on that day in Japan; '24:00' is the end of the day."""
    return datetime.combine(day, time(), JST) + timedelta(minutes=minutes_of(clock))


def span_minutes(start: datetime, end: datetime) -> int:
    """Whole minutes from start to end, a begun minute counting as one; ValueError if end ≤ start."""
    length = in_japan(end) - in_japan(start)
    if length <= timedelta():
        raise ValueError(f"ends at or before its start: {start} to {end}")
    return -(-length // MINUTE)


def rounded(minutes: int, unit: Unit) -> int:
    """Up to the unit: at least its minimum, then by its steps. 90 → 120 (60, 60); 75 → 90 (60, 30)."""
    beyond = max(0, minutes - unit.minimum)
    return unit.minimum + -(-beyond // unit.step) * unit.step


def counted_minutes(start: datetime, end: datetime, unit: Unit) -> int:
    """What a span takes from the allowance. The only place that rounds: 9:00 to 10:30 → 120 by the hour."""
    # 掛川市: 1時間単位、1時間未満の利用は1時間としてカウント. 国: 最低1時間、以後30分単位.
    return rounded(span_minutes(start, end), unit)


def is_offered(minutes: int, unit: Unit) -> bool:
    """Only lengths that need no rounding are offered: whole hours in a city that counts by the hour."""
    return minutes == rounded(minutes, unit)


def offered_lengths(longest: int, unit: Unit) -> tuple[int, ...]:
    """Every length offered up to `longest` minutes."""
    return tuple(range(unit.minimum, longest + 1, unit.step))


def nearest_lengths(minutes: int, unit: Unit) -> tuple[int, int]:
    """The offered lengths just below and above: 90 by the hour → (60, 120)."""
    longer = rounded(minutes, unit)
    return max(unit.minimum, longer - unit.step), longer


def is_on_grid(start: datetime, grid_minutes: int) -> bool:
    """On a multiple of the grid after midnight, to the microsecond."""
    clock = in_japan(start)
    return (clock.hour * 60 + clock.minute) % grid_minutes == 0 and not (clock.second or clock.microsecond)


def nearest_starts(start: datetime, grid_minutes: int) -> tuple[datetime, datetime]:
    """The starts on the grid just before and after."""
    clock = in_japan(start)
    earlier = at_clock(clock.date(), "00:00")
    earlier += (clock - earlier) // (grid_minutes * MINUTE) * grid_minutes * MINUTE
    return earlier, earlier + grid_minutes * MINUTE

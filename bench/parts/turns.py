"""Who books when: the order of a crowd's bookings, so that no two clients meet over one child."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from daredemo.rules.calendar import is_holiday
from daredemo.rules.hours import JST

MINUTES, ALLOWANCE = 120, 600
TURNS = ALLOWANCE // MINUTES  # bookings of a family in a month: the first of them opens the month's hours
GAP = 32  # families between two bookings of one turn: nobody books twice at the same time
OPENS, CLOSES = 9, 15
STARTS = CLOSES - OPENS - MINUTES // 60 + 1
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Months:
    """The bookable days of each month, the one that families may book in first."""

    days: tuple[tuple[date, ...], ...]

    def starts_at(self, family: int, turn: int) -> datetime:
        """When a family's booking begins: each turn of a month another day, over all families evenly."""
        days = self.days[turn // TURNS]
        hour = OPENS + (family // len(days) + turn) % STARTS
        return datetime.combine(days[(family + turn) % len(days)], time(hour), JST)


class Turn(NamedTuple):
    family: int
    turn: int


def staircase(n: int, turns: int) -> Turn:
    """The n-th booking of a crowd that is under way: one in `TURNS` is somebody's first of the month."""
    step, turn = divmod(n, turns)
    return Turn(step + (turns - 1 - turn) * GAP, turn)


def families_for(bookings: int, turns: int) -> int:
    return -(-bookings // turns) + (turns - 1) * GAP


def first_turn(family: int, turns: int) -> int:
    """With which turn a family enters: those at the foot of the staircase have booked before."""
    return max(0, -(-((turns - 1) * GAP - family) // GAP))


def months(now: datetime, count: int) -> Months:
    """From the last month whose window is open; a week away at least, so that both reminders lie ahead."""
    first = now.date().replace(day=1)
    if now >= datetime.combine(first, time(9), JST):
        first = (first + 32 * DAY).replace(day=1)
    found = []
    for _ in range(count):
        following = (first + 32 * DAY).replace(day=1)
        found.append(tuple(day for day in open_dates(first, following) if day > now.date() + 8 * DAY))
        first = following
    return Months(tuple(found))


def open_dates(since: date, until: date) -> Iterator[date]:
    """Monday to Saturday without holidays, the end not included."""
    for n in range((until - since).days):
        day = since + DAY * n
        if day.weekday() < 6 and not is_holiday(day):
            yield day

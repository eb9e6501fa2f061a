"""A day in 48 half hours: which of them a span touches, and what is free in them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache

from daredemo.booking.models import CELLS, OpenedDay
from daredemo.rules.hours import JST, in_japan

HALF = 30


def cells_of(starts_at: datetime, ends_at: datetime) -> range:
    """The half hours a span touches, on the Japanese day of its start: 9:00 to 11:00 → 18, 19, 20, 21."""
    start, end = in_japan(starts_at), in_japan(ends_at)
    midnight = datetime.combine(start.date(), time(), JST)
    last = min(CELLS, -(-int((end - midnight).total_seconds()) // (HALF * 60)))
    return range(start.hour * 2 + start.minute // HALF, last)


def at_cell(day: date, cell: int) -> datetime:
    """The instant at which a half hour begins; 48 is the end of the day."""
    return datetime.combine(day, time(), JST) + timedelta(minutes=HALF * cell)


def spans_of(day: date, found: Iterable[int]) -> list[tuple[datetime, datetime]]:
    """Half hours in a row as spans: 18, 19, 24 → 9:00 to 10:00, 12:00 to 12:30."""
    spans: list[tuple[datetime, datetime]] = []
    for cell in sorted(found):
        starts, ends = at_cell(day, cell), at_cell(day, cell + 1)
        if spans and spans[-1][1] == starts:
            spans[-1] = (spans[-1][0], ends)
        else:
            spans.append((starts, ends))
    return spans


def booked(day: OpenedDay) -> tuple[list[int], list[int], list[int]]:
    """Children booked per half hour, by age group."""
    return day.booked_0, day.booked_1, day.booked_2


def ceilings(day: OpenedDay) -> tuple[list[int], list[int], list[int]]:
    return day.ceiling_0, day.ceiling_1, day.ceiling_2


def units(day: OpenedDay) -> list[int]:
    """Units taken per half hour: each child weighs what its age weighs."""
    return _weighed(day.weights, day)


def heads(day: OpenedDay) -> list[int]:
    """Children booked per half hour."""
    return [sum(ages) for ages in zip(*booked(day), strict=True)]


def floor(day: OpenedDay) -> list[int]:
    """Floor taken per half hour, in the unit of `day.areas`."""
    return _weighed(day.areas, day)


def _weighed(weights: Sequence[int], day: OpenedDay) -> list[int]:
    zero, one, two = weights
    return [a * zero + b * one + c * two for a, b, c in zip(*booked(day), strict=True)]


def over(day: OpenedDay) -> list[int]:
    """The half hours in which more is booked than lawful."""
    return [
        cell
        for cell, (taken, lawful) in enumerate(zip(units(day), day.lawful, strict=True))
        if taken > lawful
    ]


def is_over(day: OpenedDay) -> bool:
    """Is more booked than lawful, in a half hour or in the whole day?"""
    return bool(over(day)) or (day.day_lawful is not None and day.day_booked > day.day_lawful)


def free(day: OpenedDay, age_group: int, *, is_there: bool = False) -> list[int]:
    """How many more children of an age fit in each half hour: every limit of the day binds.

    For a child that is there at another time of the day, the limit of children in a day does not.
    """
    weight, area = max(1, day.weights[age_group]), day.areas[age_group]
    left = [(offered - taken) // weight for offered, taken in zip(day.offered, units(day), strict=True)]
    left = list(map(min, left, _minus(day.ceiling_all, heads(day))))
    left = list(map(min, left, _minus(ceilings(day)[age_group], booked(day)[age_group])))
    if area:
        left = [min(few, rest // area) for few, rest in zip(left, _minus(day.room, floor(day)), strict=True)]
    most = CELLS if is_there or day.day_ceiling is None else day.day_ceiling - day.day_booked
    return [max(0, min(few, most)) for few in left]


def _minus(most: Sequence[int], taken: Sequence[int]) -> list[int]:
    return [here - there for here, there in zip(most, taken, strict=True)]


def least(places: Sequence[int], span: Iterable[int]) -> int:
    """The fewest places in any half hour of a span; 0 for an empty one."""
    return min((places[cell] for cell in span), default=0)


def bits(places: Iterable[int]) -> int:
    """A number whose bit n is set where half hour n has a place."""
    return sum(1 << cell for cell, here in enumerate(places) if here > 0)


@cache
def span_bits(starts: int, minutes: int) -> int:
    """The half hours that so many minutes from a minute of the day touch: 540, 120 → bits 18 to 21."""
    first = starts // HALF
    return ((1 << -(-(starts + minutes) // HALF) - first) - 1) << first

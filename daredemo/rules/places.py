"""Places as whole units per half hour, so that 3:1, 5:1 and 6:1 are exact.

One member of staff brings `staff_units`; a child of an age takes `child_units`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import lcm

from daredemo.rules.hours import in_japan

CELL = timedelta(minutes=30)


def staff_units(children_per_staff: Sequence[int]) -> int:
    """Units of one member of staff: the least common multiple of the ratios; 3, 6, 6 → 6."""
    return lcm(*children_per_staff)


def child_units(age: int, children_per_staff: Sequence[int]) -> int:
    """Units a child takes: with 3, 6, 6 an infant 2, at ages 1 and 2 one."""
    return staff_units(children_per_staff) // children_per_staff[age]


def cells(start: datetime, end: datetime) -> tuple[datetime, ...]:
    """The starts of the half hours that [start, end) touches."""
    first = in_japan(start)
    cell = first - timedelta(minutes=first.minute % 30, seconds=first.second, microseconds=first.microsecond)
    found = []
    while cell < end:
        found.append(cell)
        cell += CELL
    return tuple(found)


def full_cells(
    start: datetime, end: datetime, free: Mapping[datetime, int], needed: int
) -> tuple[datetime, ...]:
    """The half hours of a wish without `needed` free units; a half hour not listed has none."""
    return tuple(cell for cell in cells(start, end) if free.get(cell, 0) < needed)

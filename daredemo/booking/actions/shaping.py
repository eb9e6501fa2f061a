"""The places of a day as its sources allow, never below what is booked."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from daredemo.accounts.models import User
from daredemo.booking import cells, queries
from daredemo.booking.actions import conflicts
from daredemo.booking.actions import places as counting
from daredemo.booking.models import CELLS, Booking, Conflict, Offer, OpenedDay
from daredemo.facilities.models import Facility
from daredemo.prepared import rows
from daredemo.rules import places
from daredemo.rules.places import AGES, Bound, Limit

SHAPE = (
    "weights", "offered", "lawful", "ceiling_all", "ceiling_0", "ceiling_1", "ceiling_2", "areas", "room",
    "day_ceiling", "day_lawful",
)  # fmt: skip
HEADS = (Limit.CAPACITY, Limit.CEILING)
MOST = 32_000  # a small integer of the database


def reshape(
    days: Iterable[OpenedDay], sources: queries.Sources, *, by: User | None, now: datetime
) -> list[OpenedDay]:
    """Give new days, or days that the caller holds, their places; open or end conflicts. What changed."""
    held = [day for day in days if day.closed_at is None]
    open_ = {one.day_id: one for one in Conflict.objects.filter(day__in=held, resolved_at=None)}
    before = [_columns(day) for day in held]
    overstepped = [shape(day, sources) for day in held]
    changed = [
        day for day, was in zip(held, before, strict=True) if day._state.adding or _columns(day) != was
    ]
    _save(changed)
    for day, limits in zip(held, overstepped, strict=True):
        over = [cell for cell in cells.over(day) if cell not in sources.closed(day.date)]
        conflicts.settle(day, open_.get(day.pk), over, limits, by=by, now=now)
    return changed


def _columns(day: OpenedDay) -> list[Any]:
    return [getattr(day, name) for name in SHAPE]


def _save(days: Sequence[OpenedDay]) -> None:
    """New ones by one statement: a night opens a day of every facility, a new pattern opens months."""
    new = [day for day in days if day._state.adding]
    for day in days:
        if not day._state.adding:
            day.save(update_fields=SHAPE)
    rows.insert(new)


def give_back(day: OpenedDay, held: Booking | Offer, *, by: User | None, now: datetime) -> None:
    """One child less on a day that the caller holds; where there were too many, look again."""
    was_over = cells.is_over(day)
    counting.give_back(day, held)
    if was_over:
        look_again(day, by=by, now=now)


def look_again(day: OpenedDay, *, by: User | None, now: datetime) -> None:
    """A place came free on a day that was overbooked: what is lawful now, and is it still too much?"""
    facility = Facility.objects.get(pk=day.facility_id)
    reshape([day], queries.sources(facility, day.date, day.date), by=by, now=now)


def shape(day: OpenedDay, sources: queries.Sources) -> set[Limit]:
    """Set every column of the shape; the limits that are overstepped.

    In closed hours none is: whoever closes them ends what is booked there.
    """
    limits, most = sources.limits(day.date), sources.premises.most_a_day
    mixes = list(zip(*cells.booked(day), strict=True))
    day.weights, day.areas = list(sources.weights(day.date)), list(sources.areas(day.date))
    day.lawful = [min(MOST, places.lawful(*pair)) for pair in zip(limits, mixes, strict=True)]
    day.offered = _at_least(day.lawful, cells.units(day))
    heads = [min(bound.most for bound in bounds if bound.limit in HEADS) for bounds in limits]
    day.ceiling_all = _at_least(heads, cells.heads(day))
    day.ceiling_0, day.ceiling_1, day.ceiling_2 = (
        _at_least(map(min, heads, _of_age(limits, age)), booked)
        for age, booked in zip(AGES, cells.booked(day), strict=True)
    )
    day.room = _at_least([_floor(bounds) for bounds in limits], cells.floor(day))
    day.day_lawful = most
    day.day_ceiling = None if most is None else max(most, day.day_booked)
    closed = sources.closed(day.date)
    open_ = (cell for cell in range(CELLS) if cell not in closed)
    found = {limit for cell in open_ for limit in places.overstepped(limits[cell], mixes[cell])}
    return found | ({Limit.DAY} if most is not None and day.day_booked > most else set())


def _at_least(most: Iterable[int], booked: Sequence[int]) -> list[int]:
    return [max(min(MOST, limit), taken) for limit, taken in zip(most, booked, strict=True)]


def _of_age(limits: Sequence[Sequence[Bound]], age: int) -> list[int]:
    """The ceiling of an age in each half hour; where it has none, nothing but the sum binds."""
    own = ([b.most for b in bounds if b.limit is Limit.AGE and b.weights[age]] for bounds in limits)
    return [min(found, default=MOST) for found in own]


def _floor(bounds: Sequence[Bound]) -> int:
    return next((bound.most for bound in bounds if bound.limit is Limit.AREA), 0)

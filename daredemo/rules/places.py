"""How many more children fit in a half hour: staff, 保育士, floor, 定員, what the facility sets itself.

Every limit is one `Bound`: children of each age weigh whole numbers, together at most so many. Ratios are
exact, because the unit is the least common multiple: with 3:1 and 6:1 one member of staff brings 6 units,
an infant takes 2 and older children 1 each, so Σ children ÷ ratio ≤ staff holds without any rounding.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from itertools import product
from math import gcd, lcm
from typing import Literal

from daredemo.rules.age import age_group, class_age
from daredemo.rules.policy import Places, Standard

AGES = (0, 1, 2)
ByAge = tuple[int, int, int]
NOBODY: ByAge = (0, 0, 0)
# 余裕活用型 · 一般型: 在園児合同, 専用室, 独立
Form = Literal["spare", "together", "dedicated", "independent"]


class Limit(StrEnum):
    """What can hold places down, in the order in which it is said."""

    MINIMUM = "minimum"  # fewer staff than may ever be there
    QUALIFIED = "qualified"  # staff enough, 保育士 too few
    STAFF = "staff"
    CAPACITY = "capacity"  # 定員
    AREA = "area"
    CEILING = "ceiling"  # the facility's own number for the half hour
    AGE = "age"  # … for an age
    DAY = "day"  # … for the day


@dataclass(frozen=True, slots=True)
class Staff:
    """Who is on duty in a half hour: everyone, and the 保育士 among them."""

    count: int
    qualified: int


@dataclass(frozen=True, slots=True)
class House:
    """A facility on a day: the standard that holds for it, its floor and 定員, and who shares them."""

    standard: Standard
    area_cm2: int
    capacity: int
    enrolled: ByAge = NOBODY  # children of its own who share staff, floor and 定員
    supported: bool = False  # run as one with a nursery whose staff step in


@dataclass(frozen=True, slots=True)
class Own:
    """What a facility sets itself for a half hour; None for an age where only the sum binds."""

    most: int
    by_age: tuple[int | None, int | None, int | None] = (None, None, None)


@dataclass(frozen=True, slots=True)
class Bound:
    """One limit: `weights[age]` for each child, together at most `most`."""

    limit: Limit
    weights: ByAge
    most: int

    def left(self, children: Sequence[int]) -> int:
        """What these children leave free; below 0 where they are too many."""
        return self.most - sum(weight * n for weight, n in zip(self.weights, children, strict=True))


def staff_units(children_per_staff: Sequence[int]) -> int:
    """Units of one member of staff: the least common multiple of the ratios; 3, 6, 6 → 6."""
    return lcm(*children_per_staff)


def child_units(age: int, children_per_staff: Sequence[int]) -> int:
    """Units a child takes: with 3, 6, 6 an infant 2, at ages 1 and 2 one."""
    return staff_units(children_per_staff) // children_per_staff[age]


def group(born: date, day: date, *, by_class: bool) -> int:
    """The age by which a child takes a place: at 余裕活用型 the class's (3月31日), else the day's."""
    return min(2, class_age(born, day)) if by_class else age_group(born, day)


def half_hours(starts: time, ends: time) -> range:
    """The half hours of a day (0 to 47) wholly between two times; 0:00 as an end is the end of the day."""
    last = ends.hour * 2 + ends.minute // 30
    return range(starts.hour * 2 + -(-starts.minute // 30), last or 48)


def house(
    places: Places, form: Form, *, area_cm2: int, capacity: int, enrolled: ByAge, supported: bool
) -> House:
    """Which standard holds, and who shares: 余裕活用型 and 在園児合同 count the nursery's own children in."""
    shares = form in ("spare", "together")
    return House(
        standard=places.host or places if form == "spare" else places,
        area_cm2=area_cm2,
        capacity=capacity,
        enrolled=enrolled if shares else NOBODY,
        supported=supported and form in ("together", "dedicated"),
    )


def counted_staff(staff: Staff, standard: Standard, *, supported: bool = False) -> tuple[int, Limit]:
    """How many of those on duty count for the ratio, and what holds it there.

    One 保育士 carries as many others as the share allows; a further helper never lowers the number. Below
    the minimum nobody counts, unless a nursery supports the one dedicated 保育士.
    """
    share = standard.qualified_percent
    carried = staff.count if share == 0 else min(staff.count, staff.qualified * 100 // share)
    limit = Limit.QUALIFIED if carried < staff.count else Limit.STAFF
    alone = supported and staff.qualified >= 1
    if carried < standard.minimum_staff and not alone:
        return 0, Limit.MINIMUM if staff.count < standard.minimum_staff else limit
    return carried, limit


def bounds(house: House, staff: Staff, own: Own) -> tuple[Bound, ...]:
    """Every limit of a half hour, for children of the programme; the enrolled ones are taken off already."""
    ratios, areas = house.standard.children_per_staff, house.standard.area_cm2
    counted, who = counted_staff(staff, house.standard, supported=house.supported)
    weights = _by_age(child_units(age, ratios) for age in AGES)
    step = gcd(*areas)
    floor = _by_age(area // step for area in areas)
    return (
        Bound(who, weights, _rest(counted * staff_units(ratios), weights, house.enrolled)),
        Bound(Limit.CAPACITY, (1, 1, 1), _rest(house.capacity, (1, 1, 1), house.enrolled)),
        Bound(Limit.AREA, floor, _rest(house.area_cm2 // step, floor, house.enrolled)),
        *own_bounds(own),
    )


def own_bounds(own: Own) -> tuple[Bound, ...]:
    """The limits of a half hour that the facility sets by hand: heads, in all and by age."""
    by_age = (
        Bound(Limit.AGE, _by_age(int(age == one) for one in AGES), most)
        for age, most in enumerate(own.by_age)
        if most is not None
    )
    return (Bound(Limit.CEILING, (1, 1, 1), own.most), *by_age)


def fits(limits: Iterable[Bound], children: Sequence[int]) -> bool:
    """Do these children, by age, keep every limit?"""
    return all(bound.left(children) >= 0 for bound in limits)


def more(limits: Sequence[Bound], children: Sequence[int]) -> ByAge:
    """How many more children of each age fit, of one age at a time; none while a limit is overstepped."""
    if not fits(limits, children):
        return NOBODY
    return _by_age(
        min(bound.left(children) // bound.weights[age] for bound in limits if bound.weights[age])
        for age in AGES
    )


def binding(limits: Sequence[Bound], children: Sequence[int], age: int) -> tuple[Limit, ...]:
    """Which limits one child more of this age would overstep after those that still fit."""
    full = more(limits, children)[age]
    then = [n + (full + 1 if one == age else 0) for one, n in enumerate(children)]
    return tuple(bound.limit for bound in limits if bound.left(then) < 0)


def overstepped(limits: Iterable[Bound], children: Sequence[int]) -> tuple[Limit, ...]:
    """The limits that the children who are booked go beyond: a conflict for a person to settle."""
    return tuple(bound.limit for bound in limits if bound.left(children) < 0)


def lawful(limits: Sequence[Bound], children: Sequence[int]) -> int:
    """Units that may be booked, counted by the first limit.

    All of it while the children who are booked keep every limit; else what the largest part of them takes
    that would. So there is a conflict exactly where they take more than this.
    """
    first = limits[0]
    if fits(limits, children):
        return first.most
    parts = product(*(range(n + 1) for n in children))
    return max((first.most - first.left(part) for part in parts if fits(limits, part)), default=0)


def missing_staff(house: House, staff: Staff, own: Own, children: Sequence[int]) -> int | None:
    """The fewest 保育士 more with which these children keep every limit; None where none would help."""
    # One for each child and each enrolled one is always enough for a ratio.
    for extra in range(house.standard.minimum_staff + sum(house.enrolled) + sum(children) + 1):
        if fits(bounds(house, _with(staff, extra), own), children):
            return extra
    return None


@dataclass(frozen=True, slots=True)
class Relief:
    """What `staff` 保育士 more on duty would make possible: then so many more children of each age fit."""

    staff: int
    more: ByAge


def relief(house: House, staff: Staff, own: Own, children: Sequence[int], age: int) -> Relief | None:
    """The fewest 保育士 more with which a further child of this age fits; None where they are no help."""
    now = more(bounds(house, staff, own), children)[age]
    wanted = [n + (now + 1 if one == age else 0) for one, n in enumerate(children)]
    extra = missing_staff(house, staff, own, wanted)
    return Relief(extra, more(bounds(house, _with(staff, extra), own), children)) if extra else None


def _with(staff: Staff, extra: int) -> Staff:
    return Staff(staff.count + extra, staff.qualified + extra)


def _by_age(numbers: Iterable[int]) -> ByAge:
    zero, one, two = numbers
    return zero, one, two


def _rest(most: int, weights: ByAge, enrolled: ByAge) -> int:
    """What the nursery's own children leave; nothing where they take all, or more than all."""
    return max(0, Bound(Limit.STAFF, weights, most).left(enrolled))

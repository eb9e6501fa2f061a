"""Days as their staff plan them: who is on duty, who comes, how many more fit, and what holds it there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from daredemo.booking import cells
from daredemo.booking.models import CELLS, OpenedDay
from daredemo.booking.queries.bookings import opened_between
from daredemo.booking.queries.sources import Sources, sources
from daredemo.facilities.duty import OnDuty
from daredemo.facilities.models import Facility
from daredemo.rules import places
from daredemo.rules.places import AGES, NOBODY, Bound, ByAge, House, Limit, Own, Relief, Staff

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Half hours in a row with the same people, the same children and the same room for more."""

    starts_at: datetime
    ends_at: datetime
    staff: Staff
    children: ByAge
    more: ByAge
    binding: tuple[Limit, ...]  # what a further child would overstep, of the youngest age that binds
    relief: Relief | None  # 保育士 more who would help, where nothing else binds
    overstepped: tuple[Limit, ...]
    missing: int | None  # 保育士 who would make it lawful; None where none would


@dataclass(frozen=True)
class StaffedDay:
    """A day by the law, also where it does not decide yet."""

    date: date
    is_open: bool
    is_closed: bool  # 休園日, or closed since
    closed: list[tuple[datetime, datetime]]  # hours of it
    people: list[OnDuty]
    house: House
    staff: list[Staff]
    mixes: list[ByAge]  # booked children in each half hour
    limits: list[tuple[Bound, ...]]
    own: list[Own]

    @property
    def enrolled_units(self) -> int:
        """What the nursery's own children take, in the open half hours."""
        return self._units(self.house.enrolled)

    @property
    def booked_units(self) -> list[int]:
        """What the booked children take in each half hour."""
        return [self._units(mix) for mix in self.mixes]

    @property
    def staff_units(self) -> list[int]:
        """What those on duty bring in each half hour."""
        standard, supported = self.house.standard, self.house.supported
        counted = (places.counted_staff(staff, standard, supported=supported)[0] for staff in self.staff)
        return [n * places.staff_units(standard.children_per_staff) for n in counted]

    def _units(self, children: ByAge) -> int:
        ratios = self.house.standard.children_per_staff
        return sum(places.child_units(age, ratios) * n for age, n in enumerate(children))

    def opens(self, cell: int) -> bool:
        """Does the weekly pattern offer this half hour?"""
        return self.own[cell].most > 0

    def over(self) -> list[int]:
        """The half hours in which more is booked than the law allows."""
        pairs = enumerate(zip(self.limits, self.mixes, strict=True))
        return [cell for cell, (limits, mix) in pairs if any(mix) and not places.fits(limits, mix)]

    def room(self) -> list[tuple[int, int]]:
        """For each age the fewest and the most children in an open half hour that nobody has booked."""
        open_ = [places.more(limits, NOBODY) for cell, limits in enumerate(self.limits) if self.opens(cell)]
        return [(min(of_age), max(of_age)) for of_age in zip(*open_, strict=True)]

    def stretches(self) -> list[Stretch]:
        """The open half hours, and those with a booking, in one row where nothing changes."""
        shown = [cell for cell in range(CELLS) if self.opens(cell) or any(self.mixes[cell])]
        alike = groupby(enumerate(shown), key=lambda at: (at[1] - at[0], self._facts(at[1])))
        return [self._stretch([cell for _, cell in row]) for _, row in alike]

    def _facts(self, cell: int) -> tuple[Staff, ByAge, Own]:
        return self.staff[cell], self.mixes[cell], self.own[cell]

    def _stretch(self, row: Sequence[int]) -> Stretch:
        (staff, children, own), limits = self._facts(row[0]), self.limits[row[0]]
        more = places.more(limits, children)
        tightest = min(AGES, key=lambda age: more[age])
        over = places.overstepped(limits, children) if any(children) else ()
        return Stretch(
            starts_at=cells.at_cell(self.date, row[0]),
            ends_at=cells.at_cell(self.date, row[-1] + 1),
            staff=staff,
            children=children,
            more=more,
            binding=places.binding(limits, children, tightest),
            relief=None if over else places.relief(self.house, staff, own, children, tightest),
            overstepped=over,
            missing=places.missing_staff(self.house, staff, own, children) if over else 0,
        )


def staffing(facility: Facility, since: date, until: date) -> list[StaffedDay]:
    """Every day of a span, both ends included; the same queries for one day as for seven."""
    known = sources(facility, since, until)
    opened = {day.date: day for day in opened_between(facility, since, until)}
    days = (since + DAY * n for n in range((until - since).days + 1))
    return [_day(known, day, opened.get(day)) for day in days]


def _day(known: Sources, day: date, opened: OpenedDay | None) -> StaffedDay:
    mixes = list(zip(*cells.booked(opened), strict=True)) if opened else [NOBODY] * CELLS
    return StaffedDay(
        date=day,
        is_open=known.is_open(day),
        is_closed=day in known.off or (opened is not None and opened.closed_at is not None),
        closed=cells.spans_of(day, known.closed(day)),
        people=known.roster.people(day),
        house=known.house(day),
        staff=known.staff(day),
        mixes=mixes,
        limits=known.lawful_limits(day),
        own=known.own(day),
    )

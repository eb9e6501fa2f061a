"""What decides about the places of a facility's days: pattern, days off, roster, children, the law."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from daredemo.booking.models import CELLS
from daredemo.booking.queries.off import days_off, hours_off
from daredemo.facilities import queries as facilities
from daredemo.facilities.duty import Roster
from daredemo.facilities.models import Facility, Premises, WeeklyPattern
from daredemo.municipalities import queries as municipalities
from daredemo.rules import places
from daredemo.rules.places import NOBODY, Bound, ByAge, House, Limit, Own, Staff
from daredemo.rules.policy import Policy, version_on

SHUT = Own(most=0)
EACH: ByAge = (1, 1, 1)  # by hand every child is one
Bounds = tuple[Bound, ...]


@dataclass(frozen=True)
class Sources:
    """Everything between two dates; the same number of queries for one day or sixty.

    Where the roster decides, the numbers of the weekly pattern stay as ceilings of the facility's own.
    """

    facility: Facility
    patterns: list[WeeklyPattern]
    off: frozenset[date]
    shut: Mapping[date, frozenset[int]]  # half hours that the facility closed on a day that is open
    premises: Premises
    policies: tuple[Policy, ...]
    roster: Roster

    def is_open(self, day: date) -> bool:
        """Does the weekly pattern offer anything on that day?"""
        return bool(self._patterns(day))

    def closed(self, day: date) -> frozenset[int]:
        """The half hours of an open day that the facility closed."""
        return self.shut.get(day, frozenset())

    def by_law(self, day: date) -> bool:
        """Does the roster decide about that day?"""
        return self.premises.by_roster(day)

    def weights(self, day: date) -> ByAge:
        """Units that a child of each age takes."""
        return self._law(day)[Limit.MINIMUM].weights if self.by_law(day) else EACH

    def areas(self, day: date) -> ByAge:
        """Floor that a child of each age takes; nothing where places are set by hand."""
        return self._law(day)[Limit.AREA].weights if self.by_law(day) else NOBODY

    def limits(self, day: date) -> list[Bounds]:
        """The limits of each half hour that decide, the first of them in the day's units."""
        if not self.by_law(day):
            return [places.own_bounds(own) for own in self.own(day)]
        return self.lawful_limits(day)

    def lawful_limits(self, day: date) -> list[Bounds]:
        """The limits of each half hour by the law, also where it does not decide yet; all shut: nothing."""
        house, pairs = self.house(day), list(zip(self.staff(day), self.own(day), strict=True))
        shut = (Bound(Limit.CEILING, self._law(day)[Limit.MINIMUM].weights, 0),)
        known = {
            (staff, own): places.bounds(house, staff, own) if own.most else shut for staff, own in set(pairs)
        }
        return [known[pair] for pair in pairs]

    def own(self, day: date) -> list[Own]:
        """What the weekly pattern offers in each half hour; nothing in those that are closed."""
        offered = [SHUT] * CELLS
        for pattern in self._patterns(day):
            by_age = (pattern.places_age_0, pattern.places_age_1, pattern.places_age_2)
            for cell in places.half_hours(pattern.starts, pattern.ends):
                offered[cell] = Own(pattern.places, by_age)
        for cell in self.closed(day):
            offered[cell] = SHUT
        return offered

    def staff(self, day: date) -> list[Staff]:
        """Who is on duty in each half hour."""
        return self.roster.staff(day)

    def house(self, day: date) -> House:
        """The facility as the law counts it on that day; floor and 定員 that nobody entered are none."""
        return places.house(
            self._policy(day).places,
            self.premises.place_form,
            area_cm2=self.premises.area_cm2 or 0,
            capacity=self.premises.capacity or 0,
            enrolled=self.roster.children(day),
            supported=self.premises.supported,
        )

    def _law(self, day: date) -> dict[Limit, Bound]:
        """One bound of each kind, for what is the same all day."""
        return {bound.limit: bound for bound in places.bounds(self.house(day), Staff(0, 0), SHUT)}

    def _policy(self, day: date) -> Policy:
        return version_on(self.policies, day) or municipalities.national_standard(day)

    def _patterns(self, day: date) -> list[WeeklyPattern]:
        return [] if day in self.off else [one for one in self.patterns if _covers(one, day)]


def sources(facility: Facility, since: date, until: date) -> Sources:
    """Read what decides about the days of a span, both ends included."""
    premises = facilities.premises_of(facility)
    premises.facility = facility
    return Sources(
        facility=facility,
        patterns=facilities.patterns_between(facility, since, until),
        off=frozenset(days_off(facility, since, until)),
        shut=hours_off(facility, since, until),
        premises=premises,
        policies=tuple(municipalities.policies_until(facility.municipality_id, until)),
        roster=facilities.roster_between(facility, since, until),
    )


def _covers(pattern: WeeklyPattern, day: date) -> bool:
    ends = pattern.valid_until
    return pattern.weekday == day.weekday() and pattern.valid_from <= day and (ends is None or day <= ends)

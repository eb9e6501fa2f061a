"""When one facility next has a place: for a family's child, or for a child of each age that it takes."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from daredemo.booking import queries as bookings
from daredemo.facilities import queries as facilities
from daredemo.portals.guardian import asking
from daredemo.portals.guardian.steps import Stand

if TYPE_CHECKING:
    from daredemo.facilities.models import Facility


@dataclass(frozen=True, slots=True)
class Line:
    """For whom, and the first free starts of the next days, each with the way to it; "" where none leads."""

    label: str
    starts: list[tuple[datetime, str]]
    wait: str = ""  # where to wait for a place


@dataclass(frozen=True, slots=True)
class Openings:
    """`shut`: closed on each day of the next two weeks, for these reasons."""

    lines: list[Line]
    shut: bool
    reasons: list[str]


def openings(facility: "Facility", stands: list[Stand], now: datetime) -> Openings:
    """Of a family: the first child that may book, else the first. At most five queries."""
    stand = next((one for one in stands if one.outcome == "accepted"), next(iter(stands), None))
    lines = [_for_child(facility, stand, now)] if stand else _by_age(facility, now)
    if any(line.starts for line in lines):
        return Openings(lines, shut=False, reasons=[])
    since, until = bookings.span(now)
    shut = not bookings.open_on(_only(facility), bookings.dates(since, until)).exists()
    closures = facilities.closures_between(facility, since, until) if shut else ()
    return Openings(lines, shut, list(dict.fromkeys(one.reason for one in closures if one.reason)))


def _for_child(facility: "Facility", stand: Stand, now: datetime) -> Line:
    child, able = stand.child, stand.outcome == "accepted"
    starts = [
        (at, asking.address(facility, child, start=at, minutes=minutes) if able else "")
        for at, minutes in _free(facility, bookings.wanted_for(child, now), now)
    ]
    label = _("%(child)sさん") % {"child": child.called}
    return Line(label, starts, "" if starts or not able else asking.address(facility, child))


def _by_age(facility: "Facility", now: datetime) -> list[Line]:
    ages = [age for age in range(facility.oldest_age + 1) if (age + 1) * 12 > facility.youngest_months]
    return [
        Line(
            _("%(years)d歳") % {"years": age},
            [(at, "") for at, _minutes in _free(facility, bookings.wanted(now, age), now)[:1]],
        )
        for age in ages
    ]


def _only(facility: "Facility") -> "QuerySet[Facility]":
    return facilities.matching(facilities.Search()).filter(pk=facility.pk)


def _free(facility: "Facility", wish: bookings.Wanted, now: datetime) -> list[tuple[datetime, int]]:
    """The first free start of each of the next days, with its minutes. One query."""
    found = bookings.free_places(_only(facility), wish, now, only_free=False, most=1)
    return [(start.starts_at, start.minutes) for one in found for start in one.starts]

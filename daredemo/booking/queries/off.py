"""Why a day is closed: what its places follow from, and what whoever plans it reads."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from daredemo.booking import cells
from daredemo.facilities import queries as facilities
from daredemo.facilities.models import Facility
from daredemo.municipalities.models import ClosedDay
from daredemo.rules.calendar import holiday_name

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Off:
    """国民の祝日, a day on which the city is closed, or the facility's own; `name` may be empty."""

    kind: Literal["holiday", "city", "own"]
    name: str


def days_off(facility: Facility, since: date, until: date) -> dict[date, Off]:
    """The closed days of a span, both ends included; where several reasons meet, the facility's own."""
    days = (since + DAY * n for n in range((until - since).days + 1))
    off = {day: Off("holiday", name) for day in days if (name := holiday_name(day))}
    city = ClosedDay.objects.filter(municipality=facility.municipality_id, date__range=(since, until))
    off |= {day: Off("city", name) for day, name in city.values_list("date", "name")}
    own = facilities.closures_between(facility, since, until).values_list("date", "reason")
    return off | {day: Off("own", reason) for day, reason in own}


def hours_off(facility: Facility, since: date, until: date) -> dict[date, frozenset[int]]:
    """The half hours that the facility closed on days that are open otherwise."""
    found: dict[date, frozenset[int]] = {}
    for one in facilities.closed_hours_between(facility, since, until):
        closed = frozenset(cells.cells_of(one.starts_at, one.ends_at))
        found[one.date] = found.get(one.date, frozenset()) | closed
    return found

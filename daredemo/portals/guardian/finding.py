"""From a family's wishes to a list of facilities with their free times."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from daredemo.booking import queries as bookings
from daredemo.facilities import queries as facilities
from daredemo.interviews import queries as interviews
from daredemo.portals.guardian import asking, steps
from daredemo.portals.guardian.forms.facilities import USUAL
from daredemo.portals.guardian.nearby import Near
from daredemo.portals.shared import sheets, typed
from daredemo.portals.shared.addresses import path
from daredemo.rules.age import age_group, months_old
from daredemo.rules.hours import day_of

if TYPE_CHECKING:
    from daredemo.facilities.models import Facility, Tariff
    from daredemo.families.models import Child

Asked = Mapping[str, Any]  # what the form has read, by the names of its fields


@dataclass(frozen=True, slots=True)
class Found:
    """One facility of the list. `starts` are free, each with the way to it; None: nobody's age is known."""

    facility: "Facility"
    page: str
    hours: list[sheets.Hours]
    ages: str
    tariff: "Tariff | None"
    next_interview: datetime | None
    chips: list[tuple[str, str]]
    km: float | None
    starts: list[tuple[datetime, str]] | None
    may_book: bool


def chosen(asked: Asked, children: "list[Child]") -> "Child | None":
    """The child whose free times are shown: the one asked for, else the family's first."""
    who = asked.get("who", "")
    return next((one for one in children if str(one.pk) == who), None if who else next(iter(children), None))


def search_of(asked: Asked, near: Near | None, children: "list[Child]", day: date) -> facilities.Search:
    """What is asked for; what could not be read is left open."""
    who = asked.get("who", "")
    child = chosen(asked, children) if who else None
    words = asked.get("words", "")
    return facilities.Search(
        prefecture=asked.get("area", ""),
        municipality=asked.get("town", ""),
        age=age_group(child.born, day) if child else int(who) if who else None,
        months=months_old(child.born, day) if child else None,
        words=words,
        reading=typed.reading(words),
        meals=asked.get("meals", False),
        language=asked.get("language", ""),
        cares=tuple(asked.get("care", ())),
        near=near.point if near else None,
        within=near.km if near else USUAL,
    )


def found(
    asked: Asked, near: Near | None, children: "list[Child]", now: datetime, most: int
) -> list[bookings.Found]:
    """The first facilities that fit, with their free times."""
    search = search_of(asked, near, children, day_of(now))
    wish = _wish(asked, chosen(asked, children), now)
    only_free = asked.get("free", False)
    days = _days(asked, wish, now)
    if days == []:  # it is no day on which the child may come
        return []
    if wish is None:
        listed = facilities.find(search, day_of(now))
        some = (bookings.open_on(listed, days) if days else listed)[:most]
        return [bookings.Found(one, getattr(one, "km", None), ()) for one in some]
    among = facilities.matching(search)
    if days and not only_free:  # a free day is an open one
        among = bookings.open_on(among, days)
    return bookings.free_places(among, wish, now, only_free=only_free, most=most)


def _days(asked: Asked, wish: bookings.Wanted | None, now: datetime) -> list[date] | None:
    """The days that are asked for; None where no day and no weekday is."""
    day, weekdays = asked.get("day"), asked.get("weekday") or ()
    if not (day or weekdays):
        return None
    since, until = (wish.since, wish.until) if wish else bookings.span(now, day)
    return bookings.dates(since, until, weekdays)


def _wish(asked: Asked, child: "Child | None", now: datetime) -> bookings.Wanted | None:
    """The time that is looked for; None while nobody has said for which age."""
    names = {"minutes": "minutes", "after": "after", "before": "before", "weekdays": "weekday", "day": "day"}
    times = {name: asked[field] for name, field in names.items() if field in asked}
    times["weekdays"] = tuple(times.get("weekdays", ()))
    if child is not None:
        return bookings.wanted_for(child, now, **times)
    who = asked.get("who", "")
    return bookings.wanted(now, int(who), **times) if who else None


def rows(
    found: "list[bookings.Found]", asked: Asked, children: "list[Child]", day: date, now: datetime
) -> list[Found]:
    """The list, already loaded: three queries however long it is."""
    places = [one.facility for one in found]
    offers = facilities.offers(places, day)
    times = interviews.next_times(places, now)
    outcomes = interviews.outcomes_of(children) if children else {}
    child = chosen(asked, children)
    known = child is not None or bool(asked.get("who"))
    able = (
        {pk for pk, outcome in outcomes.get(child.pk, {}).items() if outcome == "accepted"}
        if child
        else set()
    )
    return [
        Found(
            facility=one.facility,
            page=path("guardian:facility", one.facility.pk),
            hours=sheets.hours_of_week(offers[one.facility.pk].patterns),
            ages=sheets.ages(one.facility),
            tariff=offers[one.facility.pk].tariff,
            next_interview=times.get(one.facility.pk),
            chips=[
                (steps.chip_words(each, outcome), steps.CHIPS[outcome])
                for each in children
                if (outcome := outcomes.get(each.pk, {}).get(one.facility.pk, "missing")) in steps.CHIPS
            ],
            km=one.km,
            starts=_ways(one, child if one.facility.pk in able else None) if known else None,
            may_book=one.facility.pk in able,
        )
        for one in found
    ]


def _ways(one: bookings.Found, child: "Child | None") -> list[tuple[datetime, str]]:
    """Each free start leads on to its booking; before the first interview to the facility's page."""
    page = path("guardian:facility", one.facility.pk)
    return [
        (
            start.starts_at,
            asking.address(one.facility, child, start=start.starts_at, minutes=start.minutes)
            if child
            else page,
        )
        for start in one.starts
    ]

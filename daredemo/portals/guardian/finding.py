"""From a family's wishes to a list of facilities with their free times."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daredemo.booking import queries as bookings
from daredemo.facilities import queries as facilities
from daredemo.interviews import queries as interviews
from daredemo.portals.guardian import asking, steps
from daredemo.portals.guardian.forms.facilities import SearchForm
from daredemo.portals.shared import sheets, typed
from daredemo.portals.shared.addresses import path
from daredemo.rules.age import age_group, months_old
from daredemo.rules.hours import day_of

if TYPE_CHECKING:
    from daredemo.facilities.models import Facility, Tariff
    from daredemo.families.models import Child

HERE = gettext_lazy("いまいる場所から 10km")


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


@dataclass(frozen=True, slots=True)
class Loosen:
    """A filter in force, and the address of the list without it."""

    label: str
    href: str


def chosen(form: SearchForm, children: "list[Child]") -> "Child | None":
    """The child whose free times are shown: the one asked for, else the family's first."""
    who = form.cleaned_data.get("who", "")
    return next((one for one in children if str(one.pk) == who), None if who else next(iter(children), None))


def search_of(form: SearchForm, children: "list[Child]", day: date) -> facilities.Search:
    """What the form asks for; what it could not read is left open."""
    asked: dict[str, Any] = form.cleaned_data
    who = asked.get("who", "")
    child = chosen(form, children) if who else None
    words = asked.get("words", "")
    return facilities.Search(
        prefecture=asked.get("area", ""),
        municipality=asked.get("town", ""),
        age=age_group(child.born, day) if child else int(who) if who else None,
        months=months_old(child.born, day) if child else None,
        words=words,
        reading=typed.reading(words),
        near=here(form),
    )


def here(form: SearchForm) -> facilities.Point | None:
    """Where the phone is, if it says so."""
    latitude, longitude = form.cleaned_data.get("lat"), form.cleaned_data.get("lon")
    return None if latitude is None or longitude is None else facilities.Point(latitude, longitude)


def found(form: SearchForm, children: "list[Child]", now: datetime, most: int) -> list[bookings.Found]:
    """The first facilities that fit, with their free times."""
    search = search_of(form, children, day_of(now))
    wish = _wish(form, chosen(form, children), now)
    weekdays, only_free = form.cleaned_data.get("weekday") or (), form.cleaned_data.get("free", False)
    if wish is None:
        span = day_of(now), day_of(now) + bookings.DAYS
        listed = bookings.open_on(facilities.find(search, day_of(now)), weekdays, *span)[:most]
        return [bookings.Found(one, getattr(one, "km", None), ()) for one in listed]
    among = facilities.matching(search)
    if not only_free:  # a free day is an open one
        among = bookings.open_on(among, weekdays, wish.since, wish.until)
    return bookings.free_places(among, wish, now, only_free=only_free, most=most)


def _wish(form: SearchForm, child: "Child | None", now: datetime) -> bookings.Wanted | None:
    """The time that is looked for; None while nobody has said for which age."""
    asked = form.cleaned_data
    names = {"minutes": "minutes", "after": "after", "before": "before", "weekdays": "weekday"}
    times = {name: asked[field] for name, field in names.items() if field in asked}
    times["weekdays"] = tuple(times.get("weekdays", ()))
    if child is not None:
        return bookings.wanted_for(child, now, **times)
    who = asked.get("who", "")
    return bookings.wanted(now, int(who), **times) if who else None


def rows(
    found: "list[bookings.Found]", form: SearchForm, children: "list[Child]", day: date, now: datetime
) -> list[Found]:
    """The list, already loaded: three queries however long it is."""
    places = [one.facility for one in found]
    offers = facilities.offers(places, day)
    times = interviews.next_times(places, now)
    outcomes = interviews.outcomes_of(children) if children else {}
    child = chosen(form, children)
    known = child is not None or bool(form.cleaned_data.get("who"))
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


def loosen(form: SearchForm) -> list[Loosen]:
    """Each filter that could be taken away; where one is goes as one."""
    typed_in = {name: value for name in form.fields if (value := form[name].value())}
    gone = {name: {"lat", "lon"} if name in ("lat", "lon") else {name} for name in typed_in if name != "lon"}
    return [
        Loosen(
            label=_("「%(name)s」をはずす") % {"name": HERE if "lat" in names else form[name].label},
            href=_address({key: value for key, value in typed_in.items() if key not in names}),
        )
        for name, names in gone.items()
    ]


def _address(asked: dict[str, Any]) -> str:
    query = urlencode({name: "on" if value is True else value for name, value in asked.items()}, doseq=True)
    return f"{reverse('guardian:facilities')}?{query}"

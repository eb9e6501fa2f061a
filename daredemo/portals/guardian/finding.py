"""From a family's wishes to a list of facilities, and from a family and a facility to the one next step."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daredemo.booking import queries as bookings
from daredemo.certification import queries as certification
from daredemo.facilities import queries as facilities
from daredemo.families import queries as families
from daredemo.interviews import queries as interviews
from daredemo.municipalities import queries as municipalities
from daredemo.portals.guardian import asking
from daredemo.portals.guardian.forms.facilities import SearchForm
from daredemo.portals.shared import sheets, typed
from daredemo.portals.shared.addresses import path
from daredemo.rules.age import age_group, months_old
from daredemo.rules.hours import day_of

if TYPE_CHECKING:
    from daredemo.facilities.models import Facility, Tariff
    from daredemo.families.models import Child, Guardian
    from daredemo.interviews.models import Interview

HERE = gettext_lazy("いまいる場所から 10km")
# outcome → how the chip looks
CHIPS = {"accepted": "ok", "pending": "in", "declined": "line"}


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
                (chip_words(each, outcome), CHIPS[outcome])
                for each in children
                if (outcome := outcomes.get(each.pk, {}).get(one.facility.pk, "missing")) in CHIPS
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


def chip_words(child: "Child", outcome: str) -> str:
    """ひなたさん 予約できます"""
    words = {
        "accepted": _("予約できます"),
        "pending": _("面談の申しこみ中"),
        "declined": _("ほかの園へ"),
        "missing": _("面談はまだ"),
    }
    return _("%(child)sさん %(outcome)s") % {"child": child.called, "outcome": words[outcome]}


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


@dataclass(frozen=True, slots=True)
class Stand:
    """How far one child has come with a facility."""

    child: "Child"
    outcome: str
    words: str
    look: str


@dataclass(frozen=True, slots=True)
class Way:
    """Where a family stands with a facility, and the one next step. `step`: login, book, pending,
    before_opening, uncertified, declined, no_times, ask, helps (a 代理人 waits for the guardian)."""

    step: str
    stands: list[Stand]
    interview: "Interview | None" = None
    book: str = ""
    may_ask: bool = False
    opens_on: date | None = None
    next_time: datetime | None = None


def way(guardian: "Guardian | None", facility: "Facility", day: date, now: datetime) -> Way:
    """Look at every child; the best outcome decides what comes next."""
    if guardian is None:
        return Way("login", [])
    children = families.children_of(guardian)
    outcomes = interviews.outcomes_of(children)
    certified = certification.certificates_on([child.pk for child in children], day)
    stands = [_stand(child, outcomes.get(child.pk, {}).get(facility.pk, "missing")) for child in children]
    askable = [
        one
        for one in stands
        if one.outcome in ("missing", "declined") and one.child.pk in certified and not guardian.only_helps
    ]
    opening = municipalities.opening(guardian.municipality_id, municipalities.Step.INTERVIEWS, day)
    next_time = interviews.next_times([facility], now).get(facility.pk)
    fresh = any(one.outcome == "missing" for one in askable)
    step = _step({one.outcome for one in stands}, fresh=fresh, open_=opening.open, has_time=bool(next_time))
    if guardian.only_helps and step != "book":
        step = "helps"
    return Way(
        step=step,
        stands=stands,
        interview=interviews.under_way(guardian, facility),
        book=path("guardian:book", facility.pk),
        may_ask=bool(askable) and opening.open and next_time is not None,
        opens_on=opening.opens_on,
        next_time=next_time,
    )


def _step(outcomes: set[str], *, fresh: bool, open_: bool, has_time: bool) -> str:
    if "accepted" in outcomes:
        return "book"
    if "pending" in outcomes:
        return "pending"
    if "declined" in outcomes and not fresh:
        return "declined"
    if not fresh:
        return "uncertified"
    if not open_:
        return "before_opening"
    return "ask" if has_time else "no_times"


def _stand(child: "Child", outcome: str) -> Stand:
    words = {
        "accepted": _("面談がすみました。予約できます。"),
        "pending": _("面談を申しこんでいます。"),
        "declined": _("受け入れの準備がととのいませんでした。"),
        "missing": _("面談はまだです。"),
    }
    return Stand(child, outcome, words[outcome], CHIPS.get(outcome, "few"))


def askable(guardian: "Guardian", facility: "Facility", day: date) -> "list[Child]":
    """The own children who may ask this facility for an interview now."""
    children = families.answered_by(guardian)
    outcomes = interviews.outcomes_of(children)
    certified: dict[UUID, Any] = certification.certificates_on([child.pk for child in children], day)
    return [
        child
        for child in children
        if child.pk in certified
        and outcomes.get(child.pk, {}).get(facility.pk) not in ("pending", "accepted")
    ]

"""From a family's wishes to a list of facilities, and from a family and a facility to the one next step."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from daredemo.certification import queries as certification
from daredemo.facilities import queries as facilities
from daredemo.families import queries as families
from daredemo.interviews import queries as interviews
from daredemo.municipalities import queries as municipalities
from daredemo.portals.guardian.forms.facilities import SearchForm
from daredemo.portals.shared import sheets, typed
from daredemo.portals.shared.templatetags.parts import href
from daredemo.rules.age import age_group, months_old

if TYPE_CHECKING:
    from daredemo.facilities.models import Facility, Tariff
    from daredemo.families.models import Child, Guardian
    from daredemo.interviews.models import Interview

# outcome → how the chip looks
CHIPS = {"accepted": "ok", "pending": "in", "declined": "line"}


@dataclass(frozen=True, slots=True)
class Found:
    """One facility of the list."""

    facility: "Facility"
    hours: list[sheets.Hours]
    ages: str
    tariff: "Tariff | None"
    next_interview: datetime | None
    chips: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Loosen:
    """A filter in force, and the address of the list without it."""

    label: str
    href: str


def search_of(form: SearchForm, children: "list[Child]", day: date) -> facilities.Search:
    """What the form asks for; what it could not read is left open."""
    form.is_valid()
    asked: dict[str, str] = form.cleaned_data
    child = next((one for one in children if str(one.pk) == asked.get("who")), None)
    age = asked.get("who", "")
    words = asked.get("words", "")
    return facilities.Search(
        municipality=asked.get("town") or None,
        age=age_group(child.born, day) if child else int(age) if age else None,
        months=months_old(child.born, day) if child else None,
        weekday=int(asked["weekday"]) if asked.get("weekday") else None,
        words=words,
        reading=typed.reading(words),
    )


def rows(found: "list[Facility]", children: "list[Child]", day: date, now: datetime) -> list[Found]:
    """The list, already loaded: four queries however long it is."""
    offers = facilities.offers(found, day)
    times = interviews.next_times(found, now)
    outcomes = interviews.outcomes_of(children) if children else {}
    return [
        Found(
            facility=one,
            hours=sheets.hours_of_week(offers[one.pk].patterns),
            ages=sheets.ages(one),
            tariff=offers[one.pk].tariff,
            next_interview=times.get(one.pk),
            chips=[
                (chip_words(child, outcome), CHIPS[outcome])
                for child in children
                if (outcome := outcomes.get(child.pk, {}).get(one.pk, "missing")) in CHIPS
            ],
        )
        for one in found
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
    """Each filter that could be taken away."""
    typed_in: dict[str, Any] = {name: form[name].value() for name in form.fields if form[name].value()}
    base = reverse("guardian:facilities")
    return [
        Loosen(
            label=_("「%(name)s」をはずす") % {"name": form[name].label},
            href=f"{base}?{urlencode({key: value for key, value in typed_in.items() if key != name})}",
        )
        for name in typed_in
    ]


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
    before_opening, uncertified, declined, no_times, ask."""

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
    children = list(families.children_of(guardian))
    outcomes = interviews.outcomes_of(children)
    certified = certification.certificates_on([child.pk for child in children], day)
    stands = [_stand(child, outcomes.get(child.pk, {}).get(facility.pk, "missing")) for child in children]
    askable = [one for one in stands if one.outcome in ("missing", "declined") and one.child.pk in certified]
    opening = municipalities.opening(guardian.municipality_id, municipalities.Step.INTERVIEWS, day)
    next_time = interviews.next_times([facility], now).get(facility.pk)
    fresh = any(one.outcome == "missing" for one in askable)
    step = _step({one.outcome for one in stands}, fresh=fresh, open_=opening.open, has_time=bool(next_time))
    return Way(
        step=step,
        stands=stands,
        interview=interviews.under_way(guardian, facility),
        book=href("guardian:book", facility.pk),
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
    children = list(families.children_of(guardian))
    outcomes = interviews.outcomes_of(children)
    certified: dict[UUID, Any] = certification.certificates_on([child.pk for child in children], day)
    return [
        child
        for child in children
        if child.pk in certified
        and outcomes.get(child.pk, {}).get(facility.pk) not in ("pending", "accepted")
    ]

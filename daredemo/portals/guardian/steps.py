"""From a family and a facility to the one next step."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from daredemo.certification import queries as certification
from daredemo.families import queries as families
from daredemo.interviews import queries as interviews
from daredemo.municipalities import queries as municipalities
from daredemo.portals.shared.addresses import path

if TYPE_CHECKING:
    from daredemo.facilities.models import Facility
    from daredemo.families.models import Child, Guardian
    from daredemo.interviews.models import Interview

# outcome → how the chip looks
CHIPS = {"accepted": "ok", "pending": "in", "declined": "line"}


def chip_words(child: "Child", outcome: str) -> str:
    """ひなたさん 予約できます"""
    words = {
        "accepted": _("予約できます"),
        "pending": _("面談の申しこみ中"),
        "declined": _("ほかの園へ"),
        "missing": _("面談はまだ"),
    }
    return _("%(child)sさん %(outcome)s") % {"child": child.called, "outcome": words[outcome]}


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
    """Look at every child; the best outcome decides what comes next. Only the guardian of a child asks."""
    if guardian is None:
        return Way("login", [])
    children, own = families.children_of(guardian), families.answered_by(guardian)
    outcomes = interviews.outcomes_of(children)
    certified = certification.certificates_on([child.pk for child in children], day)
    stands = [_stand(child, outcomes.get(child.pk, {}).get(facility.pk, "missing")) for child in children]
    askable = [
        one
        for one in stands
        if one.outcome in ("missing", "declined") and one.child.pk in certified and one.child in own
    ]
    opening = municipalities.opening(guardian.municipality_id, municipalities.Step.INTERVIEWS, day)
    next_time = interviews.next_times([facility], now).get(facility.pk)
    fresh = any(one.outcome == "missing" for one in askable)
    known = {one.outcome for one in stands if one.child in own or one.outcome == "accepted"}
    step = _step(known, fresh=fresh, open_=opening.open, has_time=bool(next_time))
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

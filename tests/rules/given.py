"""Facts that the tests of the law share: the committed policies and short ways to say when."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from daredemo.rules import booking, places, presets
from daredemo.rules.eligibility import Certificate
from daredemo.rules.hours import JST
from daredemo.rules.policy import Policy
from daredemo.rules.policy_cancelling import Deadline

PRESETS = Path(__file__).parents[2] / "daredemo" / "municipalities" / "presets"
KAKEGAWA = presets.load(PRESETS / "222135.toml")
NATIONAL = presets.load(PRESETS / "national.toml")
AYASE = presets.load(PRESETS / "142182.toml")
MIHARA = presets.load(PRESETS / "342041.toml")
ALL = (KAKEGAWA, NATIONAL, AYASE, MIHARA)


def day(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    """2026-05-07T09:00 on a Japanese clock."""
    return datetime.fromisoformat(text).replace(tzinfo=JST)


def with_deadline(rule: Deadline, policy: Policy = KAKEGAWA) -> Policy:
    return replace(policy, cancelling=replace(policy.cancelling, deadline=rule))


PERSON = booking.Person(
    born=day("2024-10-20"),
    certificate=Certificate(day("2026-04-01"), day("2027-10-18")),
    interview="accepted",
)
PLACE = booking.Place(
    name="ひだまりこども園", opens=at("2026-05-07T08:30"), closes=at("2026-05-07T17:00"), tariff=300
)
FACTS = booking.Facts(
    now=at("2026-04-20T10:00"),
    home=KAKEGAWA,
    here=KAKEGAWA,
    person=PERSON,
    place=PLACE,
    spent=booking.Spent(month={}),
)
WISH = booking.Wish(at("2026-05-07T09:00"), at("2026-05-07T11:00"))
# A nursery with room for everybody: what binds is what a test says.
WIDE = {"area_cm2": 10_000_000, "capacity": 1000}
OPEN = places.Own(most=1000)


def room(
    form: places.Form = "dedicated",
    enrolled: places.ByAge = (0, 0, 0),
    *,
    supported: bool = False,
    **sizes: int,
) -> places.House:
    return places.house(KAKEGAWA.places, form, enrolled=enrolled, supported=supported, **{**WIDE, **sizes})

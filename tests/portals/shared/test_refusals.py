"""Each reason has a sentence, made of its own facts."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from daredemo.portals import shared
from daredemo.portals.shared.forms import sentence
from daredemo.rules.refusal import SHAPES, Reason, Refused

DAY, INSTANT = date(2026, 4, 13), datetime(2026, 4, 13, 0, 0, tzinfo=UTC)
MINUTES = {"minutes", "minimum", "left", "limit", "cap", "shorter", "longer", "grid_minutes"}
COUNTS = {"booked", "limit_mib", "most"}
LISTS: dict[str, tuple[object, ...]] = {
    "kinds": ("JPEG", "PDF"),
    "ages": (1, 2),
    "free_lengths": (60, 120),
    "full_at": (INSTANT,),
    "sessions": ("9:00〜11:00",),
    "missing": ("area_cm2", "capacity", "shifts"),
}
WORDS = {"city", "phone", "facility", "number", "status", "expected", "kind", "consent", "field", "check"}


def example(name: str) -> object:
    """A value of the kind that this fact has."""
    if name in MINUTES | COUNTS:
        return 120
    if name in WORDS:
        return "あれこれ"
    if name in LISTS:
        return LISTS[name]
    if name == "age":
        return 0
    dates = {"day", "born", "first_day", "last_day", "until", "month", "next_month", "opens_on", "earliest"}
    return DAY if name in dates or name.startswith(("valid_", "in_force")) else INSTANT


def facts(reason: Reason) -> dict[str, object]:
    own = {name: example(name) for name in SHAPES[reason].facts}
    if reason in {Reason.UNDO_OVER, Reason.CALL_TOO_LONG_AGO}:
        own.update(dict.fromkeys(own.keys() & {"until", "earliest"}, INSTANT))
    return own


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_has_a_sentence(reason: Reason) -> None:
    said = sentence(Refused(reason, **facts(reason)))
    assert said.endswith("。")
    assert not re.search(r"[{}_]|None|  ", said)


def test_no_sentence_speaks_of_a_fact_that_its_reason_does_not_carry() -> None:
    text = (Path(shared.__file__).parent / "templates/shared/refusal.html").read_text()
    branches = re.split(r'{%\s*(?:el)?if reason == "(\w+)"\s*%}', text)
    for name, branch in zip(branches[1::2], branches[2::2], strict=True):
        said = re.findall(r"\b\w+=(\w+)", branch) + re.findall(r"{%\s*(?:el)?if (\w+)", branch)
        made = re.findall(r"\b(\w+)=\w", branch)
        said += [word for word in re.findall(r"{{\s*(\w+)", branch) if word not in made]
        assert set(said) <= set(SHAPES[Reason(name)].facts), name


@pytest.mark.parametrize("reason", [r for r in Reason if SHAPES[r].possible])
def test_a_sentence_says_what_would_make_it_possible(reason: Reason) -> None:
    """Changing the facts that show the way changes the sentence."""
    spoken = {"field", "check", "consent", "kind"}  # codes of ours: the words beside them say it
    ways = [name for name in SHAPES[reason].possible if name not in spoken]
    if not ways:
        return
    before = facts(reason)
    without = {name: value for name, value in before.items() if name not in ways}
    assert sentence(Refused(reason, **before)) != sentence(Refused(reason, **without))


def test_hours_that_do_not_suffice() -> None:
    no = Refused(
        Reason.NO_HOURS_LEFT,
        month=date(2026, 4, 1),
        minutes=120,
        left=60,
        cap=600,
        next_month=date(2026, 5, 1),
    )
    assert sentence(no) == (
        "4月の のこりは 1時間です。2時間の予約には たりません。短くするか、5月からの日を えらべます。"
    )


def test_a_name_in_a_sentence_is_escaped_once_by_the_page() -> None:
    assert "<b>園</b>では" in sentence(Refused(Reason.INTERVIEW_DECLINED, facility="<b>園</b>"))

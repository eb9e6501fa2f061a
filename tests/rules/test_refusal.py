"""Saying no by name."""

import pytest

from daredemo.rules.refusal import SHAPES, Reason, Refused
from tests.rules.given import day


def test_every_reason_says_what_it_carries() -> None:
    assert set(SHAPES) == set(Reason)


@pytest.mark.parametrize("reason", Reason)
def test_what_would_make_it_possible_is_among_the_facts(reason: Reason) -> None:
    shape = SHAPES[reason]
    assert shape.rule
    assert set(shape.possible) <= set(shape.facts)


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_is_called_as_it_is_written(reason: Reason) -> None:
    assert reason.value == reason.name.lower()


def test_a_refusal_knows_its_rule_and_the_way() -> None:
    refused = Refused(Reason.TOO_YOUNG, day=day("2026-05-01"), first_day=day("2026-06-09"))
    assert refused.rule == "first_day"
    assert refused.possible == {"first_day": day("2026-06-09")}
    assert "too_young" in str(refused)

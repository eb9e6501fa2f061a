"""The clock of an application."""

import pytest

from daredemo.rules import decision
from tests.rules.given import KAKEGAWA, at, day

CLOCK = KAKEGAWA.decisions


def test_the_link_lives_one_day_from_receipt() -> None:
    assert decision.link_expires_at(at("2026-02-16T10:30:05"), CLOCK) == at("2026-02-17T10:30:05")


def test_a_decision_is_due_after_thirty_days_and_a_postponement_offered_at_twenty_five() -> None:
    assert decision.decide_by(day("2026-02-16"), CLOCK) == day("2026-03-18")
    assert decision.postponement_from(day("2026-02-16"), CLOCK) == day("2026-03-13")


def test_a_notice_leaves_ten_minutes_after_the_decision() -> None:
    assert decision.notice_leaves_at(at("2026-03-02T09:00"), CLOCK) == at("2026-03-02T09:10")


@pytest.mark.parametrize(
    ("last", "on", "offered"),
    [
        ("2026-04-10", "2026-10-09", False),
        ("2026-04-10", "2026-10-10", True),
        ("2025-11-30", "2026-05-29", False),
        ("2025-11-30", "2026-05-30", True),
    ],
)
def test_a_new_interview_is_offered_after_six_months_away(last: str, on: str, offered: bool) -> None:
    assert decision.offers_new_interview(day(last), day(on), KAKEGAWA.interviews) is offered

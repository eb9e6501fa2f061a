"""From when until when a place can be booked."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daredemo.rules import window
from daredemo.rules.hours import day_of
from daredemo.rules.policy import Window
from daredemo.rules.refusal import Reason, Refused
from tests.rules.given import KAKEGAWA, at, day

MONTHLY = KAKEGAWA.window  # on the 1st at 9:00 for the next month, until 24 hours before
DAYS = replace(MONTHLY, opens_days_before=30, closes_days_before=1, closes_at="17:00")
NINE = at("2026-05-07T09:00")


@pytest.mark.parametrize(
    ("asked", "rule", "opens"),
    [
        ("2026-05-07", MONTHLY, "2026-04-01T09:00"),
        ("2027-01-15", MONTHLY, "2026-12-01T09:00"),
        ("2026-05-31", replace(MONTHLY, opens_day=20, opens_at="18:30"), "2026-04-20T18:30"),
        ("2026-05-07", replace(MONTHLY, months_ahead=2), "2026-03-01T09:00"),
        ("2026-05-07", DAYS, "2026-04-07T09:00"),
        ("2026-05-07", replace(DAYS, opens_days_before=0), "2026-05-07T09:00"),
    ],
)
def test_a_day_opens(asked: str, rule: Window, opens: str) -> None:
    assert window.opens_at(day(asked), rule) == at(opens)


@pytest.mark.parametrize(
    ("rule", "closes"),
    [
        (MONTHLY, "2026-05-06T09:00"),
        (replace(MONTHLY, closes_hours_before=0), "2026-05-07T09:00"),
        (DAYS, "2026-05-06T17:00"),
        (replace(DAYS, closes_days_before=7, closes_at="24:00"), "2026-05-01T00:00"),
    ],
)
def test_a_start_closes(rule: Window, closes: str) -> None:
    assert window.closes_at(NINE, rule) == at(closes)


def test_residents_go_first() -> None:
    first = replace(MONTHLY, residents_first_days=3)
    window.check(NINE, at("2026-04-03T10:00"), first)
    with pytest.raises(Refused) as refused:
        window.check(NINE, at("2026-04-03T10:00"), first, resident=False)
    assert refused.value.possible == {"opens_at": at("2026-04-04T09:00")}
    assert window.last_day(at("2026-04-04T08:59"), first, resident=False) == day("2026-04-30")
    assert window.last_day(at("2026-04-04T09:00"), first, resident=False) == day("2026-05-31")


def test_a_refusal_names_the_month_that_opens_or_the_day() -> None:
    def facts(rule: Window) -> dict[str, object]:
        with pytest.raises(Refused) as refused:
            window.check(NINE, at("2026-03-31T10:00"), rule)
        return refused.value.facts

    assert facts(MONTHLY) == {
        "opens_at": at("2026-04-01T09:00"),
        "day": day("2026-05-07"),
        "month": day("2026-05-01"),
    }
    assert facts(DAYS)["month"] is None


def test_a_year_is_crossed_forwards_and_backwards() -> None:
    assert window.month_ahead(day("2026-12-31"), 1) == day("2027-01-01")
    assert window.month_ahead(day("2026-01-31"), -1) == day("2025-12-01")


RULES = st.builds(
    Window,
    opens_day=st.integers(1, 28),
    opens_at=st.sampled_from(["00:00", "09:00", "18:30"]),
    months_ahead=st.integers(0, 2),
    closes_hours_before=st.integers(0, 100),
    residents_first_days=st.integers(0, 10),
    request_business_days=st.just(2),
    opens_days_before=st.none() | st.integers(0, 90),
    closes_days_before=st.none() | st.integers(0, 10),
    closes_at=st.sampled_from(["00:00", "12:00", "24:00"]),
)
NOW = st.integers(0, 365 * 24 * 12).map(lambda n: at("2026-03-01T00:00") + timedelta(minutes=5 * n))


@given(RULES, NOW, st.integers(0, 120), st.booleans())
def test_which_days_are_open_now_is_the_same_question_asked_the_other_way(
    rule: Window, now: datetime, ahead: int, resident: bool
) -> None:
    asked: date = day_of(now) + timedelta(days=ahead)
    opened = window.opens_at(asked, rule, resident=resident) <= now
    assert (asked <= window.last_day(now, rule, resident=resident)) is opened


@given(RULES, NOW, st.integers(0, 14 * 48))
def test_the_first_start_is_the_first_that_is_not_closed(rule: Window, now: datetime, halves: int) -> None:
    start = at(f"{day_of(now)}T00:00") + timedelta(minutes=30 * halves)
    assert (start >= window.first_start(now, rule)) is (now <= window.closes_at(start, rule))


@given(RULES, NOW, st.integers(0, 90 * 48), st.booleans())
def test_no_start_is_refused_for_another_reason(
    rule: Window, now: datetime, halves: int, resident: bool
) -> None:
    start = at(f"{day_of(now)}T00:00") + timedelta(minutes=30 * halves)
    good = day_of(start) <= window.last_day(now, rule, resident=resident) and start >= window.first_start(
        now, rule
    )
    try:
        window.check(start, now, rule, resident=resident)
    except Refused as refused:
        allowed = refused.reason not in (Reason.WINDOW_NOT_OPEN, Reason.WINDOW_CLOSED)
    else:
        allowed = True
    assert allowed is good

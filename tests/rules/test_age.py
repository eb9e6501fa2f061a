"""From which day until which day a child may come."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daredemo.rules import age
from tests.rules.given import day

BIRTHS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("born", "last"),
    [
        ("2024-04-10", "2027-04-08"),  # 掛川市: 令和6年4月10日生まれの場合、令和9年4月8日まで
        ("2024-02-29", "2027-02-27"),
        ("2024-03-01", "2027-02-27"),
        ("2023-04-01", "2026-03-30"),
        ("2023-01-01", "2025-12-30"),
        ("2025-02-28", "2028-02-26"),
        ("2025-03-01", "2028-02-28"),
    ],
)
def test_last_day_is_two_days_before_the_third_birthday(born: str, last: str) -> None:
    assert age.last_day_of_use(day(born)) == day(last)


@pytest.mark.parametrize(
    ("born", "first"),
    [
        ("2024-04-10", "2024-10-09"),
        ("2025-08-28", "2026-02-27"),
        ("2025-08-29", "2026-02-28"),
        ("2025-08-30", "2026-02-28"),
        ("2025-08-31", "2026-02-28"),
        ("2023-08-29", "2024-02-28"),  # the leap year has the corresponding day: its eve
        ("2023-08-30", "2024-02-29"),
        ("2023-08-31", "2024-02-29"),
        ("2026-03-31", "2026-09-30"),
        ("2026-07-01", "2026-12-31"),
    ],
)
def test_first_day_by_the_eve_rule(born: str, first: str) -> None:
    assert age.first_day_of_use(day(born), "eve") == day(first)


@pytest.mark.parametrize(
    ("born", "first"),
    [
        ("2024-04-10", "2024-10-10"),
        ("2025-08-28", "2026-02-28"),
        ("2025-08-29", "2026-03-01"),
        ("2025-08-31", "2026-03-01"),
        ("2023-08-29", "2024-02-29"),
        ("2026-03-31", "2026-10-01"),
    ],
)
def test_first_day_by_the_anniversary_rule(born: str, first: str) -> None:
    assert age.first_day_of_use(day(born), "anniversary") == day(first)


@given(BIRTHS, BIRTHS)
def test_the_younger_child_never_ends_or_begins_earlier(one: date, other: date) -> None:
    older, younger = sorted((one, other))
    assert age.last_day_of_use(older) <= age.last_day_of_use(younger)
    assert age.first_day_of_use(older, "eve") <= age.first_day_of_use(younger, "eve")
    assert age.first_day_of_use(older, "anniversary") <= age.first_day_of_use(younger, "anniversary")


@given(BIRTHS)
def test_eve_is_the_day_before_the_anniversary(born: date) -> None:
    assert age.first_day_of_use(born, "eve") == age.first_day_of_use(born, "anniversary") - DAY


@given(BIRTHS)
def test_on_the_last_day_a_child_is_two_and_the_day_after_three(born: date) -> None:
    last = age.last_day_of_use(born)
    assert age.age_on(born, last) == 2
    assert age.age_on(born, last + DAY) == 3


@given(BIRTHS, st.integers(0, 1500))
def test_age_counts_the_legal_birthdays_that_have_come(born: date, days: int) -> None:
    on = born + timedelta(days=days)
    reached = sum(age.birthday(born, years) - DAY <= on for years in range(1, 6))
    assert age.age_on(born, on) == reached


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        ("2024-04-10", "2024-04-09", -1),
        ("2024-04-10", "2024-04-10", 0),
        ("2024-04-10", "2025-04-08", 0),
        ("2024-04-10", "2025-04-09", 1),
        ("2024-02-29", "2025-02-27", 0),
        ("2024-02-29", "2025-02-28", 1),
        ("2024-01-01", "2024-12-31", 1),
    ],
)
def test_an_age_is_reached_on_the_eve_of_the_birthday(born: str, on: str, years: int) -> None:
    assert age.age_on(day(born), day(on)) == years


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        ("2024-04-01", "2026-05-01", 2),  # 早生まれ: older by a class than
        ("2024-04-02", "2026-05-01", 1),
        ("2024-04-02", "2027-03-31", 1),
        ("2024-04-02", "2027-04-01", 2),
        ("2026-05-01", "2026-11-01", 0),
    ],
)
def test_class_age_is_the_age_at_the_end_of_march(born: str, on: str, years: int) -> None:
    assert age.class_age(day(born), day(on)) == years


@given(BIRTHS, st.integers(-100, 2000))
def test_age_group_is_always_one_of_three(born: date, days: int) -> None:
    assert age.age_group(born, born + timedelta(days=days)) in (0, 1, 2)


def test_months_are_counted_by_the_calendar() -> None:
    assert age.months_old(day("2025-05-20"), day("2026-11-19")) == 17
    assert age.months_old(day("2025-05-20"), day("2026-11-20")) == 18

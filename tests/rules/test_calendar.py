"""Days on which both office and nursery can answer the phone."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daredemo.rules import calendar
from daredemo.rules.policy_cancelling import BusinessDays
from tests.rules.given import day

RULE = BusinessDays(saturday=False)
DAYS = st.dates(date(2026, 1, 1), date(2032, 12, 31))


@pytest.mark.parametrize(
    ("text", "business"),
    [
        ("2026-05-01", True),
        ("2026-05-02", False),  # Saturday
        ("2026-05-03", False),
        ("2026-05-06", False),  # 振替休日
        ("2026-09-22", False),  # 国民の休日, between two holidays
        ("2026-12-28", True),
        ("2026-12-29", False),
        ("2027-01-01", False),
        ("2027-01-03", False),
        ("2027-01-04", True),
        ("2028-01-03", False),  # a Monday
        ("2027-03-22", False),  # 振替休日 of 春分の日
    ],
)
def test_business_days(text: str, business: bool) -> None:
    assert calendar.is_business_day(day(text), RULE) is business


def test_saturday_counts_only_if_the_city_says_so() -> None:
    assert calendar.is_business_day(day("2026-05-09"), BusinessDays(saturday=True))
    assert not calendar.is_business_day(day("2026-05-10"), BusinessDays(saturday=True))


def test_new_year_may_be_set_within_one_year() -> None:
    rule = BusinessDays(saturday=False, new_year_from="01-01", new_year_until="01-05")
    assert calendar.is_business_day(day("2026-12-29"), rule)
    assert not calendar.is_business_day(day("2027-01-05"), rule)
    later = BusinessDays(saturday=False, new_year_from="01-05", new_year_until="01-06")
    assert [calendar.is_business_day(day(f"2027-01-0{n}"), later) for n in (4, 5, 6, 7)] == [
        True, False, False, True
    ]  # fmt: skip


@given(DAYS, st.integers(1, 10), st.frozensets(DAYS, max_size=5))
def test_n_business_days_before_is_a_business_day_with_n_of_them_up_to_the_eve(
    on: date, n: int, closed: frozenset[date]
) -> None:
    found = calendar.business_days_before(on, n, RULE, closed)
    between = [found + timedelta(days=i) for i in range((on - found).days)]
    assert calendar.is_business_day(found, RULE, closed)
    assert sum(calendar.is_business_day(one, RULE, closed) for one in between) == n


@given(DAYS, st.integers(1, 10))
def test_going_back_from_the_day_gone_to_never_passes_the_start(on: date, n: int) -> None:
    later = calendar.business_days_after(on, n, RULE)
    assert calendar.business_days_before(later, n, RULE) <= on or calendar.is_business_day(on, RULE)
    assert later > on


def test_a_city_that_never_opens_is_an_error_not_a_loop() -> None:
    class Everything:
        def __contains__(self, item: object) -> bool:
            return True

    with pytest.raises(ValueError, match="no business day"):
        calendar.business_days_before(day("2026-05-07"), 1, RULE, Everything())

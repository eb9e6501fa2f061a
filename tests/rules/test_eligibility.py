"""Who may use it on a day."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daredemo.rules import eligibility
from daredemo.rules.eligibility import Certificate, Enrolment, Spell
from daredemo.rules.policy import Ages, Policy
from daredemo.rules.refusal import Reason, Refused
from tests.rules.given import ALL, KAKEGAWA, day

AGES = KAKEGAWA.ages
BORN = day("2024-04-10")
BIRTHS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
STOPS = {
    Enrolment.LICENSED_NURSERY,
    Enrolment.CERTIFIED_CENTRE,
    Enrolment.SMALL_SCALE,
    Enrolment.WORKPLACE,
    Enrolment.HOME_BASED,
    Enrolment.HOME_VISITING,
    Enrolment.COMPANY_LED,
    Enrolment.KINDERGARTEN,
}


@pytest.mark.parametrize(
    ("on", "reason"),
    [
        ("2024-10-08", Reason.TOO_YOUNG),
        ("2024-10-09", None),
        ("2027-04-08", None),
        ("2027-04-09", Reason.TOO_OLD),
    ],
)
def test_the_day_of_use_decides_about_age(on: str, reason: Reason | None) -> None:
    if reason is None:
        eligibility.check_age(BORN, day(on), AGES)
        return
    with pytest.raises(Refused) as refused:
        eligibility.check_age(BORN, day(on), AGES)
    assert refused.value.reason is reason
    assert refused.value.facts["last_day"] == day("2027-04-08")


def test_too_young_says_from_when() -> None:
    with pytest.raises(Refused) as refused:
        eligibility.check_age(BORN, day("2024-05-01"), AGES)
    assert refused.value.possible == {"first_day": day("2024-10-09")}


@pytest.mark.parametrize("policy", ALL, ids=lambda policy: policy.code)
@pytest.mark.parametrize("kind", Enrolment)
def test_which_enrolments_stop_use(policy: Policy, kind: Enrolment) -> None:
    assert eligibility.stops_use(kind, policy.ages) is (kind in STOPS)


def test_an_enrolment_counts_from_its_first_to_its_last_day() -> None:
    spells = (
        Spell("licensed_nursery", day("2026-04-01"), day("2026-06-30")),
        Spell("unlicensed", day("2026-01-01")),
    )
    eligibility.check_enrolment(spells, day("2026-03-31"), AGES)
    eligibility.check_enrolment(spells, day("2026-07-01"), AGES)
    for on in ("2026-04-01", "2026-06-30"):
        with pytest.raises(Refused) as refused:
            eligibility.check_enrolment(spells, day(on), AGES)
        assert refused.value.reason is Reason.ENROLLED
        assert refused.value.possible == {"until": day("2026-06-30")}


def test_a_certificate_must_cover_the_day() -> None:
    certificate = Certificate(day("2026-04-01"), day("2027-03-31"))
    eligibility.check_certificate(certificate, day("2026-04-01"))
    eligibility.check_certificate(certificate, day("2027-03-31"))
    for held, on, reason in (
        (None, "2026-04-01", Reason.NOT_CERTIFIED),
        (certificate, "2026-03-31", Reason.CERTIFICATE_NOT_VALID_ON_DAY),
        (certificate, "2027-04-01", Reason.CERTIFICATE_NOT_VALID_ON_DAY),
    ):
        with pytest.raises(Refused) as refused:
            eligibility.check_certificate(held, day(on))
        assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("begin", "until", "expected"),
    [
        ("decision", "last_day", ("2026-05-20", "2027-04-08")),
        ("application", "last_day", ("2026-05-02", "2027-04-08")),
        ("next_month", "last_day", ("2026-06-01", "2027-04-08")),
        ("decision", "fiscal_year", ("2026-05-20", "2027-03-31")),
    ],
)
def test_certificate_days_by_the_citys_rule(begin: Any, until: Any, expected: tuple[str, str]) -> None:
    ages = replace(AGES, certificate_from=begin, certificate_until=until)
    found = eligibility.certificate_days(
        born=BORN, applied_on=day("2026-05-02"), decided_on=day("2026-05-20"), ages=ages
    )
    assert (found.valid_from, found.valid_until) == (day(expected[0]), day(expected[1]))


def test_a_certificate_never_begins_before_the_first_day_of_use() -> None:
    found = eligibility.certificate_days(
        born=day("2026-03-10"), applied_on=day("2026-05-02"), decided_on=day("2026-05-20"), ages=AGES
    )
    assert found.valid_from == day("2026-09-09")


def test_a_child_that_is_three_gets_no_certificate() -> None:
    with pytest.raises(Refused) as refused:
        eligibility.certificate_days(
            born=BORN, applied_on=day("2027-03-01"), decided_on=day("2027-04-09"), ages=AGES
        )
    assert refused.value.reason is Reason.TOO_OLD


@given(
    BIRTHS,
    st.integers(0, 1000),
    st.integers(0, 60),
    st.sampled_from(["decision", "application", "next_month"]),
    st.sampled_from(["last_day", "fiscal_year"]),
)
def test_a_certificate_lies_within_the_days_of_use(
    born: date, applied: int, later: int, begin: Any, until: Any
) -> None:
    ages: Ages = replace(AGES, certificate_from=begin, certificate_until=until)
    applied_on = born + timedelta(days=applied)
    first, last = eligibility.use_days(born, ages)
    try:
        found = eligibility.certificate_days(
            born=born, applied_on=applied_on, decided_on=applied_on + timedelta(days=later), ages=ages
        )
    except Refused:
        assert applied_on + timedelta(days=later + 31) > last
        return
    assert first <= found.valid_from <= found.valid_until <= last


@pytest.mark.parametrize(
    ("on", "end"),
    [("2026-03-31", "2026-03-31"), ("2026-04-01", "2027-03-31"), ("2026-12-31", "2027-03-31")],
)
def test_the_fiscal_year_ends_in_march(on: str, end: str) -> None:
    assert eligibility.end_of_fiscal_year(day(on)) == day(end)

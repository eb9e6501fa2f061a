"""What a family pays the nursery."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daredemo.rules import fee
from daredemo.rules.fee import Extra, Line, LineKind
from tests.rules.given import KAKEGAWA, day

MONEY = KAKEGAWA.money
YEN = st.integers(0, 2000)


def test_amount_off_and_amount_payable_are_two_lines() -> None:
    found = fee.bill(minutes=120, tariff_booked=300, off_per_hour=200)
    assert found.lines == (Line(LineKind.USE, 600, 120), Line(LineKind.REDUCTION, -400, 120))
    assert (found.use, found.off, found.total) == (600, 400, 200)


@pytest.mark.parametrize(("booked", "on_day", "yen"), [(300, 400, 600), (400, 300, 600), (300, None, 600)])
def test_the_lower_of_both_tariffs(booked: int, on_day: int | None, yen: int) -> None:
    assert fee.bill(minutes=120, tariff_booked=booked, tariff_on_day=on_day).total == yen


@given(st.integers(0, 1440), YEN, st.none() | YEN, YEN)
def test_never_more_off_than_the_fee(minutes: int, booked: int, on_day: int | None, off: int) -> None:
    found = fee.bill(minutes=minutes, tariff_booked=booked, tariff_on_day=on_day, off_per_hour=off)
    assert 0 <= found.off <= found.use
    assert found.total == found.use - found.off >= 0
    assert found.use <= fee.yen_for(minutes, booked)


def test_half_an_hour_costs_half_and_a_broken_yen_falls_to_the_family() -> None:
    assert fee.yen_for(90, 300) == 450
    assert fee.yen_for(30, 275) == 137


def test_extras_stand_apart_and_are_not_reduced() -> None:
    extras = (Extra("きゅうしょく", 250), Extra("おむつ", 50, per="hour"), Extra("写真", 330, taxable=True))
    found = fee.bill(minutes=120, tariff_booked=300, off_per_hour=300, extras=extras)
    assert (found.use, found.off, found.extras, found.total) == (600, 600, 680, 680)
    assert [line.name for line in found.lines if line.taxable] == ["写真"]


def test_an_overrun_is_its_own_line() -> None:
    booked = fee.bill(minutes=120, tariff_booked=300, off_per_hour=300)
    late = fee.with_overrun(booked, 30, 600)
    assert late.lines[-1] == Line(LineKind.OVERRUN, 300, 30)
    assert late.total == 300
    assert fee.with_overrun(booked, 0, 600) == booked


@pytest.mark.parametrize(
    ("name", "yen"), [("welfare", 300), ("untaxed", 200), ("low_income", 200), ("support", 200), (None, 0)]
)
def test_reductions_by_class(name: str | None, yen: int) -> None:
    applied = day("2026-04-01")
    found = fee.reduction_per_hour(MONEY, name, offered=True, applied_on=applied, day=day("2026-05-07"))
    assert found == yen


@pytest.mark.parametrize(
    ("offered", "applied", "on", "yen"),
    [
        (False, "2026-04-01", "2026-05-07", 0),
        (True, None, "2026-05-07", 0),
        (True, "2026-05-07", "2026-05-07", 300),
        (True, "2026-05-08", "2026-05-07", 0),
    ],
)
def test_a_reduction_only_where_offered_and_from_the_application_on(
    offered: bool, applied: str | None, on: str, yen: int
) -> None:
    applied_on = day(applied) if applied else None
    found = fee.reduction_per_hour(MONEY, "welfare", offered=offered, applied_on=applied_on, day=day(on))
    assert found == yen


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        ("2025-04-02", "2026-03-31", 0),
        ("2025-04-02", "2026-04-01", 1),  # reached on the eve of the birthday
        ("2025-04-03", "2026-04-30", 0),
    ],
)
def test_a_price_by_the_first_of_april_holds_for_the_school_year(born: str, on: str, years: int) -> None:
    april = replace(MONEY, price_age_on="april_first")
    assert fee.price_age(day(born), day(on), april) == years


def test_the_age_that_prices_a_use_is_a_parameter() -> None:
    born: date = day("2024-10-20")
    assert fee.price_age(born, day("2026-11-01"), MONEY) == 2
    april = replace(MONEY, price_age_on="april_first")
    assert fee.price_age(born, day("2026-11-01"), april) == 1
    assert fee.price_age(born, day("2027-02-01"), april) == 1

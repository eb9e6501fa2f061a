"""What counts, in minutes and in months."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daredemo.rules import hours
from daredemo.rules.policy import Unit
from tests.rules.given import KAKEGAWA, MIHARA, NATIONAL, at, day

HOUR, HALF = KAKEGAWA.hours.unit, NATIONAL.hours.unit
UNITS = st.builds(Unit, st.integers(1, 240), st.integers(1, 240))
STARTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=hours.JST)
)
LENGTHS = st.timedeltas(timedelta(microseconds=1), timedelta(hours=24))


@pytest.mark.parametrize(
    ("end", "unit", "minutes"),
    [
        ("09:30", HOUR, 60),  # 1時間未満は1時間
        ("10:00", HOUR, 60),
        ("10:01", HOUR, 120),
        ("10:30", HOUR, 120),
        ("11:00", HOUR, 120),
        ("09:30", HALF, 60),
        ("10:15", HALF, 90),
        ("10:30", HALF, 90),
        ("10:31", HALF, 120),
        ("10:30", MIHARA.hours.unit, 90),
    ],
)
def test_counted_minutes(end: str, unit: Unit, minutes: int) -> None:
    assert hours.counted_minutes(at("2026-05-07T09:00"), at(f"2026-05-07T{end}"), unit) == minutes


@given(STARTS, LENGTHS, UNITS)
def test_counted_minutes_are_steps_above_the_minimum_and_never_less_than_the_span(
    start: datetime, length: timedelta, unit: Unit
) -> None:
    counted = hours.counted_minutes(start, start + length, unit)
    assert counted * hours.MINUTE >= length
    assert counted >= unit.minimum
    assert (counted - unit.minimum) % unit.step == 0
    assert counted == unit.minimum or (counted - unit.step) * hours.MINUTE < length


@given(STARTS, LENGTHS, LENGTHS, UNITS)
def test_a_longer_span_never_counts_less(
    start: datetime, one: timedelta, other: timedelta, unit: Unit
) -> None:
    shorter, longer = sorted((one, other))
    assert hours.counted_minutes(start, start + shorter, unit) <= hours.counted_minutes(
        start, start + longer, unit
    )


@given(st.integers(1, 1440), UNITS)
def test_what_is_offered_needs_no_rounding(minutes: int, unit: Unit) -> None:
    assert hours.is_offered(hours.rounded(minutes, unit), unit)
    assert hours.is_offered(minutes, unit) == (minutes in hours.offered_lengths(1440, unit))
    shorter, longer = hours.nearest_lengths(minutes, unit)
    assert hours.is_offered(shorter, unit)
    assert shorter <= longer
    assert hours.is_offered(longer, unit)


def test_a_one_hour_city_offers_whole_hours_only() -> None:
    assert hours.offered_lengths(240, HOUR) == (60, 120, 180, 240)
    assert hours.offered_lengths(180, HALF) == (60, 90, 120, 150, 180)
    assert hours.nearest_lengths(90, HOUR) == (60, 120)


def test_the_month_is_the_month_in_japan() -> None:
    early = at("2026-05-01T08:30")
    assert early.astimezone(UTC).month == 4
    assert hours.month_of(early.astimezone(UTC)) == day("2026-05-01")
    assert hours.month_of(early.astimezone(ZoneInfo("America/New_York"))) == day("2026-05-01")
    assert hours.day_of(datetime(2026, 4, 30, 23, 30, tzinfo=UTC)) == day("2026-05-01")


def test_a_naive_time_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zone"):
        hours.day_of(datetime(2026, 5, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="ends"):
        hours.span_minutes(at("2026-05-01T10:00"), at("2026-05-01T10:00"))


def test_a_span_across_a_change_of_foreign_clocks_is_as_long_as_in_japan() -> None:
    york = ZoneInfo("America/New_York")  # clocks went forward on 2026-03-08 at 07:00 UTC
    start, end = at("2026-03-08T15:30").astimezone(york), at("2026-03-08T16:30").astimezone(york)
    assert hours.span_minutes(start, end) == 60


def test_the_grid() -> None:
    assert hours.is_on_grid(at("2026-05-07T09:30"), 30)
    assert not hours.is_on_grid(at("2026-05-07T09:15"), 30)
    assert not hours.is_on_grid(at("2026-05-07T09:30:01"), 30)
    assert hours.nearest_starts(at("2026-05-07T09:15"), 30) == (
        at("2026-05-07T09:00"),
        at("2026-05-07T09:30"),
    )


def test_24_00_is_the_end_of_the_day() -> None:
    assert hours.at_clock(day("2026-05-06"), "24:00") == at("2026-05-07T00:00")

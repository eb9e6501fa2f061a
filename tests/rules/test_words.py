"""Dates, times and durations in words."""

import pytest

from daredemo.rules import words
from daredemo.rules.policy import Unit
from daredemo.rules.policy_cancelling import DaysBefore, Deadline, FromBooking, HoursBefore
from tests.rules.given import at, day


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        ("2026-05-01T12:00", "2026年5月1日(金)正午"),
        ("2026-05-01T12:00:01", "2026年5月1日(金)12時0分1秒"),
        ("2026-05-01T12:00:00.001", "2026年5月1日(金)12時0分0.001秒"),
        ("2026-05-07T09:30", "2026年5月7日(木)9時30分"),
        ("2026-05-07T00:00", "2026年5月6日(水)24時"),
    ],
)
def test_a_deadline_is_a_date_with_its_weekday(instant: str, said: str) -> None:
    assert words.deadline_words(at(instant)) == said


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("2026-04-01", "令和8年4月1日"),
        ("2019-05-01", "令和元年5月1日"),
        ("2019-04-30", "平成31年4月30日"),
        ("1989-01-07", "昭和64年1月7日"),
        ("1900-01-01", "1900年1月1日"),
    ],
)
def test_years_of_the_era(on: str, said: str) -> None:
    assert words.era_date_words(day(on)) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0時間"), (30, "30分"), (60, "1時間"), (90, "1時間30分"), (600, "10時間"), (-60, "−1時間")],
)
def test_durations(minutes: int, said: str) -> None:
    assert words.duration_words(minutes) == said


def test_short_words() -> None:
    assert words.span_words(at("2026-05-07T09:00"), at("2026-05-07T11:30")) == "9:00〜11:30"
    assert words.span_words(at("2026-05-07T22:00"), at("2026-05-08T00:00")) == "22:00〜24:00"
    assert words.short_date_words(day("2026-05-01")) == "5月1日(金)"
    assert words.month_words(day("2026-05-01")) == "2026年5月"
    assert words.yen_words(-1400) == "−1,400円"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (DaysBefore(1, True, "12:00"), "利用日の1営業日前の正午まで"),
        (DaysBefore(1, False, "24:00"), "利用日の1日前の24時まで"),
        (DaysBefore(0, False, "08:30"), "利用日の当日の8時30分まで"),
        (HoursBefore(24), "はじまりの24時間前まで"),
        (FromBooking(), "予約したあとの取り消しは、すべて締切のあと"),
    ],
)
def test_a_rule_in_words(rule: Deadline, said: str) -> None:
    assert words.deadline_rule_words(rule) == said


def test_a_unit_in_words() -> None:
    assert words.unit_words(Unit(60, 60)) == "1時間単位(1時間未満も1時間)"
    assert words.unit_words(Unit(60, 30)) == "最低1時間、以後30分単位"

"""Until when cancelling is free."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daredemo.rules import deadline
from daredemo.rules.hours import JST, day_of
from daredemo.rules.policy_cancelling import DaysBefore, FromBooking, HoursBefore
from tests.rules.given import KAKEGAWA, at, day, with_deadline

CANCELLING = KAKEGAWA.cancelling
STARTS = st.datetimes(datetime(2026, 1, 10), datetime(2031, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=JST)
)
CLOCKS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
RULES = st.builds(DaysBefore, st.integers(0, 7), st.booleans(), st.one_of(CLOCKS, st.just("24:00")))
CLOSED = st.frozensets(st.dates(date(2026, 1, 1), date(2031, 12, 31)), max_size=8)


@pytest.mark.parametrize(
    ("use", "until"),
    [
        ("2026-05-07", "2026-05-01"),
        ("2026-09-24", "2026-09-18"),
        ("2027-01-04", "2026-12-28"),
        ("2026-11-24", "2026-11-20"),
        ("2027-03-23", "2027-03-19"),
        ("2026-04-30", "2026-04-28"),
        ("2026-05-11", "2026-05-08"),  # Monday: Friday noon
    ],
)
def test_noon_of_the_business_day_before(use: str, until: str) -> None:
    assert deadline.free_until(at(f"{use}T09:00"), CANCELLING) == at(f"{until}T12:00")


def test_the_facilitys_own_closed_days_are_no_business_days() -> None:
    closed = frozenset({day("2026-08-13"), day("2026-08-14"), day("2026-08-15")})
    assert deadline.free_until(at("2026-08-17T09:00"), CANCELLING, closed) == at("2026-08-12T12:00")


def test_noon_itself_is_in_time_and_a_millisecond_later_is_not() -> None:
    until = at("2026-05-01T12:00")
    assert deadline.is_in_time(at("2026-05-01T12:00:00"), until)
    assert not deadline.is_in_time(at("2026-05-01T12:00:00.001"), until)
    assert deadline.is_in_time(datetime(2026, 5, 1, 3, 0, tzinfo=UTC), until)


@pytest.mark.parametrize(
    ("rule", "until"),
    [
        (DaysBefore(1, False, "24:00"), "2026-05-07T00:00"),  # さいたま: 前日24時
        (DaysBefore(1, False, "23:59"), "2026-05-06T23:59"),  # 江東
        (DaysBefore(3, False, "12:00"), "2026-05-04T12:00"),
        (DaysBefore(7, False, "17:00"), "2026-04-30T17:00"),
        (DaysBefore(2, True, "17:00"), "2026-04-30T17:00"),
        (DaysBefore(0, False, "08:00"), "2026-05-07T08:00"),  # on the day itself
        (DaysBefore(0, True, "08:00"), "2026-05-07T08:00"),
        (DaysBefore(0, False, "10:00"), "2026-05-07T09:00"),  # never after the start
        (HoursBefore(24), "2026-05-06T09:00"),
        (HoursBefore(2), "2026-05-07T07:00"),
        (FromBooking(), "2026-04-20T10:00"),  # 大村
    ],
)
def test_every_kind_of_deadline(rule: DaysBefore | HoursBefore | FromBooking, until: str) -> None:
    cancelling = with_deadline(rule).cancelling
    found = deadline.free_until(at("2026-05-07T09:00"), cancelling, booked_at=at("2026-04-20T10:00"))
    assert found == at(until)


def test_a_rule_from_the_booking_on_needs_the_booking() -> None:
    with pytest.raises(ValueError, match="time of booking"):
        deadline.free_until(at("2026-05-07T09:00"), with_deadline(FromBooking()).cancelling)


@given(STARTS, RULES, CLOSED)
def test_a_deadline_is_never_after_the_start_and_before_it_if_days_lie_between(
    start: datetime, rule: DaysBefore, closed: frozenset[date]
) -> None:
    until = deadline.free_until(start, with_deadline(rule).cancelling, closed)
    assert until <= start
    if rule.n and rule.at != "24:00":
        assert day_of(until) < day_of(start)


@given(STARTS, st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York", "Europe/London"]))
def test_the_senders_zone_changes_nothing(start: datetime, zone: str) -> None:
    for rule in (DaysBefore(1, True, "12:00"), HoursBefore(24)):
        cancelling = with_deadline(rule).cancelling
        abroad = start.astimezone(ZoneInfo(zone))
        assert deadline.free_until(abroad, cancelling) == deadline.free_until(start, cancelling)


@given(STARTS, RULES, CLOSED, CLOSED)
def test_a_closure_added_later_only_favours_the_family(
    start: datetime, rule: DaysBefore, known: frozenset[date], added: frozenset[date]
) -> None:
    cancelling = with_deadline(rule).cancelling
    pinned = deadline.free_until(start, cancelling, known)
    recomputed = deadline.free_until(start, cancelling, known | added)
    assert recomputed <= pinned
    assert deadline.in_force(pinned, recomputed) == pinned
    assert deadline.in_force(recomputed, pinned) == pinned  # a closure taken back gives time


def test_a_booking_after_its_own_deadline_is_made_late() -> None:
    until = at("2026-05-01T12:00")
    assert deadline.is_made_late(at("2026-05-01T12:00"), until)
    assert not deadline.is_made_late(at("2026-05-01T11:59:59"), until)


def test_the_earlier_of_call_and_entry_counts() -> None:
    entered, called = at("2026-05-01T14:00"), at("2026-05-01T11:50")
    assert deadline.told_at(entered, called) == called
    assert deadline.told_at(called, entered) == called
    assert deadline.told_at(entered, None) == entered


def test_a_call_may_be_entered_back_to_the_previous_business_day() -> None:
    assert deadline.earliest_call(at("2026-05-07T08:00"), CANCELLING) == at("2026-05-01T00:00")


@given(STARTS)
def test_a_reminder_is_sent_at_six_on_the_eve(start: datetime) -> None:
    until = deadline.free_until(start, CANCELLING)
    for instant in (until, start):
        found = deadline.remind_at(instant)
        assert day_of(found) == day_of(instant) - timedelta(days=1)
        assert (found.hour, found.minute) == (18, 0)
        assert found < instant


def test_a_cancellation_can_be_taken_back_for_ten_minutes_but_not_after_the_start() -> None:
    start = at("2026-05-07T09:00")
    assert deadline.undo_until(at("2026-05-01T10:00"), start, CANCELLING) == at("2026-05-01T10:10")
    assert deadline.undo_until(at("2026-05-07T08:55"), start, CANCELLING) == start

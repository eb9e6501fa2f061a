"""Times at the door."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daredemo.rules import attendance, hours
from daredemo.rules.attendance import Overrun
from daredemo.rules.refusal import Reason, Refused
from tests.rules.given import KAKEGAWA, at

DOOR, HOURS = KAKEGAWA.door, KAKEGAWA.hours
START, END = at("2026-05-07T09:00"), at("2026-05-07T11:00")


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        ("2026-05-06T09:00", Reason.NOT_TODAY_HERE),
        ("2026-05-07T08:44:59", Reason.TOO_EARLY_TO_CHECK_IN),
        ("2026-05-07T08:45", None),
        ("2026-05-07T10:59", None),
        ("2026-05-07T11:00", Reason.TOO_LATE_TO_CHECK_IN),
        ("2026-05-08T09:00", Reason.NOT_TODAY_HERE),
    ],
)
def test_a_child_may_come_from_fifteen_minutes_before(now: str, reason: Reason | None) -> None:
    if reason is None:
        attendance.check_arrival(at(now), START, END, DOOR)
        return
    with pytest.raises(Refused) as refused:
        attendance.check_arrival(at(now), START, END, DOOR, facility="ひだまりこども園")
    assert refused.value.reason is reason


def test_punches_change_nothing_within_the_grace() -> None:
    # Booked 9 to 11, punched 8:52 to 11:04: two hours, no overrun.
    attendance.check_arrival(at("2026-05-07T08:52"), START, END, DOOR)
    assert hours.counted_minutes(START, END, HOURS.unit) == 120
    assert attendance.overrun(END, at("2026-05-07T11:04"), HOURS) == Overrun(0, 0)


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        ("10:30", Overrun(0, 0)),  # early: nothing returns either
        ("11:10", Overrun(0, 0)),
        ("11:11", Overrun(11, 30)),
        ("11:30", Overrun(30, 30)),
        ("11:31", Overrun(31, 60)),
    ],
)
def test_an_overrun_begins_beyond_the_grace(left: str, expected: Overrun) -> None:
    assert attendance.overrun(END, at(f"2026-05-07T{left}"), HOURS) == expected


def test_an_overrun_may_be_charged_to_the_real_time() -> None:
    to_the_minute = replace(HOURS, overrun_step=1)
    assert attendance.overrun(END, at("2026-05-07T11:17"), to_the_minute) == Overrun(17, 17)


def test_going_on_to_other_care_at_the_same_place_is_no_overrun() -> None:
    assert attendance.overrun(END, at("2026-05-07T15:00"), HOURS, prolonged=True) == Overrun(0, 0)


@given(st.timedeltas(timedelta(hours=-3), timedelta(hours=6)), st.integers(1, 60))
def test_an_overrun_is_charged_for_all_of_it_and_nothing_else(late: timedelta, step: int) -> None:
    found = attendance.overrun(END, END + late, replace(HOURS, overrun_step=step))
    assert (found.real == 0) == (late <= timedelta(minutes=10))
    assert found.real <= found.charged < found.real + step
    assert found.charged % step == 0


def test_leaving_comes_once_and_after_coming() -> None:
    attendance.check_departure(START, None, END)
    for arrived, left, reason in (
        (None, None, Reason.NOT_CHECKED_IN),
        (START, END, Reason.ALREADY_CHECKED_OUT),
        (END + timedelta(hours=1), None, Reason.TIMES_BACKWARDS),
    ):
        with pytest.raises(Refused) as refused:
            attendance.check_departure(arrived, left, END)
        assert refused.value.reason is reason


def test_corrected_times_lie_on_one_day() -> None:
    attendance.check_times(START, START)
    with pytest.raises(Refused):
        attendance.check_times(START, START + timedelta(days=1))


def test_a_no_show_is_proposed_half_an_hour_after_the_start() -> None:
    assert attendance.no_show_proposed_at(START, END, DOOR) == at("2026-05-07T09:30")
    assert attendance.no_show_proposed_at(START, at("2026-05-07T09:20"), DOOR) == at("2026-05-07T09:20")
    attendance.check_no_show(at("2026-05-07T09:30"), START, END, DOOR)
    with pytest.raises(Refused) as refused:
        attendance.check_no_show(at("2026-05-07T09:29"), START, END, DOOR)
    assert refused.value.possible == {"possible_at": at("2026-05-07T09:30")}


def test_a_forgotten_check_out_is_proposed_half_an_hour_after_the_end() -> None:
    assert attendance.forgotten_from(END, DOOR) == at("2026-05-07T11:30")


def test_the_door_opens_at_the_same_instant_from_every_zone() -> None:
    start = at("2026-03-08T16:10")  # New York's clocks jumped ten minutes before
    abroad = start.astimezone(ZoneInfo("America/New_York"))
    assert attendance.door_opens_at(abroad, DOOR) == attendance.door_opens_at(start, DOOR)


def test_being_late_is_told_in_steps_that_lie_ahead() -> None:
    nine, end = at("2026-04-13T09:00"), at("2026-04-13T10:00")
    assert attendance.late_steps(nine, at("2026-04-13T08:00")) == [15, 30, 60]
    assert attendance.late_steps(nine, at("2026-04-13T08:00"), before=end) == [15, 30]
    assert attendance.late_steps(nine, at("2026-04-13T09:15")) == [30, 60]
    assert attendance.expected_late(nine, 30, at("2026-04-13T09:29")) == at("2026-04-13T09:30")
    assert attendance.expected_late(nine, 0, at("2026-04-13T12:00")) is None
    with pytest.raises(Refused) as no:
        attendance.expected_late(nine, 30, at("2026-04-13T09:30"))
    assert no.value.reason == Reason.IN_THE_PAST
    with pytest.raises(ValueError, match="no step of being late"):
        attendance.expected_late(nine, 45, nine)

"""What staff do with one tap, and how each tap is taken back."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from daredemo.attendance.actions import door, repair, staff
from daredemo.attendance.models import Overrun, Visit
from daredemo.audit.models import Entry
from daredemo.booking import invariants
from daredemo.booking import queries as bookings
from daredemo.municipalities import actions as municipality
from daredemo.municipalities import queries as municipalities
from daredemo.rules.refusal import Reason, Refused
from tests import make
from tests.attendance.conftest import Morning


def receive(morning: Morning, clock: str = "09:01", **given: Any) -> Visit:
    return staff.receive(booking=morning.booking, by=morning.member.user, now=morning.at(clock), **given)


def hand_over(morning: Morning, clock: str = "11:00", **given: Any) -> Visit:
    given.setdefault("collected_by", "山田 まなみ")
    return staff.hand_over(booking=morning.booking, by=morning.member.user, now=morning.at(clock), **given)


def test_from_expected_to_gone(morning: Morning) -> None:
    assert morning.state("08:00") == "expected"
    receive(morning)
    assert morning.state() == "here"
    visit = hand_over(morning)
    assert morning.state() == "gone"
    assert (visit.received_at, visit.handed_over_at) == (morning.at("09:01"), morning.at("11:00"))
    assert visit.collected_by == "山田 まなみ"
    said = list(
        Entry.objects.filter(subject_id=str(visit.pk)).order_by("id").values_list("action", flat=True)
    )
    assert said == ["visit.receive", "visit.hand_over"]


def test_the_time_the_family_gave_is_the_time_that_counts(morning: Morning) -> None:
    door.say_arrived(
        booking=morning.booking, code=morning.code, by=morning.family.user, now=morning.at("08:52")
    )
    assert receive(morning, "08:57").received_at == morning.at("08:52")


def test_each_tap_twice_is_one_tap(morning: Morning) -> None:
    first = receive(morning, "09:01")
    assert receive(morning, "09:05").received_at == first.received_at
    gone = hand_over(morning, "10:59")
    assert hand_over(morning, "11:05").handed_over_at == gone.handed_over_at


def test_a_child_that_never_came_is_not_handed_over(morning: Morning) -> None:
    with pytest.raises(Refused) as no:
        hand_over(morning)
    assert no.value.reason == Reason.NOT_CHECKED_IN


def test_every_tap_can_be_taken_back(morning: Morning) -> None:
    receive(morning)
    hand_over(morning)
    by = morning.member.user
    for clock, state in (("11:01", "here"), ("11:02", "expected")):
        staff.undo(booking=morning.booking, by=by, now=morning.at(clock))
        assert morning.state() == state
    with pytest.raises(Refused) as no:
        staff.undo(booking=morning.booking, by=by, now=morning.at("11:02").replace(day=14))
    assert no.value.reason == Reason.UNDO_OVER


def test_early_and_late_punches_within_the_grace_change_nothing(morning: Morning) -> None:
    receive(morning, "08:52")
    hand_over(morning, "11:04")
    assert not Overrun.objects.exists()
    meter = bookings.meter(morning.family.child, morning.booking.date.replace(day=1), morning.at("12:00"))
    assert meter.cap - meter.left == 120


def test_a_late_pick_up_is_a_line_of_its_own_and_takes_no_hours(morning: Morning) -> None:
    receive(morning)
    hand_over(morning, "11:25")
    line = Overrun.objects.get()
    assert (line.minutes, line.consumed_minutes) == (25, 0)
    assert line.yen > 0
    staff.undo(booking=morning.booking, by=morning.member.user, now=morning.at("11:30"))
    assert not Overrun.objects.exists()


def adopt(**hours: Any) -> None:
    """Other rules about hours from tomorrow on."""
    city, tomorrow = make.municipality(), make.TODAY + timedelta(days=1)
    now = municipalities.policy_on(city.code, make.TODAY)
    policy = replace(now, in_force_from=tomorrow, hours=replace(now.hours, **hours))
    municipality.adopt_policy(municipality=city, policy=policy, source_note="", by=None, now=make.NOW)


def test_where_overruns_take_hours_a_corrected_one_takes_them_once(morning: Morning) -> None:
    adopt(overrun_hours="consume", overrun_step=30)
    made = make.booking(
        morning.family, morning.facility, "2026-04-20 09:00", minutes=60, now=make.at("2026-04-08 09:00")
    )
    by, month = morning.member.user, made.date.replace(day=1)

    def at(clock: str) -> datetime:
        return make.at(f"2026-04-20 {clock}")

    def left() -> int:
        return bookings.meter(morning.family.child, month, at("12:00")).left

    staff.receive(booking=made, by=by, now=at("09:00"))
    before = left()
    staff.hand_over(booking=made, collected_by="", by=by, now=at("10:50"))
    assert left() == before - 60
    repair.correct(
        booking=made, received_at=at("09:00"), handed_over_at=at("10:20"), reason="おしわすれ", by=by,
        now=at("12:00"),
    )  # fmt: skip
    assert left() == before - 30
    staff.undo(booking=made, by=by, now=at("12:01"))
    assert left() == before
    assert not invariants.broken()


def test_going_on_to_temporary_care_is_a_check_out_at_the_booked_end(morning: Morning) -> None:
    receive(morning)
    assert hand_over(morning, "11:40", prolonged=True).handed_over_at == morning.at("11:00")
    assert not Overrun.objects.exists()


def test_what_staff_write_down_later_is_neither_ahead_nor_another_day(morning: Morning) -> None:
    for wrong in (morning.at("09:30"), morning.at("09:00").replace(day=12)):
        with pytest.raises(Refused) as no:
            receive(morning, "09:20", at=wrong)
        assert no.value.reason == Reason.TIMES_BACKWARDS
    assert receive(morning, "09:20", at=morning.at("09:03")).received_at == morning.at("09:03")


def test_a_family_that_called_is_noted_as_absent_and_may_still_come(morning: Morning) -> None:
    staff.note_absence(booking=morning.booking, by=morning.member.user, now=morning.at("08:40"))
    assert morning.state() == "absent"
    assert receive(morning, "09:10").state == "here"

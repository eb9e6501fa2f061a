"""What a family tells on the day: who is told, what it costs, that saying it twice is saying it once."""

from datetime import timedelta
from typing import Any

import pytest

from daredemo.attendance import queries, sweeps
from daredemo.attendance.actions import door, staff, today
from daredemo.attendance.models import Proposal, Visit
from daredemo.booking import actions as bookings
from daredemo.booking import sweeps as booked
from daredemo.booking.models import Booking, Waiting
from daredemo.languages import words
from daredemo.notifications.models import Message
from daredemo.rules.refusal import Reason, Refused
from tests import make
from tests.attendance.conftest import Morning


def told() -> list[str]:
    """What the facility was told and what was not taken back, in order."""
    mails = Message.objects.filter(kind="family_told").exclude(status="withdrawn").order_by("created_at")
    return [" ".join(filter(None, (str(mail.context["what"]), time_of(mail)))) for mail in mails]


def time_of(mail: Message) -> str:
    kept: Any = mail.context["time"]
    return words.said(kept) if kept else ""


@pytest.fixture
def writes(morning: Morning) -> Morning:
    """The facility's manager reads mails."""
    user = morning.member.user
    user.email = "encho@example.jp"
    user.save(update_fields=["email"])
    return morning


def stay_home(morning: Morning, clock: str, seen: int | None = None) -> Booking:
    morning.booking.refresh_from_db()
    seen = morning.booking.revision if seen is None else seen
    return today.stay_home(booking=morning.booking, seen=seen, by=morning.family.user, now=morning.at(clock))


def back(morning: Morning, clock: str) -> Visit:
    visit = today.come_after_all(booking=morning.booking, by=morning.family.user, now=morning.at(clock))
    assert visit is not None
    return visit


def come_late(morning: Morning, minutes: int, clock: str) -> Visit:
    return today.come_late(
        booking=morning.booking, minutes=minutes, by=morning.family.user, now=morning.at(clock)
    )


def collect_late(morning: Morning, minutes: int, clock: str) -> Visit:
    return today.collect_late(
        booking=morning.booking, minutes=minutes, by=morning.family.user, now=morning.at(clock)
    )


def receive(morning: Morning, clock: str) -> Visit:
    return staff.receive(booking=morning.booking, by=morning.member.user, now=morning.at(clock))


# ── stays home ─────────────────────────────────────────────────────────────────────────
def test_one_tap_before_the_start_cancels_tells_and_stands_on_the_board(writes: Morning) -> None:
    ended = stay_home(writes, "07:30")
    assert (ended.status, ended.cause, ended.hours_consumed) == ("cancelled", "illness", True)
    assert writes.state("07:31") == "absent"
    row = queries.board(writes.member, ended.date, writes.at("07:31"))[0]
    assert row.told_at == writes.at("07:30")
    mail = Message.objects.get(kind="family_told")
    assert (mail.address, mail.due_at) == ("encho@example.jp", writes.at("07:30"))
    assert "体調" not in str(mail.context)
    assert writes.family.child.family_name not in str(mail.context)


def test_a_second_tap_changes_nothing_and_tells_nobody_again(writes: Morning) -> None:
    first = stay_home(writes, "07:30")
    again = stay_home(writes, "07:31", seen=0)
    assert (again.revision, again.cancelled_at) == (first.revision, first.cancelled_at)
    assert told() == ["absent"]


def test_a_tap_that_arrives_after_the_undo_does_nothing(writes: Morning) -> None:
    stay_home(writes, "07:30")
    bookings.undo_cancel(booking=writes.booking, by=writes.family.user, now=writes.at("07:32"))
    with pytest.raises(Refused) as no:
        stay_home(writes, "07:33", seen=0)
    assert no.value.reason == Reason.STATUS_MOVED
    assert writes.state("07:34") == "expected"
    assert told() == []  # the mail had not left yet


def test_what_the_facility_has_read_already_is_corrected(writes: Morning) -> None:
    stay_home(writes, "07:30")
    Message.objects.filter(kind="family_told").update(status="handed_over")
    bookings.undo_cancel(booking=writes.booking, by=writes.family.user, now=writes.at("07:32"))
    assert told() == ["absent", "back"]


def test_the_place_goes_to_who_waits_for_it_once_undo_is_over(writes: Morning) -> None:
    day = writes.facility.opened_days.get(date=writes.booking.date)
    other = make.family()
    make.accepted(other.child, writes.facility)
    type(writes.facility).objects.filter(pk=writes.facility.pk).update(window_closes_hours=0)
    type(day).objects.filter(pk=day.pk).update(day_ceiling=1)
    waits = bookings.join(
        guardian=other.guardian, child=other.child.pk, facility=writes.facility.pk,
        since=writes.at("09:00"), until=writes.at("11:00"), minutes=60, by=other.user, now=make.NOW,
    )  # fmt: skip
    moment = make.at("2026-04-12 09:00")
    bookings.cancel(booking=writes.booking, cause="illness", by=writes.family.user, now=moment)
    booked.release_cancelled(moment + timedelta(minutes=9))
    booked.offer_freed(moment + timedelta(minutes=9))
    assert not Waiting.objects.get(pk=waits.pk).offers.exists()
    booked.release_cancelled(moment + timedelta(minutes=11))
    booked.offer_freed(moment + timedelta(minutes=11))
    assert Waiting.objects.get(pk=waits.pk).offers.exists()


def test_after_the_start_it_is_an_absence_told_and_no_no_show(writes: Morning) -> None:
    held = stay_home(writes, "09:10")
    stay_home(writes, "09:11")
    assert held.status == "booked"
    assert writes.state() == "absent"
    assert told() == ["absent"]
    sweeps.propose_no_shows(writes.at("10:00"))
    assert not Proposal.objects.exists()
    sweeps.settle_days(make.at("2026-04-14 05:00"))
    held.refresh_from_db()
    assert (held.hours_consumed, held.fee_charged) == (True, "facility")


def test_an_absence_is_taken_back_for_ten_minutes_and_once(writes: Morning) -> None:
    stay_home(writes, "09:10")
    assert back(writes, "09:20").state == "expected"
    assert back(writes, "09:21").state == "expected"
    stay_home(writes, "09:22")
    with pytest.raises(Refused) as no:
        back(writes, "09:33")
    assert no.value.reason == Reason.UNDO_OVER
    assert no.value.facts == {"until": writes.at("09:32")}
    assert told() == ["absent"]


def test_what_staff_say_is_a_no_show_is_not_undone_by_the_family(morning: Morning) -> None:
    stay_home(morning, "09:10")
    Visit.objects.update(no_show=True)
    with pytest.raises(Refused) as no:
        back(morning, "09:12")
    assert no.value.reason == Reason.UNDO_OVER


def test_a_child_that_is_there_does_not_stay_home(morning: Morning) -> None:
    door.say_arrived(
        booking=morning.booking, code=morning.code, by=morning.family.user, now=morning.at("08:50")
    )
    for clock in ("08:55", "09:05"):
        with pytest.raises(Refused) as no:
            stay_home(morning, clock)
        assert no.value.reason == Reason.ALREADY_CHECKED_IN
    receive(morning, "09:06")
    with pytest.raises(Refused) as no:
        stay_home(morning, "09:10")
    assert no.value.facts == {"at": morning.at("08:50")}


def test_after_the_end_nothing_is_told(morning: Morning) -> None:
    with pytest.raises(Refused) as no:
        stay_home(morning, "11:00")
    assert no.value.reason == Reason.ALREADY_STARTED


def test_what_the_facility_ended_is_not_the_familys_illness(morning: Morning) -> None:
    bookings.cancel_by_facility(booking=morning.booking, words="停電", by=None, now=morning.at("07:00"))
    with pytest.raises(Refused) as no:
        stay_home(morning, "07:30")
    assert no.value.reason == Reason.STATUS_MOVED


def test_who_cancels_days_ahead_for_other_reasons_writes_to_nobody_at_the_facility(writes: Morning) -> None:
    bookings.cancel(booking=writes.booking, by=writes.family.user, now=make.NOW)
    assert told() == []


def test_who_cancels_on_the_day_writes_to_the_facility_by_any_screen(writes: Morning) -> None:
    other = make.booking(writes.family, writes.facility, "2026-04-14 09:00")
    bookings.cancel(booking=other, cause="illness", by=writes.family.user, now=make.NOW)
    assert told() == []
    bookings.cancel(booking=writes.booking, by=writes.family.user, now=writes.at("07:00"))
    assert told() == ["absent"]


def test_what_staff_note_after_a_call_is_not_told_to_them(writes: Morning) -> None:
    bookings.cancel(booking=writes.booking, by=writes.member.user, now=writes.at("07:00"))
    assert told() == []


# ── comes late, is collected late ──────────────────────────────────────────────────────
def test_late_is_told_once_for_each_time_and_taken_back(writes: Morning) -> None:
    assert come_late(writes, 15, "08:30").coming_at == writes.at("09:15")
    come_late(writes, 15, "08:31")
    come_late(writes, 60, "08:32")
    assert come_late(writes, 0, "08:33").coming_at is None
    come_late(writes, 0, "08:34")
    assert told() == ["late 9:15", "late 10:00", "on_time"]


def test_nobody_is_asked_about_a_no_show_before_the_child_is_expected(morning: Morning) -> None:
    come_late(morning, 60, "08:30")
    sweeps.propose_no_shows(morning.at("10:29"))
    assert not Proposal.objects.exists()
    assert not queries.board(morning.member, morning.booking.date, morning.at("10:29"))[0].late
    sweeps.propose_no_shows(morning.at("10:30"))
    assert Proposal.objects.count() == 1


def test_a_child_told_late_and_then_given_up_stands_with_those_who_stay_away(morning: Morning) -> None:
    come_late(morning, 15, "08:30")
    stay_home(morning, "08:40")
    assert morning.state("08:41") == "absent"


@pytest.mark.parametrize(
    ("minutes", "clock", "reason"),
    [
        (15, "09:15", Reason.IN_THE_PAST),
        (60, "11:00", Reason.TOO_LATE_TO_CHECK_IN),
        (0, "11:00", Reason.TOO_LATE_TO_CHECK_IN),
    ],
)
def test_late_lies_ahead_and_within_the_booking(
    morning: Morning, minutes: int, clock: str, reason: Reason
) -> None:
    if reason == Reason.TOO_LATE_TO_CHECK_IN and minutes:
        Booking.objects.filter(pk=morning.booking.pk).update(ends_at=morning.at("10:00"))
        clock = "09:30"
    with pytest.raises(Refused) as no:
        come_late(morning, minutes, clock)
    assert no.value.reason == reason
    assert not Visit.objects.exclude(coming_at=None).exists()


def test_late_is_told_on_the_day_itself_and_before_the_child_is_there(morning: Morning) -> None:
    with pytest.raises(Refused) as no:
        today.come_late(booking=morning.booking, minutes=15, by=morning.family.user, now=make.NOW)
    assert no.value.reason == Reason.NOT_TODAY_HERE
    receive(morning, "09:00")
    with pytest.raises(Refused) as no:
        come_late(morning, 15, "09:01")
    assert no.value.reason == Reason.ALREADY_CHECKED_IN


def test_who_stays_home_does_not_come_late(morning: Morning) -> None:
    stay_home(morning, "09:05")
    with pytest.raises(Refused) as no:
        come_late(morning, 30, "09:06")
    assert no.value.reason == Reason.STATUS_MOVED


def test_a_late_pick_up_is_told_while_the_child_is_there(writes: Morning) -> None:
    with pytest.raises(Refused) as no:
        collect_late(writes, 15, "09:00")
    assert no.value.reason == Reason.NOT_RECEIVED
    receive(writes, "09:00")
    assert collect_late(writes, 30, "10:50").collecting_at == writes.at("11:30")
    collect_late(writes, 30, "10:51")
    collect_late(writes, 0, "10:52")
    assert told() == ["late_pick_up 11:30", "pick_up_on_time"]
    with pytest.raises(Refused) as no:
        collect_late(writes, 15, "11:15")
    assert no.value.reason == Reason.IN_THE_PAST
    staff.hand_over(booking=writes.booking, collected_by="母", by=writes.member.user, now=writes.at("11:20"))
    with pytest.raises(Refused) as no:
        collect_late(writes, 30, "11:21")
    assert no.value.reason == Reason.ALREADY_CHECKED_OUT


def test_a_late_pick_up_is_no_matter_of_another_day(morning: Morning) -> None:
    receive(morning, "09:00")
    with pytest.raises(Refused) as no:
        today.collect_late(
            booking=morning.booking, minutes=15, by=morning.family.user, now=make.at("2026-04-14 09:00")
        )
    assert no.value.reason == Reason.NOT_TODAY_HERE


def test_only_steps_that_the_screen_offers(morning: Morning) -> None:
    with pytest.raises(ValueError, match="no step"):
        come_late(morning, 20, "08:30")

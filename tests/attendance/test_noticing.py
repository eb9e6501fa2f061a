"""Sweeps propose, people decide; times are put right with reason and author."""

from datetime import datetime, timedelta

import pytest

from daredemo.attendance import queries, sweeps
from daredemo.attendance.actions import repair, staff
from daredemo.attendance.models import Correction, Overrun, Proposal
from daredemo.booking import actions as booking
from daredemo.booking.models import LedgerEntry
from daredemo.rules.refusal import Reason, Refused
from tests.attendance.conftest import Morning


def receive(morning: Morning, clock: str = "09:00") -> None:
    staff.receive(booking=morning.booking, by=morning.member.user, now=morning.at(clock))


def kinds(morning: Morning) -> list[str]:
    rows = LedgerEntry.objects.filter(booking=morning.booking).order_by("at", "id")
    return list(rows.values_list("kind", flat=True))


def test_a_no_show_is_proposed_once_and_changes_nothing(morning: Morning) -> None:
    assert sweeps.propose_no_shows(morning.at("09:05")) == 0
    assert sweeps.propose_no_shows(morning.at("10:59")) == 1
    assert sweeps.propose_no_shows(morning.at("10:59")) == 0
    assert morning.state() == "expected"
    assert kinds(morning) == ["reserved"]


def test_nobody_is_proposed_who_came(morning: Morning) -> None:
    receive(morning)
    assert sweeps.propose_no_shows(morning.at("12:00")) == 0


def test_a_confirmed_no_show_forfeits_the_hours_the_day_after(morning: Morning) -> None:
    sweeps.propose_no_shows(morning.at("10:59"))
    repair.confirm_no_show(booking=morning.booking, by=morning.member.user, now=morning.at("11:30"))
    assert morning.state() == "absent"
    assert Proposal.objects.get().confirmed is True
    assert sweeps.settle_days(morning.at("23:00")) == 0
    tomorrow = morning.at("06:00") + timedelta(days=1)
    assert sweeps.settle_days(tomorrow) == 1
    assert sweeps.settle_days(tomorrow) == 0
    assert kinds(morning) == ["reserved", "forfeited"]


def test_an_illness_told_on_the_day_forfeits_the_hours_the_day_after(morning: Morning) -> None:
    staff.note_absence(booking=morning.booking, by=morning.member.user, now=morning.at("08:10"))
    assert sweeps.settle_days(morning.at("23:00")) == 0
    assert sweeps.settle_days(morning.at("06:00") + timedelta(days=1)) == 1
    assert kinds(morning) == ["reserved", "forfeited"]
    morning.booking.refresh_from_db()
    assert (morning.booking.hours_consumed, morning.booking.benefit) == (True, True)


def correct(morning: Morning, received: str | None, left: str | None, now: datetime) -> None:
    repair.correct(
        booking=morning.booking,
        received_at=morning.at(received) if received else None,
        handed_over_at=morning.at(left) if left else None,
        reason="記録のまちがい",
        by=morning.member.user,
        now=now,
    )


def test_a_no_show_that_came_after_all_has_used_its_hours(morning: Morning) -> None:
    repair.confirm_no_show(booking=morning.booking, by=morning.member.user, now=morning.at("11:30"))
    correct(morning, "09:00", "11:00", morning.at("12:00"))
    assert morning.state() == "gone"
    sweeps.settle_days(morning.at("06:00") + timedelta(days=1))
    assert kinds(morning) == ["reserved", "used"]


def test_a_settled_no_show_is_opened_again_when_the_child_was_there(morning: Morning) -> None:
    repair.confirm_no_show(booking=morning.booking, by=morning.member.user, now=morning.at("11:30"))
    tomorrow = morning.at("06:00") + timedelta(days=1)
    sweeps.settle_days(tomorrow)
    correct(morning, "09:00", "11:00", tomorrow)
    sweeps.settle_days(tomorrow)
    assert kinds(morning) == ["reserved", "forfeited", "used"]


def test_times_written_down_afterwards_are_a_reception(morning: Morning) -> None:
    correct(morning, "09:00", None, morning.at("10:00"))
    with pytest.raises(Refused) as no:
        booking.cancel_by_facility(
            booking=morning.booking, words="", by=morning.member.user, now=morning.at("10:05")
        )
    assert no.value.reason == Reason.ALREADY_STARTED
    correct(morning, None, None, morning.at("10:10"))
    assert morning.state() == "expected"
    morning.booking.refresh_from_db()
    assert morning.booking.begun_at is None


def test_an_absence_without_times_stays_an_absence(morning: Morning) -> None:
    repair.confirm_no_show(booking=morning.booking, by=morning.member.user, now=morning.at("11:30"))
    correct(morning, None, None, morning.at("12:00"))
    assert morning.state() == "absent"


def test_it_is_too_early_to_speak_of_a_no_show(morning: Morning) -> None:
    with pytest.raises(Refused) as no:
        repair.confirm_no_show(booking=morning.booking, by=morning.member.user, now=morning.at("09:05"))
    assert no.value.reason == Reason.TOO_EARLY_FOR_NO_SHOW


def test_a_forgotten_check_out_leaves_the_child_here_until_a_person_speaks(morning: Morning) -> None:
    receive(morning)
    assert sweeps.propose_check_outs(morning.at("11:05")) == 0
    late = morning.at("18:00")
    assert sweeps.propose_check_outs(late) == 1
    assert sweeps.settle_days(late + timedelta(days=1)) == 0
    assert morning.state() == "here"
    repair.confirm_check_out(
        booking=morning.booking, at=morning.at("10:58"), by=morning.member.user, now=late
    )
    assert morning.state() == "gone"
    assert Correction.objects.get().after == morning.at("10:58")
    assert sweeps.settle_days(late + timedelta(days=1)) == 1
    assert kinds(morning) == ["reserved", "used"]


def test_a_dismissed_proposal_is_not_made_again(morning: Morning) -> None:
    sweeps.propose_no_shows(morning.at("10:59"))
    repair.dismiss(proposal=Proposal.objects.get(), by=morning.member.user, now=morning.at("11:00"))
    assert sweeps.propose_no_shows(morning.at("11:30")) == 0


def test_what_was_noticed_is_asked_only_while_nobody_has_answered_it(morning: Morning) -> None:
    def asked(clock: str) -> list[str]:
        row = queries.row_of(morning.member, morning.booking.pk, morning.at(clock))
        (shown,) = queries.board(morning.member, morning.booking.date, morning.at(clock))
        assert shown.proposals == row.proposals
        return [one.kind for one in row.proposals]

    sweeps.propose_no_shows(morning.at("09:31"))
    assert asked("09:31") == ["no_show"]
    receive(morning, "09:40")
    assert asked("09:40") == []
    sweeps.propose_check_outs(morning.at("18:00"))
    assert asked("18:00") == ["forgotten_check_out"]
    staff.hand_over(booking=morning.booking, collected_by="", by=morning.member.user, now=morning.at("18:01"))
    assert asked("18:01") == []
    with pytest.raises(Refused) as no:
        repair.confirm_check_out(
            booking=morning.booking,
            at=morning.at("10:58"),
            by=morning.member.user,
            now=morning.at("18:02"),
        )
    assert no.value.reason == Reason.ALREADY_CHECKED_OUT
    assert not Correction.objects.exists()


def test_times_are_put_right_with_reason_and_author(morning: Morning) -> None:
    receive(morning, "09:10")
    staff.hand_over(booking=morning.booking, collected_by="", by=morning.member.user, now=morning.at("11:20"))
    assert Overrun.objects.exists()
    repair.correct(
        booking=morning.booking,
        received_at=morning.at("09:02"),
        handed_over_at=morning.at("11:03"),
        reason="押しわすれ",
        by=morning.member.user,
        now=morning.at("12:00"),
    )
    assert not Overrun.objects.exists()
    found = Correction.objects.order_by("id").values_list("field", "reason", "by")
    assert list(found) == [
        ("received_at", "押しわすれ", morning.member.user.pk),
        ("handed_over_at", "押しわすれ", morning.member.user.pk),
    ]


@pytest.mark.parametrize(
    ("received", "left", "reason", "why"),
    [
        ("09:00", "10:00", " ", Reason.REASON_MISSING),
        ("10:00", "09:00", "なおす", Reason.TIMES_BACKWARDS),
        (None, "10:00", "なおす", Reason.NOT_CHECKED_IN),
        ("09:00", "23:00", "なおす", Reason.TIMES_BACKWARDS),
    ],
)
def test_impossible_corrections(
    morning: Morning, received: str | None, left: str | None, reason: str, why: Reason
) -> None:
    with pytest.raises(Refused) as no:
        repair.correct(
            booking=morning.booking,
            received_at=morning.at(received) if received else None,
            handed_over_at=morning.at(left) if left else None,
            reason=reason,
            by=morning.member.user,
            now=morning.at("12:00"),
        )
    assert no.value.reason == why


def test_a_time_that_was_only_shown_to_the_minute_is_not_put_right(morning: Morning) -> None:
    came = morning.at("08:55") + timedelta(seconds=31)
    staff.receive(booking=morning.booking, by=morning.member.user, now=came)
    correct(morning, "08:55", "11:00", morning.at("12:00"))
    assert [one.field for one in Correction.objects.all()] == ["handed_over_at"]
    morning.booking.visit.refresh_from_db()
    assert morning.booking.visit.received_at == came

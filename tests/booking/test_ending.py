"""Cancelling: are hours consumed, is a fee charged, may the benefit be claimed; and the undo of it."""

from datetime import date, timedelta
from typing import Any

import pytest

from daredemo.audit.models import Entry
from daredemo.booking import actions as booking
from daredemo.booking import invariants, sweeps
from daredemo.booking import queries as bookings
from daredemo.booking.models import Booking, ChildMonth, LedgerEntry, OpenedDay
from daredemo.facilities.models import Facility
from daredemo.notifications.models import Message
from daredemo.rules.refusal import Reason, Refused
from tests import make

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def family() -> make.Family:
    return make.family()


@pytest.fixture
def facility() -> Facility:
    return make.facility(places=1)


@pytest.fixture
def made(family: make.Family, facility: Facility) -> Booking:
    """Thursday 7 May 2026, after the holidays: free until Friday 1 May, noon."""
    return make.booking(family, facility, "2026-05-07 09:00", minutes=120, now=make.at("2026-04-02 10:00"))


def cancel(made: Booking, at: str, **fields: Any) -> Booking:
    return booking.cancel(booking=made, by=made.booked_by, now=make.at(at), **fields)


def spent() -> int:
    return ChildMonth.objects.get().spent_minutes


def places() -> int:
    return sum(OpenedDay.objects.get().booked_1)


@pytest.mark.parametrize(
    ("at", "hours", "fee", "benefit"),
    [
        ("2026-04-20 10:00", False, "no", False),
        ("2026-05-01 12:00", False, "no", False),  # the instant itself is in time
        ("2026-05-01 12:00:00.001", True, "facility", False),
        ("2026-05-06 23:59", True, "facility", False),
        ("2026-05-07 00:00", True, "facility", True),  # from here on the benefit may be claimed
        ("2026-05-07 08:59", True, "facility", True),
    ],
)
def test_the_table_of_the_scheme(made: Booking, at: str, hours: bool, fee: str, benefit: bool) -> None:
    consequence = bookings.consequence(made, make.at(at))
    ended = cancel(made, at)
    assert (ended.hours_consumed, ended.fee_charged, ended.benefit) == (hours, fee, benefit)
    assert (consequence.hours, bookings.fee_word(consequence.fee), consequence.benefit) == (
        hours,
        fee,
        benefit,
    )
    sweeps.release_cancelled(make.at(at) + 11 * MINUTE)
    assert (spent(), places()) == (120 if hours else 0, 0)
    assert LedgerEntry.objects.latest("at").kind == ("forfeited" if hours else "returned")
    assert invariants.broken() == {}


def test_place_and_hours_stay_reserved_until_undo_has_ended(made: Booking) -> None:
    ended = cancel(made, "2026-04-20 10:00")
    assert bookings.undo_until(ended) == make.at("2026-04-20 10:10")
    assert sweeps.release_cancelled(make.at("2026-04-20 10:10")) == 0
    assert (spent(), places()) == (120, 4)
    assert sweeps.release_cancelled(make.at("2026-04-20 10:10:01")) == 1
    assert (spent(), places()) == (0, 0)
    assert sweeps.release_cancelled(make.at("2026-04-20 10:30")) == 0


def test_undo_within_ten_minutes_restores_everything(made: Booking) -> None:
    cancel(made, "2026-05-05 10:00")
    again = booking.undo_cancel(booking=made, by=made.booked_by, now=make.at("2026-05-05 10:10"))
    assert (again.status, again.hours_consumed, again.fee_charged, again.cause) == ("booked", None, "", "")
    assert (spent(), places()) == (120, 4)
    assert Message.objects.get(kind="booking_cancelled").status == "withdrawn"
    assert sweeps.release_cancelled(make.at("2026-05-05 11:00")) == 0
    assert invariants.broken() == {}


def test_undo_pressed_twice_is_one_undo(made: Booking) -> None:
    cancel(made, "2026-05-05 10:00")
    for at in ("2026-05-05 10:01", "2026-05-05 10:02"):
        again = booking.undo_cancel(booking=made, by=made.booked_by, now=make.at(at))
        assert again.status == "booked"
    assert Entry.objects.filter(action="booking.undo_cancel").count() == 1


def test_while_undo_is_open_the_next_booking_may_use_the_hours(made: Booking) -> None:
    cancel(made, "2026-04-20 10:00")
    now, month = make.at("2026-04-20 10:01"), date(2026, 5, 1)
    assert bookings.meter(made.child, month, now).left == 480
    assert bookings.meter(made.child, month, now, choosing=True).left == 600


def test_no_undo_after_ten_minutes_nor_after_the_start(made: Booking) -> None:
    cancel(made, "2026-05-07 08:55")
    for at in ("2026-05-07 09:00", "2026-05-07 09:06"):
        with pytest.raises(Refused):
            booking.undo_cancel(booking=made, by=made.booked_by, now=make.at(at))


def test_booking_something_else_ends_undo_at_once(
    family: make.Family, facility: Facility, made: Booking
) -> None:
    cancel(made, "2026-04-20 10:00")
    moved = make.booking(family, facility, "2026-05-07 10:00", minutes=120, now=make.at("2026-04-20 10:01"))
    assert (spent(), places()) == (120, 4)
    with pytest.raises(Refused) as caught:
        booking.undo_cancel(booking=made, by=made.booked_by, now=make.at("2026-04-20 10:02"))
    assert caught.value.reason is Reason.UNDO_OVER
    assert caught.value.facts["until"] == make.at("2026-04-20 10:01")
    assert moved.status == "booked"
    assert invariants.broken() == {}


def test_a_refused_booking_leaves_the_undo_as_it_is(
    family: make.Family, facility: Facility, made: Booking
) -> None:
    cancel(made, "2026-04-20 10:00")
    with pytest.raises(Refused):
        make.booking(family, facility, "2026-05-07 16:00", now=make.at("2026-04-20 10:01"))
    booking.undo_cancel(booking=made, by=made.booked_by, now=make.at("2026-04-20 10:02"))
    assert (spent(), places()) == (120, 4)


def test_forfeited_hours_do_not_come_back_by_booking_again(family: make.Family, facility: Facility) -> None:
    other = make.facility(name="べつの園")
    now = make.at("2026-04-02 10:00")
    for day, where in ((7, facility), (8, other), (11, other)):
        make.booking(family, where, f"2026-05-{day:02} 09:00", minutes=180, now=now)
    cancel(Booking.objects.get(facility=facility), "2026-05-06 10:00")
    with pytest.raises(Refused) as caught:
        make.booking(family, other, "2026-05-12 09:00", minutes=120, now=make.at("2026-05-06 10:01"))
    assert caught.value.facts["left"] == 60


def test_the_earlier_of_call_and_entry_decides(facility: Facility, made: Booking) -> None:
    """Staff note on 7 May what the family said on the telephone in time."""
    member = make.member(facility)
    ended = booking.cancel(
        booking=made, called_at=make.at("2026-05-07 08:50"), call_reason="熱", cause="illness",
        by=member.user, now=make.at("2026-05-07 09:20"),
    )  # fmt: skip
    assert (ended.hours_consumed, ended.benefit) == (True, True)
    with pytest.raises(Refused) as caught:
        booking.record_call(
            booking=made, called_at=make.at("2026-04-30 10:00"), reason="聞きもらし",
            by=member.user, now=make.at("2026-05-07 10:00"),
        )  # fmt: skip
    assert caught.value.reason is Reason.CALL_TOO_LONG_AGO


def test_a_call_noted_later_gives_the_hours_back(family: make.Family) -> None:
    facility = make.facility()
    made = make.booking(family, facility, "2026-04-14 09:00", minutes=120)  # free until Monday noon
    cancel(made, "2026-04-13 15:00")
    sweeps.release_cancelled(make.at("2026-04-13 15:11"))
    assert spent() == 120
    ended = booking.record_call(
        booking=made, called_at=make.at("2026-04-13 11:00"), reason="留守番電話に入っていた",
        by=make.member(facility).user, now=make.at("2026-04-14 09:00"),
    )  # fmt: skip
    assert (ended.hours_consumed, ended.fee_charged, ended.benefit) == (False, "no", False)
    assert spent() == 0
    assert bookings.passbook(family.child).last().reason == "留守番電話に入っていた"  # type: ignore[union-attr]
    assert invariants.broken() == {}


def test_not_calling_never_costs_hours_but_both_sides_see_it(facility: Facility, made: Booking) -> None:
    ended = cancel(made, "2026-04-20 10:00")
    assert bookings.waits_for_a_call(ended)
    assert list(bookings.not_called(make.member(facility), make.at("2026-04-20 10:05"))) == [made]
    assert ended.hours_consumed is False


def test_the_facilitys_own_cause_costs_nothing_even_on_the_day(made: Booking) -> None:
    ended = booking.cancel_by_facility(
        booking=made, words="先生がお休みのため", by=None, now=make.at("2026-05-07 08:00")
    )
    assert (ended.hours_consumed, ended.fee_charged, ended.benefit) == (False, "no", False)
    assert (spent(), places()) == (0, 0)
    assert Message.objects.get(kind="booking_cancelled").context["words"] == "先生がお休みのため"


def test_a_closed_day_gives_everything_back_once_and_tells_each_family_once() -> None:
    facility, families = make.facility(), [make.family() for _ in range(3)]
    for family in families:
        make.booking(family, facility, "2026-04-13 09:00")
    day, now = date(2026, 4, 13), make.at("2026-04-12 20:00")
    ended = booking.close_day(facility=facility, day=day, reason="台風", by=None, now=now)
    assert len(ended) == 3
    assert booking.close_day(facility=facility, day=day, reason="台風", by=None, now=now) == []
    assert Message.objects.filter(kind="booking_cancelled").count() == 3
    assert sum(ChildMonth.objects.values_list("spent_minutes", flat=True)) == 0
    with pytest.raises(Refused) as caught:
        make.booking(families[0], facility, "2026-04-13 10:00")
    assert caught.value.reason is Reason.FACILITY_CLOSED
    booking.reopen_day(facility=facility, day=day, by=make.member(facility).user, now=make.NOW)
    make.booking(families[0], facility, "2026-04-13 10:00")
    assert invariants.broken() == {}


def test_taken_back_within_ten_minutes_it_had_never_been_booked(family: make.Family) -> None:
    """Even where it was made after its own deadline."""
    now = make.at("2026-04-06 13:00")
    made = make.booking(family, make.facility(), "2026-04-07 14:00", now=now)
    assert made.deadline_at == make.at("2026-04-06 12:00")
    ended = booking.undo_booking(booking=made, by=family.user, now=now + 10 * MINUTE)
    assert (ended.status, ended.cause, ended.hours_consumed) == ("cancelled", "undone", False)
    assert (spent(), places()) == (0, 0)


def test_after_ten_minutes_it_is_a_cancellation(made: Booking) -> None:
    with pytest.raises(Refused) as caught:
        booking.undo_booking(booking=made, by=made.booked_by, now=make.at("2026-04-02 10:10:01"))
    assert caught.value.reason is Reason.UNDO_OVER


def test_twice_cancelled_is_refused_by_name(made: Booking) -> None:
    cancel(made, "2026-04-20 10:00")
    with pytest.raises(Refused) as caught:
        cancel(made, "2026-04-20 10:01")
    assert caught.value.reason is Reason.ALREADY_CANCELLED


def test_once_the_child_was_received_nothing_is_cancelled(facility: Facility, made: Booking) -> None:
    by = make.member(facility).user
    booking.begin_use(booking=made, by=by, now=make.at("2026-05-07 08:50"))
    with pytest.raises(Refused) as caught:
        cancel(made, "2026-05-07 08:51")
    assert caught.value.reason is Reason.ALREADY_STARTED
    booking.unbegin_use(booking=made, by=by, now=make.at("2026-05-07 08:52"))
    cancel(made, "2026-05-07 08:53")
    with pytest.raises(Refused) as caught:
        booking.begin_use(booking=made, by=by, now=make.at("2026-05-07 08:54"))
    assert caught.value.reason is Reason.ALREADY_CANCELLED

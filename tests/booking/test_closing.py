"""Hours of a day are closed: whoever is booked there is told, the rest stays, and they open again."""

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from daredemo.audit.models import Entry
from daredemo.booking import actions as booking
from daredemo.booking import cells, invariants, sweeps
from daredemo.booking import queries as bookings
from daredemo.booking.models import Booking, ChildMonth, Conflict, OpenedDay, Wish
from daredemo.facilities.models import Approval, ClosedHours, Facility
from daredemo.notifications import mails
from daredemo.notifications.models import Message
from daredemo.rules.refusal import Reason, Refused
from tests import make
from tests.booking.in_line import LATER, offered, wait
from tests.staffing import open_conflict, staffed

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 4, 13)
ELEVEN, ONE = make.at("2026-04-13 11:00"), make.at("2026-04-13 13:00")


@pytest.fixture
def facility() -> Facility:
    return make.facility()


def close(
    facility: Facility, since: str = "11:00", until: str = "13:00", *, now: object = make.NOW
) -> list[Booking]:
    return booking.close_hours(
        facility=facility,
        starts_at=make.at(f"2026-04-13 {since}"),
        ends_at=make.at(f"2026-04-13 {until}"),
        reason="避難訓練",
        by=make.member(facility).user,
        now=now,  # type: ignore[arg-type]
    )


def reopen(facility: Facility) -> None:
    closed = facility.closed_hours.order_by("starts_at").first()
    assert closed is not None
    booking.reopen_hours(closed=closed, by=make.member(facility).user, now=make.NOW)


def free(age: int = 1) -> dict[str, int]:
    """Places by the clock, on the half hours around the closed ones."""
    places = cells.free(OpenedDay.objects.get(), age)
    return {f"{n // 2}:{n % 2 * 3}0": places[n] for n in (21, 22, 25, 26)}


def test_whoever_overlaps_them_gets_everything_back_and_one_mail_and_the_rest_stays(
    facility: Facility,
) -> None:
    morning = make.booking(make.family(), facility, "2026-04-13 09:00", minutes=120)
    over = make.booking(make.family(), facility, "2026-04-13 10:00", minutes=120)
    within = make.booking(make.family(), facility, "2026-04-13 11:30")
    after = make.booking(make.family(), facility, "2026-04-13 13:00")
    affected = bookings.affected_by_closing(facility, ELEVEN, ONE, make.NOW)
    assert affected == close(facility) == [over, within]
    assert set(Booking.objects.filter(status="booked")) == {morning, after}
    over.refresh_from_db()
    assert (over.cause, over.words, over.hours_consumed, over.fee_charged) == (
        "facility", "避難訓練", False, "no",
    )  # fmt: skip
    told = Message.objects.filter(kind="booking_cancelled")
    assert {one.context["booking"] for one in told} == {str(over.pk), str(within.pk)}
    assert ChildMonth.objects.get(child=over.child).spent_minutes == 0
    assert free() == {"10:30": 2, "11:00": 0, "12:30": 0, "13:00": 2}
    assert not Conflict.objects.exists()
    assert invariants.broken(make.NOW) == {}
    assert close(facility) == []
    assert (ClosedHours.objects.count(), told.count()) == (1, 2)


def test_nobody_books_them_and_the_day_shows_the_other_starts(facility: Facility) -> None:
    family = make.family()
    make.accepted(family.child, facility)
    make.opened(facility, MONDAY)
    close(facility)
    starts = bookings.starts_on(family.child, facility, MONDAY, make.NOW)
    assert [f"{one.starts_at:%H:%M}" for one in starts] == [
        "09:00", "09:30", "10:00", "13:00", "13:30", "14:00",
    ]  # fmt: skip
    assert (starts[1].lengths, starts[2].lengths) == ((60,), (60,))
    with pytest.raises(Refused) as caught:
        make.booking(family, facility, "2026-04-13 10:30")
    assert (caught.value.reason, caught.value.facts) == (Reason.HOURS_CLOSED, {"start": ELEVEN, "end": ONE})
    make.booking(family, facility, "2026-04-13 10:00")


@pytest.mark.parametrize("closed", [("09:00", "10:00"), ("11:00", "12:00"), ("14:00", "15:00")])
def test_they_are_named_at_the_edge_of_the_day_as_in_its_middle(
    facility: Facility, closed: tuple[str, str]
) -> None:
    family = make.family()
    make.accepted(family.child, facility)
    make.opened(facility, MONDAY)
    close(facility, *closed)
    start = make.at(f"2026-04-13 {closed[0]}")
    with pytest.raises(Refused) as caught:
        make.booking(family, facility, f"2026-04-13 {closed[0]}")
    assert (caught.value.reason, caught.value.facts["start"]) == (Reason.HOURS_CLOSED, start)
    lengths = bookings.lengths(family.child, facility, start - timedelta(hours=1), make.NOW)
    if closed[0] != "09:00":
        assert [one.reason for one in lengths] == [None, *[Reason.HOURS_CLOSED] * (len(lengths) - 1)]


def test_they_open_again_with_the_places_of_the_pattern_and_what_ended_stays_ended(
    facility: Facility,
) -> None:
    made = make.booking(make.family(), facility, "2026-04-13 11:00")
    close(facility)
    close(facility, "12:00", "14:00")
    reopen(facility)
    assert free() == {"10:30": 3, "11:00": 3, "12:30": 0, "13:00": 0}
    reopen(facility)
    assert free() == {"10:30": 3, "11:00": 3, "12:30": 3, "13:00": 3}
    made.refresh_from_db()
    assert made.status == "cancelled"
    done = Entry.objects.filter(action__startswith="hours.").order_by("id").values_list("action", flat=True)
    assert list(done) == ["hours.close", "hours.close", "hours.reopen", "hours.reopen"]


def test_a_day_that_opens_later_opens_without_them(facility: Facility) -> None:
    close(facility)
    assert not OpenedDay.objects.exists()
    make.opened(facility, MONDAY)
    assert free() == {"10:30": 3, "11:00": 0, "12:30": 0, "13:00": 3}
    sweeps.open_next_window(make.NOW)
    assert cells.free(OpenedDay.objects.get(date=MONDAY), 1)[22] == 0


def test_a_day_that_was_closed_opens_again_without_them(facility: Facility) -> None:
    make.opened(facility, MONDAY)
    close(facility)
    booking.close_day(facility=facility, day=MONDAY, reason="…", by=None, now=make.NOW)
    booking.reopen_day(facility=facility, day=MONDAY, by=make.member(facility).user, now=make.NOW)
    assert free() == {"10:30": 3, "11:00": 0, "12:30": 0, "13:00": 3}


def test_where_the_roster_decides_they_hold_too(facility: Facility) -> None:
    staffed(facility, qualified=3)
    make.opened(facility, MONDAY)
    open_before = free(0)
    close(facility)
    assert free(0) == {**open_before, "11:00": 0, "12:30": 0}
    reopen(facility)
    assert free(0) == open_before


def test_a_child_already_there_stays_and_is_nobodys_conflict(facility: Facility) -> None:
    made = make.booking(make.family(), facility, "2026-04-13 10:00", minutes=180)
    now = make.at("2026-04-13 10:05")
    booking.begin_use(booking=made, by=make.member(facility).user, now=now)
    assert bookings.received_within(facility, ELEVEN, ONE, now) == [made]
    assert close(facility, now=now) == []
    assert (open_conflict(), invariants.broken()) == (None, {})
    assert free()["11:00"] == 0


def test_what_is_over_that_day_is_left_alone(facility: Facility) -> None:
    """Closing in the afternoon is no reason why a child did not come in the morning."""
    make.booking(make.family(), facility, "2026-04-13 09:00")
    now = make.at("2026-04-13 12:00")
    assert close(facility, "09:00", "15:00", now=now) == []
    assert booking.close_day(facility=facility, day=MONDAY, reason="…", by=None, now=now) == []


def test_a_place_kept_there_is_given_back_and_the_family_stays_in_line() -> None:
    facility = make.facility(places=1)
    made = make.booking(make.family(), facility, "2026-04-13 09:00", minutes=180)
    entry = wait(facility)
    booking.cancel_by_facility(booking=made, words="", by=None, now=LATER)
    sweeps.offer_freed(LATER)
    kept = offered(entry)
    close(facility, "11:00", "12:00", now=LATER)
    kept.refresh_from_db()
    assert (kept.status, kept.waiting.status) == ("dropped", "waiting")
    assert "お休みにした" in mails.compose(Message.objects.get(kind="place_passed"), LATER).body
    sweeps.offer_freed(LATER)
    assert offered(entry).ends_at == ELEVEN  # before the closed hour there is room for it
    assert invariants.broken() == {}


@pytest.mark.parametrize(
    ("closed", "status"),
    [
        ([("09:00", "12:00")], "closed"),
        ([("09:00", "15:00")], "closed"),
        ([("09:00", "11:30")], "closed"),  # half an hour is left, and an hour is wished for
        ([("09:00", "10:30"), ("10:30", "12:00")], "closed"),
        ([("09:00", "11:00")], "waiting"),
        ([("12:00", "15:00")], "waiting"),
    ],
)
def test_whoever_could_come_in_no_other_hour_is_in_line_no_more(
    closed: list[tuple[str, str]], status: str
) -> None:
    facility = make.facility(places=1)
    make.booking(make.family(), facility, "2026-04-13 09:00", minutes=180)
    entry = wait(facility)
    for span in closed:
        close(facility, *span)
    entry.refresh_from_db()
    assert entry.status == status
    told = Message.objects.filter(kind="waiting_closed", to=entry.guardian.user)
    assert told.count() == (status == "closed")
    assert bool(bookings.waits_of(entry.guardian, make.NOW)) == (status == "waiting")
    if told:
        assert "園から: 避難訓練" in mails.compose(told[0], make.NOW).body
        reopen(facility)
        entry.refresh_from_db()
        assert entry.status == "closed"
    assert invariants.broken() == {}


def test_nobody_enters_the_line_of_closed_hours(facility: Facility) -> None:
    make.opened(facility, MONDAY)
    close(facility, "09:00", "12:00")
    with pytest.raises(Refused) as caught:
        wait(facility)
    assert caught.value.reason is Reason.HOURS_CLOSED


def test_a_request_that_a_closing_ends_is_remembered_as_a_wish() -> None:
    facility = make.facility(approval=Approval.ON_REQUEST)
    for at in ("11", "13"):
        make.booking(make.family(), facility, f"2026-04-13 {at}:00")
    close(facility)
    booking.close_day(facility=facility, day=MONDAY, reason="台風", by=None, now=make.NOW)
    assert {one.status for one in Booking.objects.all()} == {"cancelled"}
    kept = Wish.objects.order_by("first_cell").values_list("reason", "first_cell", "last_cell")
    assert list(kept) == [("request_closed", 22, 23), ("request_closed", 26, 27)]


def test_a_booking_that_a_closing_ends_is_no_request(facility: Facility) -> None:
    make.booking(make.family(), facility, "2026-04-13 11:00")
    close(facility)
    assert not Wish.objects.exists()


def test_what_was_cut_off_in_the_middle_is_finished(facility: Facility) -> None:
    made = make.booking(make.family(), facility, "2026-04-13 11:00")
    make.booking(make.family(), facility, "2026-04-13 13:00")
    ClosedHours.objects.create(
        facility=facility, date=MONDAY, starts_at=ELEVEN, ends_at=ONE, reason="…", announced_at=make.NOW
    )
    assert set(invariants.broken(make.NOW)) == {"booking_while_closed"}
    assert sweeps.finish_closures(make.NOW) == 1
    made.refresh_from_db()
    assert (made.status, made.cause) == ("cancelled", "facility")
    assert invariants.broken(make.NOW) == {}


@pytest.mark.parametrize("rows", [1, 3])
def test_looking_whom_it_touches_costs_one_query(
    rows: int, facility: Facility, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for hour in range(11, 11 + rows):
        make.booking(make.family(), facility, f"2026-04-13 {hour}:00")
    with django_assert_num_queries(1):
        found = bookings.affected_by_closing(facility, ELEVEN, ONE + timedelta(hours=2), make.NOW)
        assert len([one.guardian.user.language + one.child.called for one in found]) == rows


@pytest.mark.parametrize("hours", [True, False])
def test_what_was_cancelled_does_not_come_back_into_what_was_closed(
    facility: Facility, *, hours: bool
) -> None:
    held = [make.booking(make.family(), facility, f"2026-04-13 {at}") for at in ("09:00", "11:30")]
    for one in held:
        booking.cancel(booking=one, by=one.booked_by, now=make.NOW)
    if hours:
        close(facility)
    else:
        booking.close_day(
            facility=facility, day=MONDAY, reason="感染症", by=make.member(facility).user, now=make.NOW
        )
    early, within = held
    with pytest.raises(Refused) as caught:
        booking.undo_cancel(booking=within, by=within.booked_by, now=make.NOW)
    assert caught.value.reason is (Reason.HOURS_CLOSED if hours else Reason.FACILITY_CLOSED)
    if hours:
        booking.undo_cancel(booking=early, by=early.booked_by, now=make.NOW)
    assert invariants.broken() == {}

"""Several at once against one, changes against cancels, staff against families; each with its control."""

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from daredemo.booking import actions as booking
from daredemo.booking import invariants, queries
from daredemo.booking.models import Booking, ChildMonth, LedgerEntry
from daredemo.facilities.models import Facility
from daredemo.families.models import Child
from daredemo.rules.refusal import Refused
from tests import make
from tests.races import test_booking as races
from tests.races.at_once import ROUNDS, at_once, done, reasons, without

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
NINE = make.at("2026-04-13 09:00")
WEEK = timedelta(days=7)
UNDO_OVER = make.NOW + timedelta(minutes=11)
SOME = max(ROUNDS, 3)
Calls = list[Callable[[], Any]]


def town(*, children: int = 1, places: int = 6) -> tuple[Facility, make.Family]:
    """A nursery open for three weeks, and a family whose children it takes; their April is granted."""
    facility, family = make.facility(places=places), make.family(children=children)
    for child in family.children:
        make.accepted(child, facility)
        month = ChildMonth.objects.create(child=child, month=date(2026, 4, 1), cap_minutes=600)
        LedgerEntry.objects.create(child_month=month, kind="granted", minutes=600, effect=600, at=make.NOW)
    make.opened(facility, NINE.date(), date(2026, 4, 28))
    return facility, family


def together(facility: Facility, family: make.Family) -> Callable[[], Any]:
    """All children of the family at nine, or none."""
    asked = queries.asked_for([child.pk for child in family.children], [NINE], 60, uuid4())
    return partial(
        booking.book_all, guardian=family.guardian, facility=facility.pk, asked=asked,
        by=family.user, now=make.NOW,
    )  # fmt: skip


def booked(made: Any) -> list[Booking]:
    """What a series made, without what was refused."""
    return [one for one in made if isinstance(one, Booking)]


def change(made: Booking, starts_at: datetime) -> Callable[[], Any]:
    return partial(
        booking.change, booking=made, guardian=made.guardian, starts_at=starts_at, minutes=60,
        by=made.booked_by, request_key=uuid4(), now=make.NOW,
    )  # fmt: skip


class TestSiblingsAndOne:
    """Two places are left; two siblings want both, and another child one."""

    def wishes(self) -> Calls:
        facility, family = town(children=2, places=2)
        (other,) = races.families(1, facility)
        races.granted(other)
        return [together(facility, family), races.wish(other, facility)]

    def test_both_siblings_or_the_other_child(self) -> None:
        for _ in range(SOME):
            answers = at_once(self.wishes())
            assert (len(done(answers)), reasons(answers)) == (1, {"no_place"})
            assert invariants.broken() == {}

    def test_control_without_lock_and_seat_belt_three_children_have_two_places(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wishes = self.wishes()
        count, met, first = races.COUNT, [], Child.objects.earliest("id")

        def slowly(child: UUID, *more: Any) -> Any:
            """The siblings read twice and the other once: all of it before anybody writes."""
            met.append(found := count(child, *more))
            while len(met) < 3 and child != first.pk:
                time.sleep(0.001)
            return found

        monkeypatch.setattr(queries, "hold", races.without_days)
        monkeypatch.setattr(queries, "count", slowly)
        with without("booking_openedday", "no_more_booked_than_offered"):
            assert len(done(at_once(wishes))) == 2
            assert set(invariants.broken()) == {"more_than_offered", "conflict_differs_from_places"}


class TestTwoFamiliesOfSiblings:
    def test_nobody_waits_for_ever_and_one_family_comes(self) -> None:
        """Four children, two places: the locks of either family are taken in one order."""
        for _ in range(SOME):
            facility, first = town(children=2, places=2)
            second = make.family(children=2)
            for child in second.children:
                make.accepted(child, facility)
            answers = at_once([together(facility, first), together(facility, second)])
            assert (len(done(answers)), reasons(answers)) == (1, {"no_place"})
            assert invariants.broken() == {}


class TestSeriesAndCancel:
    """A series needs the hours of a cancellation, which holds them as long as it can be taken back."""

    def town(self) -> tuple[Booking, Callable[[], Any]]:
        """All ten hours are booked; the booking whose three a series of three would need, and the series."""
        facility, family = town()
        held = [
            make.booking(family, facility, f"2026-04-{day} 12:00", minutes=minutes)
            for day, minutes in ((13, 180), (14, 180), (15, 180), (16, 60))
        ]
        asked = queries.asked_for([family.child.pk], [NINE, NINE + WEEK, NINE + 2 * WEEK], 60, uuid4())
        series: Callable[[], Any] = partial(
            booking.book_each, guardian=family.guardian, facility=facility.pk, asked=asked,
            by=family.user, now=make.NOW,
        )  # fmt: skip
        return held[0], series

    def cancelled(self) -> tuple[Booking, Callable[[], Any]]:
        held, series = self.town()
        return booking.cancel(booking=held, by=held.booked_by, now=make.NOW), series

    def test_with_undo_the_hours_are_given_once(self) -> None:
        for _ in range(SOME):
            held, series = self.cancelled()
            calls: Calls = [
                series,
                partial(booking.undo_cancel, booking=held, by=held.booked_by, now=make.NOW),
            ]
            made, undone = at_once(calls)
            assert (len(booked(made)), isinstance(undone, Refused)) in ((3, True), (0, False))
            assert ChildMonth.objects.get(child=held.child).spent_minutes == 600
            assert invariants.broken() == {}

    def test_with_cancel_it_comes_before_or_after(self) -> None:
        """Before, there are no hours; after, there are. Between two of its times both may be true."""
        for _ in range(SOME):
            held, series = self.town()
            calls: Calls = [series, partial(booking.cancel, booking=held, by=held.booked_by, now=make.NOW)]
            made, cancelled = at_once(calls)
            assert isinstance(cancelled, Booking)
            assert ChildMonth.objects.get(child=held.child).spent_minutes in (
                600,
                420 + 60 * len(booked(made)),
            )
            assert invariants.broken() == {}

    def test_with_the_end_of_undo_the_hours_return_once(self) -> None:
        for _ in range(SOME):
            held, series = self.cancelled()
            calls: Calls = [series, partial(booking.release_cancelled, booking=held, now=UNDO_OVER)]
            made, _ = at_once(calls)
            assert len(booked(made)) == 3
            assert LedgerEntry.objects.filter(booking=held, kind="returned").count() == 1
            assert invariants.broken() == {}

    def test_control_without_the_lock_it_is_taken_back_and_given_away(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        held, series = self.cancelled()
        races.without_any_lock(2, monkeypatch)
        undo = partial(booking.undo_cancel, booking=held, by=held.booked_by, now=make.NOW)
        calls: Calls = [series, undo]
        with without("booking_childmonth", "no_more_than_the_cap"):
            made, undone = at_once(calls)
            assert len(booked(made)) == 3
            assert isinstance(undone, Booking)
            assert "booking_without_its_hours" in invariants.broken()

    def test_control_without_the_lock_the_hours_return_twice(self, monkeypatch: pytest.MonkeyPatch) -> None:
        held, series = self.cancelled()
        races.without_any_lock(2, monkeypatch)
        calls: Calls = [series, partial(booking.release_cancelled, booking=held, now=UNDO_OVER)]
        with without("booking_openedday", "no_more_booked_than_offered", "no_more_booked_a_day"):
            at_once(calls)
            assert LedgerEntry.objects.filter(booking=held, kind="returned").count() == 2
            assert "booking_without_its_hours" in invariants.broken()


class TestChanges:
    def made(self) -> Booking:
        facility, family = town()
        return make.booking(family, facility, "2026-04-13 09:00")

    def test_of_two_changes_one_stands(self) -> None:
        for _ in range(SOME):
            made = self.made()
            answers = at_once([change(made, NINE + n * WEEK) for n in (1, 2)])
            assert (len(done(answers)), reasons(answers)) == (1, {"status_moved"})
            assert Booking.objects.filter(child=made.child, status="booked").count() == 1
            assert invariants.broken() == {}

    def test_changed_or_cancelled_but_not_both(self) -> None:
        for _ in range(SOME):
            made = self.made()
            cancel: Callable[[], Any] = partial(booking.cancel, booking=made, by=made.booked_by, now=make.NOW)
            answers = at_once([change(made, NINE + WEEK), cancel])
            assert len(done(answers)) == 1
            assert reasons(answers) <= {"already_cancelled", "status_moved"}
            assert invariants.broken() == {}

    def test_control_without_the_lock_it_is_changed_and_cancelled(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = self.made()
        races.without_any_lock(2, monkeypatch)
        cancel: Callable[[], Any] = partial(booking.cancel, booking=made, by=made.booked_by, now=make.NOW)
        assert len(done(at_once([change(made, NINE + WEEK), cancel]))) == 2

    def test_control_without_the_lock_one_booking_becomes_two(self, monkeypatch: pytest.MonkeyPatch) -> None:
        made = self.made()
        races.take_away(2, monkeypatch, races.without_locks)
        belts = ("no_more_booked_a_day", "no_more_booked_than_offered")
        once = "booking_moved_once"
        with without("booking_openedday", *belts), without("booking_booking", once):
            assert len(done(at_once([change(made, NINE + n * WEEK) for n in (1, 2)]))) == 2
            assert invariants.broken() != {}


class TestStaffAndGuardian:
    """The last place: a family on its phone, and staff for a family on theirs."""

    def wishes(self) -> Calls:
        facility = make.facility(places=1)
        make.opened(facility, NINE.date())
        mine, theirs = (races.granted(one) for one in races.families(2, facility))
        by_phone = races.wish(theirs, facility)
        by_phone.keywords["by"] = make.member(facility).user  # type: ignore[attr-defined]
        return [races.wish(mine, facility), by_phone]

    def test_one_of_them_has_it(self) -> None:
        for _ in range(SOME):
            answers = at_once(self.wishes())
            assert (len(done(answers)), reasons(answers)) == (1, {"no_place"})
            assert invariants.broken() == {}

    def test_control_without_lock_and_seat_belt_both_have_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        wishes = self.wishes()
        races.take_away(2, monkeypatch, races.without_days)
        with without("booking_openedday", "no_more_booked_than_offered"):
            assert len(done(at_once(wishes))) == 2
            assert set(invariants.broken()) == {"more_than_offered", "conflict_differs_from_places"}

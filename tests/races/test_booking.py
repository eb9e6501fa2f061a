"""Bookings at once: each race is exact, and each shows the wrong result with its lock and seat belt off."""

import contextlib
import threading
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from daredemo.booking import actions as booking
from daredemo.booking import invariants, queries
from daredemo.booking.models import Booking, ChildMonth, LedgerEntry
from daredemo.facilities.models import Facility
from daredemo.notifications.models import Message
from tests import make
from tests.races.at_once import ROUNDS, at_once, done, reasons, without

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
MONDAY = date(2026, 4, 13)
NINE = make.at("2026-04-13 09:00")
CLIENTS = 64
HOLD, COUNT = queries.hold, queries.count


def families(count: int, *facilities: Facility) -> list[make.Family]:
    found = [make.family() for _ in range(count)]
    for family in found:
        for facility in facilities:
            make.accepted(family.child, facility)
    return found


def wish(
    family: make.Family, facility: Facility, starts_at: datetime = NINE, key: UUID | None = None
) -> Callable[[], Booking]:
    return partial(
        booking.book, child=family.child.pk, facility=facility.pk, starts_at=starts_at, minutes=60,
        guardian=family.guardian, by=family.user, request_key=key or uuid4(), now=make.NOW,
    )  # fmt: skip


def without_days(months: Iterable[tuple[UUID, date]], days: Iterable[UUID]) -> None:
    HOLD(months, ())


def without_months(months: Iterable[tuple[UUID, date]], days: Iterable[UUID]) -> None:
    HOLD((), days)


def without_locks(months: Iterable[tuple[UUID, date]], days: Iterable[UUID]) -> None:
    pass


def granted(family: make.Family) -> make.Family:
    """April is open for the child, with its whole allowance."""
    month = ChildMonth.objects.create(child=family.child, month=date(2026, 4, 1), cap_minutes=600)
    LedgerEntry.objects.create(child_month=month, kind="granted", minutes=600, effect=600, at=make.NOW)
    return family


def all_have_read(
    count: int, monkeypatch: pytest.MonkeyPatch, name: str, reading: Callable[..., Any]
) -> None:
    """Let everybody read before anybody writes: sooner or later is now."""
    read = threading.Barrier(count, timeout=120)

    def together(*arguments: Any, **more: Any) -> Any:
        found = reading(*arguments, **more)
        with contextlib.suppress(threading.BrokenBarrierError):
            read.wait()
        read.abort()  # a second try passes
        return found

    monkeypatch.setattr(queries, name, together)


def take_away(count: int, monkeypatch: pytest.MonkeyPatch, holding: Callable[..., None]) -> None:
    """Locks are taken by `holding` instead, and everybody has read what is counted before anybody writes."""
    monkeypatch.setattr(queries, "hold", holding)
    all_have_read(count, monkeypatch, "count", COUNT)


def unheld(booking_id: UUID, *, with_day: bool = False) -> queries.Held:
    """What `hold_booking` gives, without any lock."""
    found = Booking.objects.select_related("child", "guardian__user", "facility", "policy", "place_policy")
    made = found.get(pk=booking_id)
    month = ChildMonth.objects.get(child=made.child_id, month=made.date.replace(day=1))
    return queries.Held(made, month, made.day if with_day else None)


def without_any_lock(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody holds anything, and so many, counting or holding, have read before anybody writes."""
    read = threading.Barrier(count, timeout=120)

    def together(reading: Callable[..., Any]) -> Callable[..., Any]:
        def first(*arguments: Any, **more: Any) -> Any:
            found = reading(*arguments, **more)
            with contextlib.suppress(threading.BrokenBarrierError):
                read.wait()
            read.abort()  # only the first time: what comes afterwards passes
            return found

        return first

    monkeypatch.setattr(queries, "hold", without_locks)
    monkeypatch.setattr(queries, "count", together(COUNT))
    monkeypatch.setattr(queries, "hold_booking", together(unheld))


class TestLastPlace:
    @pytest.mark.parametrize("places", [1, 3, 6])
    def test_exactly_as_many_winners_as_places(self, places: int) -> None:
        facility = make.facility(places=places)
        make.opened(facility, MONDAY, date(2026, 5, 29))
        wanting = families(CLIENTS, facility)
        for number in range(ROUNDS):
            starts_at = NINE + timedelta(minutes=30 * (number % 11), weeks=number // 11 % 7)
            answers = at_once([wish(family, facility, starts_at) for family in wanting])
            assert len(done(answers)) == places
            assert reasons(answers) == {"no_place"}
            assert invariants.broken() == {}
            for winner in done(answers):
                booking.undo_booking(booking=winner, by=winner.booked_by, now=make.NOW)

    def test_the_others_hear_of_other_times(self) -> None:
        facility = make.facility(places=1)
        make.opened(facility, MONDAY)
        answers = at_once([wish(family, facility) for family in families(4, facility)])
        assert (len(done(answers)), reasons(answers)) == (1, {"no_place"})
        others = queries.other_starts(make.family().child, facility, NINE, 60, make.NOW)
        assert others == tuple(NINE + timedelta(minutes=30 * n) for n in (2, 3, 4))

    def test_without_the_lock_the_seat_belt_holds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        facility = make.facility(places=1)
        make.opened(facility, MONDAY)
        wanting = families(4, facility)
        take_away(4, monkeypatch, without_days)
        answers = at_once([wish(family, facility) for family in wanting])
        assert (len(done(answers)), reasons(answers)) == (1, {"no_place"})
        assert invariants.broken() == {}

    def test_control_without_both_one_place_is_given_four_times(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        facility = make.facility(places=1)
        make.opened(facility, MONDAY)
        wanting = families(4, facility)
        take_away(4, monkeypatch, without_days)
        with without("booking_openedday", "no_more_booked_than_offered"):
            assert len(done(at_once([wish(family, facility) for family in wanting]))) == 4
            assert set(invariants.broken()) == {"more_than_offered", "conflict_differs_from_places"}


class TestLastHours:
    """One child, twenty requests at twenty facilities at once: the minutes granted are the allowance."""

    def facilities(self, family: make.Family, count: int) -> list[Facility]:
        found = [make.facility(name=f"園{number}") for number in range(count)]
        for facility in found:
            make.accepted(family.child, facility)
            make.opened(facility, MONDAY, date(2026, 4, 17))
        return found

    def wishes(self, family: make.Family, facilities: list[Facility]) -> list[Callable[[], Booking]]:
        starts = [NINE + timedelta(days=n % 5, hours=n // 5) for n in range(len(facilities))]
        return [wish(family, *pair) for pair in zip(facilities, starts, strict=True)]

    def test_ten_of_twenty_hours_are_granted(self) -> None:
        family = make.family()
        answers = at_once(self.wishes(family, self.facilities(family, 20)))
        assert (len(done(answers)), reasons(answers)) == (10, {"no_hours_left"})
        assert ChildMonth.objects.get().spent_minutes == 600
        assert invariants.broken() == {}

    def test_control_without_lock_and_cap_more_is_granted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        family = make.family()
        wishes = self.wishes(family, self.facilities(family, 14))
        granted(family)
        take_away(14, monkeypatch, without_months)
        with without("booking_childmonth", "no_more_than_the_cap"):
            assert len(done(at_once(wishes))) == 14
            assert set(invariants.broken()) == {"month_above_its_cap"}


class TestOneChildTwoPlaces:
    def two(self) -> tuple[make.Family, list[Facility]]:
        family, both = make.family(), [make.facility(), make.facility(name="べつの園")]
        for facility in both:
            make.accepted(family.child, facility)
            make.opened(facility, MONDAY)
        granted(family)
        return family, both

    def test_one_of_two_is_booked(self) -> None:
        for _ in range(ROUNDS):
            family, both = self.two()
            answers = at_once([wish(family, facility) for facility in both])
            assert (len(done(answers)), reasons(answers)) == (1, {"overlaps_own_booking"})
            assert invariants.broken() == {}

    def test_without_the_lock_the_seat_belt_holds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        family, both = self.two()
        take_away(2, monkeypatch, without_months)
        answers = at_once([wish(family, facility) for facility in both])
        assert (len(done(answers)), reasons(answers)) == (1, {"overlaps_own_booking"})

    def test_control_without_both_the_child_is_in_two_places(self, monkeypatch: pytest.MonkeyPatch) -> None:
        family, both = self.two()
        take_away(2, monkeypatch, without_months)
        with without("booking_booking", "one_child_in_one_place"):
            assert len(done(at_once([wish(family, facility) for facility in both]))) == 2
            assert set(invariants.broken()) == {"child_in_two_places"}


class TestDoubleSubmit:
    def wishes(self) -> list[Callable[[], Booking]]:
        """Copies of one request: a button pressed again and again."""
        facility = make.facility()
        make.opened(facility, MONDAY)
        (family,) = families(1, facility)
        granted(family)
        return [wish(family, facility, key=uuid4())] * 8

    def test_eight_copies_are_one_booking(self) -> None:
        for _ in range(ROUNDS):
            answers = at_once(self.wishes())
            (made,) = {answer.pk for answer in done(answers)}
            assert len(done(answers)) == 8
            assert Message.objects.filter(key=f"booked:{made}:0").count() == 1
            assert invariants.broken() == {}

    def test_without_the_lock_the_unique_key_holds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        wishes = self.wishes()
        take_away(8, monkeypatch, without_months)
        assert len({answer.pk for answer in done(at_once(wishes))}) == 1

    def test_control_without_lock_and_key_it_is_booked_again_and_again(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wishes = self.wishes()[:3]
        take_away(3, monkeypatch, without_locks)
        key, place = "booking_booking_request_key_key", "one_child_in_one_place"
        with without("booking_booking", key, place):
            assert len({answer.pk for answer in done(at_once(wishes))}) == 3
            assert "request_key_twice" in invariants.broken()


class TestCancelAndDoor:
    def doors(self) -> tuple[Booking, list[Callable[[], Booking]]]:
        facility, family = make.facility(), make.family()
        made = make.booking(family, facility, "2026-04-13 09:00")
        now = make.at("2026-04-13 08:50")
        cancel = partial(booking.cancel, booking=made, by=family.user, now=now)
        receive = partial(booking.begin_use, booking=made, by=make.member(facility).user, now=now)
        return made, [cancel, receive]

    def test_either_cancelled_or_received(self) -> None:
        for _ in range(max(ROUNDS, 3)):
            made, doors = self.doors()
            answers = at_once(doors)
            made.refresh_from_db()
            assert len(done(answers)) == 1
            assert (made.status == "cancelled") is (made.begun_at is None)

    def test_control_without_the_lock_both_happen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        made, doors = self.doors()
        all_have_read(2, monkeypatch, "hold_booking", unheld)
        assert len(done(at_once(doors))) == 2
        made.refresh_from_db()
        assert (made.status, made.begun_at is None) == ("cancelled", False)


def test_undo_and_another_booking_never_meet() -> None:
    """A family takes a cancellation back while the other parent books the time anew."""
    for _ in range(max(ROUNDS, 3)):
        facility, family = make.facility(), make.family()
        other = make.facility(name="べつの園")
        make.accepted(family.child, other)
        make.opened(other, MONDAY)
        made = make.booking(family, facility, "2026-04-13 09:00")
        booking.cancel(booking=made, by=family.user, now=make.NOW)
        undo = partial(booking.undo_cancel, booking=made, by=family.user, now=make.NOW)
        calls: list[Callable[[], Booking]] = [undo, wish(family, other)]
        answers = at_once(calls)
        assert len(done(answers)) == 1
        assert Booking.objects.filter(child=family.child, status="booked").count() == 1
        assert invariants.broken() == {}

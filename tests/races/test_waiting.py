"""The waiting list at once: each race is exact, and shows the wrong result with lock and seat belt off."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from daredemo.booking import actions as booking
from daredemo.booking import invariants, queries, sweeps
from daredemo.booking.models import Booking, Offer, OfferStatus, OpenedDay, Waiting
from daredemo.facilities.models import Facility
from tests import make
from tests.races.at_once import ROUNDS, at_once, done, reasons, without
from tests.races.test_booking import all_have_read, families, wish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
MONDAY = date(2026, 4, 13)
NINE = make.at("2026-04-13 09:00")
HOUR = timedelta(hours=1)
FREED = make.NOW + timedelta(minutes=11)
OVER = make.NOW + timedelta(days=2)
CLIENTS = 64
BELT = ("booking_openedday", "no_more_booked_than_offered")


def full(places: int = 1) -> tuple[Facility, list[Booking]]:
    """A facility whose places from nine to ten are taken."""
    facility = make.facility(places=places)
    return facility, [make.booking(make.family(), facility, "2026-04-13 09:00") for _ in range(places)]


def enter(family: make.Family, facility: Facility) -> Callable[[], Waiting]:
    return partial(
        booking.join, guardian=family.guardian, child=family.child.pk, facility=facility.pk, since=NINE,
        until=NINE + HOUR, minutes=60, by=family.user, now=make.NOW,
    )  # fmt: skip


def line(facility: Facility, count: int) -> list[Waiting]:
    return [enter(family, facility)() for family in families(count, facility)]


def free(taken: Iterable[Booking]) -> None:
    for one in taken:
        booking.undo_booking(booking=one, by=one.booked_by, now=make.NOW)


def offers() -> list[Offer]:
    open_ = Offer.objects.filter(status="open").select_related("waiting__guardian__user", "child")
    return list(open_.order_by("offered_at", "id"))


def offered(count: int = 1) -> Offer:
    """One place, freed, and kept for the first of so many in line."""
    facility, taken = full()
    line(facility, count)
    free(taken)
    sweeps.offer_freed(FREED)
    (offer,) = offers()
    return offer


def take(offer: Offer) -> Callable[[], Booking]:
    guardian = offer.waiting.guardian
    return partial(
        booking.accept, offer=offer, guardian=guardian, by=guardian.user, request_key=uuid4(), now=FREED
    )


def unlocked(waiting_id: UUID) -> queries.HeldWaiting:
    """What `hold_waiting` gives, without any lock."""
    entry = Waiting.objects.select_related("child", "guardian__user", "facility").get(pk=waiting_id)
    kept = Offer.objects.filter(waiting=entry, status=OfferStatus.OPEN).first()
    return queries.HeldWaiting(entry, OpenedDay.objects.get(pk=entry.day_id), kept)


def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "hold", lambda months, days: None)


class TestTakingTwice:
    def test_two_parents_take_one_offer_and_one_booking_is_made(self) -> None:
        for _ in range(ROUNDS):
            offer = offered()
            answers = at_once([take(offer), take(offer)])
            assert (len(done(answers)), reasons(answers)) == (1, {"overlaps_own_booking"})
            assert OpenedDay.objects.get(pk=offer.day_id).day_booked == 1
            assert invariants.broken() == {}

    def test_control_without_lock_and_seat_belt_it_is_booked_twice(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        offer = offered()
        without_locks(monkeypatch)
        all_have_read(2, monkeypatch, "hold_waiting", unlocked)
        with without("booking_booking", "one_child_in_one_place"):
            assert len(done(at_once([take(offer), take(offer)]))) == 2
            assert {"child_in_two_places", "day_differs_from_bookings"} <= invariants.broken().keys()


class TestTakingAndPassing:
    """The last second: the family takes the place while the clock gives it on."""

    def calls(self, offer: Offer) -> list[Callable[[], Any]]:
        return [take(offer), partial(booking.expire_offer, offer=offer, now=OVER)]

    def test_it_is_booked_or_it_passes(self) -> None:
        for _ in range(max(ROUNDS, 3)):
            offer = offered()
            answers = at_once(self.calls(offer))
            taken = isinstance(answers[0], Booking)
            assert answers[1] is not taken
            assert taken or reasons(answers) == {"offer_over"}
            assert OpenedDay.objects.get(pk=offer.day_id).day_booked == taken
            assert invariants.broken() == {}

    def test_control_without_lock_and_seat_belts_both_happen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        offer = offered()
        without_locks(monkeypatch)
        monkeypatch.setattr(queries, "offers_over", lambda now: Offer.objects.filter(pk=offer.pk))
        all_have_read(2, monkeypatch, "hold_waiting", unlocked)
        # Where the clock is first, the place is given back twice.
        with without(*BELT, "no_more_booked_a_day"):
            taken, passed = at_once(self.calls(offer))
            assert isinstance(taken, Booking)
            assert passed
            assert "day_differs_from_bookings" in invariants.broken()


class TestOfferAndBooking:
    """One place becomes free: somebody in line, and somebody who just looks."""

    def calls(self) -> list[Callable[[], Any]]:
        facility, taken = full()
        (entry,) = line(facility, 1)
        (passing,) = families(1, facility)
        free(taken)
        return [partial(booking.offer_to, entry=entry, now=make.NOW), wish(passing, facility)]

    def test_it_is_kept_or_it_is_booked(self) -> None:
        for _ in range(max(ROUNDS, 3)):
            kept, booked = at_once(self.calls())
            assert isinstance(booked, Booking) is (kept is None)
            assert invariants.broken() == {}

    def test_control_without_lock_and_seat_belt_it_is_both(self, monkeypatch: pytest.MonkeyPatch) -> None:
        calls = self.calls()
        without_locks(monkeypatch)
        monkeypatch.setattr(queries, "hold_waiting", unlocked)
        all_have_read(2, monkeypatch, "count", queries.count)
        with without(*BELT):
            kept, booked = at_once(calls)
            assert isinstance(kept, Offer)
            assert isinstance(booked, Booking)
            assert "more_than_offered" in invariants.broken()


class TestTwoPlacesThreeWaiting:
    def calls(self) -> list[Callable[[], Any]]:
        facility, taken = full(2)
        entries = line(facility, 3)
        free(taken)
        return [partial(booking.offer_to, entry=entry, now=FREED) for entry in entries]

    def test_two_are_offered_and_one_waits(self) -> None:
        for _ in range(max(ROUNDS, 3)):
            answers = at_once(self.calls())
            assert sum(answer is not None for answer in answers) == 2
            assert invariants.broken() == {}

    def test_several_sweeps_at_once_offer_each_place_once(self) -> None:
        self.calls()
        assert sum(done(at_once([partial(sweeps.offer_freed, FREED) for _ in range(4)]))) == 2
        assert [one.waiting for one in offers()] == list(Waiting.objects.order_by("created_at", "id")[:2])
        assert invariants.broken() == {}

    def test_control_without_lock_and_seat_belt_three_are_offered(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        calls = self.calls()
        without_locks(monkeypatch)
        monkeypatch.setattr(queries, "hold_waiting", unlocked)
        all_have_read(3, monkeypatch, "count", queries.count)
        with without(*BELT):
            assert all(at_once(calls))
            assert "more_than_offered" in invariants.broken()


class TestLeavingAndOffering:
    def calls(self) -> list[Callable[[], Any]]:
        facility, taken = full()
        (entry,) = line(facility, 1)
        free(taken)
        leave = partial(booking.leave, entry=entry, by=entry.guardian.user, now=FREED)
        return [leave, partial(booking.offer_to, entry=entry, now=FREED)]

    def test_whoever_left_keeps_no_place(self) -> None:
        for _ in range(max(ROUNDS, 3)):
            left, _ = at_once(self.calls())
            assert isinstance(left, Waiting)
            left.refresh_from_db()
            assert (left.status, offers()) == ("left", [])
            assert OpenedDay.objects.get(pk=left.day_id).day_booked == 0
            assert invariants.broken() == {}

    def test_control_without_the_lock_a_place_is_kept_for_nobody(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        calls = self.calls()
        without_locks(monkeypatch)
        all_have_read(2, monkeypatch, "hold_waiting", unlocked)
        left, _ = at_once(calls)
        assert isinstance(left, Waiting)
        assert left.status == "left"
        assert [one.waiting_id for one in offers()] == [left.pk]


class TestEnteringTwice:
    def test_one_child_is_in_line_once(self) -> None:
        facility, _ = full()
        (family,) = families(1, facility)
        answers = at_once([enter(family, facility) for _ in range(6)])
        assert (len(done(answers)), Waiting.objects.count()) == (6, 1)

    def test_control_without_the_seat_belt_it_is_there_twice(self) -> None:
        facility, _ = full()
        (family,) = families(1, facility)
        belt = next(one for one in Waiting._meta.constraints if one.name == "waiting_once")
        with connection.schema_editor() as editor:
            editor.remove_constraint(Waiting, belt)
        try:
            at_once([enter(family, facility) for _ in range(2)])
            assert Waiting.objects.count() == 2
        finally:
            with connection.cursor() as cursor:
                cursor.execute("TRUNCATE booking_waiting CASCADE")
            with connection.schema_editor() as editor:
                editor.add_constraint(Waiting, belt)


@pytest.mark.parametrize("places", [1, 3])
def test_sixty_four_in_line_and_as_many_places_as_there_are(places: int) -> None:
    """Sweeps run beside families that take what they are offered and others that book what they see."""
    facility, taken = full(places)
    entries = line(facility, CLIENTS)
    free(taken)
    asking: list[Callable[[], Any]] = [partial(booking.offer_to, entry=one, now=FREED) for one in entries]
    asking.append(partial(sweeps.offer_freed, FREED))
    at_once(asking)
    kept = offers()
    assert len(kept) == places
    passing = families(8, facility)
    calls: list[Callable[[], Any]] = [take(offer) for offer in kept for _ in range(8)]
    calls += [wish(family, facility) for family in passing]
    calls += [partial(sweeps.offer_freed, FREED), partial(sweeps.expire_offers, FREED)]
    made = [one for one in done(at_once(calls)) if isinstance(one, Booking)]
    assert {one.child_id for one in made} == {one.child_id for one in kept}
    assert Booking.objects.filter(status="booked").count() == places
    assert invariants.broken() == {}

"""A family takes the place that is kept for it while the nursery closes the day or ends what is booked."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from daredemo.booking import actions as booking
from daredemo.booking import invariants, queries, sweeps
from daredemo.booking.models import IN_LINE, Booking, Offer, OpenedDay, Waiting
from tests import make
from tests.races.at_once import ROUNDS, at_once, done, reasons, without
from tests.races.test_booking import without_any_lock
from tests.races.test_waiting import BELT, FREED, HOUR, MONDAY, NINE, offered, take, unlocked

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
SOME = max(ROUNDS, 3)


def ending(offer: Offer) -> Callable[[], list[Booking]]:
    """The nursery ends whatever is booked on that day by then."""

    def end() -> list[Booking]:
        return [
            booking.cancel_by_facility(booking=one, words="…", by=None, now=FREED)
            for one in Booking.objects.filter(day=offer.day_id, status="booked")
        ]

    return end


def test_taken_and_then_closed_or_not_taken_at_all() -> None:
    for _ in range(SOME):
        offer = offered()
        close = partial(
            booking.close_day, facility=offer.waiting.facility, day=MONDAY, reason="…", by=None, now=FREED
        )
        calls: list[Callable[[], Any]] = [take(offer), close]
        answers = at_once(calls)
        assert reasons(answers) <= {"facility_closed"}
        sweeps.finish_closures(FREED)
        sweeps.expire_offers(FREED)
        assert not Booking.objects.filter(status="booked").exists()
        assert OpenedDay.objects.get(pk=offer.day_id).day_booked == 0
        assert invariants.broken() == {}


def test_what_the_nursery_ended_is_not_taken_again() -> None:
    """Both parents take it, and two people of the nursery end it."""
    for _ in range(SOME):
        offer = offered()
        calls: list[Callable[[], Any]] = [take(offer), ending(offer), take(offer), ending(offer)]
        answers = at_once(calls)
        assert sum(isinstance(one, Booking) for one in answers) == 1
        assert reasons(answers) <= {"overlaps_own_booking", "offer_over", "already_cancelled"}
        held = Booking.objects.filter(day=offer.day_id, status="booked").count()
        assert OpenedDay.objects.get(pk=offer.day_id).day_booked == held
        assert invariants.broken() == {}


def close_hours(offer: Offer) -> Callable[[], list[Booking]]:
    return partial(
        booking.close_hours, facility=offer.waiting.facility, starts_at=NINE, ends_at=NINE + HOUR,
        reason="避難訓練", by=None, now=FREED,
    )  # fmt: skip


def test_taken_and_then_its_hours_closed_or_not_taken_at_all() -> None:
    for _ in range(SOME):
        offer = offered(2)
        answers = at_once([take(offer), close_hours(offer)])
        assert reasons(answers) <= {"hours_closed", "offer_over"}
        assert not Booking.objects.filter(status="booked").exists()
        assert not Waiting.objects.filter(status__in=IN_LINE).exists()
        assert OpenedDay.objects.get(pk=offer.day_id).day_booked == 0
        assert invariants.broken() == {}


def test_control_without_locks_it_is_taken_in_hours_that_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    offer = offered()
    has_read, has_closed = threading.Event(), threading.Event()

    def reading(waiting_id: UUID) -> queries.HeldWaiting:
        found = unlocked(waiting_id)
        if not has_read.is_set():  # the family; the nursery comes afterwards
            has_read.set()
            assert has_closed.wait(20)
        return found

    def close_meanwhile() -> None:
        assert has_read.wait(20)
        close_hours(offer)()
        has_closed.set()

    monkeypatch.setattr(queries, "hold", lambda months, days: None)
    monkeypatch.setattr(queries, "hold_waiting", reading)
    with without(*BELT, "no_more_booked_a_day"):
        assert reasons(at_once([take(offer), close_meanwhile])) == set()
        assert {"booking_while_closed", "places_differ_from_bookings"} <= invariants.broken().keys()


def test_control_without_locks_what_was_taken_is_ended_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    made = take(offered())()
    # Without another the sums themselves would fall below zero, and the database says no.
    make.booking(make.Family(made.guardian, (made.child,)), made.facility, "2026-04-13 12:00", now=FREED)
    without_any_lock(2, monkeypatch)
    end = partial(booking.cancel_by_facility, booking=made, words="…", by=None, now=FREED)
    with without(*BELT, "no_more_booked_a_day"), without("notifications_message", "message_key"):
        assert len(done(at_once([end, end]))) == 2
        assert "places_differ_from_bookings" in invariants.broken()

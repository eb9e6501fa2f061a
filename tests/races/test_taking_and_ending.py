"""A family takes the place that is kept for it while the nursery closes the day or ends what is booked."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from daredemo.booking import actions as booking
from daredemo.booking import invariants, sweeps
from daredemo.booking.models import Booking, Offer, OpenedDay
from tests import make
from tests.races.at_once import ROUNDS, at_once, done, reasons, without
from tests.races.test_booking import without_any_lock
from tests.races.test_waiting import BELT, FREED, MONDAY, offered, take

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


def test_control_without_locks_what_was_taken_is_ended_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    made = take(offered())()
    # Without another the sums themselves would fall below zero, and the database says no.
    make.booking(make.Family(made.guardian, (made.child,)), made.facility, "2026-04-13 12:00", now=FREED)
    without_any_lock(2, monkeypatch)
    end = partial(booking.cancel_by_facility, booking=made, words="…", by=None, now=FREED)
    with without(*BELT, "no_more_booked_a_day"), without("notifications_message", "message_key"):
        assert len(done(at_once([end, end]))) == 2
        assert "places_differ_from_bookings" in invariants.broken()

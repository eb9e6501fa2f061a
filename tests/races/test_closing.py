"""A day, or hours of it, close while families book: nobody is left with a visit that nobody expects."""

import threading
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from daredemo.booking import actions as booking
from daredemo.booking import invariants, queries, sweeps
from daredemo.booking.models import HOLDING, Booking, OpenedDay, Waiting
from daredemo.facilities.models import Facility
from daredemo.notifications.models import Message
from tests import make
from tests.races.at_once import ROUNDS, at_once, done, reasons, without
from tests.races.test_booking import COUNT, without_days

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
MONDAY = date(2026, 4, 13)
TEN, ELEVEN = make.at("2026-04-13 10:00"), make.at("2026-04-13 11:00")
CLIENTS = 32
Close = Callable[[Facility], Callable[[], list[Booking]]]


def close_day(facility: Facility) -> Callable[[], list[Booking]]:
    return partial(
        booking.close_day, facility=facility, day=MONDAY, reason="台風", by=None, now=make.NOW
    )  # fmt: skip


def close_hours(facility: Facility) -> Callable[[], list[Booking]]:
    return partial(
        booking.close_hours, facility=facility, starts_at=TEN, ends_at=ELEVEN, reason="避難訓練", by=None,
        now=make.NOW,
    )  # fmt: skip


def town(families: int) -> tuple[Facility, list[Callable[[], Any]]]:
    """A nursery with room for everybody, and families that want the same hour."""
    facility = make.facility(places=40)
    make.opened(facility, MONDAY)
    wanting = [make.family() for _ in range(families)]
    for family in wanting:
        make.accepted(family.child, facility)
    return facility, [
        partial(
            booking.book, child=family.child.pk, facility=facility.pk, starts_at=TEN, minutes=60,
            guardian=family.guardian, by=family.user, request_key=uuid4(), now=make.NOW,
        )
        for family in wanting
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("close", "no"), [(close_day, "facility_closed"), (close_hours, "hours_closed")], ids=["day", "hours"]
)
def test_whoever_booked_before_is_told_once_and_nobody_books_afterwards(close: Close, no: str) -> None:
    """Two of the staff close it, too."""
    for _ in range(ROUNDS):
        facility, wishes = town(CLIENTS)
        answers = at_once([*wishes[:8], close(facility), *wishes[8:24], close(facility), *wishes[24:]])
        made = [one for one in done(answers) if isinstance(one, Booking)]
        assert reasons(answers) <= {no}
        assert not facility.bookings.filter(status__in=HOLDING).exists()
        told = Message.objects.filter(kind="booking_cancelled")
        assert {one.context["booking"] for one in told} >= {str(one.pk) for one in made}
        assert facility.bookings.count() == len(made)
        assert told.count() == Booking.objects.count()
        assert invariants.broken() == {}


class TestControls:
    """The lock off: a family reads a place, the facility closes, then the family writes what it saw."""

    def together(self, close: Close, monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], Any]]:
        facility, [wish] = town(1)
        has_read, has_closed = threading.Event(), threading.Event()

        def reading(*given: Any) -> Any:
            found = COUNT(*given)
            has_read.set()
            assert has_closed.wait(20)
            return found

        def close_meanwhile() -> None:
            assert has_read.wait(20)
            assert close(facility)() == []
            has_closed.set()

        monkeypatch.setattr(queries, "hold", without_days)
        monkeypatch.setattr(queries, "count", reading)
        return [wish, close_meanwhile]

    def test_without_the_lock_a_visit_stands_on_a_closed_day_until_it_is_swept(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answers = at_once(self.together(close_day, monkeypatch))
        assert reasons(answers) == set()
        assert set(invariants.broken()) == {"booking_while_closed"}
        assert sweeps.finish_closures(make.NOW) == 1
        assert invariants.broken() == {}

    def test_without_the_lock_the_seat_belt_keeps_hours_closed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert reasons(at_once(self.together(close_hours, monkeypatch))) == {"hours_closed"}
        assert invariants.broken() == {}

    def test_without_both_a_visit_stands_in_closed_hours(self, monkeypatch: pytest.MonkeyPatch) -> None:
        calls = self.together(close_hours, monkeypatch)
        with without("booking_openedday", "no_more_booked_than_offered"):
            assert reasons(at_once(calls)) == set()
            assert set(invariants.broken()) == {"more_than_offered", "booking_while_closed"}


class TestEnteringTheLine:
    """A family enters the line of a full day while the facility closes it."""

    def entering(self) -> tuple[Facility, Callable[[], Waiting]]:
        facility = make.facility(places=1)
        make.booking(make.family(), facility, "2026-04-13 10:00")
        family = make.family()
        make.accepted(family.child, facility)
        return facility, partial(
            booking.join, guardian=family.guardian, child=family.child.pk, facility=facility.pk, since=TEN,
            until=ELEVEN, minutes=60, by=family.user, now=make.NOW,
        )  # fmt: skip

    @pytest.mark.parametrize("close", [close_day, close_hours], ids=["day", "hours"])
    def test_nobody_waits_for_what_is_closed(self, close: Close) -> None:
        for _ in range(max(ROUNDS, 3)):
            facility, enter = self.entering()
            answers = at_once([enter, close(facility)])
            assert reasons(answers) <= {"facility_closed", "hours_closed"}
            told = Message.objects.filter(kind="waiting_closed").count()
            entered = Waiting.objects.filter(facility=facility)
            assert not entered.exclude(status="closed").exists()
            assert told == Waiting.objects.count()
            assert invariants.broken() == {}

    @pytest.mark.parametrize("close", [close_day, close_hours], ids=["day", "hours"])
    def test_control_without_the_lock_it_waits_for_nothing(
        self, close: Close, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        facility, enter = self.entering()
        would_do, has_read, has_closed = queries.would_do, threading.Event(), threading.Event()
        mine = threading.local()

        def without_lock(day_ids: Any) -> Any:
            mine.enters = True
            return {one: OpenedDay.objects.get(pk=one) for one in day_ids}

        def seen_open(*given: Any) -> bool:
            found = would_do(*given)
            if getattr(mine, "enters", False):
                has_read.set()
                assert has_closed.wait(20)
            return found

        def close_meanwhile() -> None:
            assert has_read.wait(20)
            close(facility)()
            has_closed.set()

        monkeypatch.setattr(queries, "hold_days", without_lock)
        monkeypatch.setattr(queries, "would_do", seen_open)
        assert reasons(at_once([enter, close_meanwhile])) == set()
        assert Waiting.objects.get().status == "waiting"
        assert not Message.objects.filter(kind="waiting_closed").exists()


class TestUndoOfACancellation:
    """A family takes its cancelling back while the facility closes."""

    def undone(self) -> tuple[Facility, Callable[[], Booking]]:
        facility, [wish] = town(1)
        made = wish()
        booking.cancel(booking=made, by=made.booked_by, now=make.NOW)
        return facility, partial(booking.undo_cancel, booking=made, by=made.booked_by, now=make.NOW)

    @pytest.mark.parametrize("close", [close_day, close_hours], ids=["day", "hours"])
    def test_it_is_refused_or_told_that_it_is_closed(self, close: Close) -> None:
        for _ in range(max(ROUNDS, 3)):
            facility, undo = self.undone()
            answers = at_once([undo, close(facility)])
            assert reasons(answers) <= {"facility_closed", "hours_closed"}
            assert not facility.bookings.filter(status__in=HOLDING).exists()
            assert invariants.broken() == {}

    def test_control_without_the_lock_it_stands_on_a_closed_day(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        facility, undo = self.undone()
        hold, has_read, has_closed = queries.hold_booking, threading.Event(), threading.Event()

        def without_day(booking_id: Any, **_: Any) -> queries.Held:
            held = hold(booking_id)
            return queries.Held(held.booking, held.month, held.booking.day)

        def seen_open(_: queries.Held) -> None:
            has_read.set()
            assert has_closed.wait(20)

        def close_meanwhile() -> None:
            assert has_read.wait(20)
            assert close_day(facility)() == []
            has_closed.set()

        monkeypatch.setattr(queries, "hold_booking", without_day)
        monkeypatch.setattr(queries, "not_closed", seen_open)
        assert reasons(at_once([undo, close_meanwhile])) == set()
        assert set(invariants.broken()) == {"booking_while_closed"}

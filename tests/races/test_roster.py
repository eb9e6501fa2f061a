"""Somebody falls ill while families book: the day shrinks under its lock, and too much is a conflict."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError

from daredemo.booking import actions as booking
from daredemo.booking import invariants, queries
from daredemo.booking.models import Booking, OpenedDay
from daredemo.facilities import actions as facilities
from daredemo.facilities.models import Carer, Facility
from tests import make, staffing
from tests.races.at_once import ROUNDS, at_once, done, reasons, without

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
MONDAY = date(2026, 4, 13)
INFANT = date(2025, 6, 1)
CLIENTS = 64


def town(families: int, *, staff: int = 4) -> tuple[Facility, list[Carer], list[make.Family]]:
    """A nursery whose places come from the law, and families with an infant each."""
    facility = make.facility(places=40)
    carers = staffing.staffed(facility, qualified=staff)
    make.opened(facility, MONDAY, MONDAY + timedelta(days=4))
    wanting = [make.family(born=INFANT) for _ in range(families)]
    for family in wanting:
        make.accepted(family.child, facility)
    return facility, carers, wanting


def wish(family: make.Family, facility: Facility) -> Callable[[], Any]:
    return partial(
        booking.book, child=family.child.pk, facility=facility.pk, starts_at=make.at("2026-04-13 09:00"),
        minutes=60, guardian=family.guardian, by=family.user, request_key=uuid4(), now=make.NOW,
    )  # fmt: skip


def monday(facility: Facility) -> OpenedDay:
    return OpenedDay.objects.get(facility=facility, date=MONDAY)


def roster(facility: Facility, verb: Any, **given: Any) -> Callable[[], Any]:
    return partial(booking.change_roster, facility=facility, verb=verb, by=None, now=make.NOW, **given)


def test_bookings_and_the_roster_for_the_same_day() -> None:
    """64 want a place while one falls ill and another comes back, again and again."""
    for _ in range(ROUNDS):
        facility, carers, wanting = town(CLIENTS)
        ill = [roster(facility, facilities.set_duty, carer=one, day=MONDAY) for one in carers[:2]]
        back = [roster(facility, facilities.clear_duty, carer=one, day=MONDAY) for one in carers[:2]]
        wishes = [wish(family, facility) for family in wanting]
        answers = at_once([*wishes[:20], *ill, *wishes[20:40], *back, *wishes[40:], *ill])
        assert reasons(answers) == {"no_place"}
        assert invariants.broken() == {}
        day = monday(facility)
        assert len([one for one in done(answers) if isinstance(one, Booking)]) == day.booked_0[18]
        # Two are left: six infants are lawful; up to twelve had come before.
        assert 6 <= day.booked_0[18] <= 12
        assert day.lawful[18] == 12
        assert day.conflicts.filter(resolved_at=None).count() == (day.booked_0[18] > 6)


def test_whoever_leaves_while_the_roster_changes_leaves_no_conflict_behind() -> None:
    for _ in range(max(ROUNDS, 3)):
        facility, carers, wanting = town(9, staff=3)
        made = done([wish(family, facility)() for family in wanting])
        ill = roster(facility, facilities.set_duty, carer=carers[0], day=MONDAY)
        leave = [
            partial(booking.undo_booking, booking=one, by=one.booked_by, now=make.NOW) for one in made[:4]
        ]
        publish = partial(
            booking.publish_days, facility=facility, since=MONDAY, until=MONDAY + timedelta(days=4), by=None,
            now=make.NOW,
        )  # fmt: skip
        calls: list[Callable[[], Any]] = [*leave[:2], ill, publish, *leave[2:]]
        assert reasons(at_once(calls)) == set()
        day = monday(facility)
        assert (day.booked_0[18], day.offered[18]) == (5, 12)
        assert not day.conflicts.filter(resolved_at=None).exists()
        assert invariants.broken() == {}


def test_two_changes_of_the_roster_both_count() -> None:
    for _ in range(max(ROUNDS, 3)):
        facility, carers, _ = town(0)
        at_once([roster(facility, facilities.set_duty, carer=one, day=MONDAY) for one in carers[:2]])
        assert monday(facility).offered[18] == 12


class TestControls:
    """The lock off: the roster sees an empty day, a family books, then the roster writes what it saw."""

    def together(self, monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], Any]]:
        facility, carers, wanting = town(4, staff=2)
        has_read, has_booked = threading.Event(), threading.Event()

        def unlocked(facility: Facility, first: date, last: date | None) -> list[OpenedDay]:
            found = list(OpenedDay.objects.filter(facility=facility, date=MONDAY))
            has_read.set()
            assert has_booked.wait(120)
            return found

        def book_meanwhile() -> None:
            assert has_read.wait(120)
            for family in wanting:
                wish(family, facility)()
            has_booked.set()

        monkeypatch.setattr(queries, "hold_days_of", unlocked)
        ill = roster(facility, facilities.set_duty, carer=carers[0], day=MONDAY)
        return [ill, book_meanwhile]

    def test_without_the_lock_the_seat_belt_holds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.raises(IntegrityError, match="no_more_booked_than_offered"):
            at_once(self.together(monkeypatch))
        assert invariants.broken() == {}

    def test_without_both_more_is_booked_than_offered_and_nobody_knows(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        calls = self.together(monkeypatch)
        with without("booking_openedday", "no_more_booked_than_offered"):
            at_once(calls)
            assert set(invariants.broken()) == {"more_than_offered", "conflict_differs_from_places"}

    def test_without_the_queue_at_the_facility_one_change_is_lost(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Both read the roster before either has written its own line."""
        facility, carers, _ = town(0)
        read, sources = threading.Barrier(2), queries.sources

        def together(*given: Any) -> queries.Sources:
            found = sources(*given)
            read.wait(120)
            return found

        monkeypatch.setattr(queries, "sources", together)
        monkeypatch.setattr(queries, "hold_facility", lambda facility: facility)
        monkeypatch.setattr(
            queries,
            "hold_days_of",
            lambda *given: list(OpenedDay.objects.filter(facility=facility, date=MONDAY)),
        )
        at_once([roster(facility, facilities.set_duty, carer=one, day=MONDAY) for one in carers[:2]])
        assert monday(facility).offered[18] == 18

"""One child comes twice on a day, and is one child of the day: booked and taken back at once."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from daredemo.booking import actions as booking
from daredemo.booking import invariants, queries
from daredemo.booking.actions import hours
from daredemo.booking.models import Booking, OpenedDay
from tests import make
from tests.races.at_once import ROUNDS, at_once, done, reasons
from tests.races.test_booking import (
    MONDAY,
    NINE,
    granted,
    take_away,
    wish,
    without_any_lock,
    without_locks,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
WAITING = """SELECT count(*) FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND datname = current_database()"""


def both() -> list[Callable[[], Booking]]:
    family, facility = make.family(), make.facility()
    make.accepted(family.child, facility)
    make.opened(facility, MONDAY)
    granted(family)
    return [wish(family, facility, start) for start in (NINE, NINE + timedelta(hours=2))]


def test_it_is_counted_once_and_given_back_with_the_last() -> None:
    for _ in range(ROUNDS):
        answers = at_once(both())
        made = done(answers)
        assert len(made) == 2
        counted = OpenedDay.objects.filter(pk=made[0].day_id).values_list("day_booked", flat=True)
        assert (counted.get(), invariants.broken()) == (1, {})
        undo = [partial(booking.undo_booking, booking=one, by=one.booked_by, now=make.NOW) for one in made]
        assert len(done(at_once(undo))) == 2
        assert (counted.get(), invariants.broken()) == (0, {})


def test_control_without_the_locks_it_is_counted_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both write what they saw before either was there: a third holds the day until both wait for it."""
    wishes = both()
    take_away(2, monkeypatch, without_locks)
    at_once([hold_until_two_wait, *wishes])
    assert OpenedDay.objects.get().day_booked == 2
    assert set(invariants.broken()) == {"day_differs_from_bookings"}


def series_and_ending() -> list[Callable[[], Any]]:
    """A child comes at noon. It books a weekly series at nine, and the nursery ends the visit at noon."""
    family, facility = make.family(), make.facility()
    held = make.booking(family, facility, "2026-04-13 12:00")
    make.opened(facility, MONDAY, MONDAY + timedelta(days=7))
    starts = [NINE, NINE + timedelta(days=7)]
    asked = queries.asked_for([family.child.pk], starts, 60, uuid4())
    series = partial(
        booking.book_each, guardian=family.guardian, facility=facility.pk, asked=asked, by=family.user,
        now=make.NOW,
    )  # fmt: skip
    return [series, partial(booking.cancel_by_facility, booking=held, words="…", by=None, now=make.NOW)]


def test_a_series_and_an_ending_by_the_nursery_leave_the_child_counted_once() -> None:
    for _ in range(max(ROUNDS, 3)):
        made, ended = done(at_once(series_and_ending()))
        assert [one.status for one in (*made, ended)] == ["booked", "booked", "cancelled"]
        counted = OpenedDay.objects.filter(pk=ended.day_id).values_list("day_booked", flat=True)
        assert (counted.get(), invariants.broken()) == (1, {})


def test_control_without_the_locks_nobody_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The series sees the visit at noon and does not count; the ending sees no other and takes it away.

    What the ending returns of the hours is left out: without locks the two would wait for each other over it.
    """
    calls = series_and_ending()
    without_any_lock(2, monkeypatch)
    monkeypatch.setattr(hours, "write", lambda *given, **more: [])
    answers = at_once([hold_until_two_wait, *calls])
    assert reasons(answers) == set()
    assert OpenedDay.objects.get(date=MONDAY).day_booked == 0
    assert "day_differs_from_bookings" in invariants.broken()


def hold_until_two_wait() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        OpenedDay.objects.select_for_update(no_key=True).get(date=MONDAY)
        for _ in range(2000):
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone()[0] >= 2:
                return
            time.sleep(0.01)
    raise AssertionError("nobody waits")

"""The random walk at the other doors: siblings, series, a change, the telephone, closed hours, dying."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest import mock
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from daredemo.audit import actions as audit
from daredemo.booking import actions as booking
from daredemo.booking import queries
from daredemo.booking.actions import ending
from daredemo.facilities.models import ClosedHours
from daredemo.prepared import rows
from daredemo.rules.refusal import Refused
from tests.booking.walking import DAYS, MONDAY, Beside

PICK, PLACE, DAY, HALF, HOURS = (
    st.integers(0, 7), st.integers(0, 1), st.integers(0, 2), st.integers(0, 6), st.integers(1, 3),
)  # fmt: skip
SIBLINGS = (0, 2)


class Gone(Exception):
    """The process dies here."""


@contextmanager
def dying(where: Any, name: str, after: int) -> Iterator[None]:
    """What happens `after` so many calls happens to nobody any more."""
    real, calls = getattr(where, name), 0

    def until_then(*given: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > after:
            raise Gone
        return real(*given, **more)

    with mock.patch.object(where, name, until_then):
        yield


def at(day: int, half: int) -> datetime:
    return MONDAY + timedelta(days=day, hours=9, minutes=30 * half)


class Doors(Beside):
    def asked(
        self, children: tuple[int, ...], starts: list[datetime], hours: int
    ) -> tuple[queries.Asked, ...]:
        return queries.asked_for([self.town.children[n].pk for n in children], starts, hours * 60, uuid4())

    @rule(place=PLACE, day=DAY, half=HALF, hours=HOURS, staff=st.booleans())
    def siblings(self, place: int, day: int, half: int, hours: int, staff: bool) -> None:
        starts = at(day, half)
        expected = self.model.book(SIBLINGS, place, starts, hours * 60, by_staff=staff)
        guardian = self.town.parents[0]
        done = self.does(
            expected, booking.book_all, guardian=guardian, facility=self.town.facilities[place].pk,
            asked=self.asked(SIBLINGS, [starts], hours),
            by=self.town.staff[place] if staff else guardian.user,
        )  # fmt: skip
        self.made += [one.pk for one in done or ()]

    @rule(children=st.sampled_from([(0,), (1,), SIBLINGS]), place=PLACE, half=HALF, hours=HOURS)
    def series(self, children: tuple[int, ...], place: int, half: int, hours: int) -> None:
        """All three days; each is a step of its own."""
        starts = [at(day, half) for day in range(len(DAYS))]
        guardian, expected = self.town.parents[children[0]], []
        for start in starts:
            expected += [self.model.book(children, place, start, hours * 60, by_staff=False)] * len(children)
        found = booking.book_each(
            guardian=guardian, facility=self.town.facilities[place].pk,
            asked=self.asked(children, starts, hours), by=guardian.user, now=self.now,
        )  # fmt: skip
        for one, why in zip(found, expected, strict=True):
            assert (one.reason.value if isinstance(one, Refused) else "done") in (why or {"done"})
        self.made += [one.pk for one in found if not isinstance(one, Refused)]

    some = precondition(lambda self: bool(self.made))

    @some
    @rule(pick=PICK, day=DAY, half=HALF, hours=HOURS, staff=st.booleans())
    def change(self, pick: int, day: int, half: int, hours: int, staff: bool) -> None:
        stay, made = self.one(pick)
        starts, guardian = at(day, half), self.town.parents[stay.child]
        expected = self.model.change(stay, starts, hours * 60, by_staff=staff)
        done = self.does(
            expected, booking.change, booking=made, guardian=guardian, starts_at=starts, minutes=hours * 60,
            by=self.town.staff[stay.place] if staff else guardian.user, request_key=uuid4(),
        )  # fmt: skip
        if done is not None:
            self.made.append(done.pk)

    @some
    @rule(pick=PICK, back=st.integers(0, 30))
    def cancel_by_telephone(self, pick: int, back: int) -> None:
        """Staff write down a call of today or of yesterday's business day."""
        stay, made = self.one(pick)
        called = max(self.now - timedelta(hours=back), self.now.replace(hour=0, minute=0))
        self.does(
            self.model.cancel(stay, called), booking.cancel, booking=made, called_at=called, call_reason="…",
            by=self.town.staff[stay.place],
        )  # fmt: skip

    # ── a nursery ─────────────────────────────────────────────────────────────────
    @precondition(lambda self: len(self.made) > 3)
    @rule(place=PLACE, day=DAY, half=st.integers(0, 10), halves=st.integers(1, 12))
    def close_hours(self, place: int, day: int, half: int, halves: int) -> None:
        since = MONDAY + timedelta(days=day, hours=9, minutes=30 * half)
        until = min(since + timedelta(minutes=30 * halves), MONDAY + timedelta(days=day, hours=15))
        self.model.close_hours(place, since, until)
        booking.close_hours(
            facility=self.town.facilities[place], starts_at=since, ends_at=until, reason="…",
            by=self.town.staff[place], now=self.now,
        )  # fmt: skip

    @precondition(lambda self: bool(self.model.hours))
    @rule(pick=PICK)
    def reopen_hours(self, pick: int) -> None:
        found = list(ClosedHours.objects.order_by("facility", "starts_at", "ends_at"))
        closed = found[pick % len(found)]
        place = [one.pk for one in self.town.facilities].index(closed.facility_id)
        self.model.hours.discard((place, closed.starts_at, closed.ends_at))
        booking.reopen_hours(closed=closed, by=self.town.staff[place], now=self.now)

    # ── the process dies ──────────────────────────────────────────────────────────
    @rule(place=PLACE, day=DAY, half=HALF, after=st.integers(0, 1))
    def siblings_until_the_process_dies(self, place: int, day: int, half: int, after: int) -> None:
        """Before the first or between the two: nothing of it is kept."""
        guardian = self.town.parents[0]
        try:
            with dying(rows, "insert", after):
                booking.book_all(
                    guardian=guardian, facility=self.town.facilities[place].pk,
                    asked=self.asked(SIBLINGS, [at(day, half)], 1), by=guardian.user, now=self.now,
                )  # fmt: skip
        except (Gone, Refused):
            return
        raise AssertionError("it did not die")

    @some
    @rule(pick=PICK)
    def cancel_until_the_process_dies(self, pick: int) -> None:
        """Before its last word, the line in the audit."""
        _, made = self.one(pick)
        try:
            with dying(audit, "record", 0):
                booking.cancel_by_facility(booking=made, words="…", by=None, now=self.now)
        except (Gone, Refused):
            return
        raise AssertionError("it did not die")

    @precondition(lambda self: len(self.made) > 3)
    @rule(place=PLACE, day=DAY, after=st.integers(0, 1))
    def close_until_the_process_dies(self, place: int, day: int, after: int) -> None:
        """Each booking ends in a transaction of its own: what has ended stays so, the sweep ends the rest."""
        facility, by = self.town.facilities[place], self.town.staff[place]
        self.model.close(place, DAYS[day], at_most=after)
        try:
            with dying(ending, "cancel_by_facility", after):
                booking.close_day(facility=facility, day=DAYS[day], reason="…", by=by, now=self.now)
        except Gone:
            return

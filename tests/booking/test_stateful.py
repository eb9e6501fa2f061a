"""Whatever is done in whatever order, the database is what a plain model says, after every single step.

CI walks the same few ways each time; `DAREDEMO_STATEFUL=300x60` walks 300 ways of 60 steps.
"""

import os
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    precondition,
    rule,
    run_state_machine_as_test,
)

from daredemo.booking import actions as booking
from daredemo.booking.actions import ending, places
from daredemo.booking.models import Booking, Offer
from daredemo.certification.actions import certificates
from daredemo.certification.models import EndReason
from daredemo.facilities.models import WeeklyPattern
from daredemo.families import actions as families
from daredemo.interviews import actions as interviews
from daredemo.interviews.models import ChildOutcome, InterviewChild
from daredemo.rules.cancel import Event
from tests.booking.walking import DAYS, MONDAY, Town
from tests.booking.walking_doors import Doors
from tests.booking.walking_line import InLine

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.timeout(3600)]
WAYS, STEPS = map(int, os.environ.get("DAREDEMO_STATEFUL", "20x50").split("x"))
PICK = st.integers(0, 7)
CHILD, PLACE, DAY = st.integers(0, 2), st.integers(0, 1), st.integers(0, 2)


class Walk(InLine, Doors):
    # ── a family ──────────────────────────────────────────────────────────────────
    @rule(
        child=CHILD,
        place=PLACE,
        day=DAY,
        half=st.integers(0, 6),
        hours=st.integers(1, 3),
        staff=st.booleans(),
    )
    def book(self, child: int, place: int, day: int, half: int, hours: int, staff: bool) -> None:
        starts = MONDAY + timedelta(days=day, hours=9, minutes=30 * half)
        expected = self.model.book([child], place, starts, hours * 60, by_staff=staff)
        guardian = self.town.parents[child]
        done = self.does(
            expected, booking.book, guardian=guardian, child=self.town.children[child].pk,
            facility=self.town.facilities[place].pk, starts_at=starts, minutes=hours * 60,
            by=self.town.staff[place] if staff else guardian.user, request_key=uuid4(),
        )  # fmt: skip
        if done is not None:
            self.made.append(done.pk)

    some = precondition(lambda self: bool(self.made))
    often = precondition(lambda self: len(self.made) > 3)  # what ends everything comes later

    @some
    @rule(pick=PICK)
    def book_again_with_the_same_key(self, pick: int) -> None:
        _, made = self.one(pick)
        again = booking.book(
            guardian=made.guardian, child=made.child_id, facility=made.facility_id, starts_at=made.starts_at,
            minutes=60, by=made.booked_by, request_key=made.request_key, now=self.now,
        )  # fmt: skip
        assert again.pk == made.pk

    @some
    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        stay, made = self.one(pick)
        self.does(self.model.cancel(stay), booking.cancel, booking=made, by=made.booked_by)

    @some
    @rule(pick=PICK)
    def undo_cancel(self, pick: int) -> None:
        stay, made = self.one(pick)
        self.does(self.model.undo_cancel(stay), booking.undo_cancel, booking=made, by=made.booked_by)

    @some
    @rule(pick=PICK)
    def undo_booking(self, pick: int) -> None:
        stay, made = self.one(pick)
        self.does(self.model.undo_booking(stay), booking.undo_booking, booking=made, by=made.booked_by)

    @some
    @rule(pick=PICK)
    def withdraw(self, pick: int) -> None:
        stay, made = self.one(pick)
        self.does(self.model.withdraw(stay), booking.withdraw_request, booking=made, by=made.booked_by)

    # ── what often comes one after the other ──────────────────────────────────────
    @rule(child=CHILD, place=PLACE, day=DAY, half=st.integers(0, 6), freed=st.booleans())
    def wait_behind_another(self, child: int, place: int, day: int, half: int, freed: bool) -> None:
        self.book((child + 1) % 3, place, day, half, 1, staff=True)
        if self.made:
            self.join(0, child, 0, 1)
            if freed:
                self.a_place_comes_free(0, taken=True)

    @some
    @rule(pick=PICK, taken=st.booleans())
    def a_place_comes_free(self, pick: int, taken: bool) -> None:
        self.cancel(pick)
        self.time_passes(11)
        self.let_sweeps_run()
        if self.model.kept and taken:
            self.accept(0)

    # ── a nursery ─────────────────────────────────────────────────────────────────
    @some
    @rule(pick=PICK, yes=st.booleans())
    def answer(self, pick: int, yes: bool) -> None:
        stay, made = self.one(pick)
        expected = self.model.approve(stay) if yes else self.model.decline(stay)
        self.does(
            expected, booking.answer_request, booking=made, approve=yes, ground="care_not_safe", words="…",
            by=self.town.staff[stay.place],
        )  # fmt: skip

    @some
    @rule(pick=PICK)
    def cancel_by_facility(self, pick: int) -> None:
        stay, made = self.one(pick)
        expected = self.model.cancel_by_facility(stay)
        by = self.town.staff[stay.place]
        self.does(expected, booking.cancel_by_facility, booking=made, words="…", by=by)

    @often
    @rule(place=PLACE, day=DAY)
    def close(self, place: int, day: int) -> None:
        self.model.close(place, DAYS[day])
        facility, by = self.town.facilities[place], self.town.staff[place]
        booking.close_day(facility=facility, day=DAYS[day], reason="…", by=by, now=self.now)

    @rule(place=PLACE, day=DAY)
    def reopen_day(self, place: int, day: int) -> None:
        self.model.closed.discard((place, DAYS[day]))
        facility, by = self.town.facilities[place], self.town.staff[place]
        booking.reopen_day(facility=facility, day=DAYS[day], by=by, now=self.now)

    @rule(place=PLACE, places=st.sampled_from([1, 1, 2, 3]))
    def change_the_pattern(self, place: int, places: int) -> None:
        self.model.places[place] = places
        facility = self.town.facilities[place]
        WeeklyPattern.objects.filter(facility=facility).update(places=places)
        booking.publish_days(facility=facility, since=DAYS[0], until=DAYS[-1], by=None, now=self.now)

    @some
    @rule(pick=PICK, back=st.integers(0, 30))
    def note_a_call(self, pick: int, back: int) -> None:
        """From now back to the beginning of the business day before."""
        stay, made = self.one(pick)
        called = max(self.now - timedelta(hours=back), self.now.replace(hour=0, minute=0))
        by = self.town.staff[stay.place]
        expected = self.model.note_call(stay, called)
        self.does(expected, booking.record_call, booking=made, called_at=called, reason="…", by=by)

    @some
    @rule(pick=PICK)
    def receive(self, pick: int) -> None:
        stay, made = self.one(pick)
        self.does(self.model.receive(stay), booking.begin_use, booking=made, by=self.town.staff[stay.place])

    @some
    @rule(pick=PICK)
    def take_the_reception_back(self, pick: int) -> None:
        stay, made = self.one(pick)
        by = self.town.staff[stay.place]
        self.does(self.model.take_back(stay), booking.unbegin_use, booking=made, by=by)

    @some
    @rule(pick=PICK, event=st.sampled_from([None, *Event]), real=st.sampled_from([0, 20, 60, 70, 120, 180]))
    def settle(self, pick: int, event: Event | None, real: int) -> None:
        stay, made = self.one(pick)
        expected = self.model.settle(stay, event.value if event else None, min(real, stay.minutes))
        left = made.starts_at + timedelta(minutes=real)
        self.does(expected, booking.settle_use, booking=made, event=event, ended_at=left, by=None)

    @some
    @rule(pick=PICK)
    def reopen_use(self, pick: int) -> None:
        stay, made = self.one(pick)
        by = self.town.staff[stay.place]
        self.does(self.model.reopen(stay), booking.reopen_use, booking=made, reason="…", by=by)

    @often
    @rule(place=PLACE, child=CHILD, yes=st.booleans())
    def put_an_interview_right(self, place: int, child: int, yes: bool) -> None:
        (self.model.refused.discard if yes else self.model.refused.add)((child, place))
        facility = self.town.facilities[place]
        interviews.record_outcome(
            child=InterviewChild.objects.get(
                child=self.town.children[child], interview__facility=facility
            ),
            outcome=ChildOutcome.ACCEPTED if yes else ChildOutcome.DECLINED, ground="care_not_safe",
            reason="…", by=self.town.staff[place], now=self.now,
        )  # fmt: skip

    # ── an office, and time ───────────────────────────────────────────────────────
    @some
    @rule(child=CHILD, minutes=st.sampled_from([-60, -30, 30, 60]))
    def correct_hours(self, child: int, minutes: int) -> None:
        self.does(
            self.model.correct(child, minutes), booking.correct_hours, child=self.town.children[child],
            month=DAYS[0].replace(day=1), minutes=minutes, reason="…", by=self.town.officers[child].user,
        )  # fmt: skip

    @precondition(lambda self: len(self.made) > 3 and len(self.model.last_day) < 2)
    @rule(child=CHILD, day=DAY, moved=st.booleans())
    def end_a_certificate(self, child: int, day: int, moved: bool) -> None:
        if child not in self.model.last_day:
            self.model.last_day[child] = (DAYS[day], moved)
            certificates.end(
                certificate=self.town.children[child].certificates.get(), ended_on=DAYS[day],
                reason=EndReason.MOVE if moved else EndReason.WITHDRAWAL,
                officer=self.town.officers[child], now=self.now,
            )  # fmt: skip

    @often
    @rule(child=CHILD, day=st.integers(0, 5))
    def enrol(self, child: int, day: int) -> None:
        since = DAYS[day] if day < len(DAYS) else None
        self.model.enrolled.pop(child, None)
        if since:
            self.model.enrolled[child] = since
        families.enrol(child=self.town.children[child], since=since, by=None, now=self.now)

    @rule(minutes=st.sampled_from([1, 5, 5, 11, 11, 60, 600, 1440]))
    def time_passes(self, minutes: int) -> None:
        self.model.now += timedelta(minutes=minutes)


def walk(ways: int, steps: int) -> None:
    Walk.town, Walk.done = Town(), Counter()
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=ways, stateful_step_count=steps, derandomize=True, database=None, deadline=None,
            suppress_health_check=list(HealthCheck), print_blob=False,
            phases=(Phase.generate,),  # a way that fails is told whole: shortening it takes hundreds more
        ),
    )  # fmt: skip


def test_the_database_is_what_the_model_says_after_every_step() -> None:
    walk(WAYS, STEPS)
    print(f"{WAYS} ways of {STEPS} steps; done: {dict(Walk.done.most_common())}")
    assert all(Walk.done[verb] for verb in ("book", "cancel", "join", "accept"))


COUNTED = places.counted


def not_for_offers(held: Booking | Offer, children: int) -> Any:
    return COUNTED(held, 0 if isinstance(held, Offer) else children)


@pytest.mark.parametrize(
    ("where", "name", "forgetful"),
    [
        (places, "give_back", lambda day, made: None),
        (places, "counted", not_for_offers),
        (ending, "give_way", lambda made, **about: None),
    ],
    ids=["the place of what ended", "the place that is kept", "the end of what was changed"],
)
def test_control_what_forgets_something_is_found(
    monkeypatch: pytest.MonkeyPatch, where: Any, name: str, forgetful: Any
) -> None:
    monkeypatch.setattr(where, name, forgetful)
    with pytest.raises(AssertionError):
        walk(40, 40)

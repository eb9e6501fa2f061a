"""What a process of the chaos does with one booking: every verb, from every door."""

import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.urls import reverse

from bench.parts.doer import Answer, Deed, Doer, Nothing, now
from bench.parts.mob import Person
from daredemo.accounts.models import User
from daredemo.booking import actions as booking
from daredemo.booking import queries, sweeps
from daredemo.booking.models import HOLDING, Booking, ChildMonth
from daredemo.facilities.models import Facility
from daredemo.families.models import Child, Guardian
from daredemo.rules.cancel import Event


class Deeds(Doer):
    # ── through the web ───────────────────────────────────────────────────────────
    def book(self) -> Deed:
        person, starts, key = self.person(), self.start(), uuid4()
        if self.scene.without_locks:
            return lambda: self.booked(person, starts, key, by=User.objects.get(pk=person.user))
        fields = {
            "child": person.child, "day": starts.date(), "start": f"{starts:%H:%M}", "minutes": 60,
            "request_key": key, "agreed": self.scene.policy,
        }  # fmt: skip
        path = reverse("guardian:book_check", args=[person.facility])

        def deed() -> Answer:
            outcome, to = self.post(person, path, fields)
            if outcome != "done" or not to.endswith("/done/"):
                return ("refused" if outcome == "done" else outcome,)
            return "done", ("book", to.split("/")[-3], str(key))

        return deed

    def cancel(self) -> Deed:
        made = self.one(*HOLDING)
        person = next(one for one in self.scene.people if one.guardian == made.guardian_id)
        path = reverse("guardian:cancel", args=[made.pk])

        def deed() -> Answer:
            outcome, to = self.post(person, path, {"seen": "free-no", "cause": "family"})
            told = outcome == "done" and to.endswith("/cancelled/")
            return (outcome, ("cancel", str(made.pk), "")) if told else (outcome,)

        return deed

    def undo_cancel(self) -> Deed:
        made = self.one("cancelled")
        person = next(one for one in self.scene.people if one.guardian == made.guardian_id)
        path = reverse("guardian:undo_cancel", args=[made.pk])
        return lambda: self.post(person, path, {})[:1]

    # ── through the actions ───────────────────────────────────────────────────────
    def booked(self, person: Person, starts: datetime, key: UUID, *, by: User) -> Answer:
        made = booking.book(
            guardian=Guardian.objects.select_related("user").get(pk=person.guardian), child=person.child,
            facility=person.facility, starts_at=starts, minutes=60, by=by, request_key=key, now=now(),
        )  # fmt: skip
        return self.answered(("book", str(made.pk), str(key)))

    def by_phone(self) -> Deed:
        person, starts, key = self.person(), self.start(), uuid4()
        return lambda: self.booked(person, starts, key, by=self.staff[person.facility])

    def undo_booking(self) -> Deed:
        made = self.one(*HOLDING)
        return self.told("booking.undo", made, booking.undo_booking, booking=made, by=made.booked_by)

    def answer(self) -> Deed:
        made, yes = self.one("requested"), self.dice.random() < 0.7
        return self.told(
            "booking.approve" if yes else "booking.decline", made, booking.answer_request, booking=made,
            approve=yes, ground="care_not_safe", words="…", by=self.staff[made.facility_id],
        )  # fmt: skip

    def cancel_by_facility(self) -> Deed:
        made = self.one(*HOLDING)
        by = self.staff[made.facility_id]
        action = booking.cancel_by_facility
        return self.told("booking.cancel_by_facility", made, action, booking=made, words="…", by=by)

    def use(self) -> Deed:
        """Received and settled, and half of the time that was wrong."""
        made, event, wrong = self.one("booked"), self.dice.choice([None, *Event]), self.dice.random() < 0.5
        by = self.staff[made.facility_id]

        def deed() -> Answer:
            booking.begin_use(booking=made, by=by, now=now())
            booking.settle_use(booking=made, event=event, ended_at=made.ends_at, by=None, now=now())
            if wrong:
                booking.reopen_use(booking=made, reason="まちがい", by=by, now=now())
            return self.answered(("use.settle", str(made.pk), ""))

        return deed

    def note_a_call(self) -> Deed:
        made = self.one("cancelled")
        by, called = self.staff[made.facility_id], now() - timedelta(minutes=self.dice.randrange(60))
        action = booking.record_call
        return self.told(
            "booking.record_call", made, action, booking=made, called_at=called, reason="…", by=by
        )

    def correct(self) -> Deed:
        person, minutes = self.person(), self.dice.choice([-60, 60])
        month = self.scene.days[0].replace(day=1)
        held = ChildMonth.objects.get(child=person.child, month=month)
        child, by = Child.objects.get(pk=person.child), self.staff[person.facility]
        return self.told(
            "hours.correct", held, booking.correct_hours, child=child, month=month, minutes=minutes,
            reason="…", by=by,
        )  # fmt: skip

    def close(self) -> Deed:
        """Seldom: else no day is ever full."""
        if self.dice.random() < 0.7:
            raise Nothing
        facility = Facility.objects.get(pk=self.dice.choice([one for one, _ in self.scene.staff]))
        day, by = self.dice.choice(self.scene.days), self.staff[facility.pk]

        def deed() -> Answer:
            booking.close_day(facility=facility, day=day, reason="…", by=by, now=now())
            booking.reopen_day(facility=facility, day=day, by=by, now=now())
            return self.answered(("day.close", str(facility.pk), ""))

        return deed

    def cancel_by_phone(self) -> Deed:
        """The family called a while ago, and staff write it down."""
        made = self.one("booked")
        by, called = self.staff[made.facility_id], now() - timedelta(minutes=self.dice.randrange(60))
        return self.told(
            "booking.cancel", made, booking.cancel, booking=made, called_at=called, call_reason="…", by=by
        )

    def time_passes(self) -> Deed:
        later = now() + timedelta(minutes=self.dice.choice([0, 5, 11]))
        over = later + timedelta(hours=self.dice.choice([0, 0, 13]))

        def deed() -> Answer:
            sweeps.release_cancelled(later)
            sweeps.expire_requests(later)
            sweeps.expire_offers(over)
            sweeps.offer_freed(later)
            return ("done",)

        return deed


def unlock() -> None:
    """The control: nobody waits for anybody, and there is time between reading and writing."""
    counted = queries.count

    def slowly(*arguments: Any) -> Any:
        found = counted(*arguments)
        time.sleep(0.3)
        return found

    def unheld(booking_id: UUID, *, with_day: bool = False) -> queries.Held:
        found = Booking.objects.select_related(
            "child", "guardian__user", "facility", "policy", "place_policy"
        )
        made = found.get(pk=booking_id)
        month = ChildMonth.objects.get(child=made.child_id, month=made.date.replace(day=1))
        return queries.Held(made, month, made.day if with_day else None)

    open_doors: Any = queries
    open_doors.hold = lambda *_: None
    open_doors.count, open_doors.hold_booking = slowly, unheld

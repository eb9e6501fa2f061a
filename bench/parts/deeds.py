"""What one process of the chaos does: every verb of booking, from every door, each request twice."""

import http.client
import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.core.exceptions import ObjectDoesNotExist
from django.db import InterfaceError, OperationalError, connection
from django.urls import reverse

from bench.parts.mob import Done, Person, Scene, Told
from daredemo.accounts.models import User
from daredemo.booking import actions as booking
from daredemo.booking import queries, sweeps
from daredemo.booking.models import HOLDING, Booking, ChildMonth
from daredemo.facilities.models import Facility
from daredemo.families.models import Child, Guardian
from daredemo.rules.cancel import Event
from daredemo.rules.hours import JST
from daredemo.rules.refusal import Refused

CUT, WEB_SECONDS, TRIES = 0.1, 30, 6
Answer = tuple[str, Told | None]
Deed = Callable[[], Answer]


class Nothing(Exception):
    """There is nothing to do this to."""


class Doer:
    def __init__(self, scene: Scene) -> None:
        self.scene, self.done = scene, Done()
        self.dice = random.Random(f"{scene.seed}-{scene.number}")
        self.staff = {facility: User.objects.get(pk=user) for facility, user in scene.staff}
        self.verbs = [
            *[self.book] * 8, *[self.by_phone] * 2, *[self.cancel] * 4, self.undo_cancel, self.undo_booking,
            *[self.answer] * 2, self.cancel_by_facility, *[self.use] * 2, self.note_a_call, self.correct,
            self.close, self.time_passes,
        ]  # fmt: skip
        if scene.without_locks:
            self.verbs = [self.book, self.by_phone]
            unlock()

    def live(self) -> Done:
        until = time.monotonic() + self.scene.seconds
        most = self.scene.operations or float("inf")
        while time.monotonic() < until and self.done.operations < most:
            verb = self.dice.choice(self.verbs)
            try:
                deed = self.safely(verb)
                for _ in range(2):
                    self.send(verb.__name__, deed)
            except (Nothing, ObjectDoesNotExist):
                self.done.outcomes["nothing"] += 1
        return self.done

    def safely(self, verb: Callable[[], Deed]) -> Deed:
        """Choose what to do it to; the database may be away just then."""
        for _ in range(TRIES):
            try:
                return verb()
            except (OperationalError, InterfaceError) as error:
                self.stumbled(verb.__name__, error)
        raise Nothing

    def send(self, name: str, deed: Deed) -> None:
        """Once, and again until there is an answer, as somebody does whose line was cut."""
        for _ in range(TRIES):
            self.done.operations += 1
            try:
                outcome, told = deed()
            except (Refused, ObjectDoesNotExist):
                outcome, told = "refused", None
            except (OperationalError, InterfaceError, OSError, http.client.HTTPException) as error:
                self.stumbled(name, error)
                continue
            except Exception as error:  # noqa: BLE001  counted, and the verdict is: wrong
                self.done.errors.append(f"{name}: {error!r}"[:300])
                outcome, told = "error", None
            self.done.outcomes[outcome] += 1
            if told:
                self.done.told.append(told)
            if outcome not in ("busy", "cut"):
                return

    def stumbled(self, name: str, error: Exception) -> None:
        """Busy or away: that is what kills bring about, and a lock that was waited for too long."""
        waited = "lock timeout" in str(error)
        self.done.outcomes["waited" if waited else "away"] += 1
        if not (waited or self.scene.kill):
            self.done.errors.append(f"{name}: {error!r}"[:300])
        connection.close()
        time.sleep(0.0 if waited else 0.3)

    # ── who and when ──────────────────────────────────────────────────────────────
    def person(self) -> Person:
        return self.dice.choice(self.scene.people)

    def start(self) -> datetime:
        day, half = self.dice.choice(self.scene.days), self.dice.randrange(9)
        return datetime(day.year, day.month, day.day, 9, tzinfo=JST) + timedelta(minutes=30 * half)

    def one(self, *statuses: str) -> Booking:
        """One that was in such a state a moment ago, of the latest."""
        found = Booking.objects.filter(status__in=statuses).select_related("booked_by", "guardian__user")
        latest = list(found.order_by("-created_at")[:40])
        if not latest:
            raise Nothing
        return self.dice.choice(latest)

    # ── through the web ───────────────────────────────────────────────────────────
    def post(self, person: Person, path: str, fields: dict[str, Any]) -> tuple[str, str]:
        """Outcome and location; a tenth of the requests is cut off before the answer comes."""
        line = http.client.HTTPConnection("127.0.0.1", self.scene.port, timeout=WEB_SECONDS)
        origin = f"http://localhost:{self.scene.port}"
        head = {
            "Host": origin[7:], "Origin": origin, "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"session={person.session}; csrf={person.secret}",
        }  # fmt: skip
        try:
            line.request("POST", path, urlencode({"csrfmiddlewaretoken": person.token, **fields}), head)
            if self.dice.random() < CUT:
                return "cut", ""
            answer = line.getresponse()
            answer.read()
        finally:
            line.close()
        if answer.status == 503 and answer.getheader("Retry-After"):
            return "busy", ""
        if answer.status == 302:
            return "done", answer.getheader("Location", "")
        if answer.status in (200, 404, 409):
            return "refused", ""
        raise AssertionError(f"{answer.status} for {path}")

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
            if outcome == "done" and not to.endswith("/done/"):
                return "refused", None
            return outcome, (("book", to.split("/")[-3], str(key)) if outcome == "done" else None)

        return deed

    def cancel(self) -> Deed:
        made = self.one(*HOLDING)
        person = next(one for one in self.scene.people if one.guardian == made.guardian_id)
        path = reverse("guardian:cancel", args=[made.pk])

        def deed() -> Answer:
            outcome, to = self.post(person, path, {"seen": "free-no", "cause": "family"})
            told = outcome == "done" and to.endswith("/cancelled/")
            return outcome, (("cancel", str(made.pk), "") if told else None)

        return deed

    def undo_cancel(self) -> Deed:
        made = self.one("cancelled")
        person = next(one for one in self.scene.people if one.guardian == made.guardian_id)
        path = reverse("guardian:undo_cancel", args=[made.pk])
        return lambda: (self.post(person, path, {})[0], None)

    # ── through the actions ───────────────────────────────────────────────────────
    def booked(self, person: Person, starts: datetime, key: UUID, *, by: User) -> Answer:
        made = booking.book(
            guardian=Guardian.objects.select_related("user").get(pk=person.guardian), child=person.child,
            facility=person.facility, starts_at=starts, minutes=60, by=by, request_key=key, now=now(),
        )  # fmt: skip
        return "done", ("book", str(made.pk), str(key))

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
            return "done", ("use.settle", str(made.pk), "")

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
        facility = Facility.objects.get(pk=self.dice.choice([one for one, _ in self.scene.staff]))
        day, by = self.dice.choice(self.scene.days), self.staff[facility.pk]

        def deed() -> Answer:
            booking.close_day(facility=facility, day=day, reason="…", by=by, now=now())
            booking.reopen_day(facility=facility, day=day, by=by, now=now())
            return "done", ("day.close", str(facility.pk), "")

        return deed

    def time_passes(self) -> Deed:
        later = now() + timedelta(minutes=self.dice.choice([0, 5, 11]))

        def deed() -> Answer:
            sweeps.release_cancelled(later)
            sweeps.expire_requests(later)
            return "done", None

        return deed

    def told(self, name: str, subject: Any, action: Callable[..., Any], **given: Any) -> Deed:
        """An action that leaves its line in the audit."""

        def deed() -> Answer:
            action(**given, now=now())
            return "done", (name, str(subject.pk), "")

        return deed


def now() -> datetime:
    return datetime.now(JST)


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

"""One process of the chaos: who it is, how it sends what it does, and what it writes down of the answers."""

import http.client
import random
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ObjectDoesNotExist
from django.db import InterfaceError, OperationalError, connection

from bench.parts.mob import Done, Person, Scene, Told
from daredemo.accounts.models import User
from daredemo.booking.models import Booking
from daredemo.rules.hours import JST
from daredemo.rules.refusal import Refused

CUT, WEB_SECONDS, TRIES = 0.1, 30, 6
Answer = tuple[Any, ...]  # the outcome, and what was acknowledged
Deed = Callable[[], Answer]
Verb = Callable[[], Deed]


class Nothing(Exception):
    """There is nothing to do this to."""


class Doer:
    def __init__(self, scene: Scene) -> None:
        self.scene, self.done = scene, Done()
        self.dice = random.Random(f"{scene.seed}-{scene.number}")
        self.staff = {facility: User.objects.get(pk=user) for facility, user in scene.staff}
        self.until = time.monotonic() + scene.seconds

    def live(self, verbs: Sequence[Verb]) -> Done:
        """One thing after the other, each twice, until time or operations are over."""
        self.until = time.monotonic() + self.scene.seconds
        most = self.scene.operations or float("inf")
        while time.monotonic() < self.until and self.done.operations < most:
            verb = self.dice.choice(verbs)
            try:
                deed = self.safely(verb)
                for _ in range(2):
                    self.send(verb.__name__, deed)
            except (Nothing, ObjectDoesNotExist):
                self.done.outcomes["nothing"] += 1
        return self.done

    def safely(self, verb: Verb) -> Deed:
        """Choose what to do it to; the database may be away just then."""
        for _ in range(TRIES):
            try:
                return verb()
            except (OperationalError, InterfaceError) as error:
                self.stumbled(verb.__name__, error)
        raise Nothing

    def send(self, name: str, deed: Deed) -> None:
        """Once, and again until there is an answer, as somebody does whose line was cut."""
        for tries in range(TRIES):
            if tries and time.monotonic() > self.until:
                return
            try:
                outcome, *told = deed()
            except (Refused, ObjectDoesNotExist):
                outcome, told = "refused", []
            except (OperationalError, InterfaceError, OSError, http.client.HTTPException) as error:
                self.stumbled(name, error)
                continue
            except Exception as error:  # noqa: BLE001  counted, and the verdict is: wrong
                self.done.errors.append(f"{name}: {error!r}"[:300])
                outcome, told = "error", []
            self.done.operations += 1
            self.done.outcomes[outcome] += 1
            self.done.verbs[name] += outcome == "done"
            self.done.told += told
            if outcome not in ("busy", "cut"):
                return

    def stumbled(self, name: str, error: Exception) -> None:
        """Busy or away: that is what kills bring about, and a lock that was waited for too long."""
        waited = "lock timeout" in str(error)
        self.done.outcomes["waited" if waited else "away"] += 1
        self.done.operations += waited  # nobody was there for the others
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

    # ── what comes back ───────────────────────────────────────────────────────────
    def answered(self, *told: Told) -> Answer:
        """Done, and the sender knows; of a tenth the answer is lost on its way, and it is sent again."""
        return ("cut",) if self.dice.random() < CUT else ("done", *told)

    def told(self, name: str, subject: Any, action: Callable[..., Any], **given: Any) -> Deed:
        """An action that leaves its line in the audit."""

        def deed() -> Answer:
            action(**given, now=now())
            return self.answered((name, str(subject.pk), ""))

        return deed


def now() -> datetime:
    return datetime.now(JST)

"""Windows of bookings through the web and windows of pgbench, one after the other on one server."""

import contextlib
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection

from bench.parts import crowd, turns
from bench.parts.browsers import Browsers, Wish
from bench.parts.house import Benched
from bench.parts.meter import Meter
from bench.parts.world import World
from bench.parts.yardstick import MONTHS, TURNS, Yardstick
from daredemo.audit import sweeps as audit
from daredemo.rules.hours import JST

MOST_WEB, MOST_PGBENCH = 900, 7000  # bookings a second that there are families for
MOST_REFUSALS, REFUSED_FAMILIES = 2000, 64
LONGEST_WARM_UP, SETTLE_SECONDS = 3, 300
FOUND, DONE, AGAIN = 302, "/done/", "/check/?"
DEADLOCKS = "SELECT sum(deadlocks) FROM pg_stat_database"
WAITING = """
    SELECT status, count(*) FROM notifications_message
    WHERE (status = 'promised' AND due_at < now()) OR status IN ('queued', 'sending') GROUP BY 1
    UNION ALL SELECT 'unchained', count(*) FROM audit_entry WHERE seq IS NULL HAVING count(*) > 0"""
ACKNOWLEDGED = """
    SELECT count(*) FROM unnest(%s::uuid[], %s::uuid[]) AS told(id, key)
    JOIN booking_booking b ON b.id = told.id AND b.request_key = told.key AND b.status = 'booked'"""


@dataclass
class Window:
    """One window: how many bookings, how long, what it took of the machine."""

    bookings: int
    seconds: float
    used: dict[str, float]
    latencies: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lost: int = 0

    @property
    def per_s(self) -> float:
        return self.bookings / self.seconds if self.seconds else 0.0

    def cpu_ms(self, *groups: str) -> float:
        """Milliseconds of processor time for one booking."""
        return sum(self.used[group] for group in groups) * 1000 / max(1, self.bookings)

    @property
    def others(self) -> float:
        """How many cores' worth of time went to programs that are not part of this run."""
        ours = sum(seconds for group, seconds in self.used.items() if group != "machine")
        return max(0.0, self.used["machine"] - ours) / self.seconds


@dataclass
class Pair:
    """A window of each kind, directly one after the other.

    `rush`: everybody wants the same fifty days. `refused`: everybody wants what is full; its "bookings" are
    refusals.
    """

    web: Window
    rush: Window
    refused: Window
    pgbench: Window

    @property
    def ratio(self) -> float:
        return self.web.per_s / self.pgbench.per_s

    @property
    def rush_ratio(self) -> float:
        """Bookings a second in the rush, by those that are spread."""
        return self.rush.per_s / self.web.per_s


def told(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


class Rounds:
    """Everything that is measured, on a running house."""

    def __init__(
        self, house: Benched, yardstick: Yardstick, *, clients: int, seconds: int, windows: int
    ) -> None:
        self.house, self.yardstick = house, yardstick
        self.clients, self.seconds, self.windows = clients, seconds, windows
        self.warm_up = min(LONGEST_WARM_UP, seconds)

    def fill(self, now: datetime) -> None:
        """The demo city with families for every booking that could be made."""
        began = time.monotonic()
        length = self.seconds * self.windows + 2 * self.warm_up
        self.world = World(now, turns.months(now, MONTHS))
        web = turns.families_for(MOST_WEB * length, turns.TURNS)
        other = turns.families_for(MOST_PGBENCH * length, TURNS)
        self.families, self.others = self.world.build((web, turns.TURNS), (other, TURNS))
        port = self.house.wish.port
        self.browsers = Browsers(self.world, self.families, port, now)
        rushing, days = self.world.gather(turns.families_for(MOST_WEB * length, turns.TURNS))
        self.rushing = Browsers(self.world, rushing, port, now, days)
        self.late = Browsers(self.world, self.world.fill_a_day(REFUSED_FAMILIES), port, now)
        self.filled = (
            f"{web + other:,} families, {len(self.world.facilities)} nurseries with"
            f" {self.world.opened // len(self.world.facilities)} opened days each"
        )
        told(f"Filled in {time.monotonic() - began:.0f} s: {self.filled}.")

    @contextlib.contextmanager
    def running(self, surroundings: dict[str, str]) -> Iterator[None]:
        """Server, worker, clients and meter for the length of the block."""
        with (
            self.house.serving(surroundings) as (web, self.worker),
            crowd.gathered(self.house.wish.port, self.clients) as self.crowd,
            Meter(
                surroundings["DATABASE_URL"], web=web, worker=self.worker,
                postmaster=self.house.postmaster(), clients=self.crowd.pids,
            ) as self.meter,
        ):  # fmt: skip
            yield

    def measure(self) -> list[Pair]:
        """Warm up, then the pairs."""
        self.web(self.browsers, self.warm_up)
        self.look_again()
        self.yardstick.prepare(self.world, self.others)
        self.pgbench(self.warm_up)
        pairs = []
        for n in range(self.windows):
            pair = Pair(
                self.web(self.browsers, self.seconds),
                self.web(self.rushing, self.seconds),
                self.refused(self.seconds),
                self.pgbench(self.seconds),
            )
            told(f"{n + 1}/{self.windows}: {pair.web.per_s:.0f}/s, pgbench {pair.pgbench.per_s:.0f}/s")
            pairs.append(pair)
        self.settle()
        return pairs

    def web(self, browsers: Browsers, seconds: int) -> Window:
        """Bookings through the web; the worker delivers what they promise, as it does in life."""
        wishes = browsers.next(MOST_WEB * seconds)
        done, used = self.send(wishes, seconds)
        sent = {answer.request for answer in done.answers}
        browsers.give_back(wish for n, wish in enumerate(wishes) if n not in sent)
        right = [answer for answer in done.answers if is_booked(answer)]
        wrong = [f"{one.status} {one.location}" for one in done.answers if not is_booked(one)]
        return Window(
            bookings=len(right),
            seconds=done.seconds,
            used=used,
            latencies=[answer.seconds * 1000 for answer in right],
            errors=wrong,
            lost=len(right) - kept(wishes, right),
        )

    def refused(self, seconds: int) -> Window:
        """Requests for a place that is taken."""
        starts_at = self.world.months.starts_at(0, 0)
        many = MOST_REFUSALS * seconds
        wishes = [self.late.wish(n % REFUSED_FAMILIES, starts_at) for n in range(many)]
        done, used = self.send(wishes, seconds)
        right = [one for one in done.answers if one.status == FOUND and AGAIN in one.location]
        wrong = [f"{one.status} {one.location}" for one in done.answers if one not in right]
        return Window(len(right), done.seconds, used, [one.seconds * 1000 for one in right], wrong)

    def send(self, wishes: Sequence[Wish], seconds: int) -> tuple[crowd.Round, dict[str, float]]:
        """What the crowd was answered, and what it took of the machine."""
        self.quiet()
        with self.meter.over() as used:
            done = self.crowd.run([wish.request for wish in wishes], seconds)
        return done, used

    def deadlocks(self) -> int:
        """Since the database was made."""
        with connection.cursor() as cursor:
            cursor.execute(DEADLOCKS)
            return int(cursor.fetchone()[0])

    def pgbench(self, seconds: int) -> Window:
        """pgbench with the machine to itself: what was promised is delivered, then the worker rests."""
        self.settle()
        with self.house.without(self.worker):
            self.quiet()
            with self.meter.over() as used:
                per_s = self.yardstick.run(seconds)
        self.settle()
        return Window(bookings=round(per_s * seconds), seconds=seconds, used=used)

    def look_again(self) -> None:
        """What PostgreSQL does by itself within a minute: the tables of bookings are not empty any more."""
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def quiet(self) -> None:
        """Every window begins with nothing left to write."""
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")

    def settle(self) -> None:
        """Until every mail is delivered and every audit entry chained."""
        until = time.monotonic() + SETTLE_SECONDS
        audit.chain(datetime.now(JST))  # the worker would come to it within 20 s
        while (left := waiting()) and time.monotonic() < until:
            time.sleep(0.2)
        if left:
            told(f"Not delivered or chained after {SETTLE_SECONDS} s: {left}")


def is_booked(answer: crowd.Answer) -> bool:
    return answer.status == FOUND and answer.location.endswith(DONE)


def waiting() -> dict[str, int]:
    """What the worker has yet to do."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return dict(cursor.fetchall())


def kept(wishes: Sequence[Wish], answers: Sequence[crowd.Answer]) -> int:
    """How many of the bookings that were acknowledged are in the database, under their own key."""
    ids = [UUID(answer.location.removesuffix(DONE).rsplit("/", 1)[1]) for answer in answers]
    keys = [wishes[answer.request].key for answer in answers]
    with connection.cursor() as cursor:
        cursor.execute(ACKNOWLEDGED, [ids, keys])
        return int(cursor.fetchone()[0])

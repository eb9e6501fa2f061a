"""Searches asked of the database, and pages read by a crowd of families."""

import contextlib
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse

from bench.parts import crowd, turns
from bench.parts.browsers import Browsers
from bench.parts.house import Benched
from bench.parts.meter import Meter
from bench.parts.nation import Nation
from bench.parts.rounds import Window, told
from bench.parts.table import cores, percentile
from bench.parts.world import World
from daredemo.booking import queries as bookings
from daredemo.facilities import queries as facilities
from daredemo.facilities.queries import Search

SEED = 20260403
FAMILIES, NEAREST = 60, 20
MOST_PAGES = 400  # a second
WEEKDAYS = ((), (1, 3), (0, 2, 4), (5,))
SPANS = ((0, 24 * 60), (9 * 60, 12 * 60), (13 * 60, 24 * 60))
LEGEND = """\
database: milliseconds to plan and to execute one search, as PostgreSQL measures them; each search once,
and once more.
p50, p95: milliseconds until a page is answered. web, db: milliseconds of processor time for one page.
others: cores that programs outside this run used meanwhile."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the searches took of the database, in milliseconds, and what they found."""

    first: list[float]
    again: list[float]
    found: list[int]


class Reading:
    """Everything that is measured."""

    def __init__(self, house: Benched, *, clients: int, seconds: int, searches: int) -> None:
        self.house, self.clients, self.seconds, self.searches = house, clients, seconds, searches
        self.chance = random.Random(SEED)

    def fill(self, now: datetime, *, facilities: int, days: int) -> None:
        """A nation to look at, and families of one city that look."""
        began = time.monotonic()
        self.now, self.nation = now, Nation(now)
        world = World(now, turns.months(now, 1))
        (self.families,) = world.build((FAMILIES, 1))
        self.nation.build(facilities, days)
        self.browsers = Browsers(world, self.families, self.house.wish.port, now)
        self.wishes = [self._wish() for _ in range(self.searches)]
        self.filled = f"{facilities:,} nurseries with {days} days each"
        told(f"Filled in {time.monotonic() - began:.0f} s: {self.filled}.")

    def _wish(self) -> dict[str, Any]:
        """A search near some nursery: families live where nurseries are."""
        here = self.chance.choice(self.nation.points)
        after, before = self.chance.choice(SPANS)
        return {
            "who": self.chance.randrange(3), "minutes": self.chance.choice([60, 120, 120, 180]),
            "weekday": self.chance.choice(WEEKDAYS), "after": after, "before": before,
            "lat": round(here.latitude, 3), "lon": round(here.longitude, 3),
        }  # fmt: skip

    def ask(self) -> Asked:
        """Each search by the query of the page, in a connection of its own."""
        first = [self._explained(wish) for wish in self.wishes]
        again = [self._explained(wish) for wish in self.wishes]
        return Asked(first, again, [len(self._found(wish)) for wish in self.wishes])

    def _found(self, wish: dict[str, Any]) -> list[bookings.Found]:
        near = facilities.Point(wish["lat"], wish["lon"])
        among = facilities.matching(Search(age=wish["who"], near=near))
        times = {name: wish[name] for name in ("minutes", "after", "before")}
        wanted = bookings.wanted(self.now, wish["who"], weekdays=wish["weekday"], **times)
        return bookings.free_places(among, wanted, self.now, only_free=True, most=NEAREST)

    def _explained(self, wish: dict[str, Any]) -> float:
        """Milliseconds as PostgreSQL tells them: planning and execution."""
        plans = []

        def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            with connection.cursor() as cursor:
                said = cursor.cursor.execute("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + sql, params)
                plans.append(said.fetchone()[0][0])
            return execute(sql, params, many, context)

        with connection.execute_wrapper(explain):
            self._found(wish)
        return sum(float(plan["Planning Time"] + plan["Execution Time"]) for plan in plans)

    @contextlib.contextmanager
    def running(self, surroundings: dict[str, str]) -> Iterator[None]:
        """Server, clients and meter for the length of the block; nothing is written, so the worker rests."""
        with (
            self.house.serving(surroundings, rests=True) as (web, worker),
            crowd.gathered(self.house.wish.port, self.clients) as self.crowd,
            Meter(
                surroundings["DATABASE_URL"], web=web, worker=worker,
                postmaster=self.house.postmaster(), clients=self.crowd.pids,
            ) as self.meter,
        ):  # fmt: skip
            yield

    def read(self) -> dict[str, Window]:
        """A family's home, the finder with a search in its address, the calendar of the own nursery."""
        many = MOST_PAGES * self.seconds
        search, count = reverse("guardian:facilities"), len(self.families)
        paths = {
            "home": [reverse("guardian:home")] * many,
            "search": [f"{search}?{asked(self.wishes[n % self.searches])}" for n in range(many)],
            "month": [
                reverse("guardian:book", args=[self.families[n % count].facility.pk]) for n in range(many)
            ],
        }
        pages = {}
        for name, those in paths.items():
            requests = [self.browsers.page(n % count, path) for n, path in enumerate(those)]
            self.crowd.run(requests, min(2, self.seconds))
            with self.meter.over() as used:
                done = self.crowd.run(requests, self.seconds)
            pages[name] = window(done, used)
        return pages


def asked(wish: dict[str, Any]) -> str:
    return urlencode(
        {**wish, "after": wish["after"] or "", "before": wish["before"] % 1440 or "", "free": "on"},
        doseq=True,
    )


def window(done: crowd.Round, used: dict[str, float]) -> Window:
    right = [one for one in done.answers if one.status == 200]
    wrong = [f"{one.status} {one.location}" for one in done.answers if one.status != 200]
    return Window(len(right), done.seconds, used, [one.seconds * 1000 for one in right], wrong)


def of_hundred(values: Sequence[float], hundredth: int) -> float:
    return quantiles(values, n=100, method="inclusive")[hundredth - 1]


def figures(asked: Asked, pages: dict[str, Window]) -> dict[str, float | int]:
    """The numbers of a run as one object."""
    told = {
        "search_db_ms": round(median(asked.again), 2),
        "search_db_p95_ms": round(of_hundred(asked.again, 95), 2),
        "search_db_first_p95_ms": round(of_hundred(asked.first, 95), 2),
        "searches": len(asked.again),
        "searches_without_result": asked.found.count(0),
        "cores": cores(),
        "errors": sum(len(page.errors) for page in pages.values()),
    }
    for name, page in pages.items():
        told |= {
            f"{name}_page_p50_ms": round(percentile(page, 50), 1),
            f"{name}_page_p95_ms": round(percentile(page, 95), 1),
            f"{name}_page_web_cpu_ms": round(page.cpu_ms("web"), 2),
            f"{name}_page_db_cpu_ms": round(page.cpu_ms("database"), 2),
            f"{name}_pages_per_s": round(page.per_s, 1),
            f"{name}_others_cores": round(page.others, 2),
        }
    return told


def text(asked: Asked, pages: dict[str, Window]) -> str:
    """Two small tables."""
    none, found = asked.found.count(0), median(asked.found)
    lines = [
        f"{len(asked.again)} searches, {none} without a result, in the middle {found:.0f} nurseries",
        f"{'database':>10}  {'p50':>7}  {'p95':>7}  {'most':>7}",
    ]
    for name in ("first", "again"):
        times = getattr(asked, name)
        lines.append(f"{name:>10}  {median(times):7.2f}  {of_hundred(times, 95):7.2f}  {max(times):7.2f}")
    lines += [
        "",
        f"{'page':>10}  {'pages/s':>7}  {'p50':>7}  {'p95':>7}  {'web':>7}  {'db':>7}  {'others':>7}",
    ]
    for name, page in pages.items():
        values = (
            page.per_s, percentile(page, 50), percentile(page, 95), page.cpu_ms("web"),
            page.cpu_ms("database"), page.others,
        )  # fmt: skip
        lines.append("  ".join([f"{name:>10}", *(f"{value:7.2f}" for value in values)]))
    wrong = Counter(words for page in pages.values() for words in page.errors)
    return "\n".join([*lines, *(f"  {n} x {words}" for words, n in wrong.most_common(5)), "", LEGEND])

"""Free times over many facilities: one query that reads the opened days themselves, so nothing is stale.

The database decides about up to 300 candidates and stops when it has enough of them. What it must know of the
law for that, the window and the lengths offered, is said once more in SQL; `tests/booking/test_searching.py`
holds it against `daredemo.rules` over drawn policies, windows, sessions, bookings and moments.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from daredemo.booking import cells
from daredemo.booking.models import CELLS, OpenedDay
from daredemo.certification.models import Certificate
from daredemo.facilities import queries as facilities
from daredemo.facilities.models import Facility
from daredemo.families.models import Child
from daredemo.municipalities import queries as municipalities
from daredemo.prepared import rows, statements
from daredemo.rules import places
from daredemo.rules.age import age_group, birthday, last_day_of_use
from daredemo.rules.hours import day_of, in_japan, span_minutes

SEARCH = (Path(__file__).parent / "searching.sql").read_text(encoding="utf-8")
CANDIDATES = 300
DAYS = timedelta(days=13)  # the last of fourteen
SHOWN = 3  # days of one facility
EVERY_OTHER = sum(1 << cell for cell in range(0, CELLS, 2))  # starts on the full hour
COLUMNS = (
    "id", "municipality_id", "kana", "kind", "km", "youngest_months", "oldest_age", "longest_minutes",
    "sessions", "window_day", "window_time", "window_days_before", "window_closes_hours",
    "window_closes_days", "window_closes_time", "residents_first_days",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What kind of time a family looks for. Of a certain child `born` is known, else only an age."""

    since: date  # both days included
    until: date
    age: int  # 0, 1 or 2 on `since` …
    older_on: date | None = None  # … and one more from this day on
    class_age: int | None = None  # as for 余裕活用型; None: as the age
    moves_up_on: date | None = None  # 進級
    born: date | None = None
    home: str = ""  # the municipality whose families go first; unknown: as if it were the facility's
    minutes: int = 60  # at least so long
    after: int = 0  # minutes of the day between which it lies
    before: int = 24 * 60
    weekdays: tuple[int, ...] = ()  # Monday = 0; empty: any


@dataclass(frozen=True, slots=True)
class Start:
    """A time that is free: the first of its day."""

    starts_at: datetime
    minutes: int  # as wanted, or of the session


@dataclass(frozen=True, slots=True)
class Found:
    """One facility with the first free start of each of the next days that have one."""

    facility: Facility
    km: float | None
    starts: tuple[Start, ...]


def span(now: datetime, day: date | None = None) -> tuple[date, date]:
    """The one day that is asked for, else the next two weeks; both ends included."""
    return (day, day) if day else (day_of(now), day_of(now) + DAYS)


def wanted(now: datetime, age: int, day: date | None = None, **wishes: Any) -> Wanted:
    """The next two weeks, or one day, for any child of an age; `wishes` as fields of Wanted."""
    since, until = span(now, day)
    return Wanted(since=since, until=until, age=age, **wishes)


def wanted_for(child: Child, now: datetime, day: date | None = None, **wishes: Any) -> Wanted:
    """The next two weeks, or one day, for a child, as far as it may use the programme then. One query."""
    since, until = span(now, day)
    until = min(until, last_day_of_use(child.born))
    if child.enrolled_from:
        until = min(until, child.enrolled_from - timedelta(days=1))
    certificates = Certificate.objects.filter(child=child, valid_until__gte=since, valid_from__lte=until)
    held = certificates.order_by("valid_from", "created_at").last()
    if held:
        since = max(since, held.valid_from)
        until = min(until, held.valid_until, held.ended_on or held.valid_until)
    age = age_group(child.born, since)
    older = birthday(child.born, age + 1) - timedelta(days=1)  # by law on the eve
    return Wanted(
        since=since,
        until=until,
        age=age,
        older_on=older if age < 2 else None,
        class_age=places.group(child.born, since, by_class=True),
        moves_up_on=date(since.year + (since.month > 3), 4, 1),
        born=child.born,
        home=held.municipality_id if held else "",
        **wishes,
    )


def dates(since: date, until: date, weekdays: Sequence[int] = ()) -> list[date]:
    """The days between two dates, both included, of these weekdays (Monday = 0); none named: all."""
    days = (since + timedelta(days=n) for n in range((until - since).days + 1))
    return [day for day in days if not weekdays or day.weekday() in weekdays]


def open_on(among: QuerySet[Facility], days: Sequence[date]) -> QuerySet[Facility]:
    """Those that are open on one of these days."""
    opened = OpenedDay.objects.filter(date__in=days, closed_at=None)
    return among.filter(Exists(opened.filter(facility=OuterRef("pk"))))


def free_places(
    among: QuerySet[Facility], wish: Wanted, now: datetime, *, only_free: bool, most: int
) -> list[Found]:
    """The first `most` of a list of facilities that families may find, each with its free starts. One query.

    The first 300 are looked at, in the order of `facilities.matching`. `only_free` leaves out those without
    and puts the earlier of two equally near ones first.
    """
    text, values = _query(among, wish, now, only_free=only_free, most=most)
    return [_found(wish, *row) for row in statements.ask(text, values)]


def _found(
    wish: Wanted, place: rows.Row, km: float | None, days: list[date] | None, fits: list[int] | None
) -> Found:
    facility, free = rows.made(Facility, place), zip(days or (), fits or (), strict=True)
    return Found(facility, km, tuple(_first(facility, day, bits, wish) for day, bits in free))


def _first(facility: Facility, day: date, bits: int, wish: Wanted) -> Start:
    """The lowest bit is the earliest start; of a session, the shortest that is long enough."""
    start = cells.at_cell(day, (bits & -bits).bit_length() - 1)
    lengths = (span_minutes(*one) for one in facilities.sessions_on(facility, day) if one[0] == start)
    return Start(start, min((n for n in lengths if n >= wish.minutes), default=wish.minutes))


def _query(
    among: QuerySet[Facility], wish: Wanted, now: datetime, *, only_free: bool, most: int
) -> tuple[str, dict[str, Any]]:
    """The text with the values for it; the candidates come as the query that finds them."""
    candidates, found_by = among.values(*COLUMNS)[:CANDIDATES].query.sql_with_params()
    names = {f"f{n}": value for n, value in enumerate(found_by)}
    given = iter(names)
    text = SEARCH.format(
        candidates=re.sub("%s", lambda _: f"%({next(given)})s", candidates),
        run=_run("m", -(-wish.minutes // cells.HALF)),
        join="CROSS" if only_free else "LEFT",
        on="" if only_free else "ON true",
        having="HAVING count(*) > 0" if only_free else "",
        tie="days[1], " if only_free else "",
    )
    return text, {**names, **_wishes(wish), **_around(now), "shown": SHOWN, "most": most}


def _around(now: datetime) -> dict[str, Any]:
    """The moment, and the rules of a town that has none of its own."""
    standard = municipalities.national_standard(day_of(now))
    return {
        "today": day_of(now),
        "now": in_japan(now).replace(tzinfo=None),
        "grid": standard.hours.start_grid,
        "minimum": standard.hours.unit.minimum,
        "step": standard.hours.unit.step,
        "ahead": standard.window.months_ahead,
        "first": standard.window.residents_first_days,
        "every_other": EVERY_OTHER,
    }


def _wishes(wish: Wanted) -> dict[str, Any]:
    """What is looked for; `starts` are the half hours at which it may begin."""
    first, last = -(-wish.after // cells.HALF), (wish.before - wish.minutes) // cells.HALF
    return {
        "age": wish.age,
        "older": wish.older_on or date.max,
        "class_age": wish.age if wish.class_age is None else wish.class_age,
        "moves_up": wish.moves_up_on or date.max,
        "born": wish.born,
        "home": wish.home,
        "minutes": wish.minutes,
        "after": wish.after,
        "before": wish.before,
        "dates": dates(wish.since, wish.until, wish.weekdays),
        "starts": sum(1 << cell for cell in range(first, last + 1)),
    }


def _run(mask: str, length: int) -> str:
    """The bits at which a run of so many set bits begins."""
    return " & ".join(f"({mask} >> {n})" for n in range(length)) or mask

"""The search says of the law what the database must know; here it is held against the law itself."""

import os
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import pytest

from daredemo.booking import queries as bookings
from daredemo.booking.models import CELLS, OpenedDay
from daredemo.booking.queries import choosing, searching
from daredemo.facilities import queries as facilities
from daredemo.facilities.models import Facility, Kind
from daredemo.facilities.queries import Search
from daredemo.families.models import Child
from daredemo.municipalities.models import PolicyVersion, Programme
from daredemo.rules.hours import in_japan
from daredemo.rules.refusal import Refused
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TOWNS = ("222135", "342041", "142182", "131016")
UNITS = ((60, 60), (60, 30), (60, 30), (90, 30), (120, 60))
LENGTHS = (60, 60, 120, 180)


def policies(chance: Random) -> None:
    """Rules of its own for each town."""
    for town in TOWNS:
        found = make.policy(town)
        assert found is not None
        settings = found.settings
        minimum, step = chance.choice(UNITS)
        settings["hours"] |= {
            "unit": {"minimum": minimum, "step": step},
            "start_grid": chance.choice([30, 60]),
        }
        settings["window"] |= {
            "months_ahead": chance.choice([1, 2]),
            "residents_first_days": chance.choice([0, 2]),
        }
        PolicyVersion.objects.create(
            municipality_id=town, in_force_from=date(2026, 4, 2), settings=settings, adopted_at=make.BEFORE
        )
        use_from = chance.choice([None, date(2026, 4, 1), date(2026, 4, 10)])
        programme = Programme.objects.filter(municipality=town)
        programme.update(facilities_public_from=make.OPENED, use_from=use_from)


def facility(chance: Random) -> Facility:
    """Anything that a profile can say."""
    by_days, until_days = chance.random() < 0.5, chance.random() < 0.5
    sessions = chance.choice(
        [[], [], ["09:00-11:00", "11:30-13:00", "13:00-14:00"], ["08:30-10:30", "10:00-13:00"]]
    )
    return make.facility(
        city=chance.choice(TOWNS),
        kind=chance.choice(list(Kind)),
        youngest_months=chance.choice([6, 6, 12, 20]),
        oldest_age=chance.choice([1, 2]),
        longest_minutes=chance.choice([60, 120, 240]),
        sessions=sessions,
        window_day=chance.choice([1, 1, 5, 6, 15]),
        window_time=time(chance.choice([9, 10, 11])),
        window_days_before=chance.randrange(30) if by_days else None,
        window_closes_hours=chance.choice([0, 1, 24, 70]),
        window_closes_days=chance.randrange(4) if until_days else None,
        window_closes_time=time(chance.choice([9, 17])),
        residents_first_days=chance.choice([0, 0, 4]),
    )


def open_days(chance: Random, place: Facility, since: date) -> None:
    """Two weeks, some of them closed, with holes where others have booked."""
    for n in range(14):
        if chance.random() < 0.1:
            continue
        offered = [2 if 17 <= cell < 28 else 0 for cell in range(CELLS)]
        taken = [min(places, chance.choice([0] * 9 + [1, 2])) for places in offered]
        ceilings = {"ceiling_all": offered, "ceiling_1": offered}
        for name in ("ceiling_0", "ceiling_2"):  # which of them counts differs by age and class
            none_at = chance.randrange(17, 28)
            ceilings[name] = [0 if cell == none_at else places for cell, places in enumerate(offered)]
        closed_at = make.BEFORE if chance.random() < 0.1 else None
        OpenedDay.objects.create(
            facility=place, date=since + n * DAY, offered=offered, lawful=offered, booked_1=taken,
            published_at=make.BEFORE, closed_at=closed_at, **ceilings,
        )  # fmt: skip


def lawful(
    place: Facility, child: Child, wish: searching.Wanted, now: datetime
) -> Iterator[tuple[datetime, int]]:
    """The first start of each day that the law lets this child book, as long as wanted."""
    place.refresh_from_db()
    seen = bookings.look(child.pk, place.pk, wish.since, wish.until, now)
    for n in range((wish.until - wish.since).days + 1):
        day = wish.since + n * DAY
        if wish.weekdays and day.weekday() not in wish.weekdays:
            continue
        for start in bookings.starts_on(child, place, day, now, seen=seen):
            lengths = [
                m for m in start.lengths if m >= wish.minutes and (place.sessions or m == wish.minutes)
            ]
            fitting = [m for m in lengths if _allowed(seen, start.starts_at, m, wish)]
            if fitting:
                yield in_japan(start.starts_at), min(fitting)
                break


def _allowed(seen: Any, start: datetime, minutes: int, wish: searching.Wanted) -> bool:
    asked = choosing.wished(start, minutes)
    midnight = start.replace(hour=0, minute=0)
    after, before = (
        (asked.start - midnight) / timedelta(minutes=1),
        (asked.end - midnight) / timedelta(minutes=1),
    )
    try:
        choosing.check(seen, asked, seen.facts(asked))
    except Refused:
        return False
    return after >= wish.after and before <= wish.before


def compared(place: Facility, child: Child, wish: searching.Wanted, now: datetime) -> int:
    """How many days the law gives; the search gives the first three of them."""
    among = facilities.matching(Search()).filter(pk=place.pk)
    (found,) = bookings.free_places(among, wish, now, only_free=False, most=1)
    expected = list(lawful(place, child, wish, now))
    assert [(in_japan(one.starts_at), one.minutes) for one in found.starts] == expected[:3]
    return len(expected)


TWENTIETH = {"window_day": 20, "window_time": time(10)}


@pytest.mark.parametrize(
    ("now", "fields", "wishes", "days"),
    [
        # Monday 6 April at 10:00: at this very minute the window opens, a minute before it has not
        ("2026-04-06 10:00", {"window_days_before": 3, "window_time": time(10)}, {}, 3),
        ("2026-04-06 09:59", {"window_days_before": 3, "window_time": time(10)}, {}, 2),
        ("2026-04-20 10:00", {**TWENTIETH, "window_closes_hours": 216}, {}, 2),
        ("2026-04-20 09:59", {**TWENTIETH, "window_closes_hours": 216}, {}, 1),
        # … and closes, the minute itself still in time
        ("2026-04-06 10:00", {"window_closes_days": 1, "window_closes_time": time(10)}, {}, 9),
        ("2026-04-06 10:01", {"window_closes_days": 1, "window_closes_time": time(10)}, {}, 8),
        ("2026-04-06 10:00", {"window_closes_hours": 0}, {"before": 12 * 60}, 10),
        ("2026-04-06 11:00", {"window_closes_hours": 0}, {"before": 12 * 60}, 9),
        # families from elsewhere wait as long as the town or the facility says
        ("2026-04-06 10:00", {"residents_first_days": 2, "window_days_before": 3}, {"city": "342041"}, 1),
        ("2026-04-06 10:00", {"residents_first_days": 0, "window_days_before": 3}, {"city": "342041"}, 2),
        # starts on the full hour only
        ("2026-04-06 10:00", {"city": "131016"}, {"after": 570, "before": 630, "city": "131016"}, 0),
        ("2026-04-06 10:00", {"city": "131016"}, {"after": 540, "before": 630, "city": "131016"}, 8),
    ],
)
def test_at_the_edges_the_search_and_the_law_agree(
    now: str, fields: dict[str, Any], wishes: dict[str, Any], days: int
) -> None:
    for town, part, values in (
        ("222135", "window", {"residents_first_days": 1}),
        ("131016", "hours", {"start_grid": 60}),
    ):
        held = make.policy(town)
        assert held is not None
        held.settings[part] |= values
        PolicyVersion.objects.create(
            municipality_id=town,
            in_force_from=date(2026, 4, 2),
            settings=held.settings,
            adopted_at=make.BEFORE,
        )
    place, child = make.facility(**fields), make.family(city=wishes.pop("city", make.KAKEGAWA)).child
    Programme.objects.update(facilities_public_from=make.OPENED)
    make.accepted(child, place)
    at = make.at(now)
    make.opened(place, at.date(), at.date() + 13 * DAY)
    assert compared(place, child, bookings.wanted_for(child, at, **wishes), at) == days


@pytest.mark.parametrize("seed", range(int(os.environ.get("DAREDEMO_SEARCHES", "4"))))
def test_the_search_and_the_law_agree(seed: int) -> None:
    chance = Random(seed)
    policies(chance)
    children = [make.family(born=born, city=city).child for born, city in (
        (date(2024, 8, 20), TOWNS[0]), (date(2025, 4, 14), TOWNS[1]), (date(2024, 7, 31), TOWNS[-1]),
        (date(2023, 4, 17), TOWNS[2]),
    )]  # fmt: skip
    days = 0
    for _ in range(15):
        place, child = facility(chance), chance.choice(children)
        make.accepted(child, place)
        now = make.NOW + timedelta(minutes=chance.choice([0, 1, 7 * 60, 25 * 60 + 10, 24 * 60 * 20]))
        open_days(chance, place, now.date())
        after = chance.choice([0, 9 * 60, 9 * 60 + 30])
        wish = bookings.wanted_for(
            child, now, minutes=chance.choice(LENGTHS), after=after, before=chance.choice([24 * 60, 12 * 60]),
            weekdays=chance.choice([(), (1, 3), (0, 2, 4)]),
        )  # fmt: skip
        days += compared(place, child, wish, now)
    assert days > 3

"""A nation of nurseries: every municipality served, most nurseries in a few dense places, days half filled.

Made from a fixed seed by the database itself where rows are many; only ids differ from run to run.
"""

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from bench.parts.copying import copy, without_triggers
from bench.parts.rounds import told
from bench.parts.turns import CLOSES, OPENS
from daredemo.booking.models import CELLS
from daredemo.facilities.models import Facility, Kind, Provider
from daredemo.facilities.queries import Point
from daredemo.municipalities import queries as municipalities
from daredemo.municipalities.models import Municipality, PolicyVersion, Programme

SEED = 20260402
AREAS = 60  # places where people live close together, the n-th 1/n times as large as the first
SPREAD = 0.08  # degrees: how far from the middle of such a place most nurseries lie
PLACES, SHAPES = 3, 48
AT_ONCE = 2000  # nurseries whose days are written by one statement
# Of a hundred days so many are full, and so many have only single half hours left.
FULL, HOLES = 55, 30
DAYS = """
INSERT INTO booking_openedday (
    id, facility_id, date, weights, offered, lawful, ceiling_all, ceiling_0, ceiling_1, ceiling_2,
    areas, room, booked_0, booked_1, booked_2, day_booked, published_at)
SELECT gen_random_uuid(), f.id, %(first)s::date + n, '{1,1,1}',
    %(open)s, %(open)s, %(open)s, %(open)s, %(open)s, %(open)s,
    '{0,0,0}', %(none)s, %(none)s, s.taken, %(none)s, 0, %(at)s
FROM facilities_facility f CROSS JOIN generate_series(0, %(days)s - 1) n
JOIN unnest(%(shapes)s::text[]) WITH ORDINALITY AS made(text, number)
    ON made.number = 1 + abs(hashtext(f.id::text || n)) %% %(count)s
CROSS JOIN LATERAL (SELECT made.text::smallint[] AS taken) s
WHERE f.id = ANY(%(some)s) AND extract(isodow FROM %(first)s::date + n) < 7
ORDER BY f.id, n"""
PATTERNS = """
INSERT INTO facilities_weeklypattern (id, facility_id, weekday, starts, ends, places, valid_from)
SELECT gen_random_uuid(), f.id, weekday, %(opens)s, %(closes)s, %(places)s, %(first)s
FROM facilities_facility f CROSS JOIN generate_series(0, 5) weekday WHERE f.provider_id = %(provider)s"""
TARIFFS = """
INSERT INTO facilities_tariff (id, facility_id, in_force_from, yen_per_hour, offers_reductions)
SELECT gen_random_uuid(), f.id, %(first)s, 300, true
FROM facilities_facility f WHERE f.provider_id = %(provider)s"""


class Nation:
    """Where the nurseries are; `points` are places where families look, as many as nurseries stand there."""

    def __init__(self, now: datetime) -> None:
        self.now, self.before = now, now - timedelta(days=60)
        self.chance = random.Random(SEED)
        self.points: list[Point] = []

    def build(self, facilities: int, days: int) -> None:
        provider = Provider(name="全国の園")
        with without_triggers():
            towns = self._serve()
            copy([provider])
            made = [self._facility(n, provider, towns) for n in range(facilities)]
            copy(made)
            told(f"{facilities:,} nurseries stand in {len(towns):,} municipalities.")
            hours = {"opens": time(OPENS), "closes": time(CLOSES), "places": PLACES}
            with connection.cursor() as cursor:
                known: dict[str, Any] = {"provider": provider.pk, "first": self.before.date(), **hours}
                cursor.execute(PATTERNS, known)
                cursor.execute(TARIFFS, known)
                known |= self._days(self.now.date(), days)
                for first in range(0, facilities, AT_ONCE):
                    some = [one.pk for one in made[first : first + AT_ONCE]]
                    cursor.execute(DAYS, {**known, "some": some})
                    told(f"{first + len(some):,} of them have opened their {days} days.")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")

    def _serve(self) -> list[str]:
        """Every municipality that is not served yet follows 国の標準; the codes of all."""
        served = set(Programme.objects.values_list("municipality", flat=True))
        codes = list(Municipality.objects.order_by("code").values_list("code", flat=True))
        rules, since = municipalities.national_standard(self.now.date()), self.before.date()
        new = [code for code in codes if code not in served]
        copy(
            [
                Programme(municipality_id=code, served=True, facilities_public_from=since, use_from=since)
                for code in new
            ]
        )
        copy(
            [
                PolicyVersion(
                    municipality_id=code,
                    in_force_from=since,
                    settings=rules.to_dict(),
                    adopted_at=self.before,
                )
                for code in new
            ]
        )
        return codes

    def _facility(self, n: int, provider: Provider, towns: list[str]) -> Facility:
        area = self.chance.choices(range(AREAS), [1 / (rank + 1) for rank in range(AREAS)])[0]
        middle = random.Random(f"{SEED}/{area}")
        here = Point(
            round(middle.uniform(31, 43) + self.chance.gauss(0, SPREAD), 6),
            round(middle.uniform(130, 141) + self.chance.gauss(0, SPREAD), 6),
        )
        self.points.append(here)
        return Facility(
            provider=provider, municipality_id=towns[area * len(towns) // AREAS + self.chance.randrange(20)],
            name=f"{n}番の園", kana=f"{n:05d}ばんのえん", kind=Kind.GENERAL, post_code="4360079",
            address=f"大通り{n + 1}", phone="0537000000", window_time=time(9),
            latitude=Decimal(str(here.latitude)), longitude=Decimal(str(here.longitude)),
            about="お茶畑のとなりの園です。" * 5, published_at=self.before, created_at=self.before,
        )  # fmt: skip

    def _days(self, first: date, days: int) -> dict[str, Any]:
        shapes = ["{" + ",".join(map(str, self._shape(n))) + "}" for n in range(SHAPES)]
        empty, whole = [0] * CELLS, taken(lambda _: PLACES)
        return {
            "first": first, "days": days, "at": self.before, "open": whole, "none": empty, "shapes": shapes,
            "count": SHAPES,
        }  # fmt: skip

    def _shape(self, n: int) -> list[int]:
        """What is booked of a day: all of it, all but single half hours, or half of it."""
        rank = n * 100 // SHAPES
        if rank < FULL:
            return taken(lambda _: PLACES)
        if rank < FULL + HOLES:
            return taken(lambda cell: self.chance.randrange(PLACES) if cell % 3 == n % 3 else PLACES)
        until = self.chance.randrange(OPENS * 2, CLOSES * 2)
        return taken(lambda cell: PLACES if cell < until else self.chance.randrange(PLACES))


def taken(children: Callable[[int], int]) -> list[int]:
    """A number for each half hour between opening and closing."""
    return [children(cell) if OPENS * 2 <= cell < CLOSES * 2 else 0 for cell in range(CELLS)]

"""From a family's wishes to the facilities that it may find."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import cos, radians
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Avg, Count, Exists, ExpressionWrapper, FloatField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Power, Sqrt

from daredemo.facilities.models import Facility, Tariff, WeeklyPattern
from daredemo.facilities.queries.profile import published
from daredemo.municipalities.models import Municipality, Programme
from daredemo.prepared import rows, statements

NEAR_KM = 10
KM_PER_DEGREE = 111.32  # of latitude; of longitude by the cosine of it
PREFECTURES = """
SELECT DISTINCT m.prefecture_code FROM municipalities_municipality m
JOIN municipalities_programme p ON p.municipality_id = m.code
WHERE p.served AND p.facilities_public_from <= %s AND EXISTS (
    SELECT FROM facilities_facility f WHERE f.municipality_id = m.code AND f.published_at IS NOT NULL)
ORDER BY m.prefecture_code"""
OFFERS = """
SELECT f.id, (
    SELECT coalesce(json_agg(w ORDER BY w.weekday, w.starts), '[]') FROM (
        SELECT weekday, starts, ends FROM facilities_weeklypattern
        WHERE facility_id = f.id AND valid_from <= %(day)s
            AND (valid_until IS NULL OR valid_until >= %(day)s)) w), (
    SELECT row_to_json(t) FROM (
        SELECT yen_per_hour FROM facilities_tariff WHERE facility_id = f.id AND in_force_from <= %(day)s
        ORDER BY in_force_from DESC LIMIT 1) t)
FROM unnest(%(facilities)s::uuid[]) f (id)"""


class Point(NamedTuple):
    """A place on the map, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Search:
    """What a family filters by; None, or empty, leaves a thing open."""

    prefecture: str = ""
    municipality: str = ""
    age: int | None = None  # 0, 1 or 2 on the day of looking
    months: int | None = None  # how old a certain child is
    words: str = ""
    reading: str = ""  # the words as hiragana
    meals: bool = False
    language: str = ""  # is spoken there
    cares: tuple[str, ...] = ()  # all of them
    near: Point | None = None  # the nearest first …
    within: int = NEAR_KM  # … and none further away


def listed(day: date) -> QuerySet[Facility]:
    """The facilities that families may find: published, in a municipality that has made its list public."""
    return published().filter(municipality__in=_public(day))


def _public(day: date) -> "QuerySet[Programme, Any]":
    """The municipalities whose list is public."""
    return Programme.objects.filter(served=True, facilities_public_from__lte=day).values("municipality")


def find(search: Search, day: date) -> QuerySet[Facility]:
    """Facilities that fit and that families may find; one query however many there are."""
    return matching(search).filter(municipality__in=_public(day))


def matching(search: Search) -> QuerySet[Facility]:
    """Published facilities that fit, on a public list or not, by distance (`km`) or by their readings."""
    found = published()
    if search.municipality:
        found = found.filter(municipality=search.municipality)
    elif search.prefecture:
        found = found.filter(municipality__prefecture_code=search.prefecture)
    if search.age is not None:
        found = found.filter(oldest_age__gte=search.age, youngest_months__lt=(search.age + 1) * 12)
    if search.months is not None:
        found = found.filter(youngest_months__lte=search.months)
    if search.meals:
        found = found.filter(meals=True)
    if search.language:
        found = found.filter(languages__contains=[search.language])
    if search.cares:
        found = found.filter(cares__contains=list(search.cares))
    if search.words:
        found = found.filter(
            Q(name__icontains=search.words)
            | Q(kana__icontains=search.reading or search.words)
            | Q(address__icontains=search.words)
        )
    if search.near is None:
        return found.annotate(km=Value(None, output_field=FloatField())).order_by("kana", "id")
    return _within(found, search.near, search.within)


def _within(found: QuerySet[Facility], here: Point, most: int) -> QuerySet[Facility]:
    """Facilities up to `most` km away, the nearest first: of a square, which an index answers, the circle.

    On a plane that touches the earth here; over 10 km that is right to a few metres, over 50 to some hundred.
    """
    narrow = KM_PER_DEGREE * cos(radians(here.latitude))
    high, wide = most / KM_PER_DEGREE, most / max(narrow, 1)
    square = found.filter(
        latitude__range=(here.latitude - high, here.latitude + high),
        longitude__range=(here.longitude - wide, here.longitude + wide),
    )
    north = (Cast("latitude", FloatField()) - here.latitude) * KM_PER_DEGREE
    east = (Cast("longitude", FloatField()) - here.longitude) * narrow
    km = Sqrt(Power(north, 2) + Power(east, 2), output_field=FloatField())
    measured = square.annotate(km=ExpressionWrapper(km, FloatField())).filter(km__lte=most)
    return measured.order_by("km", "kana", "id")


@dataclass(frozen=True, slots=True)
class Centre:
    """The middle of some facilities: as near as a post code says where somebody lives."""

    point: Point
    count: int
    in_town: bool  # those of the post code's own towns, else those of the whole municipality


def centre(municipality: str, towns: Iterable[str], day: date) -> Centre | None:
    """Of the facilities whose address begins like one of these, else of a municipality's; None without any.

    Post codes come without positions; what families may find has them. One query.
    """
    there = Q()
    for town in towns:
        there |= Q(address__startswith=town)
    found = listed(day).filter(municipality=municipality).exclude(latitude=None).exclude(longitude=None)
    read = found.aggregate(
        near=Count("pk", filter=there), all=Count("pk"),
        north=Avg("latitude", filter=there), east=Avg("longitude", filter=there),
        middle=Avg("latitude"), centre=Avg("longitude"),
    )  # fmt: skip
    if read["near"]:
        return Centre(Point(float(read["north"]), float(read["east"])), read["near"], in_town=True)
    if read["all"]:
        return Centre(Point(float(read["middle"]), float(read["centre"])), read["all"], in_town=False)
    return None


def _with_facilities(day: date) -> QuerySet[Municipality]:
    """Municipalities whose list is public and not empty."""
    some = Facility.objects.filter(municipality=OuterRef("pk")).exclude(published_at=None)
    return Municipality.objects.filter(Exists(some), pk__in=_public(day))


def prefectures(day: date) -> list[str]:
    """The codes of the prefectures with facilities to be found, from north to south."""
    return [code for (code,) in statements.ask(PREFECTURES, [day])]


def towns(day: date, prefecture: str = "") -> list[Municipality]:
    """The municipalities with facilities to be found, in the order of their codes."""
    found = _with_facilities(day)
    if prefecture:
        found = found.filter(prefecture_code=prefecture)
    return list(found.order_by("code"))


@dataclass(frozen=True, slots=True)
class Offer:
    """What a list says of a facility in one line: when it is open, and what an hour costs."""

    patterns: tuple[WeeklyPattern, ...]
    tariff: Tariff | None


def offers(found: Iterable[Facility], day: date) -> dict[UUID, Offer]:
    """Hours and price in force for many facilities, no more of their rows than that: one query."""
    read = statements.ask(OFFERS, {"facilities": [one.pk for one in found], "day": day})
    return {
        pk: Offer(rows.all_made(WeeklyPattern, patterns), rows.made(Tariff, tariff) if tariff else None)
        for pk, patterns, tariff in read
    }

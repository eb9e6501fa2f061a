"""From a family's wishes to the facilities that it may find."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from daredemo.facilities.models import Facility, Tariff, WeeklyPattern
from daredemo.facilities.queries.profile import in_force, published
from daredemo.municipalities.models import Municipality


@dataclass(frozen=True, slots=True)
class Search:
    """What a family filters by; None leaves a thing open."""

    municipality: str | None = None
    age: int | None = None  # 0, 1 or 2 on the day of looking
    months: int | None = None  # how old a certain child is
    weekday: int | None = None  # Monday = 0
    words: str = ""
    reading: str = ""  # the words as hiragana


def listed(day: date) -> QuerySet[Facility]:
    """The facilities that families may find: published, in a municipality that has made its list public."""
    return published().filter(
        municipality__programme__served=True, municipality__programme__facilities_public_from__lte=day
    )


def find(search: Search, day: date) -> QuerySet[Facility]:
    """Facilities that fit, in the order of their readings; one query however many there are."""
    found = listed(day)
    if search.municipality:
        found = found.filter(municipality=search.municipality)
    if search.age is not None:
        found = found.filter(oldest_age__gte=search.age, youngest_months__lt=(search.age + 1) * 12)
    if search.months is not None:
        found = found.filter(youngest_months__lte=search.months)
    if search.weekday is not None:
        open_then = WeeklyPattern.objects.filter(
            in_force(day), facility=OuterRef("pk"), weekday=search.weekday
        )
        found = found.filter(Exists(open_then))
    if search.words:
        found = found.filter(
            Q(name__icontains=search.words)
            | Q(kana__icontains=search.reading or search.words)
            | Q(address__icontains=search.words)
        )
    return found.order_by("kana", "id")


def towns(day: date) -> list[Municipality]:
    """The municipalities with facilities to be found, in the order of their codes."""
    codes = listed(day).order_by().values("municipality")
    return list(Municipality.objects.filter(pk__in=codes).order_by("code"))


@dataclass(frozen=True, slots=True)
class Offer:
    """What a list says of a facility in one line: when it is open, and what an hour costs."""

    patterns: tuple[WeeklyPattern, ...]
    tariff: Tariff | None


def offers(found: Iterable[Facility], day: date) -> dict[UUID, Offer]:
    """Patterns and prices in force for many facilities: two queries."""
    ids = [one.pk for one in found]
    patterns: dict[UUID, list[WeeklyPattern]] = {pk: [] for pk in ids}
    for pattern in WeeklyPattern.objects.filter(in_force(day), facility__in=ids).order_by(
        "weekday", "starts"
    ):
        patterns[pattern.facility_id].append(pattern)
    prices = Tariff.objects.filter(facility__in=ids, in_force_from__lte=day).order_by("in_force_from")
    latest = {tariff.facility_id: tariff for tariff in prices}
    return {pk: Offer(tuple(patterns[pk]), latest.get(pk)) for pk in ids}

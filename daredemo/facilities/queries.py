"""Facilities as families find them and as their staff run them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from daredemo.accounts.models import User
from daredemo.facilities import models
from daredemo.facilities.models import (
    Extra,
    Facility,
    FacilityClosure,
    Member,
    PosterCode,
    Tariff,
    WeeklyPattern,
)
from daredemo.municipalities.models import Municipality
from daredemo.sealed.tokens import hash_token


def member_of(user: User) -> Member | None:
    """The member of staff behind a login, with the facility; None for everyone else."""
    found = Member.objects.filter(user=user, user__is_active=True, ended_at=None)
    return found.select_related("facility__municipality", "user").first()


def published() -> QuerySet[Facility]:
    """The facilities that families may find."""
    return Facility.objects.exclude(published_at=None).select_related("municipality")


def facility(facility_id: UUID) -> Facility:
    """A published facility; raises Facility.DoesNotExist for any other."""
    return published().get(pk=facility_id)


# The words that portals ask by; they know no tables.
Approval = models.Approval


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
            _in_force(day), facility=OuterRef("pk"), weekday=search.weekday
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
    for pattern in WeeklyPattern.objects.filter(_in_force(day), facility__in=ids).order_by(
        "weekday", "starts"
    ):
        patterns[pattern.facility_id].append(pattern)
    prices = Tariff.objects.filter(facility__in=ids, in_force_from__lte=day).order_by("in_force_from")
    latest = {tariff.facility_id: tariff for tariff in prices}
    return {pk: Offer(tuple(patterns[pk]), latest.get(pk)) for pk in ids}


def _in_force(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gte=day))


def patterns_on(facility: Facility, day: date) -> QuerySet[WeeklyPattern]:
    """The weekly pattern in force on a day, Monday first."""
    return facility.patterns.filter(_in_force(day)).order_by("weekday", "starts")


def patterns_from(facility: Facility, day: date) -> QuerySet[WeeklyPattern]:
    """The pattern in force on a day and every later one, by weekday and first day."""
    ahead = facility.patterns.filter(Q(valid_until=None) | Q(valid_until__gte=day))
    return ahead.order_by("weekday", "valid_from", "starts")


def patterns_between(facility: Facility, first: date, last: date) -> list[WeeklyPattern]:
    """Every pattern in force on some day of a span, for opening days: one query."""
    overlapping = Q(valid_from__lte=last) & (Q(valid_until=None) | Q(valid_until__gte=first))
    return list(facility.patterns.filter(overlapping).order_by("weekday", "starts"))


def closures_between(facility: Facility, first: date, last: date) -> QuerySet[FacilityClosure]:
    """休園日 of a span, both ends included."""
    return facility.closures.filter(date__range=(first, last)).order_by("date")


def tariff_on(facility: Facility, day: date) -> Tariff | None:
    """The price in force on a day; None where the facility has not set one."""
    return facility.tariffs.filter(in_force_from__lte=day).order_by("-in_force_from").first()


def extras_on(facility: Facility, day: date) -> QuerySet[Extra]:
    """実費 in force on a day."""
    in_force = Q(in_force_from__lte=day) & (Q(in_force_until=None) | Q(in_force_until__gte=day))
    return facility.extras.filter(in_force).order_by("name")


def tariffs_from(facility: Facility, day: date) -> list[Tariff]:
    """The price in force on a day and those that follow it."""
    now_in_force = tariff_on(facility, day)
    later = facility.tariffs.filter(in_force_from__gt=day).order_by("in_force_from")
    return [*filter(None, [now_in_force]), *later]


def extras_from(facility: Facility, day: date) -> QuerySet[Extra]:
    """実費 in force on a day or later."""
    ahead = facility.extras.filter(Q(in_force_until=None) | Q(in_force_until__gte=day))
    return ahead.order_by("name", "in_force_from")


def extra_of(member: Member, extra_id: UUID) -> Extra:
    """A line of the member's own facility; raises Extra.DoesNotExist for any other."""
    return Extra.objects.get(pk=extra_id, facility=member.facility_id)


def closures_from(facility: Facility, day: date) -> QuerySet[FacilityClosure]:
    """休園日 from a day on."""
    return facility.closures.filter(date__gte=day).order_by("date")


def code_in_force(facility: Facility) -> PosterCode | None:
    """The code that hangs on the wall."""
    return facility.poster_codes.filter(revoked_at=None).first()


def code_by_token(token: str) -> PosterCode | None:
    """What a scanned address stands for, revoked codes included, so that the page can say so."""
    found = PosterCode.objects.filter(token_hash=hash_token(token))
    return found.select_related("facility__municipality").first()

"""Facilities as families find them and as their staff run them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from daredemo.accounts.models import User
from daredemo.facilities.models import (
    Extra,
    Facility,
    FacilityClosure,
    Member,
    PosterCode,
    Tariff,
    WeeklyPattern,
)
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


@dataclass(frozen=True, slots=True)
class Search:
    """What a family filters by; None leaves a thing open."""

    municipality: str | None = None
    age: int | None = None  # 0, 1 or 2 on the day of looking
    weekday: int | None = None  # Monday = 0
    words: str = ""


def find(search: Search, day: date) -> QuerySet[Facility]:
    """Facilities that fit, in the order of their readings; one query however many there are."""
    found = published()
    if search.municipality:
        found = found.filter(municipality=search.municipality)
    if search.age is not None:
        found = found.filter(oldest_age__gte=search.age, youngest_months__lt=(search.age + 1) * 12)
    if search.weekday is not None:
        pattern = Q(patterns__weekday=search.weekday, patterns__valid_from__lte=day) & (
            Q(patterns__valid_until=None) | Q(patterns__valid_until__gte=day)
        )
        found = found.filter(pattern).distinct()
    if search.words:
        found = found.filter(
            Q(name__icontains=search.words) | Q(kana__icontains=search.words) | Q(address__icontains=search.words)
        )
    return found.order_by("kana", "id")


def patterns_on(facility: Facility, day: date) -> QuerySet[WeeklyPattern]:
    """The weekly pattern in force on a day, Monday first."""
    in_force = Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gte=day))
    return facility.patterns.filter(in_force).order_by("weekday", "starts")


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


def code_in_force(facility: Facility) -> PosterCode | None:
    """The code that hangs on the wall."""
    return facility.poster_codes.filter(revoked_at=None).first()


def code_by_token(token: str) -> PosterCode | None:
    """What a scanned address stands for, revoked codes included, so that the page can say so."""
    found = PosterCode.objects.filter(token_hash=hash_token(token))
    return found.select_related("facility__municipality").first()

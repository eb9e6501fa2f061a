"""Facilities as families find them and as their staff run them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import Q, QuerySet

from daredemo.accounts.models import User
from daredemo.facilities import models
from daredemo.facilities.models import (
    ClosedHours,
    Extra,
    Facility,
    FacilityClosure,
    Member,
    PosterCode,
    Tariff,
    WeeklyPattern,
)
from daredemo.municipalities import queries as municipalities
from daredemo.municipalities.models import Municipality
from daredemo.prepared import rows, statements
from daredemo.rules import booking
from daredemo.rules.hours import at_clock, offered_lengths
from daredemo.rules.plain import minutes_of
from daredemo.rules.policy import Hours, Window
from daredemo.sealed.tokens import hash_token

FACILITY = """
SELECT row_to_json(f), row_to_json(m) FROM facilities_facility f
JOIN municipalities_municipality m ON m.code = f.municipality_id
WHERE f.id = %s AND f.published_at IS NOT NULL"""


def member_of(user: User) -> Member | None:
    """The member of staff behind a login, with the facility; None for everyone else."""
    found = Member.objects.filter(user=user, user__is_active=True, ended_at=None)
    return found.select_related("facility__municipality", "user").first()


def published() -> QuerySet[Facility]:
    """The facilities that families may find."""
    return Facility.objects.exclude(published_at=None).select_related("municipality")


def facility_called(municipality: Municipality, name: str) -> Facility | None:
    """The facility of this name in a municipality, published or not."""
    return Facility.objects.filter(municipality=municipality, name=name).first()


def facility(facility_id: UUID) -> Facility:
    """A published facility with its municipality; raises Facility.DoesNotExist for any other."""
    found = statements.ask(FACILITY, [facility_id])
    if not found:
        raise Facility.DoesNotExist
    one = rows.made(Facility, found[0][0])
    one.municipality = rows.made(Municipality, found[0][1])
    return one


# The words that portals ask by; they know no tables.
Approval = models.Approval
Care = models.Care


def window_of(facility: Facility, city: Window) -> Window:
    """When this facility can be booked and answers; residents wait as its municipality or it says."""
    return replace(
        city,
        opens_day=facility.window_day,
        opens_at=f"{facility.window_time:%H:%M}",
        opens_days_before=facility.window_days_before,
        closes_hours_before=facility.window_closes_hours,
        closes_days_before=facility.window_closes_days,
        closes_at=f"{facility.window_closes_time:%H:%M}",
        residents_first_days=max(city.residents_first_days, facility.residents_first_days),
        request_business_days=facility.answer_days,
    )


def sessions_on(facility: Facility, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """The fixed sessions of a day, in order; empty where any length can be booked."""
    return tuple(_session_on(session, day) for session in facility.sessions)


def uses(facility: Facility, rule: Hours) -> Mapping[int, tuple[int, ...]]:
    """Start (minute of the day) → the lengths in minutes that it offers from there, whatever is open.

    Of its sessions, or on the grid up to the longest use; the shortest length comes first.
    """
    return _uses(tuple(facility.sessions), facility.longest_minutes, rule)


@lru_cache(maxsize=1024)
def _uses(sessions: tuple[str, ...], longest: int, rule: Hours) -> Mapping[int, tuple[int, ...]]:
    if not sessions:
        lengths = offered_lengths(longest, rule.unit)
        return dict.fromkeys(range(0, 24 * 60 - rule.unit.minimum + 1, rule.start_grid), lengths)
    found: dict[int, tuple[int, ...]] = {}
    for starts, ends in sorted(tuple(map(minutes_of, session.split("-"))) for session in sessions):
        found[starts] = (*found.get(starts, ()), ends - starts)
    return found


def check_sessions(facility: Facility, sessions: Iterable[str], day: date) -> None:
    """Refused where one starts off the municipality's grid, or has a length that it does not offer."""
    rule = municipalities.policy_on(facility.municipality_id, day).hours
    for start, end in (_session_on(session, day) for session in sessions):
        booking.check_length(start, end, rule.unit, rule.start_grid)


def _session_on(session: str, day: date) -> tuple[datetime, datetime]:
    starts, ends = session.split("-")
    return at_clock(day, starts), at_clock(day, ends)


def in_force(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gte=day))


def patterns_on(facility: Facility, day: date) -> QuerySet[WeeklyPattern]:
    """The weekly pattern in force on a day, Monday first."""
    return facility.patterns.filter(in_force(day)).order_by("weekday", "starts")


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


def closed_hours_between(facility: Facility, first: date, last: date) -> QuerySet[ClosedHours]:
    """Closed parts of the days of a span, both ends included."""
    return facility.closed_hours.filter(date__range=(first, last)).order_by("starts_at", "ends_at")


def tariff_on(facility: Facility, day: date) -> Tariff | None:
    """The price in force on a day; None where the facility has not set one."""
    return facility.tariffs.filter(in_force_from__lte=day).order_by("-in_force_from").first()


def extras_on(facility: Facility, day: date) -> QuerySet[Extra]:
    """実費 in force on a day."""
    asked = Q(in_force_from__lte=day) & (Q(in_force_until=None) | Q(in_force_until__gte=day))
    return facility.extras.filter(asked).order_by("name")


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


def closed_hours_from(facility: Facility, day: date) -> QuerySet[ClosedHours]:
    """Closed parts of days, from a day on."""
    return facility.closed_hours.filter(date__gte=day).order_by("starts_at", "ends_at")


def code_in_force(facility: Facility) -> PosterCode | None:
    """The code that hangs on the wall."""
    return facility.poster_codes.filter(revoked_at=None).first()


def code_by_token(token: str) -> PosterCode | None:
    """What a scanned address stands for, revoked codes included, so that the page can say so."""
    found = PosterCode.objects.filter(token_hash=hash_token(token))
    return found.select_related("facility__municipality").first()

"""What a facility decides about itself. Opening and closing days belongs to booking, which has the days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.facilities import queries
from daredemo.facilities.models import Extra, Facility, Member, PosterCode, Role, Tariff, WeeklyPattern
from daredemo.rules.hours import JST, day_of
from daredemo.rules.refusal import Reason, Refused
from daredemo.sealed.tokens import hash_token, make_token

PROFILE_FIELDS = (
    "name",
    "kana",
    "post_code",
    "address",
    "phone",
    "latitude",
    "longitude",
    "youngest_months",
    "oldest_age",
    "about",
    "policy",
    "belongings",
    "access",
    "insurance",
    "late_cancel_words",
    "meals",
    "languages",
    "cares",
    "approval",
    "answer_days",
    "window_day",
    "window_time",
    "window_days_before",
    "window_closes_hours",
    "window_closes_days",
    "window_closes_time",
    "residents_first_days",
    "longest_minutes",
    "sessions",
)


@transaction.atomic
def edit_profile(*, facility: Facility, by: User, now: datetime, **fields: Any) -> Facility:
    """Change what families read and booking obeys; unknown names raise KeyError.

    Refused OFF_THE_GRID, TOO_SHORT, NOT_WHOLE_HOURS for sessions that the municipality's unit does not allow.
    """
    if unknown := set(fields) - set(PROFILE_FIELDS):
        raise KeyError(f"not part of a profile: {sorted(unknown)}")
    queries.check_sessions(facility, fields.get("sessions", ()), day_of(now))
    held = Facility.objects.select_for_update().get(pk=facility.pk)
    changed = [name for name, value in fields.items() if getattr(held, name) != value]
    for name in changed:
        setattr(held, name, fields[name])
    if changed:
        held.save(update_fields=changed)
        audit.record(by=by, action="facility.edit", subject=held, now=now, facts={"fields": sorted(changed)})
    return held


@transaction.atomic
def publish(*, facility: Facility, by: User | None, now: datetime) -> Facility:
    """Show the facility to families. Needs a price, a phone and an address."""
    held = Facility.objects.select_for_update().get(pk=facility.pk)
    if not held.tariffs.exists():
        raise Refused(Reason.PRICE_MISSING, day=now.astimezone(JST).date())
    for name in ("phone", "address"):
        if not getattr(held, name):
            raise Refused(Reason.TEXT_MISSING, field=name)
    if held.published_at is None:
        held.published_at = now
        held.save(update_fields=["published_at"])
        audit.record(by=by, action="facility.publish", subject=held, now=now)
    return held


@transaction.atomic
def add_member(
    *, facility: Facility, user: User, name: str, role: Role, by: User | None, now: datetime
) -> Member:
    """Let a login work at a facility."""
    member = Member.objects.create(facility=facility, user=user, name=name, role=role)
    audit.record(
        by=by, action="member.add", subject=member, now=now, facts={"facility": facility, "role": role}
    )
    return member


@transaction.atomic
def set_price(
    *,
    facility: Facility,
    in_force_from: date,
    yen_per_hour: int,
    offers_reductions: bool,
    by: User | None,
    now: datetime,
) -> Tariff:
    """Set what an hour costs from a day on; a day that has one is refused: superseded, never edited."""
    Facility.objects.select_for_update().get(pk=facility.pk)
    if facility.tariffs.filter(in_force_from=in_force_from).exists():
        earliest = in_force_from + timedelta(days=1)
        raise Refused(Reason.POLICY_IN_FORCE, in_force_from=in_force_from, earliest=earliest)
    tariff = Tariff.objects.create(
        facility=facility,
        in_force_from=in_force_from,
        yen_per_hour=yen_per_hour,
        offers_reductions=offers_reductions,
    )
    audit.record(by=by, action="tariff.set", subject=tariff, now=now, facts={"facility": facility})
    return tariff


@transaction.atomic
def add_extra(
    *,
    facility: Facility,
    name: str,
    yen: int,
    reason: str,
    in_force_from: date,
    by: User | None,
    now: datetime,
) -> Extra:
    """Ask for 実費 from a day on, with its written reason."""
    if not reason.strip():
        raise Refused(Reason.REASON_MISSING)
    extra = Extra.objects.create(
        facility=facility, name=name, yen=yen, reason=reason, in_force_from=in_force_from
    )
    audit.record(by=by, action="extra.add", subject=extra, now=now, facts={"facility": facility, "yen": yen})
    return extra


@transaction.atomic
def set_pattern(
    *,
    facility: Facility,
    weekday: int,
    starts: time,
    ends: time,
    places: int,
    by_age: tuple[int | None, int | None, int | None],
    valid_from: date,
    by: User | None,
    now: datetime,
) -> WeeklyPattern:
    """Offer places on a weekday from a date on; what overlapped it ends the day before."""
    if starts >= ends:
        raise Refused(
            Reason.WISH_BACKWARDS,
            start=datetime.combine(valid_from, starts, JST),
            end=datetime.combine(valid_from, ends, JST),
        )
    end_patterns(
        facility=facility, weekday=weekday, starts=starts, ends=ends, ends_on=valid_from, by=by, now=now
    )
    pattern = WeeklyPattern.objects.create(
        facility=facility,
        weekday=weekday,
        starts=starts,
        ends=ends,
        places=places,
        places_age_0=by_age[0],
        places_age_1=by_age[1],
        places_age_2=by_age[2],
        valid_from=valid_from,
    )
    audit.record(by=by, action="pattern.set", subject=pattern, now=now, facts={"facility": facility})
    return pattern


@dataclass(frozen=True, slots=True)
class Span:
    """Places between two times of a weekday; None for an age where only the sum binds."""

    starts: time
    ends: time
    places: int
    by_age: tuple[int | None, int | None, int | None] = (None, None, None)


@transaction.atomic
def set_weekday(
    *,
    facility: Facility,
    weekday: int,
    spans: Sequence[Span],
    valid_from: date,
    by: User | None,
    now: datetime,
) -> list[WeeklyPattern]:
    """Say anew what a weekday offers from a date on; no spans: closed on that weekday.

    The days themselves take the new shape by `booking.publish_days`.
    """
    end_patterns(
        facility=facility,
        weekday=weekday,
        starts=time.min,
        ends=time.max,
        ends_on=valid_from,
        by=by,
        now=now,
    )
    return [
        set_pattern(
            facility=facility,
            weekday=weekday,
            starts=span.starts,
            ends=span.ends,
            places=span.places,
            by_age=span.by_age,
            valid_from=valid_from,
            by=by,
            now=now,
        )
        for span in spans
    ]


@transaction.atomic
def end_extra(*, extra: Extra, ends_on: date, by: User | None, now: datetime) -> Extra:
    """Stop asking for 実費: `ends_on` is the first day without it."""
    held = Extra.objects.select_for_update().get(pk=extra.pk)
    held.in_force_until = ends_on - timedelta(days=1)
    held.save(update_fields=["in_force_until"])
    facts = {"facility": held.facility_id, "ends_on": ends_on}
    audit.record(by=by, action="extra.end", subject=held, now=now, facts=facts)
    return held


@transaction.atomic
def end_patterns(
    *,
    facility: Facility,
    weekday: int,
    starts: time,
    ends: time,
    ends_on: date,
    by: User | None,
    now: datetime,
) -> int:
    """End every pattern of a weekday that overlaps these times, so that `ends_on` is without it."""
    Facility.objects.select_for_update().get(pk=facility.pk)
    overlapping = facility.patterns.filter(weekday=weekday, starts__lt=ends, ends__gt=starts)
    overlapping.filter(valid_from__gte=ends_on).delete()
    ended = overlapping.exclude(valid_until__lt=ends_on).update(valid_until=ends_on - timedelta(days=1))
    if ended:
        facts = {"weekday": weekday, "ends_on": ends_on, "count": ended}
        audit.record(by=by, action="pattern.end", subject=facility, now=now, facts=facts)
    return ended


@transaction.atomic
def issue_code(*, facility: Facility, by: User | None, now: datetime) -> PosterCode:
    """Issue a code for the poster; the one before it stops working at once."""
    Facility.objects.select_for_update().get(pk=facility.pk)
    facility.poster_codes.filter(revoked_at=None).update(revoked_at=now)
    token = make_token()
    code = PosterCode.objects.create(
        facility=facility, token=token, token_hash=hash_token(token), issued_at=now
    )
    audit.record(by=by, action="poster.issue", subject=code, now=now, facts={"facility": facility})
    return code

"""The hours of a child: the meter of a month, and the passbook that explains every number of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from daredemo.booking.models import HOLDING, Booking, BookingStatus, ChildMonth, LedgerEntry, LedgerKind
from daredemo.booking.queries import situation
from daredemo.booking.queries.situation import Situation
from daredemo.families.models import Child
from daredemo.municipalities import queries as municipalities
from daredemo.prepared import rows, statements
from daredemo.rules import allowance
from daredemo.rules.hours import day_of
from daredemo.rules.policy import Bucket, Policy

# A month of a child; what its bookings hold and may still give back; what a cancellation gives back for sure.
METER = """
SELECT (SELECT row_to_json(m) FROM booking_childmonth m WHERE m.child_id = %(child)s AND m.month = %(month)s),
    coalesce(sum(b.minutes), 0),
    coalesce(sum(b.minutes) FILTER (WHERE b.status = 'cancelled' AND NOT b.hours_consumed), 0)
FROM booking_booking b WHERE b.child_id = %(child)s AND b.date >= %(month)s AND b.date < %(next)s
    AND (b.status IN ('requested', 'booked') AND b.settled_at IS NULL
        OR b.status = 'cancelled' AND b.released_at IS NULL)"""
CERTIFYING = """
SELECT p.id FROM municipalities_policyversion p
WHERE p.in_force_from <= %(today)s AND p.municipality_id = (
    SELECT c.municipality_id FROM certification_certificate c WHERE c.child_id = %(child)s
    ORDER BY c.valid_from < %(next)s DESC, c.valid_from DESC, c.created_at DESC LIMIT 1)
ORDER BY p.in_force_from DESC LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes of one month: allowed, used or lost, booked and still to come, left."""

    month: date
    cap: int
    used: int
    booked: int
    buckets: tuple[Bucket, ...] = ()  # what it is made of, in the order in which it is spent

    @property
    def left(self) -> int:
        return allowance.minutes_left(self.cap, self.used + self.booked)


def meter(child: Child, month: date, now: datetime, *, choosing: bool = False) -> Hours:
    """The month's meter; without a booking yet it is the whole allowance of the certifying municipality.

    `choosing`: as the next booking finds it, which ends the undo of what was cancelled and may use its hours.
    """
    month = month.replace(day=1)
    asked = {"child": child.pk, "month": month, "next": next_month(month)}
    held, booked, back = statements.ask(METER, asked)[0]
    known = rows.made(ChildMonth, held) if held else None
    return _hours(month, known, booked, back if choosing else 0, certifying_policy(child, month, now))


def meter_in(seen: Situation, month: date) -> Hours:
    """As `meter` for who is choosing, from a situation already read around that month."""
    month = month.replace(day=1)
    own = [one for one in seen.counted.bookings if one.date.replace(day=1) == month]
    back = [one for one in own if one.status == BookingStatus.CANCELLED]
    holding = [one for one in own if one.status in HOLDING and one.settled_at is None]
    begun = [one for one in seen.certificates if one.valid_from < next_month(month)]
    certifying = next(iter([*reversed(begun), *reversed(seen.certificates)]), None)
    code = certifying.municipality_id if certifying else ""
    return _hours(
        month,
        seen.counted.months.get(month),
        sum(one.minutes for one in (*holding, *back)),
        sum(one.minutes for one in back if not one.hours_consumed),
        situation.policy(seen.versions, code, seen.now),
    )


def _hours(month: date, held: ChildMonth | None, booked: int, back: int, rules: Policy) -> Hours:
    spent = held.spent_minutes if held else 0
    used, booked = max(0, spent - booked), min(booked, spent)
    buckets = allowance.open_buckets(rules.hours, month)
    cap = sum(bucket.minutes for bucket in buckets)
    return Hours(month=month, cap=cap, used=used, booked=max(0, booked - back), buckets=buckets)


def certifying_policy(child: Child, month: date, now: datetime) -> Policy:
    """The rules of the municipality that certifies in that month, else the latest that did, else 国の標準."""
    asked = {"child": child.pk, "next": next_month(month), "today": day_of(now)}
    found = statements.ask(CERTIFYING, asked)
    return municipalities.policy_of(found[0][0]) if found else municipalities.national_standard(day_of(now))


def held_minutes(child: Child, month: date) -> int:
    """What bookings of a month hold and may still give back: not settled, or waiting for the end of undo."""
    holding = Q(status__in=HOLDING) | Q(status=BookingStatus.CANCELLED, released_at=None)
    of_month = Booking.objects.filter(holding, child=child, date__gte=month, date__lt=next_month(month))
    held: int = of_month.filter(settled_at=None).aggregate(held=Sum("minutes", default=0))["held"]
    return held


def passbook(child: Child, month: date | None = None) -> QuerySet[LedgerEntry]:
    """Every line of the child's ledger, oldest first; of one month if it is given."""
    entries = LedgerEntry.objects.filter(child_month__child=child)
    if month is not None:
        entries = entries.filter(child_month__month=month.replace(day=1))
    return entries.select_related("child_month", "booking__facility").order_by(
        "child_month__month", "at", "id"
    )


def months_of(child: Child) -> QuerySet[ChildMonth]:
    """The months that have an entry, newest first."""
    return ChildMonth.objects.filter(child=child).order_by("-month")


def home_policy(booking: Booking) -> Policy:
    """The rules a booking's hours obey: those it was made under."""
    return _pinned(booking.policy_id, booking)


def place_policy(booking: Booking) -> Policy:
    """The rules a booking's fee obeys: those of the facility's municipality."""
    return _pinned(booking.place_policy_id, booking)


def _pinned(version: UUID | None, booking: Booking) -> Policy:
    if version is None:
        return municipalities.national_standard(day_of(booking.created_at))
    return municipalities.policy_of(version)


def left_by_bucket(month: ChildMonth, home: Policy, *, at_home: bool = True) -> dict[str, int]:
    """Minutes left in every bucket that counts for a use, in the order in which they are spent."""
    spent = {name: spent for name, _, spent in sums_of(month)}
    buckets = allowance.open_buckets(home.hours, month.month, at_home=at_home)
    return {one.name: allowance.minutes_left(one.minutes, spent.get(one.name, 0)) for one in buckets}


def sums_of(month: ChildMonth) -> list[tuple[str, int, int]]:
    """What the ledger says of each bucket: name, minutes granted, minutes spent; in the order of granting."""
    sums: dict[str, tuple[int, int]] = {}
    entries = LedgerEntry.objects.filter(child_month=month).order_by("at", "id")
    for bucket, kind, effect in entries.values_list("bucket", "kind", "effect"):
        granted, spent = sums.get(bucket, (0, 0))
        is_grant = kind == LedgerKind.GRANTED
        sums[bucket] = (granted + effect, spent) if is_grant else (granted, spent - effect)
    return [(bucket, granted, spent) for bucket, (granted, spent) in sums.items()]


def net_of(booking: Booking) -> dict[str, int]:
    """Minutes a booking lacks (negative) of what it reserved at first, by bucket: what was returned."""
    rows = LedgerEntry.objects.filter(booking=booking).exclude(kind=LedgerKind.OVERRUN)
    reserved = dict(rows.filter(kind=LedgerKind.RESERVED).values_list("bucket", "minutes"))
    spent = rows.values_list("bucket").annotate(sum=Sum("effect")).order_by()
    return {bucket: -effect - reserved.get(bucket, 0) for bucket, effect in spent}


def overrun_of(booking: Booking) -> dict[str, int]:
    """Minutes that a late pick-up has taken from the allowance, by bucket."""
    rows = LedgerEntry.objects.filter(booking=booking, kind=LedgerKind.OVERRUN).values_list("bucket")
    return {bucket: -effect for bucket, effect in rows.annotate(sum=Sum("effect")).order_by() if effect}


def next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)

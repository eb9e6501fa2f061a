"""Locks, always in one order: child-months by (child, month), opened days by (date, facility), rows of
bookings and of the waiting list.

Whoever changes anything of a booking takes them here and looks again under them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from daredemo.booking.models import Booking, ChildMonth, Offer, OfferStatus, OpenedDay, Waiting
from daredemo.facilities.models import Facility
from daredemo.prepared import statements

# The days wait for the months: their condition needs the count of what is locked before.
HOLD = """
WITH months AS (
    SELECT m.id FROM booking_childmonth m
    JOIN unnest(%(children)s::uuid[], %(months)s::date[]) AS wanted(child, month)
        ON m.child_id = wanted.child AND m.month = wanted.month
    ORDER BY m.child_id, m.month FOR NO KEY UPDATE OF m),
days AS (
    SELECT d.id FROM booking_openedday d
    WHERE d.id = ANY(%(days)s::uuid[]) AND (SELECT count(*) FROM months) >= 0
    ORDER BY d.date, d.facility_id FOR NO KEY UPDATE)
SELECT count(*) FROM days"""


def hold(months: Iterable[tuple[UUID, date]], days: Iterable[UUID]) -> None:
    """Lock months (child, first day) and opened days by one statement; read under the locks with the next."""
    wanted = sorted(set(months))
    statements.ask(
        HOLD,
        {"children": [c for c, _ in wanted], "months": [m for _, m in wanted], "days": list(set(days))},
    )


def hold_months(child_id: UUID, months: Iterable[date]) -> dict[date, ChildMonth]:
    """Every spender of this child's hours queues here."""
    rows = ChildMonth.objects.select_for_update(no_key=True).filter(child=child_id, month__in=set(months))
    return {row.month: row for row in rows.order_by("child", "month")}


def hold_days(day_ids: Iterable[UUID]) -> dict[UUID, OpenedDay]:
    """… then everyone who wants a place on these days."""
    rows = OpenedDay.objects.select_for_update(no_key=True).filter(pk__in=set(day_ids))
    return {row.pk: row for row in rows.order_by("date", "facility")}


def hold_facility(facility: Facility) -> Facility:
    """Whoever changes the shape of a facility's days queues here, before any day; bookings do not."""
    return Facility.objects.select_for_update(no_key=True).get(pk=facility.pk)


def hold_days_of(facility: Facility, first: date, last: date | None) -> list[OpenedDay]:
    """A facility's opened days of a span, both ends included (None: all later ones), by date."""
    days = OpenedDay.objects.select_for_update(no_key=True).filter(facility=facility, date__gte=first)
    return list((days if last is None else days.filter(date__lte=last)).order_by("date"))


@dataclass(frozen=True, slots=True)
class Held:
    """One booking and what it spends, fresh and locked; `day` only where it was asked for."""

    booking: Booking
    month: ChildMonth
    day: OpenedDay | None


def hold_booking(booking_id: UUID, *, with_day: bool = False) -> Held:
    """Lock a booking in the declared order; its child, date and place never change."""
    seen = Booking.objects.only("child_id", "date", "day_id").get(pk=booking_id)
    month = hold_months(seen.child_id, [seen.date.replace(day=1)])[seen.date.replace(day=1)]
    day = hold_days([seen.day_id])[seen.day_id] if with_day else None
    held = Booking.objects.select_for_update(of=("self",), no_key=True)
    booking = held.select_related("child", "guardian__user", "facility", "policy", "place_policy")
    return Held(booking.get(pk=booking_id), month, day)


@dataclass(frozen=True, slots=True)
class HeldWaiting:
    """One child in line, its day, and the place that is kept for it, if any: fresh and locked."""

    entry: Waiting
    day: OpenedDay
    offer: Offer | None


def hold_waiting(waiting_id: UUID) -> HeldWaiting:
    """Lock an entry of the waiting list after its day; whoever needs the month has locked it before."""
    seen = Waiting.objects.only("day_id").get(pk=waiting_id)
    day = hold_days([seen.day_id])[seen.day_id]
    held = Waiting.objects.select_for_update(of=("self",), no_key=True)
    entry = held.select_related("child", "guardian__user", "facility").get(pk=waiting_id)
    return HeldWaiting(entry, day, Offer.objects.filter(waiting=entry, status=OfferStatus.OPEN).first())

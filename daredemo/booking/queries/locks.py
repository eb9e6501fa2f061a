"""Locks, always in one order: child-months by (child, month), opened days by (date, facility), booking rows.

Whoever changes anything of a booking takes them here and looks again under them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from daredemo.booking.models import Booking, ChildMonth, OpenedDay


def hold_months(child_id: UUID, months: Iterable[date]) -> dict[date, ChildMonth]:
    """Every spender of this child's hours queues here."""
    rows = ChildMonth.objects.select_for_update(no_key=True).filter(child=child_id, month__in=set(months))
    return {row.month: row for row in rows.order_by("child", "month")}


def hold_days(day_ids: Iterable[UUID]) -> dict[UUID, OpenedDay]:
    """… then everyone who wants a place on these days."""
    rows = OpenedDay.objects.select_for_update(no_key=True).filter(pk__in=set(day_ids))
    return {row.pk: row for row in rows.order_by("date", "facility")}


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

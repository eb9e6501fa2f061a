"""What is asked for at once, and the booking that it becomes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from daredemo.accounts.models import Portal, User
from daredemo.booking import numbers
from daredemo.booking.models import Booking, BookingStatus, Offer
from daredemo.booking.queries.several import Asked, Decided
from daredemo.booking.queries.situation import Situation
from daredemo.facilities.models import Approval
from daredemo.families.models import Guardian
from daredemo.rules import booking as rules


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for at once, and by whom: all of it is booked, or none."""

    guardian: Guardian
    facility: UUID
    asked: Sequence[Asked]
    by: User
    now: datetime
    agreed: UUID | None = None
    wants_advice: bool = False
    offer: Offer | None = None  # the place of the waiting list that this takes
    instead_of: Booking | None = None  # a change of time: this one gives way
    letter: UUID | None = None  # of several: one mail tells of all that bear it

    @property
    def days(self) -> list[date]:
        """Those of the old booking and of the new ones."""
        old = [self.instead_of.date] if self.instead_of else []
        return [*old, *(one.day for one in self.asked)]

    @property
    def by_staff(self) -> bool:
        return self.by.portal == Portal.FACILITY


def made(one: Decided, order: Order) -> Booking:
    """The booking as it will stand: what was promised is pinned."""
    seen, wish, terms, day = one.seen, one.asked.wish, one.terms, one.asked.day
    on_request = seen.facility.approval == Approval.ON_REQUEST and not order.by_staff
    home = seen.home_code(day)
    return Booking(
        number=numbers.booking_number(),
        request_key=one.asked.key,
        child=seen.child,
        guardian=order.guardian,
        facility=seen.facility,
        home_id=home,
        day=seen.counted.days[day],
        date=day,
        starts_at=wish.start,
        ends_at=wish.end,
        age_group=terms.age,
        minutes=terms.minutes,
        status=BookingStatus.REQUESTED if on_request else BookingStatus.BOOKED,
        policy_id=seen.versions.get(home),
        place_policy_id=seen.versions.get(seen.facility.municipality_id),
        deadline_at=terms.hours_free_until,
        fee_deadline_at=terms.fee_free_until,
        yen=terms.bill.total,
        lines=_lines(terms),
        wants_advice=order.wants_advice,
        booked_by=order.by,
        created_at=order.now,
        expires_at=rules.request_expires_at(wish, terms, one.facts) if on_request else None,
        **_moved(order.instead_of, one.seen),
    )


def _moved(old: Booking | None, seen: Situation) -> dict[str, Any]:
    """After a change of time: which booking gave way, and its entry in the family's calendar, one step on."""
    gone = next((one for one in seen.counted.waiting if one == old), None)
    if gone is None:
        return {}
    return {"moved_from": gone, "entry_id": gone.entry_id or gone.pk, "revision": gone.revision}


def _lines(terms: rules.Terms) -> list[dict[str, object]]:
    """The bill as it was shown."""
    return [
        {"what": line.kind.value, "name": line.name, "yen": line.yen, "minutes": line.minutes}
        for line in terms.bill.lines
    ]

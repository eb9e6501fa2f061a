"""Changing the time of a booking (時間の変更): the old one gives way and the new one stands, in one step."""

from datetime import datetime
from uuid import UUID

from daredemo.accounts.models import User
from daredemo.booking.actions.booking import carry_out
from daredemo.booking.actions.ordering import Order
from daredemo.booking.models import Booking
from daredemo.booking.queries.several import Asked
from daredemo.families.models import Guardian


def change(
    *,
    booking: Booking,
    guardian: Guardian,
    starts_at: datetime,
    minutes: int,
    by: User,
    request_key: UUID,
    now: datetime,
    agreed: UUID | None = None,
) -> Booking:
    """Move a booking to another time of the same child at the same facility; returns the new one.

    The new time is decided like any booking, as if the old one had been given back; the old one ends at no
    cost. Refused like `book`, and CHANGE_TOO_LATE where cancelling would not be free any more,
    CHANGE_BY_PHONE, STATUS_MOVED. Then the old one stands as it was.
    """
    asked = (Asked(booking.child_id, starts_at, minutes, request_key),)
    order = Order(
        guardian, booking.facility_id, asked, by, now, agreed,
        wants_advice=booking.wants_advice, instead_of=booking,
    )  # fmt: skip
    [made] = carry_out(order)
    return made

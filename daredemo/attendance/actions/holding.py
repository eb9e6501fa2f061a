"""Lock a booking with its visit, and write down what changed."""

from datetime import datetime
from uuid import UUID

from daredemo.accounts.models import User
from daredemo.attendance.models import Visit, VisitState
from daredemo.audit import actions as audit
from daredemo.booking import queries as bookings
from daredemo.booking.models import Booking, BookingStatus
from daredemo.rules.refusal import Reason, Refused


def hold(booking_id: UUID) -> tuple[Booking, Visit]:
    """Everyone who says something about this use queues here. A visit begins with the first word said.

    Raises Refused(STATUS_MOVED) for a booking that no longer holds its place.
    """
    booking = bookings.hold_booking(booking_id).booking
    if booking.status != BookingStatus.BOOKED:
        raise Refused(Reason.STATUS_MOVED, status=booking.status, expected=BookingStatus.BOOKED)
    visit, _ = Visit.objects.get_or_create(booking=booking, defaults={"state": VisitState.EXPECTED})
    visit.booking = booking
    return booking, visit


def write(visit: Visit, verb: str, *fields: str, by: User, now: datetime, **facts: object) -> Visit:
    """Save what an action changed, with its line in the audit."""
    visit.save(update_fields=["state", *fields])
    about = {"booking": visit.booking_id, "child": visit.booking.child_id, **facts}
    audit.record(by=by, action=f"visit.{verb}", subject=visit, now=now, facts=about)
    return visit

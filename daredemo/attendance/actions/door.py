"""What the family says at the door with its own phone, 「来ました」「帰ります」. A scan moves no child."""

from datetime import datetime

from django.db import transaction

from daredemo.accounts.models import User
from daredemo.attendance import queries
from daredemo.attendance.actions.holding import hold, write
from daredemo.attendance.models import Visit, VisitState
from daredemo.booking.models import Booking
from daredemo.facilities.models import PosterCode
from daredemo.rules import attendance as rules
from daredemo.rules.hours import day_of
from daredemo.rules.refusal import Reason, Refused


def check_code(code: PosterCode | None, booking: Booking) -> None:
    """Does the scanned code hang where this booking is?"""
    if code is None:
        raise Refused(Reason.CODE_UNKNOWN)
    if code.revoked_at is not None:
        raise Refused(Reason.CODE_REVOKED)
    if code.facility_id != booking.facility_id:
        raise Refused(Reason.NOT_TODAY_HERE, facility=booking.facility.name, start=booking.starts_at)


@transaction.atomic
def say_arrived(
    *, booking: Booking, code: PosterCode | None, reachable_at: str = "", by: User, now: datetime
) -> Visit:
    """The family says 「来ました」, from 15 minutes before the start. Saying it twice changes nothing."""
    check_code(code, booking)
    held, visit = hold(booking.pk)
    if visit.state in (VisitState.ARRIVED, VisitState.HERE):
        return visit
    if visit.state in (VisitState.LEAVING, VisitState.GONE):
        raise Refused(Reason.ALREADY_CHECKED_OUT, at=visit.handed_over_at or visit.said_leaving_at)
    door = queries.door_of(held.facility, held.date)
    rules.check_arrival(now, held.starts_at, held.ends_at, door, facility=held.facility.name)
    visit.state, visit.said_arrived_at = VisitState.ARRIVED, now
    visit.reachable_at = reachable_at
    visit.absent_at, visit.no_show = None, False
    return write(
        visit, "say_arrived", "said_arrived_at", "reachable_at", "absent_at", "no_show", by=by, now=now
    )


@transaction.atomic
def say_leaving(*, booking: Booking, code: PosterCode | None, by: User, now: datetime) -> Visit:
    """The family says 「帰ります」 on the same day. Saying it twice changes nothing."""
    check_code(code, booking)
    _, visit = hold(booking.pk)
    if visit.state in (VisitState.LEAVING, VisitState.GONE):
        return visit
    if visit.state == VisitState.ARRIVED:
        raise Refused(Reason.NOT_RECEIVED)
    rules.check_departure(visit.received_at, visit.handed_over_at, now)
    if day_of(now) != visit.booking.date:
        raise Refused(Reason.NOT_TODAY_HERE, facility=booking.facility.name, start=booking.starts_at)
    visit.state, visit.said_leaving_at = VisitState.LEAVING, now
    return write(visit, "say_leaving", "said_leaving_at", by=by, now=now)

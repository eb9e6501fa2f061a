"""What staff do: receive, hand over, note an absence, take back a wrong tap."""

from datetime import datetime

from django.db import transaction

from daredemo.accounts.models import User
from daredemo.attendance import queries
from daredemo.attendance.actions.holding import hold, write
from daredemo.attendance.models import Overrun, Visit, VisitState
from daredemo.booking import actions as bookings
from daredemo.booking.models import Booking
from daredemo.facilities import queries as facilities
from daredemo.municipalities import queries as municipalities
from daredemo.rules import attendance as rules
from daredemo.rules.hours import day_of
from daredemo.rules.refusal import Reason, Refused

BEFORE_HERE = (VisitState.EXPECTED, VisitState.ARRIVED, VisitState.ABSENT)


@transaction.atomic
def receive(*, booking: Booking, at: datetime | None = None, by: User, now: datetime) -> Visit:
    """受け入れ: the child is here from now, or from `at` when staff write it down later.

    Receiving a child that is here already changes nothing.
    """
    held, visit = hold(booking.pk)
    if visit.state in queries.PRESENT:
        return visit
    if visit.state == VisitState.GONE:
        raise Refused(Reason.ALREADY_CHECKED_OUT, at=visit.handed_over_at)
    came = check_written(held, at or visit.said_arrived_at or now, now)
    rules.check_arrival(came, held.starts_at, held.ends_at, queries.door_of(held.facility, held.date))
    visit.state, visit.received_at, visit.received_by = VisitState.HERE, came, by
    visit.absent_at, visit.no_show = None, False
    write(visit, "receive", "received_at", "received_by", "absent_at", "no_show", by=by, now=now, at=came)
    bookings.begin_use(booking=held, by=by, now=now)
    return visit


@transaction.atomic
def hand_over(
    *,
    booking: Booking,
    collected_by: str,
    at: datetime | None = None,
    prolonged: bool = False,
    by: User,
    now: datetime,
) -> Visit:
    """引き渡し: the child is gone, with whom is written down. Handing over twice changes nothing.

    `prolonged`: the child goes on to 一時預かり here, a check-out at the booked end. A pick-up later than
    the grace makes a line of its own; leaving early returns nothing.
    """
    held, visit = hold(booking.pk)
    if visit.state == VisitState.GONE:
        return visit
    if visit.received_at is None:
        raise Refused(Reason.NOT_RECEIVED if visit.said_arrived_at else Reason.NOT_CHECKED_IN)
    left = held.ends_at if prolonged else check_written(held, at or visit.said_leaving_at or now, now)
    rules.check_times(visit.received_at, left)
    visit.state, visit.handed_over_at, visit.handed_over_by = VisitState.GONE, left, by
    visit.collected_by = collected_by
    write(visit, "hand_over", "handed_over_at", "handed_over_by", "collected_by", by=by, now=now, at=left)
    count_overrun(visit, by=by, now=now)
    return visit


def check_written(booking: Booking, at: datetime, now: datetime) -> datetime:
    """A time written down by staff lies on the day of the booking and not ahead of now."""
    if day_of(at) != booking.date or at > now:
        raise Refused(Reason.TIMES_BACKWARDS, arrived=booking.starts_at, left=at)
    return at


def count_overrun(visit: Visit, *, by: User, now: datetime) -> Overrun | None:
    """Write, change or take away the line for a late pick-up, as the times now say. Called under the lock."""
    booking = visit.booking
    here = municipalities.policy_on(booking.facility.municipality_id, booking.date)
    late = rules.overrun(booking.ends_at, visit.handed_over_at or booking.ends_at, here.hours)
    had, _ = Overrun.objects.filter(visit=visit).delete()
    if not (late.charged or had):
        return None
    taken = bookings.consume_overrun(booking=booking, minutes=late.charged, by=by, now=now)
    if not late.charged:
        return None
    tariff = facilities.tariff_on(booking.facility, booking.date)
    line = Overrun(
        visit=visit,
        minutes=late.real,
        yen=late.charged * (tariff.yen_per_hour if tariff else 0) // 60,
        consumed_minutes=taken,
        at=now,
    )
    line.save(force_insert=True)
    return line


@transaction.atomic
def note_absence(*, booking: Booking, by: User, now: datetime) -> Visit:
    """休み: the child does not come today, as the family told staff; cancelling is booking's own verb."""
    _, visit = hold(booking.pk)
    if visit.state not in BEFORE_HERE:
        raise Refused(Reason.ALREADY_CHECKED_IN, at=visit.received_at)
    visit.state, visit.absent_at = VisitState.ABSENT, now
    return write(visit, "note_absence", "absent_at", by=by, now=now)


@transaction.atomic
def undo(*, booking: Booking, by: User, now: datetime) -> Visit:
    """もどす: take back the last tap of today; the step before it stands again."""
    held, visit = hold(booking.pk)
    if day_of(now) != held.date:
        raise Refused(Reason.UNDO_OVER, until=held.ends_at)
    fields = _step_back(visit)
    write(visit, "undo", *fields, by=by, now=now)
    if "handed_over_at" in fields:
        count_overrun(visit, by=by, now=now)
    if "received_at" in fields:
        bookings.unbegin_use(booking=held, by=by, now=now)
    return visit


def _step_back(visit: Visit) -> tuple[str, ...]:
    if visit.state == VisitState.GONE:
        visit.state = VisitState.LEAVING if visit.said_leaving_at else VisitState.HERE
        visit.handed_over_at, visit.handed_over_by, visit.collected_by = None, None, ""
        return ("handed_over_at", "handed_over_by", "collected_by")
    if visit.state == VisitState.LEAVING:
        visit.state, visit.said_leaving_at = VisitState.HERE, None
        return ("said_leaving_at",)
    if visit.state == VisitState.HERE:
        visit.state = VisitState.ARRIVED if visit.said_arrived_at else VisitState.EXPECTED
        visit.received_at, visit.received_by = None, None
        return ("received_at", "received_by")
    visit.state, visit.said_arrived_at, visit.absent_at, visit.no_show = (
        VisitState.EXPECTED,
        None,
        None,
        False,
    )
    return ("said_arrived_at", "absent_at", "no_show")

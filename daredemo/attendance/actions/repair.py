"""登園・降園の時刻をなおす, and the answer to what a sweep noticed: each with reason and author."""

from datetime import datetime

from django.db import transaction

from daredemo.accounts.models import User
from daredemo.attendance import queries
from daredemo.attendance.actions import staff
from daredemo.attendance.actions.holding import hold, write
from daredemo.attendance.models import Correction, Proposal, ProposalKind, Visit, VisitState
from daredemo.audit import actions as audit
from daredemo.booking import actions as bookings
from daredemo.booking.models import Booking
from daredemo.rules import attendance as rules
from daredemo.rules.refusal import Reason, Refused

FIELDS = ("received_at", "handed_over_at")


@transaction.atomic
def correct(
    *,
    booking: Booking,
    received_at: datetime | None,
    handed_over_at: datetime | None,
    reason: str,
    by: User,
    now: datetime,
) -> Visit:
    """Put the recorded times right; the booked span keeps counting, an overrun follows the new times.

    A child that came after all is no absence any more, nor is one that never came a use: what was settled
    under the wrong word is opened again.
    Raises Refused: REASON_MISSING, NOT_CHECKED_IN (a departure without an arrival), TIMES_BACKWARDS.
    """
    if not reason.strip():
        raise Refused(Reason.REASON_MISSING)
    held, visit = hold(booking.pk)
    if received_at is None and handed_over_at is not None:
        raise Refused(Reason.NOT_CHECKED_IN)
    for at in (received_at, handed_over_at):
        if at is not None:
            staff.check_written(held, at, now)
    if received_at and handed_over_at:
        rules.check_times(received_at, handed_over_at)
    for field, after in zip(FIELDS, (received_at, handed_over_at), strict=True):
        before = getattr(visit, field)
        if _minute(before) != _minute(after):
            Correction.objects.create(
                visit=visit, field=field, before=before, after=after, reason=reason, by=by, at=now
            )
            setattr(visit, field, after)
    came = received_at is not None
    if came:
        visit.absent_at, visit.no_show = None, False
    visit.state = _state(visit)
    write(visit, "correct", *FIELDS, "absent_at", "no_show", by=by, now=now)
    _tell_booking(held, came=came, reason=reason, by=by, now=now)
    staff.count_overrun(visit, by=by, now=now)
    return visit


def _minute(at: datetime | None) -> datetime | None:
    """What a person sees and types of a time: a tap's seconds are nobody's mistake."""
    return at and at.replace(second=0, microsecond=0)


def _tell_booking(booking: Booking, *, came: bool, reason: str, by: User, now: datetime) -> None:
    """Who came was received: nothing is cancelled any more, and the hours are used; and the other way."""
    if came == (booking.begun_at is not None):
        return
    if booking.settled_at is not None:
        bookings.reopen_use(booking=booking, reason=reason, by=by, now=now)
    if came:
        bookings.begin_use(booking=booking, by=by, now=now)
    else:
        bookings.unbegin_use(booking=booking, by=by, now=now)


def _state(visit: Visit) -> VisitState:
    if visit.handed_over_at is not None:
        return VisitState.GONE
    if visit.received_at is not None:
        return VisitState.LEAVING if visit.said_leaving_at else VisitState.HERE
    if visit.absent_at is not None:
        return VisitState.ABSENT
    return VisitState.ARRIVED if visit.said_arrived_at else VisitState.EXPECTED


@transaction.atomic
def confirm_no_show(*, booking: Booking, by: User, now: datetime) -> Visit:
    """連絡のないお休み: a person says that nobody came; its hours stay spent."""
    held, visit = hold(booking.pk)
    if visit.state not in staff.BEFORE_HERE or visit.said_arrived_at is not None:
        raise Refused(Reason.ALREADY_CHECKED_IN, at=visit.received_at or visit.said_arrived_at)
    rules.check_no_show(now, held.starts_at, held.ends_at, queries.door_of(held.facility, held.date))
    visit.state, visit.absent_at, visit.no_show = VisitState.ABSENT, now, True
    write(visit, "confirm_no_show", "absent_at", "no_show", by=by, now=now)
    _settle(held, ProposalKind.NO_SHOW, confirmed=True, by=by, now=now)
    return visit


@transaction.atomic
def confirm_check_out(*, booking: Booking, at: datetime, by: User, now: datetime) -> Visit:
    """降園の記録もれ: a person says when the child left, and why it was not written down then."""
    held, visit = hold(booking.pk)
    if visit.state == VisitState.GONE:
        raise Refused(Reason.ALREADY_CHECKED_OUT, at=visit.handed_over_at)
    visit = staff.hand_over(booking=held, collected_by="", at=at, by=by, now=now)
    Correction.objects.create(
        visit=visit, field="handed_over_at", before=None, after=at, reason="記録もれ", by=by, at=now
    )
    _settle(booking, ProposalKind.FORGOTTEN_CHECK_OUT, confirmed=True, by=by, now=now)
    return visit


@transaction.atomic
def dismiss(*, proposal: Proposal, by: User, now: datetime) -> None:
    """The sweep was wrong: nothing changes, and it does not ask again."""
    _settle(proposal.booking, ProposalKind(proposal.kind), confirmed=False, by=by, now=now)
    facts = {"booking": proposal.booking_id, "child": proposal.booking.child_id, "kind": proposal.kind}
    audit.record(by=by, action="proposal.dismiss", subject=proposal, now=now, facts=facts)


def _settle(booking: Booking, kind: ProposalKind, *, confirmed: bool, by: User, now: datetime) -> None:
    open_ones = Proposal.objects.filter(booking=booking, kind=kind, settled_at=None)
    open_ones.update(settled_at=now, settled_by=by, confirmed=confirmed)

"""What a use came to: called by attendance, which knows who came. Hours are used, forfeited or returned."""

from datetime import datetime

from django.db import transaction

from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.booking import queries
from daredemo.booking.actions import hours
from daredemo.booking.actions.ending import OUTCOME
from daredemo.booking.models import Booking, BookingStatus, LedgerKind
from daredemo.rules import cancel as rules
from daredemo.rules.refusal import Reason, Refused

# Events in which nobody used anything: what stays consumed is forfeited (消費), not used.
NOBODY_CAME = (rules.Event.NO_SHOW, rules.Event.SICK_TOLD, rules.Event.FEVER_AT_DOOR, rules.Event.BEREAVEMENT)


def _hold_booked(booking: Booking) -> queries.Held:
    held = queries.hold_booking(booking.pk)
    if held.booking.status == BookingStatus.CANCELLED:
        raise Refused(Reason.ALREADY_CANCELLED, cancelled_at=held.booking.cancelled_at)
    if held.booking.status != BookingStatus.BOOKED:
        raise Refused(Reason.STATUS_MOVED, status=held.booking.status, expected=BookingStatus.BOOKED.value)
    return held


@transaction.atomic
def begin_use(*, booking: Booking, by: User, now: datetime) -> Booking:
    """The child was received: from here on nothing is cancelled or undone. Twice does no harm.

    Refused ALREADY_CANCELLED: whoever was first, the family or the door, is decided on the booking's row.
    """
    held = _hold_booked(booking).booking
    if held.begun_at is None:
        held.begun_at = now
        held.save(update_fields=["begun_at"])
        audit.record(by=by, action="use.begin", subject=held, now=now, facts={"child": held.child_id})
    return held


@transaction.atomic
def unbegin_use(*, booking: Booking, by: User, now: datetime) -> Booking:
    """A 「受け入れ」 by mistake is taken back, as long as the use is not settled."""
    held = _hold_booked(booking).booking
    if held.settled_at is not None:
        raise Refused(Reason.STATUS_MOVED, status="settled", expected="begun")
    if held.begun_at is not None:
        held.begun_at = None
        held.save(update_fields=["begun_at"])
        audit.record(by=by, action="use.unbegin", subject=held, now=now, facts={"child": held.child_id})
    return held


@transaction.atomic
def settle_use(
    *,
    booking: Booking,
    event: rules.Event | None = None,
    ended_at: datetime | None = None,
    by: User | None,
    now: datetime,
) -> Booking:
    """Close the account of one use: as booked, or by the policy's table of what really happens.

    Without an event the booked hours are used; leaving early returns nothing. Settling twice does no harm.
    """
    held = _hold_booked(booking)
    settled = held.booking
    if settled.settled_at is not None:
        return settled
    if event is None:
        effect = rules.Effect(
            settled.minutes, 0, settled.minutes, late_fee=False, benefit_minutes=settled.minutes
        )
    else:
        home, span = queries.home_policy(settled), (settled.starts_at, settled.ends_at)
        effect = rules.effect(
            event, start=span[0], end=span[1], ended_at=ended_at, unit=home.hours.unit,
            cancelling=home.cancelling,
        )  # fmt: skip
    consumed, rest = hours.split(hours.parts_of(settled), effect.consumed)
    kind = LedgerKind.FORFEITED if event in NOBODY_CAME else LedgerKind.USED
    hours.write(held.month, kind, consumed, booking=settled, by=by, now=now)
    hours.write(
        held.month, LedgerKind.RETURNED, hours.returned(held.month, rest), booking=settled, by=by, now=now
    )
    settled.hours_consumed, settled.benefit = effect.consumed > 0, effect.benefit_minutes > 0
    settled.fee_charged = "yes" if effect.fee_minutes else queries.fee_word(effect.late_fee)
    settled.settled_at = now
    settled.save(update_fields=["settled_at", *OUTCOME])
    facts = {"child": settled.child_id, "event": str(event or "used"), "returned": effect.returned}
    audit.record(by=by, action="use.settle", subject=settled, now=now, facts=facts)
    return settled


@transaction.atomic
def reopen_use(*, booking: Booking, reason: str, by: User, now: datetime) -> Booking:
    """A settlement was wrong: hours it returned are taken again, and it can be settled anew.

    Refused NO_HOURS_LEFT where the family has booked them meanwhile, REASON_MISSING without a reason.
    """
    if not reason.strip():
        raise Refused(Reason.REASON_MISSING)
    held = _hold_booked(booking)
    reopened = held.booking
    if reopened.settled_at is None:
        return reopened
    returned = [(bucket, -net) for bucket, net in queries.net_of(reopened).items() if net < 0]
    free = {bucket: granted - spent for bucket, granted, spent in queries.sums_of(held.month)}
    left, again = sum(free.values()), sum(minutes for _, minutes in returned)
    if any(minutes > free.get(bucket, 0) for bucket, minutes in returned):
        raise Refused(
            Reason.NO_HOURS_LEFT, month=held.month.month, minutes=again, left=left,
            cap=held.month.cap_minutes, next_month=queries.next_month(held.month.month),
        )  # fmt: skip
    hours.write(
        held.month, LedgerKind.CORRECTED, returned, booking=reopened, by=by, now=now, reason=reason, sign=-1
    )
    reopened.hours_consumed, reopened.fee_charged, reopened.benefit = None, "", None
    reopened.settled_at = None
    reopened.save(update_fields=["settled_at", *OUTCOME])
    audit.record(by=by, action="use.reopen", subject=reopened, now=now, facts={"child": reopened.child_id})
    return reopened

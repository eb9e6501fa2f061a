"""How a booking ends before its use: cancelled, taken back, withdrawn, declined, expired; and its undo."""

from datetime import datetime

from django.db import transaction

from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.booking import letters, letters_today, queries
from daredemo.booking.actions import hours, shaping, wishing
from daredemo.booking.models import (
    NOT_THE_FAMILY,
    Abandoned,
    Booking,
    BookingStatus,
    Cause,
    ChildMonth,
    LedgerKind,
    OpenedDay,
)
from daredemo.rules import cancel as rules
from daredemo.rules import deadline
from daredemo.rules.refusal import Reason, Refused

OUTCOME = ("hours_consumed", "fee_charged", "benefit")
FREE = rules.Outcome(rules.When.NOT_THE_FAMILY, hours=False, fee=False, benefit=False)


def release(booking: Booking, month: ChildMonth, day: OpenedDay, *, by: User | None, now: datetime) -> None:
    """Free the place, and return or forfeit the hours. The caller holds month, day and booking."""
    parts, kind = hours.parts_of(booking), LedgerKind.FORFEITED
    if not booking.hours_consumed:
        parts, kind = hours.returned(month, parts), LedgerKind.RETURNED
    hours.write(month, kind, parts, booking=booking, by=by, now=now)
    booking.released_at = now
    booking.save(update_fields=["released_at"])
    shaping.give_back(day, booking, by=by, now=now)


def pin(booking: Booking, outcome: rules.Outcome) -> None:
    """Write the three answers on the booking: hours, fee, benefit."""
    booking.hours_consumed, booking.benefit = outcome.hours, outcome.benefit
    booking.fee_charged = queries.fee_word(outcome.fee)


def _move(booking: Booking, status: BookingStatus, now: datetime, *fields: str) -> None:
    booking.status, booking.revised_at = status, now
    booking.revision += 1
    booking.save(update_fields=["status", "revision", "revised_at", *fields])


def _end(
    booking: Booking, status: BookingStatus, cause: Cause | str, *, by: User | None, now: datetime
) -> None:
    """End a booking at no cost; its place and hours are released by the caller."""
    booking.cause, booking.cancelled_at, booking.cancelled_by = cause, now, by
    pin(booking, FREE)
    _move(booking, status, now, "cause", "cancelled_at", "cancelled_by", *OUTCOME)


def give_way(booking: Booking, *, by: User, now: datetime) -> None:
    """End a booking for another time of the same child; the caller holds it and releases it."""
    _end(booking, BookingStatus.CANCELLED, Cause.CHANGED, by=by, now=now)


@transaction.atomic
def cancel(
    *,
    booking: Booking,
    cause: str = Cause.FAMILY,
    called_at: datetime | None = None,
    call_reason: str = "",
    by: User,
    now: datetime,
) -> Booking:
    """Cancel for the family. What it costs is pinned; place and hours stay reserved until undo has ended.

    Staff give `called_at` when the family phoned before: the earlier of call and entry counts.
    Refused ALREADY_CANCELLED, ALREADY_STARTED, CALL_IN_THE_FUTURE, CALL_TOO_LONG_AGO; STATUS_MOVED for a
    request, which is withdrawn.
    """
    if cause not in (Cause.FAMILY, Cause.ILLNESS):
        raise ValueError(f"not a cause of the family: {cause}")
    held = queries.hold_booking(booking.pk).booking
    queries.must_be(held, BookingStatus.BOOKED)
    if called_at is not None:
        rules.check_call(called_at, now, queries.home_policy(held).cancelling, queries.closed_days(held, now))
    queries.not_begun(held, deadline.told_at(now, called_at))
    pin(held, queries.consequence(held, now, called_at))
    held.cause, held.cancelled_at, held.cancelled_by = cause, now, by
    held.called_at, held.call_reason = called_at, call_reason
    held.call_noted_by = by if called_at else None
    _move(
        held, BookingStatus.CANCELLED, now, "cause", "cancelled_at", "cancelled_by",
        "called_at", "call_reason", "call_noted_by", *OUTCOME,
    )  # fmt: skip
    letters.tell("booking_cancelled", held, now=now, due_at=queries.undo_ends_at(held))
    letters_today.given_up(held, by=by, now=now)
    facts = {"child": held.child_id, "cause": cause, "hours": held.hours_consumed, "fee": held.fee_charged}
    audit.record(by=by, action="booking.cancel", subject=held, now=now, facts=facts)
    return held


@transaction.atomic
def undo_cancel(*, booking: Booking, by: User, now: datetime) -> Booking:
    """Within ten minutes of cancelling, and before the start, everything is as it was. Twice does no harm.

    Refused UNDO_OVER afterwards, or as soon as the family has booked something else; FACILITY_CLOSED or
    HOURS_CLOSED where the facility closed the day or these hours meanwhile.
    """
    locked = queries.hold_booking(booking.pk, with_day=True)
    held = locked.booking
    if held.status == BookingStatus.BOOKED:
        return held
    until = queries.undo_ends_at(held)
    if held.status != BookingStatus.CANCELLED or until is None:
        raise Refused(Reason.STATUS_MOVED, status=held.status, expected=BookingStatus.CANCELLED.value)
    if held.released_at is not None or now > until:
        raise Refused(Reason.UNDO_OVER, until=min(until, held.released_at or until))
    queries.not_begun(held, now)
    queries.not_closed(locked)
    letters.withdraw("booking_cancelled", held, now=now)
    if held.cancelled_at is not None:
        letters_today.back(held, said_at=held.cancelled_at, now=now)
    held.cause, held.cancelled_at, held.cancelled_by = "", None, None
    held.called_at, held.call_reason, held.call_noted_by = None, "", None
    held.hours_consumed, held.fee_charged, held.benefit = None, "", None
    _move(
        held, BookingStatus.BOOKED, now, "cause", "cancelled_at", "cancelled_by",
        "called_at", "call_reason", "call_noted_by", *OUTCOME,
    )  # fmt: skip
    audit.record(by=by, action="booking.undo_cancel", subject=held, now=now, facts={"child": held.child_id})
    return held


@transaction.atomic
def undo_booking(*, booking: Booking, by: User, now: datetime) -> Booking:
    """「まちがえた」: within ten minutes of booking, and before the start, as if it had never been made.

    Not after a change of time, whose old place may be gone: it is changed back, like any other.
    """
    held = queries.hold_booking(booking.pk, with_day=True)
    queries.must_be(held.booking, BookingStatus.BOOKED, BookingStatus.REQUESTED)
    if held.booking.moved_from_id is not None:
        raise Refused(Reason.UNDO_OVER, until=held.booking.created_at)
    until = held.booking.created_at + queries.undo_time(held.booking)
    if now > until:
        raise Refused(Reason.UNDO_OVER, until=until)
    queries.not_begun(held.booking, now)
    return _let_go(held, BookingStatus.CANCELLED, Cause.UNDONE, action="booking.undo", by=by, now=now)


@transaction.atomic
def withdraw_request(*, booking: Booking, by: User, now: datetime) -> Booking:
    """Take back a request that the facility has not answered: free, at any time."""
    held = queries.hold_booking(booking.pk, with_day=True)
    queries.must_be(held.booking, BookingStatus.REQUESTED)
    wishing.keep_abandoned(held.booking, Abandoned.WITHDRAWN, now)
    return _let_go(held, BookingStatus.CANCELLED, Cause.FAMILY, action="booking.withdraw", by=by, now=now)


@transaction.atomic
def cancel_by_facility(
    *, booking: Booking, words: str, by: User | None, now: datetime, cause: str = Cause.FACILITY
) -> Booking:
    """The facility's own cause, or a closure ordered by the city: nothing is consumed, nothing is charged."""
    if cause not in NOT_THE_FAMILY:
        raise ValueError(f"a cause of the family: {cause}")
    held = queries.hold_booking(booking.pk, with_day=True)
    queries.must_be(held.booking, BookingStatus.BOOKED, BookingStatus.REQUESTED)
    if held.booking.begun_at is not None or held.booking.settled_at is not None:
        raise Refused(Reason.ALREADY_STARTED, start=held.booking.starts_at)
    held.booking.words = words
    if held.booking.status == BookingStatus.REQUESTED and cause in (Cause.FACILITY, Cause.CITY_CLOSURE):
        wishing.keep_abandoned(held.booking, Abandoned.CLOSED, now)
    return _let_go(
        held, BookingStatus.CANCELLED, cause, "words", action="booking.cancel_by_facility", by=by, now=now
    )


def _let_go(
    held: queries.Held,
    status: BookingStatus,
    cause: str,
    *fields: str,
    action: str,
    by: User | None,
    now: datetime,
    letter: str = "booking_cancelled",
) -> Booking:
    """End at no cost and release at once; the family is told."""
    booking = held.booking
    if held.day is None:
        raise ValueError("the day must be held to give a place back")
    _end(booking, status, cause, by=by, now=now)
    if fields:
        booking.save(update_fields=fields)
    release(booking, held.month, held.day, by=by, now=now)
    letters.tell(letter, booking, now=now)
    facts = {"child": booking.child_id, "facility": booking.facility_id, "cause": cause}
    audit.record(by=by, action=action, subject=booking, now=now, facts=facts)
    return booking


@transaction.atomic
def decline(*, booking: Booking, ground: str, words: str, by: User, now: datetime) -> Booking:
    """The facility says no to a request: a ground (正当な理由) and a sentence are needed."""
    if not (ground and words.strip()):
        raise Refused(Reason.REASON_MISSING)
    held = queries.hold_booking(booking.pk, with_day=True)
    queries.must_be(held.booking, BookingStatus.REQUESTED)
    held.booking.ground, held.booking.words, held.booking.answered_at = ground, words, now
    wishing.keep_abandoned(held.booking, Abandoned.DECLINED, now)
    return _let_go(
        held, BookingStatus.DECLINED, "", "ground", "words", "answered_at",
        action="booking.decline", by=by, now=now, letter="booking_declined",
    )  # fmt: skip


@transaction.atomic
def expire(*, booking: Booking, now: datetime) -> bool:
    """A request that nobody answered in time ends at no cost; False when it moved meanwhile."""
    held = queries.hold_booking(booking.pk, with_day=True)
    ends = held.booking.expires_at
    if held.booking.status != BookingStatus.REQUESTED or ends is None or now <= ends:
        return False
    wishing.keep_abandoned(held.booking, Abandoned.EXPIRED, now)
    _let_go(
        held, BookingStatus.EXPIRED, "", action="booking.expire", by=None, now=now, letter="booking_expired"
    )
    return True


@transaction.atomic
def release_cancelled(*, booking: Booking, now: datetime) -> bool:
    """Undo has ended: the place is free, the hours return or are forfeited. False when it was undone."""
    held = queries.hold_booking(booking.pk, with_day=True)
    until = queries.undo_ends_at(held.booking)
    over = until is not None and now > until
    waits = held.booking.status == BookingStatus.CANCELLED and held.booking.released_at is None
    if held.day is None or not (waits and over):
        return False
    release(held.booking, held.month, held.day, by=None, now=now)
    return True


@transaction.atomic
def record_call(*, booking: Booking, called_at: datetime, reason: str, by: User, now: datetime) -> Booking:
    """The family phoned, and staff note when: the earlier of call and entry decides, only ever in its favour.

    Refused CALL_IN_THE_FUTURE, CALL_TOO_LONG_AGO (before the previous business day), REASON_MISSING.
    """
    if not reason.strip():
        raise Refused(Reason.REASON_MISSING)
    held = queries.hold_booking(booking.pk)
    ended = held.booking
    if ended.status != BookingStatus.CANCELLED or ended.cancelled_at is None:
        raise Refused(Reason.STATUS_MOVED, status=ended.status, expected=BookingStatus.CANCELLED.value)
    rules.check_call(called_at, now, queries.home_policy(ended).cancelling, queries.closed_days(ended, now))
    better = queries.consequence(ended, ended.cancelled_at, called_at)
    returned = bool(ended.hours_consumed) and not better.hours
    if returned and ended.released_at is not None:
        parts = hours.returned(held.month, hours.parts_of(ended))
        hours.write(held.month, LedgerKind.RETURNED, parts, booking=ended, by=by, now=now, reason=reason)
    ended.hours_consumed = bool(ended.hours_consumed) and better.hours
    ended.benefit = bool(ended.benefit) and better.benefit
    if better.fee is False:
        ended.fee_charged = "no"
    ended.called_at, ended.call_reason, ended.call_noted_by = called_at, reason, by
    ended.save(update_fields=["called_at", "call_reason", "call_noted_by", *OUTCOME])
    facts = {"child": ended.child_id, "called_at": called_at, "returned": returned}
    audit.record(by=by, action="booking.record_call", subject=ended, now=now, facts=facts)
    return ended

"""A place that is kept for one child in line: kept, taken, given back. Each holds the day and the entry."""

from datetime import datetime

from daredemo.accounts.models import User
from daredemo.booking import queries
from daredemo.booking.actions import places, shaping
from daredemo.booking.models import Booking, Offer, OfferStatus, Waiting, WaitingStatus
from daredemo.prepared import rows
from daredemo.rules import booking as rules
from daredemo.rules.refusal import Reason, Refused


def keep(entry: Waiting, wish: rules.Wish, *, age: int, answer_by: datetime, now: datetime) -> Offer:
    """Count the place as booked, for this child until `answer_by`; the caller holds month, day and entry."""
    made = Offer(
        waiting=entry,
        child_id=entry.child_id,
        day_id=entry.day_id,
        date=entry.date,
        starts_at=wish.start,
        ends_at=wish.end,
        age_group=age,
        offered_at=now,
        answer_by=answer_by,
    )
    rows.insert([made], places.counted(made, 1))
    entry.status = WaitingStatus.OFFERED
    entry.save(update_fields=["status"])
    return made


def take(offer: Offer, made: Booking) -> None:
    """The booking takes over the place: what was kept is given back in the same transaction.

    Refused OFFER_OVER where it has ended or its time is over. The caller holds month and day.
    """
    now = made.created_at
    held = must_be_open(offer, now)
    places.give_back(held.day, offer)  # and not looked at again: the booking is counted in the next breath
    _end(offer, OfferStatus.TAKEN, by=made.booked_by, now=now, booking=made)
    _leave(held.entry, WaitingStatus.BOOKED, now)


def must_be_open(offer: Offer, now: datetime) -> queries.HeldWaiting:
    """The offer under its locks; Refused OFFER_OVER from the first instant after its deadline."""
    held = queries.hold_waiting(offer.waiting_id)
    if held.offer != offer or now > offer.answer_by:
        raise Refused(Reason.OFFER_OVER, expired_at=offer.answer_by)
    return held


def give_back(
    held: queries.HeldWaiting, kept: OfferStatus, entry: WaitingStatus, *, by: User | None, now: datetime
) -> None:
    """The place is free again, if one was kept, and the child is in line no more, or again."""
    if held.offer is not None:
        shaping.give_back(held.day, held.offer, by=by, now=now)
        _end(held.offer, kept, by=by, now=now)
    _leave(held.entry, entry, now)


def _end(
    offer: Offer, status: OfferStatus, *, by: User | None, now: datetime, booking: Booking | None = None
) -> None:
    offer.status, offer.ended_at, offer.ended_by, offer.booking = status, now, by, booking
    offer.save(update_fields=["status", "ended_at", "ended_by", "booking"])


def _leave(entry: Waiting, status: WaitingStatus, now: datetime) -> None:
    entry.status = status
    entry.ended_at = None if status == WaitingStatus.WAITING else now
    entry.save(update_fields=["status", "ended_at"])

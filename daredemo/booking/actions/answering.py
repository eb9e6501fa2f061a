"""承認制: the facility answers a request itself. Until then the request holds place and hours."""

from datetime import datetime

from django.db import transaction

from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.booking import letters, queries
from daredemo.booking.actions import ending, reminding
from daredemo.booking.models import Booking, BookingStatus
from daredemo.rules.refusal import Reason, Refused


def answer_request(
    *, booking: Booking, approve: bool, words: str = "", ground: str = "", by: User, now: datetime
) -> Booking:
    """Say yes, or no with a ground of the closed list and a sentence. Refused REQUEST_EXPIRED."""
    if approve:
        return _approve(booking=booking, words=words, by=by, now=now)
    return ending.decline(booking=booking, ground=ground, words=words, by=by, now=now)


@transaction.atomic
def _approve(*, booking: Booking, words: str, by: User, now: datetime) -> Booking:
    held = queries.hold_booking(booking.pk).booking
    if held.status != BookingStatus.REQUESTED:
        raise Refused(Reason.STATUS_MOVED, status=held.status, expected=BookingStatus.REQUESTED.value)
    if held.expires_at is not None and now > held.expires_at:
        raise Refused(Reason.REQUEST_EXPIRED, expired_at=held.expires_at)
    held.status, held.answered_at, held.words = BookingStatus.BOOKED, now, words
    held.revision, held.revised_at = held.revision + 1, now
    held.save(update_fields=["status", "answered_at", "words", "revision", "revised_at"])
    reminding.remind(held, now)
    letters.tell("booked", held, now=now)
    facts = {"child": held.child_id, "facility": held.facility_id}
    audit.record(by=by, action="booking.approve", subject=held, now=now, facts=facts)
    return held

"""A booking goes with the child to the city that certifies it now."""

from datetime import datetime

from django.db import transaction

from daredemo.audit import actions as audit
from daredemo.booking import queries
from daredemo.booking.models import Booking
from daredemo.booking.queries import standing


@transaction.atomic
def follow_certificate(*, booking: Booking, now: datetime) -> bool:
    """Count it in the city that certifies on the day of use; what was promised when booking stays pinned.

    False where that is so already. Interviews and consents survive a move, and so do deadline and price.
    """
    held = queries.hold_booking(booking.pk).booking
    found = standing.certifying(held)
    if found is None or found == held.home_id:
        return False
    before, held.home_id = held.home_id, found
    held.save(update_fields=["home"])
    facts = {"child": held.child_id, "from": before, "to": found}
    audit.record(by=None, action="booking.follow_certificate", subject=held, now=now, facts=facts)
    return True

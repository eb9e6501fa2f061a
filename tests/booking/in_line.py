"""What tests of the waiting list do again and again: wait, free a place, take what is offered."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from daredemo.booking import actions as booking
from daredemo.booking import sweeps
from daredemo.booking.models import Booking, Offer, Waiting
from daredemo.facilities.models import Facility
from daredemo.interviews.models import InterviewChild
from daredemo.rules.refusal import Reason, Refused
from tests import make

MONDAY = date(2026, 4, 13)
NINE = make.at("2026-04-13 09:00")
LATER = make.NOW + timedelta(minutes=11)  # undo is over
DEADLINE = make.at("2026-04-07 08:11")  # twelve hours of 10:11, the night left out


def wait(facility: Facility, family: make.Family | None = None, **fields: Any) -> Waiting:
    """Somebody in line for nine to twelve, an hour at least."""
    who = family or make.family()
    if not InterviewChild.objects.filter(child=who.child, interview__facility=facility).exists():
        make.accepted(who.child, facility)
    values: dict[str, Any] = {
        "since": NINE,
        "until": NINE + timedelta(hours=3),
        "minutes": 60,
        "now": make.NOW,
    }
    return booking.join(
        guardian=who.guardian, child=who.child.pk, facility=facility.pk, by=who.user, **{**values, **fields}
    )


def free(taken: Booking) -> None:
    """The booking is cancelled and undo has ended; nobody has been offered anything yet."""
    booking.cancel(booking=taken, by=taken.booked_by, now=make.NOW)
    sweeps.release_cancelled(LATER)


def offered(entry: Waiting) -> Offer:
    return Offer.objects.get(waiting=entry, status="open")


def take(offer: Offer, **fields: Any) -> Booking:
    guardian = offer.waiting.guardian
    values = {"request_key": uuid4(), "now": LATER}
    return booking.accept(offer=offer, guardian=guardian, by=guardian.user, **{**values, **fields})


def refused(reason: Reason, act: Any, *args: Any, **fields: Any) -> dict[str, object]:
    with pytest.raises(Refused) as no:
        act(*args, **fields)
    assert no.value.reason is reason
    return no.value.facts

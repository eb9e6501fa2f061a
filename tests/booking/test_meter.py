"""The month's meter that a screen reads out of a situation it has looked at anyway."""

from datetime import date

import pytest

from daredemo.booking import actions as booking
from daredemo.booking import queries as bookings
from tests import make

pytestmark = pytest.mark.django_db


def test_a_situation_knows_the_months_meter_as_the_next_booking_finds_it() -> None:
    family, facility = make.family(), make.facility()
    now, child = make.at("2026-05-08 10:00"), family.child
    used = make.booking(family, facility, "2026-05-07 09:00", minutes=120, now=make.at("2026-04-02 10:00"))
    booking.settle_use(booking=used, by=family.user, now=make.at("2026-05-07 12:00"))
    make.booking(family, facility, "2026-05-12 09:00", minutes=60, now=now)
    given_back = make.booking(family, facility, "2026-05-13 09:00", minutes=180, now=now)
    booking.cancel(booking=given_back, by=family.user, now=now)
    seen = bookings.look(child.pk, facility.pk, date(2026, 5, 3), date(2026, 6, 6), now)
    may = bookings.meter_in(seen, date(2026, 5, 12))
    assert (may.cap, may.used, may.booked, may.left) == (600, 120, 60, 420)
    for month in (date(2026, 5, 1), date(2026, 6, 1)):
        assert bookings.meter_in(seen, month) == bookings.meter(child, month, now, choosing=True)

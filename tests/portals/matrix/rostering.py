"""The roster of the world: who is on duty, and a day on which too few are."""

from datetime import date
from typing import Any

from daredemo.booking import actions as bookings
from daredemo.booking.models import Conflict
from daredemo.facilities import actions as facilities
from tests import make, staffing

BOOKED = make.at("2026-03-23 09:00")
NEXT_WEEK, SHORT = date(2026, 4, 13), date(2026, 4, 24)


def staffed(world: Any) -> None:
    """Two on duty, and one day on which both are away although somebody comes."""
    home, by = world.facility, world.people["manage"]
    one, other = staffing.staffed(home, roster_from=make.TODAY)
    world.things["carer"] = {"carer_id": one.pk}
    world.things["duty"] = {"day": NEXT_WEEK, "carer_id": one.pk}
    given: dict[str, Any] = {"facility": home, "by": by, "now": BOOKED}
    bookings.change_roster(verb=facilities.set_enrolled_day, day=NEXT_WEEK, by_age=(0, 0, 0), **given)
    make.booking(make.family(), home, f"{SHORT} 09:00", now=BOOKED)
    for ill in (one, other):
        bookings.change_roster(verb=facilities.set_duty, carer=ill, day=SHORT, **given)
    world.things["conflict"] = {"conflict_id": Conflict.objects.get(day__facility=home).pk}

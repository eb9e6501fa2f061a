"""The roster and the days it decides about, changed together."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from daredemo.accounts.models import User
from daredemo.booking import queries
from daredemo.booking.actions import shaping
from daredemo.booking.models import OpenedDay
from daredemo.facilities.actions import Days
from daredemo.facilities.models import Facility
from daredemo.rules.hours import day_of


@transaction.atomic
def change_roster(
    *, facility: Facility, verb: Callable[..., Days], by: User | None, now: datetime, **given: Any
) -> list[OpenedDay]:
    """Carry out a verb of `facilities.actions.roster`, and give the days it touches their places at once.

    Returns the days that changed. Where more is booked than lawful now, a conflict opens; nobody is thrown
    out. Whoever changes the shape of this facility's days queues at the facility, then takes them by date.
    """
    held = queries.hold_facility(facility)
    first, last = verb(facility=held, by=by, now=now, **given)
    days = queries.hold_days_of(held, max(first, day_of(now)), last)
    if not days:
        return []
    return shaping.reshape(days, queries.sources(held, days[0].date, days[-1].date), by=by, now=now)

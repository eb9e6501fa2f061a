"""Opening days from the weekly pattern, with the places that pattern and law allow."""

from datetime import date, datetime, timedelta

from django.db import transaction

from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.audit.models import Entry
from daredemo.booking import queries
from daredemo.booking.actions import shaping
from daredemo.booking.models import OpenedDay
from daredemo.facilities.models import Facility
from daredemo.prepared import rows

DAY = timedelta(days=1)


@transaction.atomic
def publish_days(
    *, facility: Facility, since: date, until: date, by: User | None, now: datetime
) -> list[OpenedDay]:
    """Open the days of a span (both ends included) as the weekly pattern says, or put them in its shape.

    Returns the days that changed. Where a roster decides, a day offers what the law allows within the
    pattern. It never offers less than is booked: the difference is a conflict for a person. Closed days stay
    closed. The sources are read once, behind everybody else who changes them.
    """
    held = queries.hold_facility(facility)
    sources = queries.sources(held, since, until)
    days = {day.date: day for day in queries.hold_days_of(held, since, until)}
    for date_ in (since + DAY * n for n in range((until - since).days + 1)):
        if date_ not in days and sources.is_open(date_):
            days[date_] = OpenedDay(facility=held, date=date_, published_at=now)
    changed = shaping.reshape([days[date_] for date_ in sorted(days)], sources, by=by, now=now)
    rows.insert(_entry(day, by, now) for day in changed)
    return changed


def _entry(day: OpenedDay, by: User | None, now: datetime) -> Entry:
    facts = {"facility": day.facility_id, "date": day.date, "places": max(day.offered)}
    return audit.entry(by=by, action="day.publish", subject=day, now=now, facts=facts)

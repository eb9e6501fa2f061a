"""Closing a day that was open: what is booked ends as the facility's cause, one booking per transaction."""

from datetime import date, datetime

from django.db import transaction

from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.booking import queries
from daredemo.booking.actions import conflicts, ending, opening
from daredemo.booking.models import Booking, Cause, Conflict, OpenedDay, Outcome
from daredemo.facilities.models import Facility, FacilityClosure
from daredemo.rules.refusal import Refused


def close_day(
    *, facility: Facility, day: date, reason: str, by: User | None, now: datetime, cause: str = Cause.FACILITY
) -> list[Booking]:
    """Close a day: nobody can book it any more, and whoever had a place is told and gets everything back.

    Returns the bookings that ended. A child already received stays; closing again goes on where it stopped.
    """
    _shut(facility=facility, day=day, reason=reason, by=by, now=now)
    return [
        ended
        for booking in queries.affected_by_closing(facility, day)
        if (ended := _end(booking, reason, cause, by=by, now=now))
    ]


def _end(booking: Booking, words: str, cause: str, *, by: User | None, now: datetime) -> Booking | None:
    try:
        return ending.cancel_by_facility(booking=booking, words=words, cause=cause, by=by, now=now)
    except Refused:  # received, or ended by the family meanwhile
        return None


@transaction.atomic
def _shut(*, facility: Facility, day: date, reason: str, by: User | None, now: datetime) -> None:
    FacilityClosure.objects.bulk_create(
        [FacilityClosure(facility=facility, date=day, reason=reason, announced_at=now)], ignore_conflicts=True
    )
    OpenedDay.objects.filter(facility=facility, date=day, closed_at=None).update(closed_at=now)
    for conflict in Conflict.objects.filter(day__facility=facility, day__date=day, resolved_at=None):
        conflicts.resolve(conflict, Outcome.CLOSED, by=by, now=now)
    audit.record(by=by, action="day.close", subject=facility, now=now, facts={"date": day})


@transaction.atomic
def reopen_day(*, facility: Facility, day: date, by: User, now: datetime) -> None:
    """Open a closed day again, in the shape of the weekly pattern; ended bookings stay ended."""
    queries.hold_facility(facility)  # before its day, as everybody who changes a day's shape
    facility.closures.filter(date=day).delete()
    OpenedDay.objects.filter(facility=facility, date=day).update(closed_at=None)
    audit.record(by=by, action="day.reopen", subject=facility, now=now, facts={"date": day})
    opening.publish_days(facility=facility, since=day, until=day, by=by, now=now)

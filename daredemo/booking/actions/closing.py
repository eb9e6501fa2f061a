"""Closing a day, or hours of it: what is booked ends as the facility's cause, one booking per transaction."""

from datetime import date, datetime

from django.db import transaction

from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.booking import queries
from daredemo.booking.actions import conflicts, ending, opening, shaping, waiting
from daredemo.booking.models import CELLS, Booking, Cause, Conflict, OpenedDay, Outcome
from daredemo.facilities.models import ClosedHours, Facility, FacilityClosure
from daredemo.rules.hours import at_clock, day_of
from daredemo.rules.refusal import Refused


def close_day(
    *, facility: Facility, day: date, reason: str, by: User | None, now: datetime, cause: str = Cause.FACILITY
) -> list[Booking]:
    """Close a day: nobody can book or wait for it any more; whoever did is told and gets everything back.

    Returns the bookings that ended. A child already received stays; closing again goes on where it stopped.
    """
    _shut(facility=facility, day=day, reason=reason, by=by, now=now)
    whole = at_clock(day, "00:00"), at_clock(day, "24:00")
    affected = queries.affected_by_closing(facility, *whole, now)
    return _end_all(affected, reason, cause, by=by, now=now)


def close_hours(
    *,
    facility: Facility,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    by: User | None,
    now: datetime,
    cause: str = Cause.FACILITY,
) -> list[Booking]:
    """Close a part of a day: as `close_day`, for whatever overlaps it; the rest stays as it is."""
    _shut_hours(facility=facility, starts_at=starts_at, ends_at=ends_at, reason=reason, by=by, now=now)
    affected = queries.affected_by_closing(facility, starts_at, ends_at, now)
    return _end_all(affected, reason, cause, by=by, now=now)


def _end_all(
    affected: list[Booking], words: str, cause: str, *, by: User | None, now: datetime
) -> list[Booking]:
    ended = (_end(booking, words, cause, by=by, now=now) for booking in affected)
    return [booking for booking in ended if booking]


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
    for opened in queries.hold_days_of(facility, day, day):
        waiting.end_line(opened, range(CELLS), reason, by=by, now=now)
    OpenedDay.objects.filter(facility=facility, date=day, closed_at=None).update(closed_at=now)
    for conflict in Conflict.objects.filter(day__facility=facility, day__date=day, resolved_at=None):
        conflicts.resolve(conflict, Outcome.CLOSED, by=by, now=now)
    audit.record(by=by, action="day.close", subject=facility, now=now, facts={"date": day})


@transaction.atomic
def _shut_hours(
    *,
    facility: Facility,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    by: User | None,
    now: datetime,
) -> None:
    """No places in these hours from now on; what was kept there for the waiting list is given back.

    Whoever waits and could come in no other hour is in line no more.
    """
    held, day = queries.hold_facility(facility), day_of(starts_at)
    closed = ClosedHours(
        facility=held, date=day, starts_at=starts_at, ends_at=ends_at, reason=reason, announced_at=now
    )
    ClosedHours.objects.bulk_create([closed], ignore_conflicts=True)
    shut = queries.hours_off(held, day, day)[day]
    for opened in queries.hold_days_of(held, day, day):
        waiting.end_line(opened, shut, reason, by=by, now=now)
        waiting.drop_offers(opened, starts_at, ends_at, now=now)
    _reshape(held, day, by=by, now=now)
    _record("hours.close", closed, by=by, now=now)


@transaction.atomic
def reopen_day(*, facility: Facility, day: date, by: User, now: datetime) -> None:
    """Open a closed day again, in the shape of the weekly pattern; ended bookings stay ended."""
    queries.hold_facility(facility)  # before its day, as everybody who changes a day's shape
    facility.closures.filter(date=day).delete()
    OpenedDay.objects.filter(facility=facility, date=day).update(closed_at=None)
    audit.record(by=by, action="day.reopen", subject=facility, now=now, facts={"date": day})
    opening.publish_days(facility=facility, since=day, until=day, by=by, now=now)


@transaction.atomic
def reopen_hours(*, closed: ClosedHours, by: User, now: datetime) -> None:
    """Give closed hours their places again, unless others that are closed cover them; twice does no harm."""
    held = queries.hold_facility(closed.facility)
    if not ClosedHours.objects.filter(pk=closed.pk).delete()[0]:
        return
    _reshape(held, closed.date, by=by, now=now)
    _record("hours.reopen", closed, by=by, now=now)


def _reshape(held: Facility, day: date, *, by: User | None, now: datetime) -> None:
    """The places of a day as its sources say now, if it was opened; the caller holds the facility."""
    days = queries.hold_days_of(held, day, day)
    shaping.reshape(days, queries.sources(held, day, day), by=by, now=now)


def _record(action: str, closed: ClosedHours, *, by: User | None, now: datetime) -> None:
    facts = {"date": closed.date, "starts_at": closed.starts_at, "ends_at": closed.ends_at}
    audit.record(by=by, action=action, subject=closed.facility, now=now, facts=facts)

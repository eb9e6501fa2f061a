"""What a facility changes in its roster. Each verb returns the days it touches.

The places of those days follow through `booking.change_roster`, which calls these verbs.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.facilities import queries
from daredemo.facilities.models import Carer, Duty, Enrolled, EnrolledDay, Facility, Premises, Shift
from daredemo.rules.hours import JST, day_of
from daredemo.rules.places import ByAge
from daredemo.rules.refusal import Reason, Refused

Days = tuple[date, date | None]  # the first and the last, both included; None: from the first on
DAY = timedelta(days=1)
PREMISES_FIELDS = ("form", "area_cm2", "capacity", "supported", "most_a_day")


@transaction.atomic
def add_carer(
    *, facility: Facility, name: str, qualified: bool, starts_on: date, by: User | None, now: datetime
) -> Days:
    """Put somebody on the roster from a day on; nobody counts before having a shift."""
    carer = Carer.objects.create(facility=facility, name=name, qualified=qualified, starts_on=starts_on)
    audit.record(by=by, action="carer.add", subject=carer, now=now, facts={"facility": facility})
    return starts_on, None


@transaction.atomic
def edit_carer(
    *, facility: Facility, carer: Carer, name: str, qualified: bool, by: User | None, now: datetime
) -> Days:
    """Write the name anew, or that somebody is 保育士 now."""
    Carer.objects.filter(pk=carer.pk).update(name=name, qualified=qualified)
    _record("carer.edit", facility, carer, by=by, now=now, qualified=qualified)
    return day_of(now), None


@transaction.atomic
def end_carer(*, facility: Facility, carer: Carer, ends_on: date, by: User | None, now: datetime) -> Days:
    """Take somebody off the roster: `ends_on` is the last day."""
    Carer.objects.filter(pk=carer.pk).update(ends_on=ends_on)
    _record("carer.end", facility, carer, by=by, now=now, ends_on=ends_on)
    return min(ends_on, carer.ends_on or ends_on) + DAY, None


@transaction.atomic
def set_shifts(
    *,
    facility: Facility,
    carer: Carer,
    week: Mapping[int, Sequence[tuple[time, time]]],
    valid_from: date,
    by: User | None,
    now: datetime,
) -> Days:
    """Say anew when somebody is on duty in a week, from a date on: weekday → spans."""
    for spans in week.values():
        for span in spans:
            _forwards(valid_from, *span)
    carer.shifts.filter(valid_from__gte=valid_from).delete()
    carer.shifts.exclude(valid_until__lt=valid_from).update(valid_until=valid_from - DAY)
    Shift.objects.bulk_create(
        Shift(carer=carer, weekday=weekday, starts=starts, ends=ends, valid_from=valid_from)
        for weekday, spans in week.items()
        for starts, ends in spans
    )
    _record("carer.shifts", facility, carer, by=by, now=now, valid_from=valid_from)
    return valid_from, None


@transaction.atomic
def set_duty(
    *,
    facility: Facility,
    carer: Carer,
    day: date,
    starts: time | None = None,
    ends: time | None = None,
    by: User | None,
    now: datetime,
) -> Days:
    """One date that differs from the week: other times, or without times 休み."""
    if starts is not None and ends is not None:
        _forwards(day, starts, ends)
    Duty.objects.update_or_create(carer=carer, date=day, defaults={"starts": starts, "ends": ends})
    _record("duty.set", facility, carer, by=by, now=now, date=day, off=starts is None)
    return day, day


@transaction.atomic
def clear_duty(*, facility: Facility, carer: Carer, day: date, by: User | None, now: datetime) -> Days:
    """On that date as in every week."""
    carer.duties.filter(date=day).delete()
    _record("duty.clear", facility, carer, by=by, now=now, date=day)
    return day, day


@transaction.atomic
def set_enrolled(
    *, facility: Facility, week: Mapping[int, ByAge], valid_from: date, by: User | None, now: datetime
) -> Days:
    """How many children of each class are there on each weekday, from a date on."""
    facility.enrolled.filter(valid_from__gte=valid_from).delete()
    facility.enrolled.exclude(valid_until__lt=valid_from).update(valid_until=valid_from - DAY)
    Enrolled.objects.bulk_create(
        Enrolled(facility=facility, weekday=weekday, valid_from=valid_from, **_by_age(by_age))
        for weekday, by_age in week.items()
    )
    audit.record(by=by, action="enrolled.set", subject=facility, now=now, facts={"valid_from": valid_from})
    return valid_from, None


@transaction.atomic
def set_enrolled_day(*, facility: Facility, day: date, by_age: ByAge, by: User | None, now: datetime) -> Days:
    """One date on which other children are there than in every week."""
    EnrolledDay.objects.update_or_create(facility=facility, date=day, defaults=_by_age(by_age))
    audit.record(by=by, action="enrolled.set_day", subject=facility, now=now, facts={"date": day})
    return day, day


@transaction.atomic
def clear_enrolled_day(*, facility: Facility, day: date, by: User | None, now: datetime) -> Days:
    """On that date as in every week."""
    facility.enrolled_days.filter(date=day).delete()
    audit.record(by=by, action="enrolled.clear_day", subject=facility, now=now, facts={"date": day})
    return day, day


@transaction.atomic
def describe_premises(*, facility: Facility, by: User | None, now: datetime, **fields: Any) -> Days:
    """Floor, 定員 and how it is run; unknown names raise KeyError.

    Refused ROSTER_INCOMPLETE where the law decides already and would no longer know what it needs.
    """
    if unknown := set(fields) - set(PREMISES_FIELDS):
        raise KeyError(f"not part of the premises: {sorted(unknown)}")
    premises = queries.premises_of(facility)
    for name, value in fields.items():
        setattr(premises, name, value)
    if premises.roster_from is not None:
        _complete(premises)
    premises.save()
    facts = {"facility": facility, "fields": sorted(fields)}
    audit.record(by=by, action="premises.edit", subject=premises, now=now, facts=facts)
    return day_of(now), None


@transaction.atomic
def use_roster(*, facility: Facility, since: date | None, by: User | None, now: datetime) -> Days:
    """From this day on the law decides about places; None: by hand again, from today on.

    Refused ROSTER_INCOMPLETE without floor, 定員 or anybody on duty.
    """
    premises = queries.premises_of(facility)
    before, premises.roster_from = premises.roster_from, since
    if since is not None:
        _complete(premises)
    premises.save()
    audit.record(by=by, action="roster.use", subject=premises, now=now, facts={"since": since})
    return min(filter(None, (before, since)), default=day_of(now)), None


def _complete(premises: Premises) -> None:
    missing = [name for name in ("area_cm2", "capacity") if getattr(premises, name) is None]
    if not Shift.objects.filter(carer__facility=premises.facility_id).exists():
        missing.append("shifts")
    if missing:
        raise Refused(Reason.ROSTER_INCOMPLETE, missing=tuple(missing))


def _forwards(day: date, starts: time, ends: time) -> None:
    if starts >= ends:
        start, end = (datetime.combine(day, at, JST) for at in (starts, ends))
        raise Refused(Reason.WISH_BACKWARDS, start=start, end=end)


def _by_age(by_age: ByAge) -> dict[str, int]:
    return {f"age_{age}": count for age, count in enumerate(by_age)}


def _record(
    action: str, facility: Facility, carer: Carer, *, by: User | None, now: datetime, **facts: object
) -> None:
    audit.record(by=by, action=action, subject=carer, now=now, facts={"facility": facility, **facts})

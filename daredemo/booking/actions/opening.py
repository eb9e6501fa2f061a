"""Opening days from the weekly pattern, and closing them again."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.booking import cells
from daredemo.booking.models import CELLS, OpenedDay
from daredemo.facilities import queries as facilities
from daredemo.facilities.models import Facility, WeeklyPattern
from daredemo.municipalities.models import ClosedDay
from daredemo.rules.calendar import is_holiday

DAY = timedelta(days=1)
SHAPE = ("offered", "lawful", "ceiling_all", "ceiling_0", "ceiling_1", "ceiling_2")


def publish_days(
    *, facility: Facility, since: date, until: date, by: User | None, now: datetime
) -> list[OpenedDay]:
    """Open the days of a span (both ends included) as the weekly pattern says, or put them in its shape.

    Returns the days that changed. A day never offers less than is booked; what the pattern no longer
    covers stands in `lawful`, and the difference is a conflict for a person. Closed days stay closed.
    One day per transaction, so that families can go on booking the others.
    """
    patterns = facilities.patterns_between(facility, since, until)
    shut = _days_off(facility, since, until)
    changed = []
    for date_ in _dates(since, until):
        of_day = [] if date_ in shut else [pattern for pattern in patterns if _covers(pattern, date_)]
        opened = _publish_day(facility=facility, day=date_, patterns=of_day, by=by, now=now)
        if opened is not None:
            changed.append(opened)
    return changed


def _dates(since: date, until: date) -> Iterable[date]:
    return (since + DAY * n for n in range((until - since).days + 1))


def _covers(pattern: WeeklyPattern, day: date) -> bool:
    ends = pattern.valid_until
    return pattern.weekday == day.weekday() and pattern.valid_from <= day and (ends is None or day <= ends)


def _days_off(facility: Facility, since: date, until: date) -> set[date]:
    """休園日, national holidays, and the days on which the city's offices are closed."""
    span = (since, until)
    off = set(facilities.closures_between(facility, since, until).values_list("date", flat=True))
    city = ClosedDay.objects.filter(municipality=facility.municipality_id, date__range=span)
    off.update(city.values_list("date", flat=True))
    off.update(day for day in _dates(since, until) if is_holiday(day))
    return off


@transaction.atomic
def _publish_day(
    *, facility: Facility, day: date, patterns: list[WeeklyPattern], by: User | None, now: datetime
) -> OpenedDay | None:
    """Bring one day into shape; None where nothing changed."""
    held = OpenedDay.objects.select_for_update().filter(facility=facility, date=day).first()
    if held is None and not patterns:
        return None
    if held is None:
        fresh = OpenedDay(facility=facility, date=day, published_at=now)
        OpenedDay.objects.bulk_create([fresh], ignore_conflicts=True)
        held = OpenedDay.objects.select_for_update().get(facility=facility, date=day)
    if held.closed_at is not None:
        return None
    if not _reshape(held, patterns):
        return None
    held.save(update_fields=[*SHAPE])
    facts = {"facility": facility, "date": day, "places": max(held.offered)}
    audit.record(by=by, action="day.publish", subject=held, now=now, facts=facts)
    return held


def _reshape(day: OpenedDay, patterns: list[WeeklyPattern]) -> bool:
    """Give the day the pattern's places, never below what is booked; False where it had them already."""
    before = [list(getattr(day, name)) for name in SHAPE]
    offered = [0] * CELLS
    tops = ([0] * CELLS, [0] * CELLS, [0] * CELLS)
    for pattern in patterns:
        by_age = (pattern.places_age_0, pattern.places_age_1, pattern.places_age_2)
        for cell in cells.cells_between(pattern.starts, pattern.ends):
            offered[cell] = max(offered[cell], pattern.places)
            for top, places in zip(tops, by_age, strict=True):
                top[cell] = max(top[cell], pattern.places if places is None else min(places, pattern.places))
    day.lawful = offered
    day.offered = [max(*both) for both in zip(offered, cells.units(day), strict=True)]
    day.ceiling_all = [max(*both) for both in zip(offered, cells.heads(day), strict=True)]
    groups = zip(tops, cells.booked(day), strict=True)
    day.ceiling_0, day.ceiling_1, day.ceiling_2 = (
        [max(*both) for both in zip(top, taken, strict=True)] for top, taken in groups
    )
    return before != [list(getattr(day, name)) for name in SHAPE]

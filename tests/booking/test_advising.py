"""What would use up the month: only what is really free, and nothing where nothing fits."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daredemo.booking import queries as bookings
from daredemo.facilities.models import Facility
from tests import make

pytestmark = pytest.mark.django_db
SINCE, UNTIL = date(2026, 4, 6), date(2026, 4, 30)


def family_at(facility: Facility, *starts: str, minutes: int = 120) -> make.Family:
    family = make.family()
    make.accepted(family.child, facility)
    make.opened(facility, SINCE, UNTIL)
    for one in starts:
        make.booking(family, facility, one, minutes=minutes)
    return family


def advised(family: make.Family, *, now: Any = make.NOW, until: date = UNTIL) -> tuple[list[str], int] | None:
    known = bookings.usual(family.child, now, until)
    if known is None:
        return None
    left = bookings.meter(family.child, until, now).left
    found = bookings.advice(known, left, until)
    return ([f"{one:%m-%d %H:%M}" for one in found.starts], found.minutes) if found else None


def test_the_usual_weekday_time_and_length_as_often_as_hours_are_left() -> None:
    family = family_at(make.facility(), "2026-04-09 09:00", "2026-04-08 10:00", minutes=180)
    # Four hours are left: two visits are nearest to three hours each; the latest was a Thursday at nine.
    assert advised(family) == (["04-16 09:00", "04-23 09:00"], 120)


def test_another_weekday_where_the_usual_one_has_no_place() -> None:
    facility = make.facility(places=1)
    family = family_at(facility, "2026-04-09 09:00", "2026-04-10 09:00", minutes=180)
    for day in ("04-17", "04-24"):  # Fridays: taken by somebody else
        make.booking(make.family(), facility, f"2026-{day} 09:00", minutes=60)
    assert advised(family) == (["04-08 09:00", "04-15 09:00"], 120)


def test_single_days_where_no_weekday_is_free_often_enough() -> None:
    facility = make.facility()
    family = family_at(facility, "2026-04-09 09:00", minutes=180)
    left_open = [date(2026, 4, day) for day in (8, 9, 13, 15)]
    facility.opened_days.exclude(date__in=left_open).update(closed_at=make.NOW)
    assert advised(family) is None  # seven hours are no one, two or three visits of at most three
    make.booking(family, facility, "2026-04-08 09:00", minutes=60)
    assert advised(family) == (["04-13 09:00", "04-15 09:00"], 180)


def test_nothing_where_nothing_is_left_or_the_month_is_over_or_the_child_was_never_there() -> None:
    family = family_at(make.facility(), *(f"2026-04-{day} 09:00" for day in ("08", "09", "10")), minutes=180)
    make.booking(family, Facility.objects.get(), "2026-04-13 09:00", minutes=60)
    assert advised(family) is None
    other = family_at(make.facility(), "2026-04-09 09:00")
    assert advised(other, now=make.at("2026-04-30 08:00")) is None
    assert advised(make.family()) is None


def test_no_further_than_the_last_day_of_use() -> None:
    family = family_at(make.facility(), "2026-04-09 09:00", "2026-04-08 10:00", minutes=180)
    assert advised(family, until=date(2026, 4, 16)) == (["04-10 09:00", "04-13 09:00"], 120)


def test_two_questions_however_much_is_free() -> None:
    family = family_at(make.facility(), "2026-04-09 09:00")
    advised(family)
    with CaptureQueriesContext(connection) as asked:
        known = bookings.usual(family.child, make.NOW, UNTIL)
        assert known is not None
        bookings.advice(known, 480, UNTIL)
        bookings.rebook_suggestions(known)
    assert len(asked) == 2

"""Opened days from the weekly pattern, and what a family sees of them."""

from datetime import date, time, timedelta
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from daredemo.booking import actions as booking
from daredemo.booking import cells, invariants, sweeps
from daredemo.booking import queries as bookings
from daredemo.booking.models import Booking, OpenedDay
from daredemo.certification.models import Certificate
from daredemo.facilities import actions as facilities
from daredemo.facilities.models import Facility
from daredemo.rules.refusal import Reason
from tests import make

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 4, 13)
DAY = timedelta(days=1)


@pytest.fixture
def facility() -> Facility:
    return make.facility()


def publish(facility: Facility, since: date, until: date) -> list[date]:
    opened = booking.publish_days(facility=facility, since=since, until=until, by=None, now=make.NOW)
    return [day.date for day in opened]


def test_weekdays_open_as_the_pattern_says_and_holidays_do_not(facility: Facility) -> None:
    opened = publish(facility, date(2026, 4, 27), date(2026, 5, 8))
    assert [day.day for day in opened] == [27, 28, 30, 1, 7, 8]  # 昭和の日, 3 to 6 May and the weekend
    day = OpenedDay.objects.get(date=date(2026, 4, 27))
    assert (day.offered[17:19], day.offered[29:31], sum(day.offered)) == ([0, 3], [3, 0], 36)
    assert publish(facility, date(2026, 4, 27), date(2026, 5, 8)) == []


def test_a_day_never_offers_less_than_is_booked_and_the_rest_is_a_conflict(facility: Facility) -> None:
    member = make.member(facility)
    for _ in range(3):
        make.booking(make.family(), facility, "2026-04-13 09:00", minutes=120)
    facilities.set_pattern(
        facility=facility, weekday=0, starts=time(9), ends=time(15), places=2, by_age=(1, 1, None),
        valid_from=MONDAY, by=None, now=make.NOW,
    )  # fmt: skip
    publish(facility, MONDAY, MONDAY)
    day = OpenedDay.objects.get()
    # Of three children aged 1 one may be there, where nobody is two more of another age.
    assert (day.offered[18:23], day.lawful[18:23]) == ([3, 3, 3, 3, 2], [1, 1, 1, 1, 2])
    assert (day.ceiling_1[18:23], day.ceiling_2[18:23]) == ([3, 3, 3, 3, 1], [2, 2, 2, 2, 2])
    (conflict,) = bookings.conflicts(member, make.NOW)
    assert (conflict.day, conflict.cells, conflict.owner) == (day, [18, 19, 20, 21], member)
    assert conflict.limits == ["age", "ceiling"]
    assert [cells.free(day, age)[18] for age in range(3)] == [0, 0, 0]
    assert invariants.broken() == {}


def test_next_months_days_are_open_without_anybody_doing_anything(facility: Facility) -> None:
    assert sweeps.open_next_window(make.NOW) == 36  # 6 April to 31 May, without weekends and five holidays
    assert OpenedDay.objects.latest("date").date == date(2026, 5, 29)
    assert sweeps.open_next_window(make.NOW) == 0


def test_the_grid_of_two_weeks() -> None:
    family, facility = make.family(), make.facility(places=1)
    make.accepted(family.child, facility)
    publish(facility, date(2026, 4, 6), date(2026, 4, 17))
    other = make.family()
    make.accepted(other.child, facility)
    for hour in (9, 12):
        make.booking(other, facility, f"2026-04-09 {hour:02}:00", minutes=180)
    make.booking(make.family(), facility, "2026-04-10 09:00", minutes=180)
    make.booking(make.family(), facility, "2026-04-10 12:00", minutes=120)
    make.booking(family, facility, "2026-04-13 09:00")
    booking.close_day(facility=facility, day=date(2026, 4, 14), reason="研修", by=None, now=make.NOW)
    days = list(bookings.days_of(family.child, facility, date(2026, 4, 5), date(2026, 4, 18), make.NOW))
    assert [(day.date.day, day.state, day.places) for day in days] == [
        (5, "past", 0), (6, "past", 0), (7, "ok", 9), (8, "ok", 11), (9, "full", 0), (10, "few", 1),
        (11, "closed", 0), (12, "closed", 0), (13, "mine", 0), (14, "closed", 0), (15, "ok", 11),
        (16, "ok", 11), (17, "ok", 11), (18, "closed", 0),
    ]  # fmt: skip
    assert days[9].reason is Reason.FACILITY_CLOSED


def test_the_starts_of_a_day_say_how_many_still_fit(facility: Facility) -> None:
    family = make.family()
    make.accepted(family.child, facility)
    for _ in range(2):
        make.booking(make.family(), facility, "2026-04-13 13:00", minutes=120)
    make.booking(make.family(), facility, "2026-04-13 14:00")
    starts = bookings.starts_on(family.child, facility, MONDAY, make.NOW)
    assert [
        (f"{one.starts_at:%H:%M}", one.state, one.places, one.lengths) for one in starts[:1] + starts[-4:]
    ] == [
        ("09:00", "ok", 3, (60, 120, 180)),
        ("12:30", "few", 1, (60,)),
        ("13:00", "few", 1, (60,)),
        ("13:30", "full", 0, ()),
        ("14:00", "full", 0, ()),
    ]


def test_lengths_carry_yen_deadline_and_hours_afterwards(facility: Facility) -> None:
    family = make.family()
    make.accepted(family.child, facility)
    make.opened(facility, MONDAY)
    found = bookings.lengths(family.child, facility, make.at("2026-04-13 13:00"), make.NOW)
    assert [(one.minutes, one.terms.bill.total, one.terms.left_after) for one in found if one.terms] == [
        (60, 300, 540),
        (120, 600, 480),
    ]
    assert (found[2].minutes, found[2].reason) == (180, Reason.OUTSIDE_HOURS)
    assert found[0].terms is not None
    assert found[0].terms.free_until == make.at("2026-04-10 12:00")


def test_outside_the_certificate_the_grid_says_so(facility: Facility) -> None:
    family = make.family()
    make.accepted(family.child, facility)
    publish(facility, MONDAY, MONDAY + 2 * DAY)
    Certificate.objects.update(valid_until=MONDAY)
    days = bookings.days_of(family.child, facility, MONDAY, MONDAY + DAY, make.NOW)
    assert [(day.state, day.reason) for day in days] == [
        ("ok", None),
        ("closed", Reason.CERTIFICATE_NOT_VALID_ON_DAY),
    ]


def test_the_latest_visit_can_be_repeated_a_week_later(facility: Facility) -> None:
    family = make.family()
    make.booking(family, facility, "2026-04-08 09:00", minutes=120)
    publish(facility, date(2026, 4, 9), date(2026, 4, 30))
    known = bookings.usual(family.child, make.at("2026-04-08 12:00"), date(2026, 4, 30))
    assert known is not None
    suggested = bookings.rebook_suggestions(known)
    assert [(one.starts_at, one.minutes) for one in suggested] == [
        (make.at("2026-04-15 09:00"), 120),
        (make.at("2026-04-22 09:00"), 120),
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_as_often_for_one_row_as_for_three(
    rows: int, facility: Facility, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    family, member = make.family(), make.member(facility)
    for hour in range(9, 9 + rows):
        make.booking(family, facility, f"2026-04-13 {hour:02}:00")
    bookings.meter(family.child, MONDAY, make.NOW)  # policies are read once for all
    with django_assert_num_queries(1):
        listed = list(bookings.bookings_of(family.guardian))
        assert len({one.facility.municipality.name + one.child.called for one in listed}) == 1
    with django_assert_num_queries(1):
        assert len([one.guardian.user.language for one in bookings.day_list(member, MONDAY)]) == rows
    with django_assert_num_queries(1):
        lines = bookings.passbook(family.child)
        assert len({line.booking.facility.name for line in lines if line.booking}) == 1
    with django_assert_num_queries(2):
        bookings.meter(family.child, MONDAY, make.NOW)
    with django_assert_num_queries(1):
        bookings.days_of(family.child, facility, MONDAY, MONDAY + DAY * rows * 4, make.NOW)


def test_nobody_reaches_another_familys_booking(facility: Facility) -> None:
    made = make.booking(make.family(), facility, "2026-04-13 09:00")
    stranger, elsewhere = make.family().guardian, make.member(make.facility(name="べつの園"))
    for key in (made.pk, UUID(int=0)):
        with pytest.raises(Booking.DoesNotExist):
            bookings.booking_of(stranger, key)
        with pytest.raises(Booking.DoesNotExist):
            bookings.booking_at(elsewhere, key)

"""Free times over many facilities, held against the law that decides a booking."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pgtrigger
import pytest
from pytest_django import DjangoAssertNumQueries

from daredemo.booking import actions as booking
from daredemo.booking import queries as bookings
from daredemo.booking.models import CELLS, OpenedDay
from daredemo.booking.queries import searching
from daredemo.facilities import queries as facilities
from daredemo.facilities.models import Kind
from daredemo.facilities.queries import Point, Search
from daredemo.municipalities.models import PolicyVersion, Programme
from daredemo.rules.hours import in_japan
from tests import make

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 4, 13)
DAY = timedelta(days=1)
STATION = Point(34.7695, 138.0146)  # 掛川駅
Hit = tuple[str, list[tuple[datetime, int]]]


def search(
    wish: searching.Wanted, *, only_free: bool = True, now: datetime = make.NOW, **asked: Any
) -> list[Hit]:
    among = facilities.matching(Search(**asked))
    found = bookings.free_places(among, wish, now, only_free=only_free, most=20)
    return [(one.facility.name, [(in_japan(s.starts_at), s.minutes) for s in one.starts]) for one in found]


def wanted(**wishes: Any) -> searching.Wanted:
    return bookings.wanted(make.NOW, wishes.pop("age", 1), **wishes)


def at(*clocks: str, minutes: int = 120) -> list[tuple[datetime, int]]:
    return [(make.at(f"2026-04-{clock}"), minutes) for clock in clocks]


def test_age_one_two_hours_tuesday_or_thursday_mornings_near_here() -> None:
    near = make.facility(name="ちかい園", latitude="34.774", longitude="138.014")
    full = make.facility(name="満員の園", latitude="34.770", longitude="138.014", places=1)
    far = make.facility(name="とおい園", latitude="34.655", longitude="138.030")
    for one in (near, full, far):
        make.opened(one, make.TODAY, date(2026, 4, 19))
    family = make.family()
    for day in ("07", "09", "14", "16"):
        make.booking(family, full, f"2026-04-{day} 10:00")
    wish = wanted(minutes=120, after=9 * 60, before=12 * 60, weekdays=(1, 3))
    assert search(wish, near=STATION) == [("ちかい園", at("07 10:00", "09 09:00", "14 09:00"))]
    assert search(wish, near=STATION, only_free=False)[0] == ("満員の園", [])
    booking.close_day(facility=near, day=date(2026, 4, 9), reason="研修", by=None, now=make.NOW)
    assert search(wish, near=STATION) == [("ちかい園", at("07 10:00", "14 09:00", "16 09:00"))]


def test_nothing_is_stale() -> None:
    facility = make.facility(places=1)
    make.opened(facility, MONDAY)
    assert search(wanted(minutes=60)) == [("ひだまりこども園", at("13 09:00", minutes=60))]
    made = make.booking(make.family(), facility, "2026-04-13 09:00", minutes=180)
    assert search(wanted(minutes=60)) == [("ひだまりこども園", at("13 12:00", minutes=60))]
    booking.undo_booking(booking=made, by=made.booked_by, now=make.NOW)
    assert search(wanted(minutes=60)) == [("ひだまりこども園", at("13 09:00", minutes=60))]


def test_what_families_may_not_find_is_not_found() -> None:
    for hidden in (
        {"published_at": None},
        {"youngest_months": 24},
        {"oldest_age": 0},
        {"window_closes_hours": 24 * 30},
    ):
        make.opened(make.facility(**hidden), MONDAY)
    assert search(wanted()) == []


def test_a_town_whose_list_is_not_public_is_not_searched() -> None:
    make.opened(make.facility(), MONDAY)
    Programme.objects.update(facilities_public_from=make.TODAY + DAY)
    assert search(wanted()) == search(wanted(), only_free=False) == []


def test_of_two_equally_near_the_one_that_is_free_first_comes_first() -> None:
    for name, day in (("い", MONDAY + DAY), ("ろ", MONDAY)):
        make.opened(make.facility(name=name, kana=name, latitude="34.774", longitude="138.014"), day)
    assert [name for name, _ in search(wanted(), near=STATION)] == ["ろ", "い"]
    assert [name for name, _ in search(wanted(), near=STATION, only_free=False)] == ["い", "ろ"]


def test_a_session_long_enough_is_found_as_a_whole() -> None:
    facility = make.facility(sessions=["09:00-10:00", "10:00-12:00", "13:00-16:00"], closes=time(16))
    make.opened(facility, MONDAY)
    assert search(wanted(minutes=60)) == [("ひだまりこども園", at("13 09:00", minutes=60))]
    assert search(wanted(minutes=120)) == [("ひだまりこども園", at("13 10:00", minutes=120))]
    assert search(wanted(minutes=180)) == [("ひだまりこども園", at("13 13:00", minutes=180))]
    assert search(wanted(minutes=120, before=11 * 60)) == []


def test_a_child_is_looked_for_as_old_as_it_is_on_the_day() -> None:
    facility = make.facility(oldest_age=0)
    make.opened(facility, MONDAY, MONDAY + 4 * DAY)
    turns_one = make.family(born=date(2025, 4, 16)).child  # by law one year old on the eve, the 15th
    found = search(bookings.wanted_for(turns_one, make.NOW, minutes=60))
    assert found == [("ひだまりこども園", at("13 09:00", "14 09:00", minutes=60))]


def test_at_spare_places_a_child_takes_the_place_of_its_class() -> None:
    facility = make.facility(kind=Kind.SPARE)
    make.opened(facility, MONDAY)
    OpenedDay.objects.update(ceiling_1=[0] * CELLS)
    child = make.family(born=date(2025, 4, 2)).child  # one year old, in the class of those who were none
    found = search(bookings.wanted_for(child, make.NOW, minutes=60))
    assert found == [("ひだまりこども園", at("13 09:00", minutes=60))]
    OpenedDay.objects.update(ceiling_0=[0] * CELLS)
    assert search(bookings.wanted_for(child, make.NOW, minutes=60)) == []
    spring = bookings.wanted_for(child, make.at("2027-03-25 10:00"))
    assert (spring.class_age, spring.moves_up_on) == (0, date(2027, 4, 1))


def test_a_certificate_and_an_enrolment_bound_the_days() -> None:
    family = make.family(born=date(2023, 4, 16))  # until 14 April 2026, two days before the third birthday
    assert bookings.wanted_for(family.child, make.NOW).until == date(2026, 4, 14)
    enrolled = make.family(enrolled_from=date(2026, 4, 10)).child
    assert bookings.wanted_for(enrolled, make.NOW).until == date(2026, 4, 9)


@pytest.mark.parametrize("rows", [1, 3])
def test_one_query_however_many_there_are(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        make.opened(make.facility(), MONDAY, MONDAY + 4 * DAY)
    with django_assert_num_queries(1):
        assert len(search(wanted())) == rows


def test_a_town_without_rules_follows_the_national_standard() -> None:
    make.opened(make.facility(city="131016"), MONDAY)
    Programme.objects.update(facilities_public_from=make.OPENED)
    with pgtrigger.ignore():
        PolicyVersion.objects.all().delete()
    assert search(wanted(minutes=90)) == [("ひだまりこども園", at("13 09:00", minutes=90))]
    assert search(wanted(minutes=45)) == []

"""Places follow the roster at once, as the law allows within the pattern."""

from datetime import date, time, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from daredemo.booking import cells, sweeps
from daredemo.booking import queries as bookings
from daredemo.booking.models import OpenedDay
from daredemo.facilities import actions as facilities
from daredemo.facilities.models import Carer, Facility, Kind
from daredemo.rules.refusal import Refused
from tests import make
from tests.staffing import MONDAY, NINE, NOON, change, fill, free, off, opened, staffed
from tests.staffing import carer as carer_on_duty

pytestmark = pytest.mark.django_db


@pytest.fixture
def facility() -> Facility:
    return make.facility(places=20)


class TestPlaces:
    def test_two_staff_offer_what_the_law_allows_within_the_pattern(self, facility: Facility) -> None:
        staffed(facility, qualified=1, others=1)
        day = make.opened(facility, MONDAY)
        assert (day.weights, day.offered[17:19], day.lawful[29:31]) == ([2, 1, 1], [0, 12], [12, 0])
        assert (free(day), free(day, 30)) == ((6, 12, 12), (0, 0, 0))
        fill(facility, 5)
        assert free(opened()) == (1, 2, 2)

    def test_the_numbers_of_the_pattern_stay_as_the_facilitys_own(self) -> None:
        facility = make.facility(places=4)
        staffed(facility)
        assert free(make.opened(facility, MONDAY)) == (4, 4, 4)

    def test_spare_places_are_left_by_the_enrolled(self) -> None:
        facility = make.facility(places=20, kind=Kind.SPARE)
        staffed(facility, qualified=4, enrolled=(3, 5, 6), capacity=16)
        assert free(make.opened(facility, MONDAY)) == (2, 2, 2)
        change(facility, facilities.set_enrolled_day, day=MONDAY, by_age=(0, 0, 0))
        assert free(opened()) == (12, 16, 16)
        change(facility, facilities.clear_enrolled_day, day=MONDAY)
        assert free(opened()) == (2, 2, 2)

    @pytest.mark.parametrize(("kind", "booked"), [(Kind.SPARE, (1, 0, 0)), (Kind.GENERAL, (0, 1, 0))])
    def test_a_child_who_turned_one_keeps_the_place_of_its_class_at_spare_places(
        self, kind: Kind, booked: tuple[int, int, int]
    ) -> None:
        facility = make.facility(places=20, kind=kind)
        staffed(facility)
        family = make.family(born=date(2025, 4, 10))
        make.booking(family, facility, "2026-04-13 09:00")
        assert tuple(group[NINE] for group in cells.booked(opened())) == booked
        wanted = bookings.starts_on(family.child, facility, MONDAY, make.NOW)[-1]
        assert (wanted.places, free(opened(), NOON)) == (6 if kind is Kind.SPARE else 12, (6, 12, 12))

    def test_floor_and_the_number_of_the_day(self, facility: Facility) -> None:
        staffed(facility, area_cm2=99_000, most_a_day=2)
        assert free(make.opened(facility, MONDAY)) == (2, 2, 2)
        change(facility, facilities.describe_premises, most_a_day=None)
        assert (opened().areas, free(opened())) == ([5, 5, 3], (3, 3, 5))

    def test_before_its_first_day_and_without_it_places_are_by_hand(self, facility: Facility) -> None:
        staffed(facility, roster_from=MONDAY)
        make.opened(facility, MONDAY - timedelta(days=3), MONDAY)
        before, after = OpenedDay.objects.order_by("date")
        assert [(day.weights, day.offered[NINE]) for day in (before, after)] == [
            ([1, 1, 1], 20),
            ([2, 1, 1], 12),
        ]
        change(facility, facilities.use_roster, since=None)
        assert (opened().weights, opened().offered[NINE]) == ([1, 1, 1], 20)

    def test_a_new_month_opens_with_lawful_places(self, facility: Facility) -> None:
        staffed(facility)
        assert sweeps.open_next_window(make.NOW) == 36
        assert set(OpenedDay.objects.values_list("offered__24", flat=True)) == {12}
        assert sweeps.open_next_window(make.NOW) == 0

    def test_nothing_is_computed_from_half_an_entry(self, facility: Facility) -> None:
        with pytest.raises(Refused) as refused:
            change(facility, facilities.use_roster, since=MONDAY)
        assert refused.value.facts == {"missing": ("area_cm2", "capacity", "shifts")}
        staffed(facility)
        with pytest.raises(Refused) as refused:
            change(facility, facilities.describe_premises, capacity=None)
        assert refused.value.facts == {"missing": ("capacity",)}


class TestAtOnce:
    def test_somebody_falls_ill_and_the_day_shrinks_in_the_same_moment(self, facility: Facility) -> None:
        _, third = staffed(facility)[0], carer_on_duty(facility)
        day = make.opened(facility, MONDAY, MONDAY + timedelta(days=1))
        assert free(day) == (9, 18, 18)
        assert [one.date for one in off(third)] == [MONDAY]
        assert free(opened()) == (6, 12, 12)
        assert free(OpenedDay.objects.get(date=MONDAY + timedelta(days=1))) == (9, 18, 18)
        assert [one.date for one in change(facility, facilities.clear_duty, carer=third, day=MONDAY)] == [
            MONDAY
        ]
        assert free(opened()) == (9, 18, 18)

    def test_going_home_at_noon_changes_the_afternoon_only(self, facility: Facility) -> None:
        ill, _ = staffed(facility)
        make.opened(facility, MONDAY)
        off(ill, starts=time(8), ends=time(12))
        assert (free(opened()), free(opened(), NOON)) == ((6, 12, 12), (0, 0, 0))

    def test_a_week_changes_from_its_day_on_and_past_days_never(self, facility: Facility) -> None:
        carer, _ = staffed(facility)
        make.opened(facility, make.TODAY - timedelta(days=3), make.TODAY + timedelta(days=9))
        changed = change(
            facility, facilities.set_shifts, carer=carer, week={}, valid_from=make.TODAY - timedelta(days=5)
        )
        assert [day.date for day in changed][:2] == [make.TODAY, make.TODAY + timedelta(days=1)]
        assert OpenedDay.objects.earliest("date").offered[NINE] == 12
        with_a_break = {0: [(time(8), time(12)), (time(13), time(18))]}
        changed = change(facility, facilities.set_shifts, carer=carer, week=with_a_break, valid_from=MONDAY)
        assert [day.date for day in changed] == [MONDAY]
        assert [opened().offered[cell] for cell in (NINE, NOON, NOON + 2)] == [12, 0, 12]

    def test_people_come_and_go(self, facility: Facility) -> None:
        staffed(facility)
        make.opened(facility, MONDAY)
        change(facility, facilities.add_carer, name="新 ひとみ", qualified=False, starts_on=MONDAY)
        new = Carer.objects.get(name="新 ひとみ")
        assert opened().offered[NINE] == 12
        change(facility, facilities.set_shifts, carer=new, week={0: [(time(9), time(12))]}, valid_from=MONDAY)
        assert opened().offered[NINE] == 18
        first = Carer.objects.filter(qualified=True).first()
        assert first is not None
        change(facility, facilities.edit_carer, carer=first, name=first.name, qualified=False)
        assert opened().offered[NINE] == 12  # one 保育士 carries one other
        change(facility, facilities.end_carer, carer=new, ends_on=MONDAY - timedelta(days=1))
        assert opened().offered[NINE] == 12
        change(facility, facilities.end_carer, carer=first, ends_on=MONDAY - timedelta(days=1))
        assert opened().offered[NINE] == 0


@pytest.mark.parametrize("days", [1, 3])
def test_a_change_asks_as_often_for_one_day_as_for_three(
    days: int, facility: Facility, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Besides one writing for each day that changes."""
    carer, *_ = staffed(facility, qualified=3)
    make.opened(facility, MONDAY, MONDAY + timedelta(days=days - 1))
    with django_assert_num_queries(21 + days):
        change(facility, facilities.set_shifts, carer=carer, week={}, valid_from=make.TODAY)

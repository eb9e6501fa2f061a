"""Places from the law: exact for every ratio, never beyond any single limit, and able to say why."""

from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daredemo.rules import places
from daredemo.rules.places import ByAge, House, Limit, Own, Staff
from tests.rules.given import KAKEGAWA, OPEN, WIDE, day, room

RATIOS = KAKEGAWA.places.children_per_staff
GENERAL, HOST = KAKEGAWA.places, KAKEGAWA.places.host


def more(house: House, staff: Staff, children: ByAge = (0, 0, 0), own: Own = OPEN) -> ByAge:
    return places.more(places.bounds(house, staff, own), children)


def why(
    house: House, staff: Staff, age: int, children: ByAge = (0, 0, 0), own: Own = OPEN
) -> tuple[Limit, ...]:
    return places.binding(places.bounds(house, staff, own), children, age)


@pytest.mark.parametrize(
    ("ratios", "units", "children"),
    [((3, 6, 6), 6, (2, 1, 1)), ((3, 5, 5), 15, (5, 3, 3)), ((3, 4, 6), 12, (4, 3, 2))],
)
def test_units(ratios: ByAge, units: int, children: ByAge) -> None:
    assert places.staff_units(ratios) == units
    assert tuple(places.child_units(age, ratios) for age in range(3)) == children


@given(st.tuples(*[st.integers(1, 12)] * 3), st.integers(0, 2))
def test_one_member_of_staff_takes_exactly_the_ratio(ratios: ByAge, age: int) -> None:
    assert places.child_units(age, ratios) * ratios[age] == places.staff_units(ratios)


class TestStaff:
    def test_two_take_six_infants_or_twelve_older_children(self) -> None:
        assert more(room(), Staff(2, 1)) == (6, 12, 12)

    def test_ages_are_mixed_exactly(self) -> None:
        # 4 ÷ 3 + 4 ÷ 6 = 2: rounding each age up would need three.
        assert more(room(), Staff(2, 1), (4, 2, 2)) == (0, 0, 0)
        assert more(room(), Staff(2, 1), (4, 2, 1)) == (0, 1, 1)

    @pytest.mark.parametrize(
        ("staff", "counted", "limit"),
        [
            (Staff(1, 1), 0, Limit.MINIMUM),
            (Staff(2, 0), 0, Limit.QUALIFIED),
            (Staff(2, 1), 2, Limit.STAFF),
            (Staff(3, 1), 2, Limit.QUALIFIED),
            (Staff(3, 2), 3, Limit.STAFF),
        ],
    )
    def test_never_fewer_than_two_and_half_are_qualified(
        self, staff: Staff, counted: int, limit: Limit
    ) -> None:
        assert places.counted_staff(staff, GENERAL) == (counted, limit)

    def test_the_share_is_data(self) -> None:
        # 茨木市: 保育士 only
        assert places.counted_staff(Staff(3, 2), replace(GENERAL, qualified_percent=100)) == (
            2,
            Limit.QUALIFIED,
        )
        assert places.counted_staff(Staff(3, 0), replace(GENERAL, qualified_percent=0)) == (3, Limit.STAFF)

    def test_a_supported_nursery_may_have_one_dedicated_nursery_teacher(self) -> None:
        assert more(room(supported=True), Staff(1, 1)) == (3, 6, 6)
        assert more(room(supported=False), Staff(1, 1)) == (0, 0, 0)
        assert more(room(supported=True), Staff(1, 0)) == (0, 0, 0)
        # 独立 has nobody to step in, and 余裕活用型 keeps the nursery's own two.
        assert more(room("independent", supported=True), Staff(1, 1)) == (0, 0, 0)
        assert more(room("spare", supported=True), Staff(1, 1)) == (0, 0, 0)


class TestKinds:
    def test_spare_places_are_what_the_enrolled_leave(self) -> None:
        house = room("spare", enrolled=(3, 5, 6), capacity=16)
        # 3 ÷ 3 + 11 ÷ 6 of four; two of the 16 are free, whatever staff would allow.
        assert more(house, Staff(4, 4)) == (2, 2, 2)
        assert why(house, Staff(4, 4), 1) == (Limit.CAPACITY,)
        assert more(house, Staff(3, 3)) == (0, 1, 1)
        assert why(house, Staff(3, 3), 0) == (Limit.STAFF,)

    def test_spare_places_keep_the_nurserys_own_standard(self) -> None:
        assert HOST is not None
        assert more(room("spare"), Staff(4, 2)) == more(room("dedicated"), Staff(2, 2))
        assert more(replace(room("spare"), standard=replace(HOST, qualified_percent=50)), Staff(4, 2)) == (
            12,
            24,
            24,
        )
        alike = places.house(
            replace(GENERAL, host=None), "spare", enrolled=(0, 0, 0), supported=False, **WIDE
        )
        assert alike.standard.qualified_percent == GENERAL.qualified_percent

    def test_together_counts_all_children_a_room_of_its_own_does_not(self) -> None:
        with_them = (3, 6, 0)
        assert more(room("together", with_them), Staff(3, 2)) == (3, 6, 6)
        assert more(room("dedicated", with_them), Staff(3, 2)) == (9, 18, 18)
        assert more(room("independent", with_them), Staff(3, 2)) == (9, 18, 18)

    def test_more_enrolled_than_staff_leaves_nothing_but_no_debt(self) -> None:
        limits = places.bounds(room("spare", enrolled=(9, 0, 0)), Staff(2, 2), OPEN)
        assert (places.more(limits, (0, 0, 0)), places.overstepped(limits, (0, 0, 0))) == ((0, 0, 0), ())

    def test_the_class_counts_at_spare_places_the_day_elsewhere(self) -> None:
        born, on = day("2025-05-20"), day("2026-09-01")
        assert [places.group(born, on, by_class=by_class) for by_class in (True, False)] == [0, 1]
        # Born on 1 April one belongs to the year before; the class of two-year-olds turns three in its year.
        classes = [
            places.group(day(one), on, by_class=True) for one in ("2025-04-01", "2024-04-02", "2023-09-10")
        ]
        assert classes == [1, 1, 2]

    def test_half_hours_count_only_whole(self) -> None:
        assert places.half_hours(time(9), time(10)) == range(18, 20)
        assert places.half_hours(time(9, 10), time(10, 20)) == range(19, 20)
        assert places.half_hours(time(9, 10), time(9, 50)) == range(19, 19)
        assert places.half_hours(time(22), time(0)) == range(44, 48)


class TestFloorAndOwnLimits:
    def test_floor_by_age(self) -> None:
        # 9.9 m²: three under two, or five aged two; 3.3 + 3.3 + 1.98 leaves 1.32.
        assert more(room(area_cm2=99_000), Staff(3, 3)) == (3, 3, 5)
        assert more(room(area_cm2=99_000), Staff(3, 3), (1, 1, 1)) == (0, 0, 0)
        assert why(room(area_cm2=99_000), Staff(3, 3), 2, (1, 1, 1)) == (Limit.AREA,)

    def test_ceilings_of_the_facility(self) -> None:
        own = Own(most=4, by_age=(1, None, 0))
        assert more(room(), Staff(2, 1), own=own) == (1, 4, 0)
        assert more(room(), Staff(2, 1), (1, 2, 0), own=own) == (0, 1, 0)
        assert why(room(), Staff(2, 1), 0, own=own) == (Limit.AGE,)
        assert why(room(), Staff(2, 1), 1, own=own) == (Limit.CEILING,)

    def test_by_hand_heads_are_counted(self) -> None:
        limits = places.own_bounds(Own(3, (1, None, None)))
        assert places.more(limits, (0, 1, 0)) == (1, 2, 2)
        assert (places.lawful(limits, (0, 1, 0)), places.lawful(limits, (2, 1, 0))) == (3, 2)


class TestExplaining:
    def test_one_more_nursery_teacher_and_two_more_infants_fit(self) -> None:
        house, own = room(), Own(most=8)
        assert more(house, Staff(2, 1), (6, 0, 0), own) == (0, 0, 0)
        assert why(house, Staff(2, 1), 0, (6, 0, 0), own) == (Limit.STAFF,)
        assert places.relief(house, Staff(2, 1), own, (6, 0, 0), 0) == places.Relief(1, (2, 2, 2))

    def test_staff_is_no_help_where_something_else_binds(self) -> None:
        assert places.relief(room(capacity=6), Staff(3, 3), OPEN, (6, 0, 0), 0) is None
        assert why(room(capacity=6), Staff(2, 1), 0, (6, 0, 0)) == (Limit.STAFF, Limit.CAPACITY)
        assert places.relief(room(capacity=6), Staff(2, 1), OPEN, (6, 0, 0), 0) is None

    def test_a_conflict_says_what_is_overstepped_and_how_many_are_missing(self) -> None:
        short = places.bounds(room(), Staff(1, 1), OPEN)
        assert places.overstepped(short, (2, 1, 0)) == (Limit.MINIMUM,)
        assert places.missing_staff(room(), Staff(1, 1), OPEN, (2, 1, 0)) == 1
        assert places.missing_staff(room(), Staff(2, 1), OPEN, (2, 1, 0)) == 0
        assert places.missing_staff(room(capacity=2), Staff(1, 1), OPEN, (2, 1, 0)) is None

    def test_lawful_is_what_the_largest_part_of_them_takes(self) -> None:
        limits = places.bounds(room(), Staff(2, 1), OPEN)
        mixes = ((0, 0, 0), (6, 0, 0), (7, 0, 0), (6, 1, 0))
        assert [places.lawful(limits, children) for children in mixes] == [12, 12, 12, 12]
        assert places.lawful(places.bounds(room(capacity=2), Staff(2, 1), OPEN), (1, 1, 1)) == 3

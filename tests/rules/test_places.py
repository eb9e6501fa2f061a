"""Places as whole units, exact for every ratio."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daredemo.rules import places
from tests.rules.given import KAKEGAWA, at

RATIOS = KAKEGAWA.places.children_per_staff


@pytest.mark.parametrize(
    ("ratios", "units", "children"),
    [((3, 6, 6), 6, (2, 1, 1)), ((3, 5, 5), 15, (5, 3, 3)), ((3, 4, 6), 12, (4, 3, 2))],
)
def test_units(ratios: tuple[int, int, int], units: int, children: tuple[int, int, int]) -> None:
    assert places.staff_units(ratios) == units
    assert tuple(places.child_units(age, ratios) for age in range(3)) == children


@given(st.tuples(*[st.integers(1, 12)] * 3), st.integers(0, 2))
def test_one_member_of_staff_takes_exactly_the_ratio(ratios: tuple[int, int, int], age: int) -> None:
    assert places.child_units(age, ratios) * ratios[age] == places.staff_units(ratios)


def test_a_wish_touches_half_hours() -> None:
    found = places.cells(at("2026-05-07T09:15"), at("2026-05-07T10:00"))
    assert found == (at("2026-05-07T09:00"), at("2026-05-07T09:30"))
    assert places.cells(at("2026-05-07T09:45:10"), at("2026-05-07T10:00")) == (at("2026-05-07T09:30"),)


def test_half_hours_without_a_place() -> None:
    nine, half = at("2026-05-07T09:00"), at("2026-05-07T09:30")
    free = {nine: 2, half: 1}
    assert places.full_cells(nine, at("2026-05-07T10:00"), free, places.child_units(1, RATIOS)) == ()
    assert places.full_cells(nine, at("2026-05-07T10:00"), free, places.child_units(0, RATIOS)) == (half,)
    assert places.full_cells(nine, at("2026-05-07T10:30"), free, 1) == (at("2026-05-07T10:00"),)

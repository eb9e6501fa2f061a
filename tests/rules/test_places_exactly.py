"""Places once more as the texts say them, with fractions: the same answer for whatever facts there are."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from daredemo.rules import places
from daredemo.rules.places import ByAge, House, Limit, Own, Staff
from daredemo.rules.policy import Standard
from tests.rules.given import ALL, KAKEGAWA, OPEN, room

counts = st.integers(0, 5)
children = st.tuples(counts, counts, counts)
standards = st.builds(
    Standard,
    children_per_staff=st.tuples(*[st.integers(2, 7)] * 3),
    qualified_percent=st.sampled_from([0, 34, 50, 75, 100]),
    minimum_staff=st.integers(1, 2),
    area_cm2=st.tuples(*[st.sampled_from([16_500, 19_800, 33_000])] * 3),
)
houses = st.builds(
    House,
    standard=st.one_of(standards, st.sampled_from([one.places for one in ALL])),
    area_cm2=st.integers(0, 600_000),
    capacity=st.integers(0, 20),
    enrolled=children,
    supported=st.booleans(),
)
staffs = st.integers(0, 7).flatmap(lambda count: st.builds(Staff, st.just(count), st.integers(0, count)))
ceilings = st.one_of(st.none(), st.integers(0, 6))
owns = st.builds(Own, st.integers(0, 12), st.tuples(ceilings, ceilings, ceilings))
ages = st.integers(0, 2)


def plus(children: ByAge, age: int, n: int = 1) -> ByAge:
    zero, one, two = (here + (n if group == age else 0) for group, here in enumerate(children))
    return zero, one, two


def by_fractions(house: House, staff: Staff, own: Own, children: ByAge) -> bool:
    """The rules once more, as the texts say them: slow, and with fractions."""
    standard = house.standard
    if not any(children):
        return True
    all_of_them = [own_child + here for own_child, here in zip(house.enrolled, children, strict=True)]
    needed = sum(
        Fraction(n, ratio) for n, ratio in zip(all_of_them, standard.children_per_staff, strict=True)
    )
    share = Fraction(standard.qualified_percent, 100)
    # Some of those on duty must do: enough for the ratio, enough 保育士 among them, enough at all.
    least = 1 if house.supported and staff.qualified else standard.minimum_staff
    staffed = any(
        needed <= team and least <= team and min(team, staff.qualified) >= share * team
        for team in range(staff.count + 1)
    )
    floor = sum(n * area for n, area in zip(all_of_them, standard.area_cm2, strict=True))
    by_age = zip(children, own.by_age, strict=True)
    return (
        staffed
        and floor <= house.area_cm2
        and sum(all_of_them) <= house.capacity
        and sum(children) <= own.most
        and all(most is None or n <= most for n, most in by_age)
    )


@given(houses, staffs, owns, children)
def test_exactly_what_the_texts_allow(house: House, staff: Staff, own: Own, children: ByAge) -> None:
    limits = places.bounds(house, staff, own)
    assert places.fits(limits, children) is by_fractions(house, staff, own, children)


@given(houses, staffs, owns, children, ages)
def test_what_is_said_to_fit_fits_and_one_more_does_not(
    house: House, staff: Staff, own: Own, children: ByAge, age: int
) -> None:
    if not by_fractions(house, staff, own, children):
        children = (0, 0, 0)
    room_for = places.more(places.bounds(house, staff, own), children)[age]
    assert by_fractions(house, staff, own, plus(children, age, room_for))
    assert not by_fractions(house, staff, own, plus(children, age, room_for + 1))


@given(houses, staffs, owns, children, ages)
def test_the_limits_that_are_named_really_bind_and_no_other(
    house: House, staff: Staff, own: Own, children: ByAge, age: int
) -> None:
    limits = places.bounds(house, staff, own)
    named = places.binding(limits, children, age)
    assert named
    one_more = plus(children, age, places.more(limits, children)[age] + 1)
    assert places.fits([bound for bound in limits if bound.limit not in named], one_more)
    for bound in limits:
        assert (bound.limit in named) is (
            not places.fits([one for one in limits if one.limit == bound.limit], one_more)
        )


@given(houses, staffs, owns, children, st.booleans())
def test_more_staff_never_takes_a_place_away(
    house: House, staff: Staff, own: Own, children: ByAge, qualified: bool
) -> None:
    stronger = Staff(staff.count + 1, staff.qualified + qualified)
    before, after = (places.more(places.bounds(house, one, own), children) for one in (staff, stronger))
    assert all(was <= now for was, now in zip(before, after, strict=True))


@given(houses, staffs, owns, children, ages)
def test_a_child_less_never_takes_a_place_away(
    house: House, staff: Staff, own: Own, children: ByAge, age: int
) -> None:
    assume(children[age])
    limits = places.bounds(house, staff, own)
    before, after = places.more(limits, children), places.more(limits, plus(children, age, -1))
    assert all(was <= now for was, now in zip(before, after, strict=True))
    if before[age] or places.fits(limits, children):
        assert after[age] == before[age] + 1


@given(houses, staffs, owns, children, ages)
def test_relief_is_the_fewest_that_help(
    house: House, staff: Staff, own: Own, children: ByAge, age: int
) -> None:
    now = places.more(places.bounds(house, staff, own), children)[age]
    found = places.relief(house, staff, own, children, age)
    team = [Staff(staff.count + n, staff.qualified + n) for n in range((found.staff if found else 40) + 1)]
    then = [places.more(places.bounds(house, one, own), children)[age] for one in team]
    if found:
        assert then[-1] == found.more[age] > now
        assert set(then[:-1]) == {now}
    else:
        assert set(then) == {now}


@given(houses, staffs, owns, children)
def test_a_conflict_is_where_more_is_booked_than_lawful(
    house: House, staff: Staff, own: Own, children: ByAge
) -> None:
    limits = places.bounds(house, staff, own)
    units = sum(weight * n for weight, n in zip(limits[0].weights, children, strict=True))
    most = places.lawful(limits, children)
    assert (units > most) is bool(places.overstepped(limits, children)) is (not places.fits(limits, children))
    if units > most:
        zero, one, two = (range(n + 1) for n in children)
        parts = [part for part in product(zero, one, two) if by_fractions(house, staff, own, part)]
        assert most == max(sum(w * n for w, n in zip(limits[0].weights, part, strict=True)) for part in parts)


# Each limit holds alone somewhere: without it the law would let these children in.
@pytest.mark.parametrize(
    ("limit", "house", "staff", "own", "children"),
    [
        (Limit.MINIMUM, room(), Staff(1, 1), OPEN, (1, 0, 0)),
        (Limit.QUALIFIED, room(), Staff(4, 1), OPEN, (6, 1, 0)),
        (Limit.STAFF, room(), Staff(2, 2), OPEN, (4, 2, 3)),
        (Limit.CAPACITY, room("spare", (1, 0, 0), capacity=2), Staff(4, 4), OPEN, (1, 0, 1)),
        (Limit.AREA, room(area_cm2=65_999), Staff(4, 4), OPEN, (1, 1, 0)),
        (Limit.CEILING, room(), Staff(2, 2), Own(2), (0, 0, 3)),
        (Limit.AGE, room(), Staff(2, 2), Own(3, (0, None, None)), (1, 0, 0)),
    ],
)
def test_control_without_a_limit_too_many_would_fit(
    limit: Limit, house: House, staff: Staff, own: Own, children: ByAge
) -> None:
    limits = places.bounds(house, staff, own)
    assert not by_fractions(house, staff, own, children)
    assert places.overstepped(limits, children) == (limit,)
    assert places.fits([bound for bound in limits if bound.limit != limit], children)


def test_control_rounding_each_age_up_would_be_seen() -> None:
    children = (4, 2, 2)  # 1⅓ + ⅓ + ⅓ = 2; on paper 2 + 1 + 1
    on_paper = sum(
        -(-n // ratio) for n, ratio in zip(children, KAKEGAWA.places.children_per_staff, strict=True)
    )
    assert by_fractions(room(), Staff(2, 2), OPEN, children) is not (on_paper <= 2)


def test_control_half_of_those_present_would_let_a_helper_take_places_away() -> None:
    by_presence = [one.count if 2 * one.qualified >= one.count else 0 for one in (Staff(2, 1), Staff(3, 1))]
    assert by_presence == [2, 0]
    assert [places.counted_staff(one, KAKEGAWA.places)[0] for one in (Staff(2, 1), Staff(3, 1))] == [2, 2]

"""The columns of a day say exactly what the law says about each half hour, whatever the facts are."""

from datetime import date, time

from hypothesis import given, settings
from hypothesis import strategies as st

from daredemo.booking import cells
from daredemo.booking.actions import shaping
from daredemo.booking.models import OpenedDay
from daredemo.booking.queries import Sources
from daredemo.facilities.duty import Roster
from daredemo.facilities.models import Carer, Enrolled, Facility, Form, Kind, Premises, Shift, WeeklyPattern
from daredemo.rules import places
from tests.rules.given import AYASE, KAKEGAWA

MONDAY = date(2026, 4, 13)
NINE, SEVEN = 18, 14
counts = st.integers(0, 4)
mixes = st.tuples(counts, counts, counts)
ceilings = st.one_of(st.none(), st.integers(0, 6))
premises = st.builds(
    Premises,
    facility=st.builds(Facility, kind=st.sampled_from(Kind.values)),
    form=st.sampled_from(Form.values),
    area_cm2=st.integers(0, 500_000),
    capacity=st.integers(0, 20),
    supported=st.booleans(),
    most_a_day=st.one_of(st.none(), st.integers(0, 12)),
    roster_from=st.sampled_from([None, MONDAY]),
)
patterns = st.builds(
    WeeklyPattern,
    weekday=st.just(0), starts=st.just(time(9)), ends=st.just(time(10)), places=st.integers(0, 12),
    places_age_0=ceilings, places_age_1=ceilings, places_age_2=ceilings, valid_from=st.just(MONDAY),
)  # fmt: skip


def on_duty(qualified: list[bool]) -> tuple[tuple[Carer, ...], tuple[Shift, ...]]:
    carers = tuple(Carer(qualified=one, starts_on=MONDAY) for one in qualified)
    times = {"weekday": 0, "starts": time(8), "ends": time(18), "valid_from": MONDAY}
    return carers, tuple(Shift(carer=carer, **times) for carer in carers)


@settings(deadline=None)
@given(premises, patterns, st.lists(st.booleans(), max_size=6), mixes, mixes)
def test_free_and_overbooked_are_what_the_law_says(
    house: Premises, pattern: WeeklyPattern, qualified: list[bool], enrolled: places.ByAge, mix: places.ByAge
) -> None:
    carers, shifts = on_duty(qualified)
    names = {f"age_{age}": n for age, n in enumerate(enrolled)}
    roster = Roster(carers, shifts, (), (Enrolled(weekday=0, valid_from=MONDAY, **names),), ())
    sources = Sources(house.facility, [pattern], frozenset(), {}, house, (AYASE, KAKEGAWA), roster)
    day = OpenedDay(date=MONDAY, day_booked=sum(mix))
    for age, n in enumerate(mix):
        cells.booked(day)[age][NINE] = n

    overstepped = shaping.shape(day, sources)

    limits = sources.limits(MONDAY)[NINE]
    if house.most_a_day is not None:
        limits = (*limits, places.Bound(places.Limit.DAY, (1, 1, 1), house.most_a_day))
    assert tuple(cells.free(day, age)[NINE] for age in range(3)) == places.more(limits, mix)
    assert overstepped == set(places.overstepped(limits, mix))
    assert cells.is_over(day) is bool(overstepped)
    assert [cells.free(day, age)[SEVEN] for age in range(3)] == [0, 0, 0]
    # Whatever is booked may stand: the same that the constraint of the database asks.
    assert all(taken <= most for taken, most in zip(cells.units(day), day.offered, strict=True))
    assert all(taken <= most for taken, most in zip(cells.heads(day), day.ceiling_all, strict=True))
    assert all(taken <= most for taken, most in zip(cells.floor(day), day.room, strict=True))
    for booked, ceiling in zip(cells.booked(day), cells.ceilings(day), strict=True):
        assert all(taken <= most for taken, most in zip(booked, ceiling, strict=True))
    assert day.day_ceiling is None or day.day_booked <= day.day_ceiling

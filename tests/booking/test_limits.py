"""Every limit of an opened day binds: what is said to be free, and the seat belt below it, agree."""

from datetime import date
from random import Random
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from daredemo.booking import actions as booking
from daredemo.booking import cells, invariants
from daredemo.booking import queries as bookings
from daredemo.booking.models import CELLS, FREE, Booking, OpenedDay
from daredemo.rules.refusal import Refused
from tests import make
from tests.booking.in_line import LATER, free, offered, take, wait

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 4, 13)
NINE = 18
# By the staffing law: two staff bring twelve units, an infant takes two.
LAWFUL = {
    "weights": [2, 1, 1], "offered": [12] * CELLS, "ceiling_all": [9] * CELLS,
    "ceiling_0": [5] * CELLS, "ceiling_1": [9] * CELLS, "ceiling_2": [9] * CELLS,
    "areas": [5, 5, 3], "room": [40] * CELLS, "day_ceiling": 20,
}  # fmt: skip


@pytest.fixture
def day() -> OpenedDay:
    return OpenedDay.objects.create(facility=make.facility(), date=MONDAY, published_at=make.NOW, **LAWFUL)


def booked(day: OpenedDay, *children: int) -> OpenedDay:
    for age, n in enumerate(children):
        cells.booked(day)[age][NINE] = n
    day.day_booked = sum(children)
    return day


def holds(day: OpenedDay) -> bool:
    """Does the database let this day stand?"""
    try:
        with transaction.atomic():
            day.save()
    except IntegrityError:
        return False
    return True


@pytest.mark.parametrize(
    ("limit", "children", "age", "free", "change"),
    [
        ("staff", (4, 2, 0), 0, 1, {}),
        ("staff", (4, 4, 0), 1, 0, {"ceiling_all": [12] * CELLS}),
        ("heads", (0, 4, 4), 2, 1, {}),
        ("age", (4, 0, 0), 0, 1, {"offered": [99] * CELLS}),
        ("floor", (0, 5, 2), 2, 3, {"ceiling_2": [99] * CELLS, "ceiling_all": [99] * CELLS}),
        ("floor", (0, 5, 2), 1, 1, {"ceiling_all": [99] * CELLS}),
        ("day", (0, 1, 0), 1, 2, {"day_ceiling": 3}),
    ],
)
def test_what_is_free_fits_and_one_more_does_not(
    day: OpenedDay, limit: str, children: tuple[int, int, int], age: int, free: int, change: dict[str, object]
) -> None:
    for name, value in change.items():
        setattr(day, name, value)
    assert cells.free(booked(day, *children), age)[NINE] == free
    full = [n + (free if one == age else 0) for one, n in enumerate(children)]
    assert holds(booked(day, *full))
    assert bits(OpenedDay.objects.get().free[age])[NINE] is False
    full[age] += 1
    assert not holds(booked(day, *full))


def test_the_last_booking_of_the_day_is_the_last_one() -> None:
    facility = make.facility()
    make.opened(facility, MONDAY)
    OpenedDay.objects.update(day_ceiling=2)
    made = [make.booking(make.family(), facility, f"2026-04-13 {hour:02}:00") for hour in (9, 13)]
    family = make.family()
    with pytest.raises(Refused) as refused:
        make.booking(family, facility, "2026-04-13 11:00")
    assert refused.value.reason == "no_place"
    starts = bookings.starts_on(family.child, facility, MONDAY, make.NOW)
    assert {start.state for start in starts} == {"full"}
    booking.undo_booking(booking=made[0], by=made[0].booked_by, now=make.NOW)
    assert OpenedDay.objects.get().day_booked == 1
    assert make.booking(family, facility, "2026-04-13 11:00").status == "booked"


def test_a_child_that_comes_twice_is_one_child_of_the_day() -> None:
    facility, family = make.facility(), make.family()
    make.opened(facility, MONDAY)
    OpenedDay.objects.update(day_ceiling=1)
    early = make.booking(family, facility, "2026-04-13 09:00")
    starts = bookings.starts_on(family.child, facility, MONDAY, make.NOW)
    assert {start.state for start in starts} == {"ok"}
    late = make.booking(family, facility, "2026-04-13 13:00")
    assert OpenedDay.objects.get().day_booked == 1
    with pytest.raises(Refused, match="no_place"):
        make.booking(make.family(), facility, "2026-04-13 11:00")
    for one, left in ((early, 1), (late, 0)):
        booking.undo_booking(booking=one, by=one.booked_by, now=make.NOW)
        assert (OpenedDay.objects.get().day_booked, invariants.broken()) == (left, {})


def test_the_time_of_the_last_child_of_the_day_can_be_changed() -> None:
    facility, family = make.facility(), make.family()
    make.opened(facility, MONDAY)
    OpenedDay.objects.update(day_ceiling=1)
    made = make.booking(family, facility, "2026-04-13 09:00")
    moved = booking.change(
        booking=made, guardian=family.guardian, starts_at=make.at("2026-04-13 13:00"), minutes=60,
        by=family.user, request_key=uuid4(), now=make.NOW,
    )  # fmt: skip
    assert (moved.status, OpenedDay.objects.get().day_booked, invariants.broken()) == ("booked", 1, {})


def test_of_several_at_once_a_child_is_counted_once_and_its_sibling_too() -> None:
    facility, family = make.facility(), make.family(children=2)
    make.opened(facility, MONDAY)
    OpenedDay.objects.update(day_ceiling=1)
    for child in family.children:
        make.accepted(child, facility)
    first, second = (child.pk for child in family.children)
    both = [make.at(f"2026-04-13 {hour}:00") for hour in ("09", "13")]

    def book(children: list[UUID]) -> list[Booking]:
        asked = bookings.asked_for(children, both, 60, uuid4())
        return booking.book_all(
            guardian=family.guardian, facility=facility.pk, asked=asked, by=family.user, now=make.NOW
        )

    with pytest.raises(Refused, match="no_place"):
        book([first, second])
    assert len(book([first])) == 2
    assert (OpenedDay.objects.get().day_booked, invariants.broken()) == (1, {})


def test_a_place_that_is_kept_counts_its_child_once(day: OpenedDay) -> None:
    facility = make.facility(places=1)
    taken = make.booking(make.family(), facility, "2026-04-13 09:00", minutes=180)
    family = make.family()
    entry = wait(facility, family)
    make.booking(family, facility, "2026-04-13 13:00")
    free(taken)
    OpenedDay.objects.filter(facility=facility).update(day_ceiling=1)
    booking.offer_to(entry=entry, now=LATER)
    counted = OpenedDay.objects.filter(facility=facility).values_list("day_booked", flat=True)
    assert (counted.get(), invariants.broken()) == (1, {})
    take(offered(entry))
    assert (counted.get(), invariants.broken()) == (1, {})


def test_the_function_of_the_database_counts_every_half_hour(day: OpenedDay) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_function_arguments('day_fits'::regproc)")
        assert cursor.fetchone()[0].count("[]") == 11
    for wrong in ([12] * (CELLS - 1), [12] * (CELLS - 1) + [-1]):
        day.offered = wrong
        assert not holds(day)


def bits(number: int) -> list[bool]:
    return [bool(number >> cell & 1) for cell in range(CELLS)]


def test_what_the_database_finds_free_is_what_is_counted(day: OpenedDay) -> None:
    """A hundred days drawn at random, unlawful ones among them: both ways of counting agree everywhere."""
    chance = Random(20260413)
    seen = set()
    for _ in range(100):
        for name in ("offered", "ceiling_all", "ceiling_0", "ceiling_1", "ceiling_2"):
            setattr(day, name, [chance.randrange(9) for _ in range(CELLS)])
        for name in ("booked_0", "booked_1", "booked_2"):
            setattr(day, name, [chance.randrange(3) for _ in range(CELLS)])
        day.weights, day.areas = chance.choice([[2, 1, 1], [1, 1, 1]]), chance.choice([[5, 5, 3], [0, 0, 0]])
        day.room = [chance.randrange(40) for _ in range(CELLS)]
        day.day_booked, day.day_ceiling = chance.randrange(4), chance.choice([None, 3, 9, 9])
        with connection.cursor() as cursor:
            values = {name: getattr(day, name) for name in FREE}
            kinds = {
                "areas": "integer[]",
                "room": "integer[]",
                "day_ceiling": "smallint",
                "day_booked": "smallint",
            }
            told = ", ".join(f"%({name})s::{kinds.get(name, 'smallint[]')}" for name in FREE)
            cursor.execute(f"SELECT day_free({told})", values)
            free = cursor.fetchone()[0]
        for age in range(3):
            assert bits(free[age]) == [places > 0 for places in cells.free(day, age)]
            seen.update(bits(free[age]))
    assert seen == {True, False}

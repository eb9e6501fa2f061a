"""The order in which a crowd books: nobody twice at once, and one in five opens a month's hours."""

from collections import Counter
from datetime import datetime

import pytest

from bench.parts import turns
from bench.parts.crowd import complete, located
from daredemo.rules.hours import JST

ONE_MONTH, TWO_MONTHS = turns.TURNS, 2 * turns.TURNS
MANY = 20_000


@pytest.mark.parametrize("count", [ONE_MONTH, TWO_MONTHS])
def test_no_family_has_the_same_turn_twice_and_there_are_enough(count: int) -> None:
    order = [turns.staircase(n, count) for n in range(MANY)]
    assert len(set(order)) == MANY
    assert max(one.family for one in order) < turns.families_for(MANY, count)


@pytest.mark.parametrize("count", [ONE_MONTH, TWO_MONTHS])
def test_two_bookings_of_a_family_are_far_apart(count: int) -> None:
    latest: dict[int, int] = {}
    for n in range(MANY):
        family, turn = turns.staircase(n, count)
        if family in latest:
            assert n - latest[family] > count * (turns.GAP - 1), (family, turn)
        latest[family] = n


@pytest.mark.parametrize("count", [ONE_MONTH, TWO_MONTHS])
def test_from_the_first_booking_on_one_in_five_is_the_first_of_a_month(count: int) -> None:
    opened = {
        (family, first // turns.TURNS)
        for family in range(MANY)
        if (first := turns.first_turn(family, count)) % turns.TURNS
    }
    firsts = []
    for n in range(MANY):
        family, turn = turns.staircase(n, count)
        if (family, turn // turns.TURNS) not in opened:
            opened.add((family, turn // turns.TURNS))
            firsts.append(n // 1000)
    assert set(Counter(firsts).values()) == {1000 // turns.TURNS}


@pytest.mark.parametrize(
    "now", ["2026-11-23 10:00", "2027-02-01 08:59", "2027-02-01 09:00", "2027-12-31 23:00"]
)
def test_a_family_books_other_days_of_a_month_whose_window_is_open(now: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=JST)
    months = turns.months(at, 2)
    before_the_opening = at.day == 1 and at.hour < 9
    assert (months.days[0][0].month == at.month) is before_the_opening
    for family in range(200):
        starts = [months.starts_at(family, turn) for turn in range(TWO_MONTHS)]
        assert len({start.date() for start in starts}) == TWO_MONTHS
        assert all(turns.OPENS <= start.hour <= turns.CLOSES - turns.MINUTES // 60 for start in starts)


def test_an_answer_is_whole_when_its_last_byte_is_there() -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: /bookings/1/done/\r\nContent-Length: 2\r\n\r\nok"
    for cut in range(len(answer)):
        assert complete(bytearray(answer[:cut])) is None
    found = complete(bytearray(answer + b"HTTP/1.1 302"))
    assert found is not None
    assert (found[1], located(found[0])) == (len(answer), "/bookings/1/done/")
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
    assert complete(bytearray(chunked[:-1])) is None
    assert complete(bytearray(chunked)) == (chunked.split(b"\r\n\r\n")[0], len(chunked))

"""The hours of a month, and the ledger to which one only adds."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daredemo.rules import allowance
from daredemo.rules.allowance import Balance, Entry, Kind
from daredemo.rules.policy import Bucket, Hours
from daredemo.rules.refusal import Reason, Refused
from tests.rules.given import AYASE, KAKEGAWA, MIHARA, NATIONAL, day

MAY = day("2026-05-01")
# 江戸川区: 24 hours at home, 10 away · 大田区: 150 more where the ten were spent at one place
EDOGAWA = replace(KAKEGAWA.hours, buckets=(Bucket("local", 840, "home"), Bucket("national", 600)))
OTA = replace(KAKEGAWA.hours, buckets=(Bucket("national", 600), Bucket("local", 9000, "one_place")))


@pytest.mark.parametrize(
    ("hours", "minutes"),
    [(KAKEGAWA.hours, 600), (NATIONAL.hours, 600), (MIHARA.hours, 600), (AYASE.hours, 360)],
)
def test_the_allowance_of_a_month(hours: Hours, minutes: int) -> None:
    assert allowance.cap(hours, MAY) == minutes


def test_local_hours_count_at_home_only() -> None:
    assert allowance.cap(EDOGAWA, MAY) == 1440
    assert allowance.cap(EDOGAWA, MAY, at_home=False) == 600


def test_hours_for_one_place_end_with_a_second_place() -> None:
    assert allowance.cap(OTA, MAY) == 9600
    assert allowance.cap(OTA, MAY, one_place=False) == 600


def test_a_top_up_lasts_from_its_first_to_its_last_month() -> None:
    extra = Bucket("local", 120, "anywhere", day("2026-05-01"), day("2026-06-01"))
    hours = replace(KAKEGAWA.hours, buckets=(*KAKEGAWA.hours.buckets, extra))
    caps = [allowance.cap(hours, day(f"2026-0{month}-01")) for month in (4, 5, 6, 7)]
    assert caps == [600, 720, 720, 600]


def test_spending_goes_through_the_buckets_in_their_order() -> None:
    buckets = allowance.open_buckets(EDOGAWA, MAY)
    assert allowance.spend(120, buckets, {}, MAY) == (("local", 120),)
    assert allowance.spend(120, buckets, {"local": 780}, MAY) == (("local", 60), ("national", 60))
    away = allowance.open_buckets(EDOGAWA, MAY, at_home=False)
    assert allowance.spend(600, away, {"local": 840}, MAY) == (("national", 600),)


def test_over_the_allowance_is_refused_with_what_is_left() -> None:
    buckets = allowance.open_buckets(KAKEGAWA.hours, MAY)
    assert allowance.spend(120, buckets, {"national": 480}, MAY) == (("national", 120),)
    with pytest.raises(Refused) as refused:
        allowance.spend(180, buckets, {"national": 480}, MAY)
    assert refused.value.reason is Reason.NO_HOURS_LEFT
    assert refused.value.facts == {
        "month": MAY, "minutes": 180, "left": 120, "cap": 600, "next_month": day("2026-06-01")
    }  # fmt: skip


@given(st.lists(st.integers(1, 300)), st.booleans())
def test_whatever_is_asked_no_more_than_the_cap_is_spent(wishes: list[int], at_home: bool) -> None:
    used: dict[str, int] = {}
    for minutes in wishes:
        buckets = allowance.open_buckets(EDOGAWA, MAY, at_home=at_home)
        left = sum(allowance.minutes_left(one.minutes, used.get(one.name, 0)) for one in buckets)
        if minutes > left:
            with pytest.raises(Refused):
                allowance.spend(minutes, buckets, used, MAY)
            continue
        parts = allowance.spend(minutes, buckets, used, MAY)
        assert sum(part for _, part in parts) == minutes
        for name, part in parts:
            used[name] = used.get(name, 0) + part
    for bucket in allowance.open_buckets(EDOGAWA, MAY, at_home=at_home):
        assert used.get(bucket.name, 0) <= bucket.minutes


def test_the_passbook_of_a_month() -> None:
    ledger = [
        Entry(Kind.GRANTED, 600),
        Entry(Kind.RESERVED, 120),
        Entry(Kind.RESERVED, 180),
        Entry(Kind.RETURNED, 180),
        Entry(Kind.FORFEITED, 120),
        Entry(Kind.OVERRUN, 30),
        Entry(Kind.CORRECTED, -60),
    ]
    assert allowance.balance(ledger) == Balance(granted=600, spent=210, lost=120)
    assert allowance.balance(ledger).left == 390


def test_a_month_without_use_has_all_of_it_left() -> None:
    assert allowance.balance([Entry(Kind.GRANTED, 600)]) == Balance(600, 0, 0)


def test_after_a_move_what_was_used_anywhere_counts_against_the_new_cap() -> None:
    assert allowance.minutes_left(360, 240) == 120
    assert allowance.minutes_left(360, 480) == 0


@given(st.lists(st.builds(Entry, st.sampled_from(Kind), st.integers(0, 900))))
def test_the_ledger_is_never_negative(entries: list[Entry]) -> None:
    found = allowance.balance(entries)
    assert found.left >= 0
    assert found.spent >= 0
    assert found.left <= found.granted


@given(st.lists(st.tuples(st.sampled_from(["book", "return", "forfeit", "overrun"]), st.integers(1, 300))))
def test_what_the_law_lets_through_adds_up(steps: list[tuple[str, int]]) -> None:
    hours = replace(KAKEGAWA.hours, overrun_hours="consume")
    ledger, open_bookings = [Entry(Kind.GRANTED, 600)], list[int]()
    for verb, minutes in steps:
        left = allowance.balance(ledger).left
        if verb == "book" and minutes <= left:
            ledger.append(Entry(Kind.RESERVED, minutes))
            open_bookings.append(minutes)
        elif verb == "return" and open_bookings:
            ledger.append(Entry(Kind.RETURNED, open_bookings.pop()))
        elif verb == "forfeit" and open_bookings:
            ledger.append(Entry(Kind.FORFEITED, open_bookings.pop()))
        elif verb == "overrun":
            ledger.append(Entry(Kind.OVERRUN, allowance.overrun_taken(minutes, left, hours)))
        found = allowance.balance(ledger)
        assert found.spent + found.left == found.granted == 600


@given(st.integers(0, 600), st.integers(-60, 600))
def test_an_overrun_never_borrows(counted: int, left: int) -> None:
    consume = replace(KAKEGAWA.hours, overrun_hours="consume")
    assert 0 <= allowance.overrun_taken(counted, left, consume) <= max(0, left)
    assert allowance.overrun_taken(counted, left, KAKEGAWA.hours) == 0


def test_only_a_correction_may_be_negative() -> None:
    with pytest.raises(ValueError, match="reserved"):
        Entry(Kind.RESERVED, -60)

"""The waiting list: how long a place is kept, what is offered, who may enter."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daredemo.rules import booking, hours, waiting
from daredemo.rules.booking import Facts, Terms, Wish
from daredemo.rules.eligibility import Certificate
from daredemo.rules.plain import PolicyError
from daredemo.rules.policy import Policy
from daredemo.rules.policy_waiting import Hold, WaitingList
from daredemo.rules.refusal import Reason, Refused
from tests.rules.given import FACTS, KAKEGAWA, PERSON, PLACE, at, day

RULE = KAKEGAWA.waiting
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OFFERED = replace(FACTS, is_offered=True)
MOMENT = st.integers(0, 60 * 24 * 60).map(lambda n: at("2026-04-01T00:00") + n * MINUTE)


@pytest.mark.parametrize(
    ("ahead", "minutes"),
    [
        (timedelta(hours=72, seconds=1), 720),
        (timedelta(hours=72), 120),
        (timedelta(hours=24, seconds=1), 120),
        (timedelta(hours=24), 30),
        (timedelta(hours=3), 30),
        (timedelta(hours=2, minutes=59), None),
        (timedelta(hours=-1), None),
    ],
)
def test_how_long_a_place_is_kept(ahead: timedelta, minutes: int | None) -> None:
    now = at("2026-05-07T09:00")
    assert waiting.hold(now + ahead, now, RULE) == (minutes * MINUTE if minutes else None)


@pytest.mark.parametrize(
    ("start", "now", "until"),
    [
        ("2026-05-20T09:00", "2026-05-07T09:00", "2026-05-07T21:00"),
        ("2026-05-20T09:00", "2026-05-07T09:30", "2026-05-08T07:30"),
        ("2026-05-20T09:00", "2026-05-07T23:00", "2026-05-08T19:00"),
        ("2026-05-20T09:00", "2026-05-07T03:00", "2026-05-07T19:00"),
        ("2026-05-09T09:00", "2026-05-07T20:00", "2026-05-08T08:00"),
        ("2026-05-08T10:30", "2026-05-07T20:50", "2026-05-08T07:20"),
        ("2026-05-08T10:00", "2026-05-07T22:00", "2026-05-08T07:30"),
        ("2026-05-08T09:30", "2026-05-07T22:00", None),  # only two and a half hours after waking
        ("2026-05-07T23:50", "2026-05-07T20:45", "2026-05-07T23:50"),  # never after the start
    ],
)
def test_the_clock_stands_still_at_night(start: str, now: str, until: str | None) -> None:
    assert waiting.answer_by(at(start), at(now), RULE) == (at(until) if until else None)


def awake(since: datetime, until: datetime) -> timedelta:
    """The time between two instants outside of 21:00 to 7:00, counted minute by minute."""
    minutes = int((until - since) / MINUTE)
    clocks = ((since + n * MINUTE).hour for n in range(minutes))
    return sum(7 <= hour < 21 for hour in clocks) * MINUTE


@given(MOMENT, st.integers(0, 200 * 60))
def test_an_answer_has_its_whole_time_awake(now: datetime, ahead: int) -> None:
    start = now + ahead * MINUTE
    held, until = waiting.hold(start, now, RULE), waiting.answer_by(start, now, RULE)
    assert (held is None) is (until is None)
    if held is None or until is None:
        return
    assert now < until <= start
    assert until == start or awake(now, until) == held
    assert until == start or 7 <= until.hour < 21 or (until.hour, until.minute) == (21, 0)


@given(MOMENT, st.integers(0, 100 * 60), st.integers(0, 100 * 60))
def test_a_place_farther_ahead_is_never_kept_shorter(now: datetime, ahead: int, more: int) -> None:
    near, far = (waiting.hold(now + n * MINUTE, now, RULE) for n in (ahead, ahead + more))
    assert (far or timedelta()) >= (near or timedelta())


@given(st.integers(1, 200))
def test_bands_cover_every_place_once(place: int) -> None:
    first, last = waiting.band(place, RULE)
    assert first <= place <= (last or place)
    assert (first, last) in {(1, 3), (4, 10), (11, None)}


NINE = at("2026-05-07T09:00")
STARTS = tuple(NINE + n * 30 * MINUTE for n in range(12))


def lengths(start: datetime) -> Iterable[int]:
    return hours.offered_lengths(240, KAKEGAWA.hours.unit)


@given(st.integers(0, 12), st.integers(0, 14), st.sampled_from([30, 60, 90, 120, 180]))
def test_the_longest_use_is_offered_and_none_that_would_not_do(first: int, last: int, minimum: int) -> None:
    span = (NINE + first * 30 * MINUTE, NINE + last * 30 * MINUTE)
    uses = waiting.wishes(span, minimum, STARTS, lengths)
    every = {(start, n) for start in STARTS for n in lengths(start)}
    would_do = {(s, n) for s, n in every if n >= minimum and span[0] <= s and s + n * MINUTE <= span[1]}
    assert {(use.start, hours.span_minutes(use.start, use.end)) for use in uses} == would_do
    order = [(use.end - use.start, use.start) for use in uses]
    assert order == sorted(order, key=lambda use: (-use[0], use[1]))


def decided(facts: Facts) -> waiting.Decide:
    """The law of a booking; full half hours count only for a use that touches them."""

    def decide(wish: Wish) -> Terms:
        full = tuple(cell for cell in facts.place.full_at if wish.start <= cell < wish.end)
        return booking.check(wish, replace(facts, place=replace(facts.place, full_at=full)))

    return decide


USES = waiting.wishes((NINE, NINE + 3 * HOUR), 60, STARTS, lengths)


def test_the_first_use_with_a_place_is_offered() -> None:
    found = waiting.usable(USES, decided(replace(OFFERED, place=replace(PLACE, full_at=(NINE,)))))
    assert found is not None
    assert (found[0], found[1].minutes) == (Wish(NINE + 30 * MINUTE, NINE + 150 * MINUTE), 120)


@pytest.mark.parametrize(
    "facts",
    [
        replace(OFFERED, person=replace(PERSON, born=day("2023-05-08"))),  # three years old that day
        replace(OFFERED, person=replace(PERSON, interview="declined")),
        replace(OFFERED, person=replace(PERSON, interview="missing")),
        replace(
            OFFERED,
            person=replace(PERSON, certificate=Certificate(day("2026-04-01"), day("2026-05-06"))),
        ),
        replace(OFFERED, spent=booking.Spent(month={"national": 600})),
        replace(OFFERED, spent=booking.Spent(month={}, spans=((NINE, NINE + 3 * HOUR),))),
        replace(OFFERED, place=replace(PLACE, full_at=STARTS)),
    ],
)
def test_who_cannot_use_a_place_is_not_offered_it(facts: Facts) -> None:
    assert waiting.usable(USES, decided(facts)) is None


def test_a_shorter_use_is_offered_where_hours_are_short() -> None:
    found = waiting.usable(USES, decided(replace(OFFERED, spent=booking.Spent(month={"national": 540}))))
    assert found is not None
    assert (found[1].minutes, found[1].left_after) == (60, 0)


def test_an_offer_may_come_after_the_window_has_closed_not_before_it_opens() -> None:
    soon = replace(OFFERED, now=NINE - 4 * HOUR)
    assert booking.check(Wish(NINE, NINE + HOUR), soon).minutes == 60
    with pytest.raises(Refused) as no:
        booking.check(Wish(NINE, NINE + HOUR), replace(soon, is_offered=False))
    assert no.value.reason is Reason.WINDOW_CLOSED
    with pytest.raises(Refused) as no:
        booking.check(Wish(NINE, NINE + HOUR), replace(OFFERED, now=at("2026-03-31T10:00")))
    assert no.value.reason is Reason.WINDOW_NOT_OPEN


def reason_of(facts: Facts) -> Reason | None:
    try:
        waiting.check_full(USES, decided(facts))
    except Refused as no:
        return no.reason
    return None


def test_only_where_nothing_but_a_place_is_missing() -> None:
    full = replace(OFFERED, place=replace(PLACE, full_at=STARTS))
    assert reason_of(full) is None
    assert reason_of(OFFERED) is Reason.PLACE_FREE
    assert reason_of(replace(full, place=replace(PLACE, full_at=STARTS[:5]))) is None
    assert reason_of(replace(full, place=replace(PLACE, full_at=STARTS[:4]))) is Reason.PLACE_FREE
    assert reason_of(replace(full, spent=booking.Spent(month={"national": 600}))) is Reason.NO_HOURS_LEFT
    # Hours for one, not for two: an hour is worth waiting for.
    assert reason_of(replace(full, spent=booking.Spent(month={"national": 540}))) is None


def test_a_wish_that_nothing_could_meet_is_refused() -> None:
    def refused(span: booking.Span, minimum: int, now: datetime) -> Refused | None:
        uses = waiting.wishes(span, minimum, STARTS, lengths)
        try:
            waiting.check_entry(span, minimum, uses, now, RULE)
        except Refused as no:
            return no
        return None

    span = (NINE, NINE + 3 * HOUR)
    assert refused(span, 60, FACTS.now) is None
    backwards = refused((NINE, NINE), 60, FACTS.now)
    short = refused((NINE, NINE + 30 * MINUTE), 60, FACTS.now)
    late = refused(span, 60, NINE)
    assert backwards is not None
    assert backwards.reason is Reason.WISH_BACKWARDS
    assert short is not None
    assert short.facts == {"minutes": 30, "minimum": 60}
    assert late is not None
    assert late.facts == {"closed_at": at("2026-05-07T08:00")}
    assert refused(span, 60, NINE - HOUR) is None


def test_the_rule_is_data() -> None:
    assert Policy.from_dict(KAKEGAWA.to_dict()).waiting == WaitingList()
    one_hour = WaitingList(holds=(Hold(0, 60),), bands=())
    assert waiting.hold(NINE + MINUTE, NINE, one_hour) == HOUR
    assert waiting.band(7, one_hour) == (1, None)
    for wrong in (
        {"holds": ()},
        {"holds": (Hold(3, 30), Hold(24, 120))},
        {"quiet_from": "06:00"},
        {"quiet_until": "7"},
        {"bands": (10, 3)},
    ):
        with pytest.raises(PolicyError):
            WaitingList(**wrong)

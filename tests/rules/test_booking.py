"""The one decision about a booking."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daredemo.rules import booking
from daredemo.rules.booking import Facts, Terms, Wish
from daredemo.rules.eligibility import Certificate, Spell
from daredemo.rules.policy import Bucket
from daredemo.rules.policy_cancelling import DaysBefore, FromBooking
from daredemo.rules.refusal import SHAPES, Reason, Refused
from tests.rules.given import FACTS, KAKEGAWA, MIHARA, WISH, at, day, with_deadline


def person(**changes: Any) -> Facts:
    return replace(FACTS, person=replace(FACTS.person, **changes))


def place(**changes: Any) -> Facts:
    return replace(FACTS, place=replace(FACTS.place, **changes))


def spent(**changes: Any) -> Facts:
    return replace(FACTS, spent=replace(FACTS.spent, **changes))


def wish(start: str, end: str) -> Wish:
    return Wish(at(start), at(end))


def refusal(asked: Wish, facts: Facts) -> Refused:
    with pytest.raises(Refused) as refused:
        booking.check(asked, facts)
    return refused.value


def test_a_booking_in_kakegawa() -> None:
    found = booking.check(WISH, FACTS)
    assert found == Terms(
        month=day("2026-05-01"),
        minutes=120,
        buckets=(("national", 120),),
        left_after=480,
        age=1,
        hours_free_until=at("2026-05-01T12:00"),
        fee_free_until=at("2026-05-01T12:00"),
        made_late=False,
        counts_more=False,
        bill=found.bill,
    )
    assert found.bill.total == 600
    assert found.free_until == at("2026-05-01T12:00")


NINE, ELEVEN = "2026-05-07T09:00", "2026-05-07T11:00"
GOOD = (NINE, ELEVEN)
TEN = "2026-05-07T10:00"
SHUT = ((at("2026-05-07T08:30"), at("2026-05-07T09:00")), (at(NINE), at(TEN)))
SESSIONS = ((at(NINE), at(ELEVEN)), (at("2026-05-07T13:00"), at("2026-05-07T15:00")))
REFUSALS: list[tuple[tuple[str, str], Callable[[], Facts], Reason]] = [
    ((ELEVEN, NINE), lambda: FACTS, Reason.WISH_BACKWARDS),
    ((NINE, NINE), lambda: FACTS, Reason.WISH_BACKWARDS),
    ((NINE, "2026-05-08T09:00"), lambda: FACTS, Reason.NOT_ONE_DAY),
    (GOOD, lambda: replace(FACTS, now=at(NINE)), Reason.IN_THE_PAST),
    (GOOD, lambda: person(born=day("2026-01-10")), Reason.TOO_YOUNG),
    (GOOD, lambda: person(born=day("2023-05-08")), Reason.TOO_OLD),
    (GOOD, lambda: person(enrolments=(Spell("kindergarten", day("2026-04-01")),)), Reason.ENROLLED),
    (GOOD, lambda: person(certificate=None), Reason.NOT_CERTIFIED),
    (
        GOOD,
        lambda: person(certificate=Certificate(day("2026-05-08"), day("2027-01-01"))),
        Reason.CERTIFICATE_NOT_VALID_ON_DAY,
    ),
    (GOOD, lambda: person(interview="missing"), Reason.INTERVIEW_MISSING),
    (GOOD, lambda: person(interview="pending"), Reason.INTERVIEW_PENDING),
    (GOOD, lambda: person(interview="declined"), Reason.INTERVIEW_DECLINED),
    (("2026-05-07T09:10", "2026-05-07T10:10"), lambda: FACTS, Reason.OFF_THE_GRID),
    ((NINE, "2026-05-07T09:30"), lambda: FACTS, Reason.TOO_SHORT),
    ((NINE, "2026-05-07T10:30"), lambda: FACTS, Reason.NOT_WHOLE_HOURS),
    (GOOD, lambda: place(is_listed=False), Reason.FACILITY_NOT_LISTED),
    (GOOD, lambda: place(is_closed=True), Reason.FACILITY_CLOSED),
    (GOOD, lambda: place(shut=SHUT), Reason.HOURS_CLOSED),
    (GOOD, lambda: place(shut=SHUT, opens=at(TEN)), Reason.HOURS_CLOSED),  # at the edge of the day
    (GOOD, lambda: place(opens=None), Reason.DAY_NOT_OPEN),
    (("2026-05-07T08:00", "2026-05-07T09:00"), lambda: FACTS, Reason.OUTSIDE_HOURS),
    (("2026-05-07T16:30", "2026-05-07T17:30"), lambda: FACTS, Reason.OUTSIDE_HOURS),
    (GOOD, lambda: place(ages=(0, 2)), Reason.AGE_NOT_TAKEN),
    (GOOD, lambda: place(tariff=None), Reason.PRICE_MISSING),
    (GOOD, lambda: place(sessions=SESSIONS[1:]), Reason.NOT_A_SESSION),
    (GOOD, lambda: replace(FACTS, now=at("2026-04-01T08:59:59")), Reason.WINDOW_NOT_OPEN),
    (GOOD, lambda: replace(FACTS, now=at("2026-05-06T09:00:01")), Reason.WINDOW_CLOSED),
    (
        GOOD,
        lambda: spent(spans=((at("2026-05-07T10:30"), at("2026-05-07T12:00")),)),
        Reason.OVERLAPS_OWN_BOOKING,
    ),
    (GOOD, lambda: spent(month={"national": 540}), Reason.NO_HOURS_LEFT),
    (GOOD, lambda: place(full_at=(at(NINE),), free_lengths=(60,)), Reason.NO_PLACE),
]


@pytest.mark.parametrize(("span", "facts", "reason"), REFUSALS, ids=[str(row[2]) for row in REFUSALS])
def test_each_refusal_is_said_by_name_with_its_facts(
    span: tuple[str, str], facts: Callable[[], Facts], reason: Reason
) -> None:
    refused = refusal(wish(*span), facts())
    assert refused.reason is reason
    assert set(refused.facts) == set(SHAPES[reason].facts)


def test_a_facility_begins_when_its_municipality_does() -> None:
    opening = replace(KAKEGAWA.opening, use_from=day("2026-05-08"))
    refused = refusal(WISH, replace(FACTS, here=replace(KAKEGAWA, opening=opening)))
    assert refused.reason is Reason.USE_NOT_BEGUN
    assert refused.possible == {"opens_on": day("2026-05-08")}


def test_the_wrong_reason_is_not_shown_when_several_hold() -> None:
    facts = replace(person(certificate=None), place=replace(FACTS.place, full_at=(at(NINE),)))
    assert refusal(wish(NINE, "2026-05-07T10:30"), facts).reason is Reason.NOT_CERTIFIED


def test_in_time_edges_belong_to_the_family() -> None:
    booking.check(WISH, replace(FACTS, now=at("2026-04-01T09:00")))
    booking.check(WISH, replace(FACTS, now=at("2026-05-06T09:00")))
    assert booking.check(WISH, spent(month={"national": 480})).left_after == 0
    booking.check(wish("2026-05-07T08:30", "2026-05-07T09:30"), FACTS)
    booking.check(wish("2026-05-07T16:00", "2026-05-07T17:00"), FACTS)
    touching = ((at("2026-05-07T11:00"), at("2026-05-07T12:00")), (at("2026-05-07T08:30"), at(NINE)))
    booking.check(WISH, spent(spans=touching))


def test_staff_book_for_a_family_without_the_window() -> None:
    late = replace(FACTS, now=at("2026-05-07T08:30"), by_staff=True)
    assert booking.check(WISH, late).made_late


def test_a_booking_after_its_own_deadline_says_so() -> None:
    assert not booking.check(WISH, replace(FACTS, now=at("2026-05-01T11:59"))).made_late
    assert booking.check(WISH, replace(FACTS, now=at("2026-05-01T12:01"))).made_late
    omura = with_deadline(FromBooking())
    assert booking.check(WISH, replace(FACTS, home=omura, here=omura)).made_late


def test_elsewhere_the_length_is_offered_by_the_facilitys_city_and_counted_by_the_childs() -> None:
    # 「1時間30分 → 2時間つかいます(掛川市のきまり)」
    found = booking.check(wish(NINE, "2026-05-07T10:30"), replace(FACTS, here=MIHARA))
    assert (found.minutes, found.counts_more, found.bill.total) == (120, True, 450)


def test_elsewhere_both_deadlines_are_kept_and_the_earlier_reminds() -> None:
    here = with_deadline(DaysBefore(7, False, "17:00"), MIHARA)
    found = booking.check(WISH, replace(FACTS, here=here))
    assert found.hours_free_until == at("2026-05-01T12:00")
    assert found.fee_free_until == at("2026-04-30T17:00")
    assert found.free_until == at("2026-04-30T17:00")


def test_known_closed_days_move_the_deadline_before_it_is_agreed() -> None:
    found = booking.check(WISH, place(closed=frozenset({day("2026-05-01")})))
    assert found.free_until == at("2026-04-30T12:00")


def test_a_daily_limit_says_what_is_left_of_the_day() -> None:
    limited = replace(KAKEGAWA, hours=replace(KAKEGAWA.hours, daily_minutes=240))
    refused = refusal(WISH, replace(spent(day=180), home=limited))
    assert refused.reason is Reason.DAILY_LIMIT
    assert refused.possible == {"left": 60}
    booking.check(WISH, replace(spent(day=120), home=limited))


def test_residents_may_go_first() -> None:
    first = replace(KAKEGAWA, window=replace(KAKEGAWA.window, residents_first_days=3))
    opening = replace(FACTS, here=first, now=at("2026-04-03T10:00"))
    booking.check(WISH, opening)
    visitor = replace(opening, spent=replace(FACTS.spent, at_home=False))
    assert refusal(WISH, visitor).possible == {"opens_at": at("2026-04-04T09:00")}


def test_hours_of_a_bucket_at_home_are_no_use_elsewhere() -> None:
    buckets = (Bucket("local", 600, "home"), Bucket("national", 60))
    home = replace(KAKEGAWA, hours=replace(KAKEGAWA.hours, buckets=buckets))
    assert booking.check(WISH, replace(FACTS, home=home)).left_after == 540
    away = replace(FACTS, home=home, spent=replace(FACTS.spent, at_home=False))
    assert refusal(WISH, away).facts["left"] == 60


def test_where_sessions_are_fixed_a_use_is_one_of_them() -> None:
    facts = place(sessions=SESSIONS)
    assert booking.check(WISH, facts).minutes == 120
    refused = refusal(wish(NINE, "2026-05-07T10:00"), facts)
    assert refused.possible == {"sessions": ("9:00〜11:00", "13:00〜15:00")}
    booking.check(wish(NINE, "2026-05-07T10:00"), replace(facts, by_staff=True))


@pytest.mark.parametrize(
    ("now", "expires"),
    [
        ("2026-04-20T10:00", "2026-04-23T00:00"),  # two business days, to their end
        ("2026-04-24T10:00", "2026-04-29T00:00"),  # Friday: Monday and Tuesday
        ("2026-04-30T10:00", "2026-05-01T12:00"),  # the free deadline comes first
        ("2026-05-02T10:00", "2026-05-07T09:00"),  # made late: the start is the last moment
    ],
)
def test_a_request_expires(now: str, expires: str) -> None:
    facts = replace(FACTS, now=at(now))
    assert booking.request_expires_at(WISH, booking.check(WISH, facts), facts) == at(expires)


@given(st.integers(0, 47), st.integers(1, 24), st.integers(0, 660), st.sampled_from([KAKEGAWA, MIHARA]))
def test_whatever_is_wished_terms_keep_the_law(cell: int, cells: int, used: int, here: Any) -> None:
    start = at("2026-05-07T00:00") + timedelta(minutes=30 * cell)
    asked = Wish(start, start + timedelta(minutes=30 * cells))
    facts = replace(spent(month={"national": used}), here=here)
    try:
        terms = booking.check(asked, facts)
    except Refused as refused:
        missing = set(SHAPES[refused.reason].facts) ^ set(refused.facts)
        if missing:
            pytest.fail(f"{refused.reason} carries other facts than it says: {missing}")
        return
    assert terms.minutes >= (asked.end - asked.start) / timedelta(minutes=1)
    assert terms.left_after == 600 - used - terms.minutes >= 0
    assert terms.minutes % 60 == 0
    assert terms.free_until < asked.start
    opens, closes = facts.place.opens, facts.place.closes
    assert isinstance(opens, datetime)
    assert isinstance(closes, datetime)
    assert opens <= asked.start < asked.end <= closes

"""The nursery's bookings: the week, answers to requests, calls, and days that cannot take place."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daredemo.booking import actions as booking
from daredemo.booking.models import Booking
from daredemo.config import clock
from daredemo.facilities.models import Approval, Facility
from tests import make

pytestmark = pytest.mark.django_db
LIST = reverse("facility:bookings")
NEXT_WEEK = f"{LIST}?week=2026-04-13"


def body(response: Any) -> str:
    return str(response.content.decode())


def at(name: str, made: Booking) -> str:
    return reverse(f"facility:{name}", args=[made.pk])


def staff(facility: Facility) -> Client:
    return make.browser(make.member(facility).user)


def request_at(facility: Facility) -> Booking:
    return make.booking(make.family(), facility, "2026-04-13 09:00", minutes=120)


def test_the_week_by_day() -> None:
    facility = make.facility()
    make.booking(make.family(), facility, "2026-04-15 09:00")
    browser = staff(facility)
    page = body(browser.get(NEXT_WEEK))
    for words in ("4月13日(月)〜4月19日(日)", "4月15日(水)", "山田 ひなた", "1歳7か月", "1件"):
        assert words in page
    assert "山田 ひなた" not in body(browser.get(LIST))
    for odd in ("week=2026-02-30", "week=abc", "week=9999-12-31", "week=0001-01-01", "week=%00"):
        assert "4月6日(月)〜4月12日(日)" in body(browser.get(f"{LIST}?{odd}"))


def test_a_request_is_accepted_with_words() -> None:
    facility = make.facility(approval=Approval.ON_REQUEST)
    made, browser = request_at(facility), staff(facility)
    assert "返事を待っている申しこみが 1件あります" in body(browser.get(LIST))
    page = body(
        browser.post(at("booking_approve", made), {"approve-words": "お待ちしています。"}, follow=True)
    )
    assert "予約を受け入れました" in page
    made.refresh_from_db()
    assert (made.status, made.words) == ("booked", "お待ちしています。")


def test_declining_needs_a_ground_and_words_and_shows_what_the_family_reads() -> None:
    facility = make.facility(approval=Approval.ON_REQUEST)
    made, browser = request_at(facility), staff(facility)
    missing = body(browser.post(at("booking_decline", made), {"step": "check"}))
    assert "理由を えらんでください" in missing
    answers = {"decline-ground": "no_place_or_staff", "decline-words": "職員が足りません。"}
    check = body(browser.post(at("booking_decline", made), {**answers, "step": "check"}))
    assert "ご家族は、こう読みます" in check
    assert "理由: 場所または職員が足りない" in check
    made.refresh_from_db()
    assert made.status == "requested"
    browser.post(at("booking_decline", made), {**answers, "step": "send"})
    made.refresh_from_db()
    assert (made.status, made.ground, made.words) == ("declined", "no_place_or_staff", "職員が足りません。")


def test_the_facility_s_own_cause_costs_the_family_nothing() -> None:
    facility = make.facility()
    made, browser = request_at(facility), staff(facility)
    words = {"cancel-words": "台風のため。"}
    assert "2時間が もどります。お金は かかりません" in body(
        browser.post(at("booking_cancel", made), {**words, "step": "check"})
    )
    browser.post(at("booking_cancel", made), {**words, "step": "send"})
    made.refresh_from_db()
    assert (made.status, made.cause, made.hours_consumed) == ("cancelled", "facility", False)


def test_a_call_is_noted_in_the_family_s_favour(monkeypatch: pytest.MonkeyPatch) -> None:
    facility = make.facility()
    made, browser = request_at(facility), staff(facility)
    late = make.at("2026-04-10 13:00")
    booking.cancel(booking=made, by=made.guardian.user, now=late)
    monkeypatch.setattr(clock, "_source", lambda path: lambda: late)
    assert "電話まだ" in body(browser.get(NEXT_WEEK))
    call = {"call-day_0": "2026", "call-day_1": "4", "call-day_2": "10", "call-day_year": "2026"}
    call |= {"call-day_month": "4", "call-day_day": "10", "call-time": "11:30", "call-reason": "お母さんから"}
    assert "電話があったことを記録しました" in body(browser.post(at("booking_call", made), call, follow=True))
    made.refresh_from_db()
    assert (made.called_at, made.hours_consumed) == (make.at("2026-04-10 11:30"), False)
    future = body(browser.post(at("booking_call", made), {**call, "call-time": "14:00"}))
    assert "いまより後です" in future


def test_staff_cancel_for_a_family_that_phoned(monkeypatch: pytest.MonkeyPatch) -> None:
    facility = make.facility()
    made, browser = request_at(facility), staff(facility)
    late = make.at("2026-04-10 13:00")
    monkeypatch.setattr(clock, "_source", lambda path: lambda: late)
    said = {
        "phoned-day_year": "2026",
        "phoned-day_month": "4",
        "phoned-day_day": "10",
        "phoned-time": "11:59",
    }
    said |= {"phoned-reason": "ねつ", "phoned-cause": "illness"}
    assert "エラー：" in body(browser.post(at("booking_phoned", made), {}))
    browser.post(at("booking_phoned", made), said)
    made.refresh_from_db()
    assert (made.status, made.cause, made.hours_consumed, made.call_reason) == (
        "cancelled", "illness", False, "ねつ",
    )  # fmt: skip


def test_bookings_of_other_facilities_do_not_exist() -> None:
    made = request_at(make.facility())
    browser = staff(make.facility(name="みどりの丘保育園"))
    assert browser.get(at("booking", made)).status_code == 404
    for name in ("booking_approve", "booking_decline", "booking_cancel", "booking_call", "booking_phoned"):
        assert browser.post(at(name, made), {"step": "send"}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_week_asks_the_same_questions_for_one_row_and_three(rows: int) -> None:
    facility = make.facility()
    for _ in range(rows):
        make.booking(make.family(), facility, "2026-04-13 09:00")
    browser = staff(facility)
    with CaptureQueriesContext(connection) as seen:
        browser.get(NEXT_WEEK)
    assert Booking.objects.filter(date=date(2026, 4, 13)).count() == rows
    assert len(seen) == 12, [str(one["sql"])[:90] for one in seen]


def test_a_call_in_time_is_no_absence_but_a_cancellation() -> None:
    facility = make.facility()
    made, browser = make.booking(make.family(), facility, "2026-04-13 09:00"), staff(facility)
    page = body(browser.post(at("absent", made), follow=True))
    assert "この連絡は、予約の取り消しになります" in page
    assert "電話で 取り消しの連絡をうけた" in page


def test_a_call_of_the_day_before_is_written_down_after_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    facility = make.facility()
    made = make.booking(make.family(), facility, "2026-04-13 09:00")
    late = make.at("2026-04-13 10:00")
    monkeypatch.setattr(clock, "_source", lambda path: lambda: late)
    page = body(staff(facility).get(at("booking", made)))
    assert "電話で 取り消しの連絡をうけた" in page


def test_the_week_says_how_many_wait_and_nothing_more() -> None:
    facility, family = make.facility(places=1), make.family()
    make.booking(make.family(), facility, "2026-04-13 09:00", minutes=180)
    make.accepted(family.child, facility)
    nine = make.at("2026-04-13 09:00")
    booking.join(
        guardian=family.guardian, child=family.child.pk, facility=facility.pk, since=nine,
        until=nine + timedelta(hours=1), minutes=60, by=family.user, now=make.NOW,
    )  # fmt: skip
    browser = make.browser(make.member(facility).user)
    page = body(browser.get(reverse("facility:bookings") + "?week=2026-04-13"))
    assert "空き待ち <b>1人</b>・1歳児 1人" in page
    assert "空き待ち" not in body(browser.get(reverse("facility:bookings")))

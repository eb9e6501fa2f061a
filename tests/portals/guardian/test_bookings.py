"""What lies ahead and what was: the list, and one booking with everything that can still be done."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daredemo.booking import actions as booking
from daredemo.config import clock
from daredemo.facilities.models import Approval
from tests import make

pytestmark = pytest.mark.django_db
LIST = reverse("guardian:bookings")


def body(response: Any) -> str:
    return str(response.content.decode())


def test_ahead_and_past_are_two_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    family, facility = make.family(), make.facility()
    browser = make.browser(family.user)
    assert "これからの予約は ありません" in body(browser.get(LIST))
    make.booking(family, facility, "2026-04-13 09:00", minutes=120)
    page = body(browser.get(LIST))
    assert "4月13日(月)" in page
    assert "4月10日(金)正午まで 取り消せます" in page
    assert "これまでの予約は ありません" in body(browser.get(LIST + "?list=past"))
    later = make.at("2026-04-14 09:00")
    monkeypatch.setattr(clock, "_source", lambda path: lambda: later)
    assert "4月13日(月)" in body(browser.get(LIST + "?list=past"))


def test_one_booking_says_what_can_be_done() -> None:
    family, facility = make.family(), make.facility(belongings="着がえ1組")
    made = make.booking(family, facility, "2026-04-13 09:00", minutes=120)
    page = body(make.browser(family.user).get(reverse("guardian:booking", args=[made.pk])))
    for words in (
        made.number,
        "600円",
        "着がえ1組",
        "持ちものに 名前を書いてください",
        "変えるとき・休むとき",
    ):
        assert words in page
    assert reverse("guardian:cancel", args=[made.pk]) + "?cause=illness" in page


def test_what_the_nursery_decided_is_said_with_its_words() -> None:
    family, facility = make.family(), make.facility(approval=Approval.ON_REQUEST)
    browser, staff = make.browser(family.user), make.member(facility).user
    declined = make.booking(family, facility, "2026-04-13 09:00")
    booking.answer_request(
        booking=declined,
        approve=False,
        ground="no_place_or_staff",
        words="職員が足りません。",
        by=staff,
        now=make.NOW,
    )
    page = body(browser.get(reverse("guardian:booking", args=[declined.pk])))
    for words in (
        "受け入れの準備が ととのいませんでした",
        "場所または職員が足りない",
        "職員が足りません。",
        "ほかの園をさがす",
    ):
        assert words in page
    cancelled = make.booking(family, facility, "2026-04-14 09:00")
    booking.cancel_by_facility(booking=cancelled, words="台風のため。", by=staff, now=make.NOW)
    page = body(browser.get(reverse("guardian:booking", args=[cancelled.pk])))
    for words in ("園の つごうで お休みになりました", "台風のため。", "もどります。お金は かかりません"):
        assert words in page


def test_a_noted_call_is_shown_to_the_family() -> None:
    family, facility = make.family(), make.facility()
    made = make.booking(family, facility, "2026-04-13 09:00")
    booking.cancel(booking=made, by=family.user, now=make.NOW)
    page = reverse("guardian:booking", args=[made.pk])
    browser = make.browser(family.user)
    assert "電話まだ" in body(browser.get(page))
    called_at = make.NOW - timedelta(minutes=5)
    booking.record_call(
        booking=made, called_at=called_at, reason="お母さんから", by=make.member(facility).user, now=make.NOW
    )
    assert "電話: 4月6日(月) 9:55に 園がうけました" in body(browser.get(page))


def test_bookings_of_others_do_not_exist() -> None:
    made = make.booking(make.family(), make.facility(), "2026-04-13 09:00")
    browser = make.browser(make.family().user)
    assert browser.get(reverse("guardian:booking", args=[made.pk])).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_questions_for_one_row_and_three(rows: int) -> None:
    family, facility = make.family(), make.facility()
    for day in range(13, 13 + rows):
        make.booking(family, facility, f"2026-04-{day} 09:00")
    browser = make.browser(family.user)
    with CaptureQueriesContext(connection) as seen:
        browser.get(LIST)
    assert len(seen) == 6, [str(one["sql"])[:90] for one in seen]

"""電話で受け付ける・当日受付・定期利用: staff book by the same rules, and the family sees who did."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daredemo.booking.models import Booking
from daredemo.facilities.models import Approval, Facility, Member
from daredemo.notifications.models import Message
from tests import make

pytestmark = pytest.mark.django_db
FIND = reverse("facility:take")


def world(**fields: Any) -> tuple[make.Family, Facility, Client]:
    facility, family = make.facility(**fields), make.family()
    make.accepted(family.child, facility)
    make.opened(facility, date(2026, 4, 6), date(2026, 5, 9))
    return family, facility, make.browser(make.member(facility).user)


def body(response: Any) -> str:
    return str(response.content.decode())


def at(family: make.Family) -> str:
    return reverse("facility:take_child", args=[family.child.pk])


def wish(**more: object) -> dict[str, str]:
    said = {"day": "2026-04-13", "start": "9:00", "minutes": 60, "weeks": 1, **more}
    return {name: str(value) for name, value in said.items()}


def test_children_are_found_by_the_beginning_of_a_reading() -> None:
    family, _, browser = world()
    family.child.family_kana, family.child.given_kana = "やまだ", "ひなた"
    family.child.save()
    for text in ("やま", "ヒナ", "山田", "やまだ ひ", ""):
        assert at(family) in body(browser.get(FIND, {"q": text})), text
    for text in ("さとう", "まだ", "%00", "\x00x"):
        assert at(family) not in body(browser.get(FIND, {"q": text})), text


def test_only_children_accepted_here() -> None:
    _, _, browser = world()
    stranger = make.family()
    elsewhere = make.facility(name="べつの園")
    make.accepted(stranger.child, elsewhere)
    assert at(stranger) not in body(browser.get(FIND))
    assert browser.get(at(stranger)).status_code == 404
    assert browser.post(at(stranger), wish()).status_code == 404


@pytest.mark.parametrize(
    ("window", "last"), [({}, date(2026, 5, 29)), ({"window_days_before": 365}, date(2027, 4, 6))]
)
def test_days_are_offered_as_far_ahead_as_families_may_book(window: dict[str, int], last: date) -> None:
    family, facility, browser = world(**window)
    make.opened(facility, date(2026, 5, 11), last)
    page = body(browser.get(at(family)))
    assert f'value="{last}"' in page
    assert f"{last.month}月{last.day}日" in page
    with CaptureQueriesContext(connection) as far:
        browser.get(at(family), wish(day=last))
    with CaptureQueriesContext(connection) as near:
        browser.get(at(family), wish())
    assert len(far) == len(near)


def test_one_child_or_three_are_the_same_number_of_questions() -> None:
    _, facility, browser = world()
    browser.get(FIND)
    with CaptureQueriesContext(connection) as one:
        browser.get(FIND)
    for _ in range(2):
        make.accepted(make.family().child, facility)
    with CaptureQueriesContext(connection) as three:
        browser.get(FIND)
    assert len(one) == len(three)


def test_by_phone_on_the_day_itself_and_the_family_sees_it() -> None:
    family, _, browser = world(approval=Approval.ON_REQUEST)
    page = body(browser.get(at(family), wish(day="2026-04-06", start="１３時")))
    for words in ("1件のうち 1件 予約できます", "すぎています", "10時間 → <b>9時間</b>", "300円"):
        assert words in page
    answer = browser.post(at(family), wish(day="2026-04-06", start="13:00"), follow=True)
    assert "園が電話で受け付け" in body(answer)
    made = Booking.objects.get()
    assert (made.status, made.booked_by.portal, made.guardian) == ("booked", "facility", family.guardian)
    assert Message.objects.get(kind="booked").to == family.user
    told = body(make.browser(family.user).get(reverse("guardian:booking", args=[made.pk])))
    assert "園が電話で受け付け" in told


def test_a_full_time_says_why_and_what_instead() -> None:
    family, facility, browser = world(places=1)
    make.booking(make.family(), facility, "2026-04-13 09:00")
    page = body(browser.get(at(family), wish()))
    assert "1件のうち 0件 予約できます" in page
    assert "start=10:00" in page
    assert "ご家族に知らせる" not in page


def test_every_week_for_regular_use_and_the_skipped_ones_are_told() -> None:
    family, facility, browser = world(places=1)
    make.booking(make.family(), facility, "2026-04-20 09:00")
    key = {"key": "01930000-0000-7000-8000-000000000009"}
    for _ in range(2):
        answer = browser.post(at(family), {**wish(weeks=3), **key}, follow=True)
    assert "4月20日(月) 9:00〜10:00 は うまりました" in body(answer)
    assert Booking.objects.filter(child=family.child).count() == 2


def test_a_form_filled_in_wrongly_says_so() -> None:
    family, _, browser = world()
    for wrong in ({"day": "2027-01-01"}, {"start": "x"}, {"minutes": "61"}, {"weeks": "99"}):
        assert "エラー" in body(browser.get(at(family), wish(**wrong)))
    assert not Booking.objects.exists()


def test_staff_change_the_time_of_what_they_answered_and_the_family_is_told() -> None:
    family, facility, browser = world(approval=Approval.ON_REQUEST)
    made = make.booking(family, facility, "2026-04-13 09:00", by=Member.objects.get().user)
    to = reverse("facility:booking_change", args=[made.pk])
    assert to in body(browser.get(reverse("facility:booking", args=[made.pk])))
    page = body(browser.get(to, wish(start="9:30")))
    for words in (
        "いま 4月13日(月) 9:00〜10:00",
        "1件のうち 1件 予約できます",
        "この時間に 変えて、ご家族に知らせる",
    ):
        assert words in page
    browser.post(to, wish(start="9:30"))
    made.refresh_from_db()
    new = Booking.objects.get(moved_from=made)
    assert (made.cause, new.starts_at) == ("changed", make.at("2026-04-13 09:30"))
    assert Message.objects.filter(kind="booking_changed", to=family.user).count() == 1


def test_after_the_deadline_staff_read_why_not() -> None:
    family, facility, browser = world()
    made = make.booking(family, facility, "2026-04-06 13:00", by=Member.objects.get().user)
    answer = browser.get(reverse("facility:booking_change", args=[made.pk]), follow=True)
    assert "時間を変えられるのは" in body(answer)

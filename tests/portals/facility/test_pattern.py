"""枠: the weekly pattern and days off, looked at before they are published."""

from datetime import date, time
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from daredemo.booking import actions as booking
from daredemo.booking.models import BookingStatus, OpenedDay
from daredemo.facilities import queries as facilities
from daredemo.facilities.models import ClosedHours, Facility, FacilityClosure, Role, WeeklyPattern
from tests import make

pytestmark = pytest.mark.django_db
MONDAY = 0


def body(response: Any) -> str:
    return str(response.content.decode())


def manager(facility: Facility) -> Client:
    return make.browser(make.member(facility).user)


def weekday(**more: Any) -> dict[str, Any]:
    return {
        "starts_1": "09:00", "ends_1": "12:00", "places_1": "2", "age_0_1": "", "age_1_1": "1", "age_2_1": "",
        "starts_2": "13:00", "ends_2": "15:00", "places_2": "1",
        "valid_from_year": "2026", "valid_from_month": "4", "valid_from_day": "13", **more,
    }  # fmt: skip


def mondays(facility: Facility, day: date) -> list[WeeklyPattern]:
    return [one for one in facilities.patterns_on(facility, day) if one.weekday == MONDAY]


def address(day: int = MONDAY) -> str:
    return reverse("facility:pattern_day", args=[day])


def test_the_week_shows_what_is_in_force_and_what_is_decided() -> None:
    facility = make.facility()
    browser = manager(facility)
    browser.post(address(), weekday(step="publish"))
    page = body(browser.get(reverse("facility:pattern")))
    assert "4月13日(月)から" in page
    assert "13:00〜15:00" in page
    assert page.count("受け入れなし") == 2  # Saturday and Sunday


def test_four_weeks_are_shown_before_anything_changes() -> None:
    facility, family = make.facility(), make.family()
    make.booking(family, facility, "2026-04-20 12:00", minutes=120)
    page = body(manager(facility).post(address(), weekday(step="preview")))
    for words in ("4月13日(月)", "4月20日(月)", "4月27日(月)", "5月4日(月)", "変わります", "12:00〜14:00"):
        assert words in page
    assert [one.ends for one in mondays(facility, date(2026, 4, 13))] == [time(15)]


def test_the_preview_says_why_a_day_is_empty() -> None:
    facility = make.facility()
    by = make.member(facility).user
    for day, reason in ((13, ""), (20, "職員研修")):
        booking.close_day(facility=facility, day=date(2026, 4, day), reason=reason, by=by, now=make.NOW)
    booking.close_hours(
        facility=facility, starts_at=make.at("2026-04-27 10:00"), ends_at=make.at("2026-04-27 11:00"),
        reason="避難訓練", by=by, now=make.NOW,
    )  # fmt: skip
    page = body(manager(facility).post(address(), weekday(step="preview")))
    rows = page.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]
    for row, words in zip(
        rows, ("休園日", "休園日 職員研修", "お休み(避難訓練)", "祝日 みどりの日"), strict=True
    ):
        assert words in row
    assert [row.count("受け入れなし") for row in rows] == [2, 2, 0, 2]
    assert "10:00〜11:00" in rows[2]


def test_publishing_reshapes_the_opened_days_and_keeps_bookings() -> None:
    facility, family = make.facility(), make.family()
    booked = make.booking(family, facility, "2026-04-20 12:00", minutes=120)
    make.opened(facility, date(2026, 4, 13))
    browser = manager(facility)
    response = browser.post(address(), weekday(step="publish"), follow=True)
    assert "月曜日の枠を公開しました" in body(response)
    assert "受け入れられる人数より、予約が多くなっています" in body(response)
    day = OpenedDay.objects.get(facility=facility, date=date(2026, 4, 13))
    assert (day.offered[18], day.ceiling_1[18], day.offered[24], day.offered[26]) == (2, 1, 0, 1)
    booked.refresh_from_db()
    assert booked.status == BookingStatus.BOOKED


def test_a_weekday_can_end() -> None:
    facility = make.facility()
    manager(facility).post(address(), weekday(step="publish", closed="on"))
    assert mondays(facility, date(2026, 4, 13)) == []
    assert len(mondays(facility, date(2026, 4, 12))) == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"starts_1": "12:00", "ends_1": "09:00"}, "はじまりより あとの時刻"),
        ({"places_1": ""}, "入力してください。"),
        ({"places_2": ""}, "人数を入力してください"),
        ({"places_1": "100"}, "0から99までの数字"),
        ({"places_1": "\x00"}, "0から99までの数字"),
        ({"starts_2": "11:00"}, "2つめの時間は、1つめが終わってから"),
        ({"valid_from_day": "5"}, "きょうから1年までの日"),
        ({"valid_from_month": "2", "valid_from_day": "31"}, "年・月・日を たしかめてください"),
        ({"starts_1": "09:10"}, "時刻を えらんでください"),
        (dict.fromkeys(("starts_1", "ends_1", "places_1", "starts_2", "ends_2", "places_2", "age_1_1"), ""),
         "「この曜日は受け入れない」"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(change: dict[str, Any], sentence: str) -> None:
    facility = make.facility()
    response = manager(facility).post(address(), weekday(step="publish", **change))
    assert response.status_code == 200
    assert sentence in body(response)
    assert facility.patterns.count() == 5


def test_only_managers_change_and_only_weekdays_exist() -> None:
    facility = make.facility()
    staff = make.browser(make.member(facility, Role.STAFF).user)
    page = body(staff.get(reverse("facility:pattern")))
    assert "変更する" not in page
    assert staff.get(address()).status_code == 404
    assert staff.get(reverse("facility:closures")).status_code == 404
    assert manager(facility).get(address(7)).status_code == 404


def closing(day: str = "20", **more: Any) -> dict[str, Any]:
    return {"day_year": "2026", "day_month": "4", "day_day": day, "reason": "職員研修のため", **more}


def test_a_day_off_names_whom_it_touches_then_tells_them() -> None:
    facility, family = make.facility(), make.family()
    booked = make.booking(family, facility, "2026-04-20 09:00")
    browser, path = manager(facility), reverse("facility:closures")
    page = body(browser.post(path, closing(step="check")))
    for words in ("ひなたさん", "tel:09012345678", "ご家族の時間は もどり"):
        assert words in page
    assert not FacilityClosure.objects.exists()
    page = body(browser.post(path, closing(step="close"), follow=True))
    assert "1件の予約を取り消して" in page
    booked.refresh_from_db()
    assert (booked.status, booked.hours_consumed) == (BookingStatus.CANCELLED, False)


def test_an_interview_on_a_day_off_is_pointed_out() -> None:
    from daredemo.interviews import actions as interviews

    facility = make.facility()
    asked = make.interview(make.family(), facility, "2026-04-20 10:00")
    interviews.confirm(interview=asked, words="", by=make.member(facility).user, now=make.NOW)
    page = body(manager(facility).post(reverse("facility:closures"), closing(step="check")))
    assert reverse("facility:interview", args=[asked.pk]) in page


def test_a_day_off_can_be_taken_back() -> None:
    facility = make.facility()
    make.opened(facility, date(2026, 4, 20))
    browser = manager(facility)
    browser.post(reverse("facility:closures"), closing(step="close"))
    closure = FacilityClosure.objects.get()
    stranger = manager(make.facility(name="べつの園"))
    path = reverse("facility:closure_reopen", args=[closure.pk])
    assert stranger.post(path).status_code == 404
    browser.post(path)
    assert OpenedDay.objects.get(date=date(2026, 4, 20)).closed_at is None
    assert browser.post(reverse("facility:closure_reopen", args=[uuid4()])).status_code == 404


def test_hours_off_name_whom_they_touch_and_who_is_there_and_can_be_taken_back() -> None:
    facility, family = make.facility(), make.family()
    booked = make.booking(family, facility, "2026-04-20 11:00")
    make.booking(make.family(), facility, "2026-04-20 09:00")
    browser, path = manager(facility), reverse("facility:closures")
    part = closing(starts="11:30", ends="13:00")
    page = body(browser.post(path, {**part, "step": "check"}))
    for words in ("4月20日(月) 11:30〜13:00を休みにします", "11:00〜12:00", "はじめから終わりまで"):
        assert words in page
    assert "9:00〜10:00" not in page
    assert not ClosedHours.objects.exists()
    page = body(browser.post(path, {**part, "step": "close"}, follow=True))
    for words in ("1件の予約を取り消して", "一部の時間のお休み", "11:30〜13:00"):
        assert words in page
    booked.refresh_from_db()
    assert (booked.status, booked.words) == (BookingStatus.CANCELLED, "職員研修のため")
    closed = ClosedHours.objects.get()
    back = reverse("facility:hours_reopen", args=[closed.pk])
    assert manager(make.facility(name="べつの園")).post(back).status_code == 404
    assert "お休みを取りやめて" in body(browser.post(back, follow=True))
    assert browser.post(back).status_code == 404
    assert OpenedDay.objects.get().offered[23:26] == [3, 3, 3]


def test_the_roster_names_closed_hours() -> None:
    facility = make.facility()
    make.opened(facility, date(2026, 4, 20))
    browser = manager(facility)
    browser.post(reverse("facility:closures"), closing(starts="11:30", ends="13:00", step="close"))
    day = reverse("facility:staffing_of", args=[date(2026, 4, 20)])
    assert "11:30〜13:00 お休み" in body(browser.get(day))


def test_a_child_already_there_is_named_for_a_call_and_not_cancelled() -> None:
    facility, family = make.facility(), make.family()
    made = make.booking(family, facility, "2026-04-06 09:00", minutes=180, now=make.at("2026-04-03 09:00"))
    booking.begin_use(booking=made, by=make.member(facility).user, now=make.NOW)
    page = body(
        manager(facility).post(
            reverse("facility:closures"), closing("6", starts="11:00", ends="13:00", step="check")
        )
    )
    for words in ("もう登園しているお子さん", "tel:09012345678", "この時間に予約はありません。"):
        assert words in page


@pytest.mark.parametrize(
    "change",
    [
        {"day_day": "5"},
        {"reason": ""},
        {"reason": "\x00"},
        {"reason": "あ" * 65536},
        {"starts": "11:00"},
        {"ends": "11:00"},
        {"starts": "11:00", "ends": "11:00"},
        {"starts": "11:10", "ends": "12:00"},
    ],
)
def test_a_day_off_that_cannot_be_is_said(change: dict[str, Any]) -> None:
    response = manager(make.facility()).post(
        reverse("facility:closures"), {**closing(step="close"), **change}
    )
    assert response.status_code == 200
    assert "入力を見なおしてください" in body(response)
    assert not FacilityClosure.objects.exists()
    assert not ClosedHours.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_week_costs_the_same_however_full_it_is(rows: int, django_assert_num_queries: object) -> None:
    facility = make.facility(weekdays=range(rows))
    browser = manager(facility)
    with django_assert_num_queries(8):  # type: ignore[operator]
        assert browser.get(reverse("facility:pattern")).status_code == 200

"""園の情報: what families read, looked at before it is saved; prices by date."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from daredemo.facilities.models import Extra, Facility, Role, Tariff
from tests import make

pytestmark = pytest.mark.django_db
EDIT, PRICES = "/facility/profile/edit/", "/facility/profile/prices/"


def body(response: Any) -> str:
    return str(response.content.decode())


def manager(facility: Facility) -> Client:
    return make.browser(make.member(facility).user)


def answers(**more: Any) -> dict[str, Any]:
    return {
        "name": "ひだまりこども園", "kana": "ヒダマリコドモエン", "post_code": "436-0079",
        "address": "静岡県掛川市掛川1",
        "phone": "０５３７−００−００００", "youngest_months": "6", "oldest_age": "2",
        "longest_minutes": "180", "meals": "on", "about": "みどりの園庭", "belongings": "着がえ",
        "lengths": "any", "approval": "instant", "opens": "month", "window_day": "1", "window_time": "9:00",
        "residents_first_days": "0", "closes": "hours", "window_closes_hours": "24", **more,
    }  # fmt: skip


def test_it_is_seen_as_a_family_sees_it_before_it_is_saved() -> None:
    facility = make.facility()
    browser = manager(facility)
    page = body(browser.post(EDIT, answers(step="preview")))
    assert "みどりの園庭" in page
    assert "まだ保存していません" in page
    facility.refresh_from_db()
    assert facility.about == ""
    browser.post(EDIT, answers(step="save"))
    facility.refresh_from_db()
    assert (facility.about, facility.kana, facility.phone) == (
        "みどりの園庭",
        "ひだまりこどもえん",
        "0537000000",
    )
    assert (facility.post_code, facility.meals) == ("4360079", True)
    assert "みどりの園庭" in body(browser.get(reverse("facility:profile")))


def test_what_the_preview_carries_on_is_all_that_was_typed() -> None:
    facility = make.facility()
    browser = manager(facility)
    page = body(browser.post(EDIT, answers(step="preview")))
    carried = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert answers().items() <= carried.items()
    assert browser.post(EDIT, {**carried, "step": "save"}).status_code == 302
    facility.refresh_from_db()
    assert (facility.post_code, facility.about) == ("4360079", "みどりの園庭")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "入力してください"),
        ({"name": "あ" * 65536}, "100"),
        ({"about": "\x00"}, "使えない文字"),
        ({"kana": "園"}, "ひらがな か カタカナ"),
        ({"post_code": "123"}, "7けた"),
        ({"youngest_months": "24", "oldest_age": "1"}, "「何か月から」より大きい年れい"),
        ({"place": "掛川駅のまえ"}, "緯度と経度を数字で"),
        ({"place": "138.0150, 34.7687"}, "緯度と経度を数字で"),
        ({"window_day": "31"}, "1から28まで"),
        ({"window_time": "25:00"}, "時刻を たしかめてください"),
        ({"opens": "days"}, "何日まえから: 入力してください"),
        ({"closes": "days", "window_closes_days": "1", "window_closes_time": ""}, "その日の何時まで: 入力"),
        ({"lengths": "sessions"}, "決まった時間: 入力してください"),
        ({"lengths": "sessions", "sessions": "9時ごろ"}, "1行に1つ"),
        ({"lengths": "sessions", "sessions": "11:00〜9:00"}, "1行に1つ"),
        ({"lengths": "sessions", "sessions": "9:00〜10:30"}, "1時間 か 2時間 に できます"),
        ({"lengths": "sessions", "sessions": "9:10〜10:10"}, "9:00 か 9:30 からに できます"),
    ],
)
def test_each_mistake_is_said_and_the_rest_stays_typed(change: dict[str, Any], sentence: str) -> None:
    facility = make.facility()
    page = body(manager(facility).post(EDIT, answers(step="save", **change)))
    assert sentence in page
    assert "着がえ</textarea>" in page
    facility.refresh_from_db()
    assert facility.belongings == ""


def test_the_window_and_the_sessions_are_said_as_a_family_reads_them() -> None:
    facility = make.facility()
    browser = manager(facility)
    window = {
        "opens": "days", "window_days_before": "30", "window_day": "", "residents_first_days": "3",
        "closes": "days", "window_closes_days": "1", "window_closes_time": "17:00",
        "window_closes_hours": "x",
        "lengths": "sessions", "sessions": "9時から11時\n13:00〜15:00\n",
    }  # fmt: skip
    page = body(browser.post(EDIT, answers(step="preview", **window)))
    for words in (
        "利用日の30日まえの 9:00から。", "利用日の1日まえの 17:00まで。",
        "掛川市の外の方は、はじまりの 3日あとから。", "9:00〜11:00・13:00〜15:00",
    ):  # fmt: skip
        assert words in page
    browser.post(EDIT, answers(step="save", **window))
    facility.refresh_from_db()
    assert facility.sessions == ["09:00-11:00", "13:00-15:00"]
    assert (facility.window_day, facility.window_days_before, facility.window_closes_days) == (1, 30, 1)
    assert "9:00〜11:00\n13:00〜15:00</textarea>" in body(browser.get(EDIT))
    browser.post(EDIT, answers(step="save"))
    facility.refresh_from_db()
    assert (facility.sessions, facility.window_days_before, facility.window_closes_days) == ([], None, None)


def test_a_place_on_the_map_is_written_as_maps_give_it() -> None:
    facility = make.facility()
    browser = manager(facility)
    browser.post(EDIT, answers(step="save", place="３４．７６８７００１２, 138.0150"))
    facility.refresh_from_db()
    assert (str(facility.latitude), str(facility.longitude)) == ("34.768700", "138.015000")
    assert "34.768700, 138.015000" in body(browser.get(EDIT))
    browser.post(EDIT, answers(step="save", place=""))
    facility.refresh_from_db()
    assert facility.latitude is None


def test_a_price_follows_the_one_before_and_never_replaces_it() -> None:
    facility = make.facility(yen=300)
    browser = manager(facility)
    price = {
        "set_price": "", "price-yen_per_hour": "400", "price-offers_reductions": "on",
        "price-in_force_from_year": "2026", "price-in_force_from_month": "5", "price-in_force_from_day": "1",
    }  # fmt: skip
    page = body(browser.post(PRICES, price, follow=True))
    assert "400円" in page
    assert "入力を見なおしてください" in body(browser.post(PRICES, price))
    assert "きょうか、それよりあと" in body(browser.post(PRICES, {**price, "price-in_force_from_month": "3"}))
    assert Tariff.objects.filter(facility=facility).count() == 2


def test_an_extra_carries_its_reason_and_ends() -> None:
    facility = make.facility()
    browser = manager(facility)
    extra = {
        "add_extra": "", "extra-name": "給食費", "extra-yen": "250", "extra-reason": "材料費",
        "extra-in_force_from_year": "2026", "extra-in_force_from_month": "4", "extra-in_force_from_day": "6",
    }  # fmt: skip
    assert "入力を見なおしてください" in body(browser.post(PRICES, {**extra, "extra-reason": ""}))
    assert "材料費" in body(browser.post(PRICES, extra, follow=True))
    made = Extra.objects.get()
    path = reverse("facility:extra_end", args=[made.pk])
    assert manager(make.facility(name="べつの園")).post(path).status_code == 404
    browser.post(path)
    made.refresh_from_db()
    assert made.in_force_until == make.at("2026-04-05 00:00").date()
    assert browser.post(reverse("facility:extra_end", args=[uuid4()])).status_code == 404


def test_staff_read_and_managers_write() -> None:
    facility = make.facility()
    staff = make.browser(make.member(facility, Role.STAFF).user)
    assert "書きなおす" not in body(staff.get(reverse("facility:profile")))
    for path in (EDIT, PRICES):
        assert staff.get(path).status_code == 404
    assert staff.post(reverse("facility:profile_publish")).status_code == 404


def test_a_facility_is_published_when_families_can_decide_by_it() -> None:
    facility = make.facility(published_at=None)
    browser = manager(facility)
    assert "まだ公開していません" in body(browser.get(reverse("facility:profile")))
    assert "公開しました" in body(browser.post(reverse("facility:profile_publish"), follow=True))
    bare = make.facility(published_at=None, phone="")
    browser = manager(bare)
    page = body(browser.post(reverse("facility:profile_publish"), follow=True))
    assert "まだ公開していません" in page

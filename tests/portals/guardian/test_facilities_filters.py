"""施設を探す: what a family filters by, what the chips say, what stands in the way of finding anything."""

from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from daredemo.booking import actions as booking
from tests import make

pytestmark = pytest.mark.django_db
LIST = "/facilities/"
MONDAY = date(2026, 4, 13)


def text(client: Client, **query: object) -> str:
    response = client.get(f"{LIST}?{urlencode(query, doseq=True)}")
    assert response.status_code == 200
    return response.content.decode()


def names(page: str, *expected: str) -> list[bool]:
    return [name in page for name in expected]


@pytest.mark.parametrize(
    ("query", "chip"),
    [
        ({"language": "pt-br"}, "Português"),
        ({"care": ["medical"]}, "医療的ケア"),
        ({"care": ["medical", "allergy"]}, "医療的ケア・食物アレルギーへの対応"),
        ({"meals": "on"}, "給食のある園だけ"),
    ],
)
def test_what_a_facility_can_do_is_a_filter_and_a_chip(
    client: Client, query: dict[str, object], chip: str
) -> None:
    make.facility(name="できる園", languages=["en", "pt-br"], cares=["medical", "allergy"], meals=True)
    make.facility(name="できない園", languages=["vi"], cares=["disability"])
    page = text(client, **query)
    assert names(page, "できる園", "できない園") == [True, False]
    assert f'aria-label="「{chip}」をはずす"' in page
    assert names(text(client), "できる園", "できない園") == [True, True]


@pytest.mark.parametrize("who", [{}, {"who": "1"}])
def test_one_day_means_the_facilities_open_on_it(client: Client, who: dict[str, str]) -> None:
    """However far ahead, and whatever else is open in the next two weeks."""
    make.opened(make.facility(name="その日の園"), MONDAY + timedelta(days=30))
    make.opened(make.facility(name="ほかの日の園"), MONDAY)
    closed = make.facility(name="おやすみ園")
    make.opened(closed, MONDAY + timedelta(days=30))
    booking.close_day(facility=closed, day=MONDAY + timedelta(days=30), reason="研修", by=None, now=make.NOW)
    page = text(client, day="2026-05-13", **who)
    assert names(page, "その日の園", "ほかの日の園", "おやすみ園") == [True, False, False]
    assert 'aria-label="「5月13日(水)」をはずす"' in page


def test_a_day_has_its_own_free_times(client: Client) -> None:
    facility = make.facility(window_days_before=60)
    make.opened(facility, MONDAY, MONDAY + timedelta(days=28))
    page = text(client, day="2026-05-11", who="1", after="600", free="on")
    assert names(page, "5月11日(月) 10:00", "4月13日(月)", "5月11日(月) 9:00") == [True, False, False]


@pytest.mark.parametrize("day", ["2026-04-05", "2026-07-08", "2026-02-30", "x"])
def test_a_day_that_cannot_be_is_said(client: Client, day: str) -> None:
    assert "入力を見なおしてください" in text(client, day=day)


def test_on_a_day_after_its_last_a_child_finds_nothing() -> None:
    family = make.family(born=date(2023, 4, 16))  # until 14 April 2026, two days before the third birthday
    make.opened(make.facility(), MONDAY, MONDAY + timedelta(days=4))
    browser = make.browser(family.user)
    assert names(text(browser, day="2026-04-14"), "ひだまりこども園") == [True]
    assert names(text(browser, day="2026-04-15"), "ひだまりこども園") == [False]


@pytest.mark.parametrize("query", [{"minutes": "120"}, {"after": "600"}, {"before": "720"}, {"free": "on"}])
def test_times_need_an_age_and_say_so(client: Client, query: dict[str, str]) -> None:
    make.facility()
    assert "お子さんの年齢を えらんでください" in text(client, **query)
    assert "お子さんの年齢を えらんでください" not in text(make.browser(make.family().user), **query)


def test_the_chips_say_what_was_chosen(client: Client) -> None:
    make.facility()
    chosen = {"who": "1", "minutes": "120", "weekday": ["1", "3"], "after": "570", "before": "720"}
    page = text(client, **{**chosen, "after": "540", "words": "ひだまり", "free": "on"})
    for chip in ("1歳", "2時間", "火・木", "9:00から", "12:00まで", "ひだまり", "空きのある園だけ"):
        assert f'aria-label="「{chip}」をはずす"' in page


def test_what_stands_in_the_way_is_named(client: Client) -> None:
    make.opened(make.facility(meals=True), MONDAY)
    page = text(client, who="1", language="vi", meals="on")
    assert "つぎの条件を どれか1つ はずすと、見つかります。" in page
    assert page.count("「Tiếng Việt」をはずす") == 2  # its chip, and the button below
    assert page.count("「給食のある園だけ」をはずす") == page.count("「1歳」をはずす") == 1
    assert "条件を1つだけ はずしても、見つかりません。" in text(client, language="vi", care="medical")


@pytest.mark.parametrize("rows", [1, 3])
def test_nothing_found_costs_one_query_for_each_filter(
    rows: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        make.opened(make.facility(), MONDAY)
    with django_assert_num_queries(8):
        text(client, language="vi", meals="on")
    with django_assert_num_queries(9):
        text(client, who="1", language="vi", meals="on")

"""園のページ: when it has a place for whom, when it can be visited, where it is, and why it is closed."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from daredemo.booking import actions as booking
from tests import make

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 4, 13)


def text(client: Client, facility: Any) -> str:
    response = client.get(reverse("guardian:facility", args=[facility.pk]))
    assert response.status_code == 200
    return str(response.content.decode())


def test_strangers_read_the_next_free_time_of_each_age(client: Client) -> None:
    facility = make.facility(youngest_months=12)
    make.opened(facility, MONDAY)
    page = text(client, facility)
    for words in (
        "<dt>1歳</dt>",
        "<dt>2歳</dt>",
        "4月13日(月) 9:00",
        "面談がすむと、予約も 空き待ちも できます。",
    ):
        assert words in page
    assert "<dt>0歳</dt>" not in page


def test_a_family_that_may_book_is_one_tap_away_from_it() -> None:
    family, facility = make.family(children=2), make.facility()
    make.opened(facility, MONDAY)
    make.accepted(family.children[1], facility)
    page = text(make.browser(family.user), facility)
    assert f"<dt>{family.children[1].called}さん</dt>" in page
    assert f"/book/{facility.pk}/?child={family.children[1].pk}&amp;day=2026-04-13&amp;start=9%3A00" in page
    assert "面談がすむと、予約も" not in page


def test_a_family_before_its_interview_reads_times_but_cannot_tap_them() -> None:
    family, facility = make.family(), make.facility()
    make.opened(facility, MONDAY)
    page = text(make.browser(family.user), facility)
    assert "4月13日(月) 9:00" in page
    assert f"/book/{facility.pk}/" not in page


def test_a_full_nursery_leads_to_its_waiting_list() -> None:
    family, facility = make.family(), make.facility(places=1)
    make.accepted(family.child, facility)
    for clock in ("09:00", "12:00"):
        make.booking(make.family(), facility, f"2026-04-13 {clock}", minutes=180)
    page = text(make.browser(family.user), facility)
    assert "2週間のうちは いっぱいです。" in page
    assert "日をえらんで 空き待ちに入る" in page
    assert f'href="/book/{facility.pk}/?child={family.child.pk}"' in page
    stranger = text(Client(), facility)
    assert "2週間のうちは いっぱいです。" in stranger
    assert "日をえらんで 空き待ちに入る" not in stranger


def test_a_closed_nursery_says_so_and_why(client: Client) -> None:
    facility = make.facility()
    make.opened(facility, MONDAY)
    assert "これから2週間は お休みです" not in text(client, facility)
    booking.close_day(facility=facility, day=MONDAY, reason="園の工事", by=None, now=make.NOW)
    page = text(client, facility)
    assert "これから2週間は お休みです" in page
    assert "理由: 園の工事" in page


def test_times_for_a_first_interview_are_named_until_there_was_one(client: Client) -> None:
    family, facility = make.family(), make.facility()
    for hour in range(9, 16):
        make.interview_time(facility, f"2026-04-09 {hour:02}:00")
    page = text(client, facility)
    assert page.count('class="chip in num"') == 6
    assert "4月9日(木) 9:00" in page
    make.accepted(family.child, facility)
    assert "面談の あいている時間" not in text(make.browser(family.user), facility)


def test_what_it_can_do_and_where_it_is(client: Client) -> None:
    facility = make.facility(
        languages=["pt-br", "en"], cares=["medical", "allergy"], meals=True,
        latitude="34.77", longitude="138.015",
    )  # fmt: skip
    page = text(client, facility)
    spoken, cared = "日本語・English・Português", "医療的ケア・食物アレルギーへの対応"
    for words in (spoken, cared, "給食があります。", "地図でひらく"):
        assert words in page
    assert 'href="https://maps.gsi.go.jp/#17/34.770000/138.015000/"' in page
    plain = text(client, make.facility())
    left = [word in plain for word in ("地図でひらく", "とくに できること", "<dd>日本語</dd>")]
    assert left == [False, False, True]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_however_much_there_is(
    rows: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    facility, family = make.facility(), make.family(children=rows)
    make.opened(facility, MONDAY, MONDAY + timedelta(days=rows))
    for n in range(rows):
        make.interview_time(facility, f"2026-04-09 {10 + n}:00")
    with django_assert_num_queries(11):
        text(client, facility)
    browser = make.browser(family.user)
    with django_assert_num_queries(20):
        text(browser, facility)

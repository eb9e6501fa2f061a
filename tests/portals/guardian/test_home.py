"""ホーム: what comes next, at every stage of the road."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daredemo.booking.models import Booking
from daredemo.config import clock
from tests import make

pytestmark = pytest.mark.django_db
HOME = reverse("guardian:home")


def body(response: Any) -> str:
    return str(response.content.decode())


def test_before_the_first_interview_the_way_leads_to_a_nursery() -> None:
    page = body(make.browser(make.family().user).get(HOME))
    for words in ("園をさがす", "4つのうち 1つ 完了", "面談のまえに 書いてください", "面談のあとに できます"):
        assert words in page


def test_an_interview_that_is_under_way_stands_first() -> None:
    family = make.family()
    asked = make.interview(family, make.facility(), "2026-04-08 10:00")
    browser = make.browser(family.user)
    for status, words in (
        ("requested", "園の返事を待っています"),
        ("proposed", "返事をする"),
        ("confirmed", "つぎは 面談です"),
    ):
        type(asked).objects.update(status=status)
        page = body(browser.get(HOME))
        assert words in page
        assert page.index("10:00〜10:30") < page.index("のこり時間")
        assert "園をさがす</a>" not in page


def test_with_an_interview_and_no_booking_the_first_free_time_is_offered() -> None:
    family, facility = make.family(), make.facility()
    make.accepted(family.child, facility)
    make.opened(facility, date(2026, 4, 13))
    page = body(make.browser(family.user).get(HOME))
    assert "これからの予約は ありません" in page
    assert "すぐに予約できる時間" in page
    assert "day=2026-04-13&amp;start=9%3A00&amp;minutes=60" in page


def test_the_next_visit_with_its_deadline_and_what_follows() -> None:
    family, facility = make.family(), make.facility()
    make.booking(family, facility, "2026-04-13 09:00", minutes=120)
    make.opened(facility, date(2026, 4, 20))
    page = body(make.browser(family.user).get(HOME))
    for words in (
        "あと7日",
        "9:00〜11:00",
        "4月10日(金)正午まで",
        "すぎると 2時間を使ったことになります",
        "8時間",
    ):
        assert words in page
    assert "4月30日(木)まで使えます。5月には持ちこせません。" in page
    assert "もう一度 予約する" in page
    assert "day=2026-04-20&amp;start=9%3A00&amp;minutes=120" in page


def test_the_meter_of_the_last_month_ends_on_the_last_day() -> None:
    family = make.family(born=date(2023, 4, 20))
    assert "4月18日(土)までに 10時間" in body(make.browser(family.user).get(HOME))
    soon = make.family(born=date(2023, 6, 1))
    assert "使えるのは <b>2026年(令和8年)5月30日(土)</b>" in body(make.browser(soon.user).get(HOME))


def test_after_the_deadline_and_on_the_day_the_card_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    family = make.family()
    make.booking(family, make.facility(), "2026-04-13 09:00", minutes=120)
    browser = make.browser(family.user)
    for moment, words in (
        ("2026-04-12 09:00", "あした"),
        ("2026-04-13 08:00", "きょう"),
        ("2026-04-13 09:30", "いま"),
    ):
        at = make.at(moment)
        monkeypatch.setattr(clock, "_source", lambda path, at=at: lambda: at)
        page = body(browser.get(HOME))
        assert f'<p class="days">{words}</p>' in page
        assert ("は すぎました" in page) == (words != "いま")


def test_children_are_switched_and_others_do_not_show() -> None:
    family, facility = make.family(children=2), make.facility()
    make.booking(family, facility, "2026-04-13 09:00", child=family.children[1])
    browser = make.browser(family.user)
    assert "つぎの登園" in body(browser.get(f"{HOME}?child={family.children[1].pk}"))
    for odd in (make.family().child.pk, "abc", "%00"):
        assert browser.get(f"{HOME}?child={odd}").headers["Location"] == HOME


@pytest.mark.parametrize("rows", [1, 3])
def test_the_same_questions_for_one_booking_and_three(rows: int) -> None:
    family, facility = make.family(), make.facility()
    for day in range(13, 13 + rows):
        make.booking(family, facility, f"2026-04-{day} 09:00")
    make.opened(facility, date(2026, 4, 20), date(2026, 4, 24))
    browser = make.browser(family.user)
    browser.get(HOME)
    with CaptureQueriesContext(connection) as seen:
        browser.get(HOME)
    assert Booking.objects.count() == rows
    assert len(seen) == 15, [str(one["sql"])[:90] for one in seen]


def test_what_would_use_up_the_month_is_one_tap_away() -> None:
    family, facility = make.family(), make.facility()
    make.booking(family, facility, "2026-04-09 09:00", minutes=180)
    make.booking(family, facility, "2026-04-08 09:00", minutes=180)
    make.opened(facility, date(2026, 4, 10), date(2026, 4, 30))
    browser = make.browser(family.user)
    page = body(browser.get(HOME))
    said = ("4月の のこり4時間は", '4月16日(木) <span class="nb">9:00〜11:00', "4月23日(木)")
    for words in said:
        assert words in page
    [link] = re.findall(r'href="([^"]+/together/[^"]+)"', page)
    check = body(browser.get(link.replace("&amp;", "&")))
    for words in ("4月16日(木)", "4月23日(木)", "0時間"):
        assert words in check


def test_a_month_that_is_used_up_leads_to_the_next() -> None:
    family, facility = make.family(), make.facility()
    for day, minutes in ((8, 180), (9, 180), (10, 180), (13, 60)):
        make.booking(family, facility, f"2026-04-{day:02} 09:00", minutes=minutes)
    page = body(make.browser(family.user).get(HOME))
    assert "5月の予約は できます" in page
    assert "のこり時間の 使いかた" not in page

"""時間の記録: every number with the booking it comes from, and what is left after it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daredemo.booking import actions as booking
from tests import make

pytestmark = pytest.mark.django_db
PASSBOOK = reverse("guardian:passbook")


def body(response: Any) -> str:
    return str(response.content.decode())


def test_a_month_reads_like_a_passbook() -> None:
    family, facility = make.family(), make.facility()
    first = make.booking(family, facility, "2026-04-13 09:00", minutes=120)
    second = make.booking(family, facility, "2026-04-14 09:00")
    booking.cancel(booking=second, by=family.user, now=make.NOW)
    booking.release_cancelled(booking=second, now=make.NOW + timedelta(minutes=11))
    page = body(make.browser(family.user).get(PASSBOOK))
    lines = ("＋10時間", "−2時間", "のこり 8時間", "−1時間", "のこり 7時間", "もどった", "＋1時間")
    book = page[page.index("時間の出し入れ") :]
    places = [book.index(words) for words in lines]
    assert places == sorted(places)
    assert page.count(reverse("guardian:booking", args=[first.pk])) == 1
    assert page.count(reverse("guardian:booking", args=[second.pk])) == 2


def test_a_month_without_entries_says_how_much_there_is() -> None:
    page = body(make.browser(make.family().user).get(PASSBOOK))
    assert "4月は まだ使っていません。10時間使えます。" in page


def test_other_months_and_children_by_address() -> None:
    family, facility = make.family(children=2), make.facility()
    make.booking(family, facility, "2026-04-13 09:00", child=family.children[1])
    browser = make.browser(family.user)
    page = body(browser.get(f"{PASSBOOK}?child={family.children[1].pk}&month=2026-04"))
    assert "ひだまりこども園" in page
    for odd in ("month=2026-13", "month=abc", "month=0001-01", "month=%00", "month=2030-01"):
        assert browser.get(f"{PASSBOOK}?{odd}").status_code == 200
    assert browser.get(f"{PASSBOOK}?child={make.family().child.pk}").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_same_questions_for_one_booking_and_three(rows: int) -> None:
    family, facility = make.family(), make.facility()
    for day in range(13, 13 + rows):
        make.booking(family, facility, f"2026-04-{day} 09:00")
    browser = make.browser(family.user)
    with CaptureQueriesContext(connection) as seen:
        browser.get(PASSBOOK)
    assert len(seen) == 10, [str(one["sql"])[:90] for one in seen]

"""The board of a day: which addresses are days, and the hours of it that are closed."""

import pytest
from django.test import Client

from daredemo.booking import actions as booking
from daredemo.facilities.models import Facility
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("day", "status"), [("2026-04-07", 200), ("2026-02-30", 404), ("2100-12-31", 200)])
def test_a_board_for_each_day_there_is(day: str, status: int) -> None:
    browser = make.browser(make.member(make.facility()).user)
    assert browser.get(f"/facility/board/{day}/").status_code == status


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1999-12-31"])
def test_days_without_a_day_before_or_after_are_unknown_pages(day: str) -> None:
    browser = make.browser(make.member(make.facility()).user)
    assert browser.get(f"/facility/board/{day}/").status_code == 404


def close(facility: Facility, *spans: tuple[str, str]) -> None:
    for since, until in spans:
        booking.close_hours(
            facility=facility, starts_at=make.at(f"2026-04-13 {since}"),
            ends_at=make.at(f"2026-04-13 {until}"), reason="避難訓練", by=None, now=make.NOW,
        )  # fmt: skip


def page(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


BOARD, WEEK = "/facility/board/2026-04-13/", "/facility/bookings/?week=2026-04-13"


@pytest.mark.parametrize("address", [BOARD, WEEK])
def test_closed_hours_are_named_with_their_reason_on_their_day(address: str) -> None:
    facility = make.facility()
    browser = make.browser(make.member(facility).user)
    make.booking(make.family(), facility, "2026-04-13 13:00")
    assert "休止" not in page(browser, address)
    close(facility, ("10:00", "12:00"))
    said = page(browser, address)
    assert said.count("休止") == 1
    band = said[said.index('class="band"') :].split("</p>")[0]
    assert "10:00〜12:00" in band
    assert "避難訓練" in band
    assert "休止" not in page(browser, address.replace("-13", "-21"))


def test_the_hours_of_a_child_that_was_there_already_are_closed_not_full() -> None:
    facility = make.facility()
    browser = make.browser(make.member(facility).user)
    made = make.booking(make.family(), facility, "2026-04-13 10:00", minutes=120)
    now = make.at("2026-04-13 10:05")
    booking.begin_use(booking=made, by=make.member(facility).user, now=now)
    close(facility, ("10:00", "12:00"))
    bar = page(browser, BOARD).split('class="hourbar')[1].split("</div>")[0]
    assert 'class="shut"' in bar
    assert "満員" not in bar


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("address", "queries"), [(BOARD, 13), (WEEK, 12)])
def test_they_cost_the_same_however_many_there_are(
    rows: int, address: str, queries: int, django_assert_num_queries: object
) -> None:
    facility = make.facility()
    browser = make.browser(make.member(facility).user)
    make.opened(facility, make.at("2026-04-13 00:00").date())
    close(facility, *[("09:00", "10:00"), ("11:00", "12:00"), ("13:00", "14:00")][:rows])
    with django_assert_num_queries(queries):  # type: ignore[operator]
        assert page(browser, address).count("休止") == rows

"""お休みの日 in a real Chromium: hours of a day without scripts, by keyboard, for everyone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from daredemo.booking import actions as booking
from daredemo.booking.models import Booking
from daredemo.facilities.models import ClosedHours, Facility
from tests import make
from tests.portals.facility.test_staffing_in_a_browser import tablet, well_made

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def facility() -> Facility:
    """One child is there until noon, another comes at eleven, and a whole day is closed already."""
    made = make.facility()
    early = make.at("2026-04-03 09:00")
    here = make.booking(make.family(), made, "2026-04-06 09:00", minutes=180, now=early)
    booking.begin_use(booking=here, by=make.member(made).user, now=make.NOW)
    make.booking(make.family(), made, "2026-04-06 11:00", now=early)
    booking.close_day(
        facility=made, day=make.at("2026-04-20 00:00").date(), reason="職員研修", by=None, now=make.NOW
    )  # fmt: skip
    return made


@pytest.fixture
def plain(chromium: Browser, live_server: LiveServer, facility: Facility) -> Iterator[Page]:
    """The page of days off, without scripts."""
    context = tablet(chromium, live_server, facility, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/facility/closures/")
    yield page
    context.close()


def fill(page: Page, starts: str, ends: str) -> None:
    for name, value in (("year", "2026"), ("month", "4"), ("day", "6")):
        part = page.locator(f"[name=day_{name}]")
        if part.evaluate("e => e.tagName") == "SELECT":
            part.select_option(value)
        else:
            part.fill(value)
    page.locator("[name=starts]").select_option(starts)
    page.locator("[name=ends]").select_option(ends)
    page.locator("[name=reason]").fill("水道の工事のため")
    page.get_by_role("button", name="影響を確認する").press("Enter")


def test_hours_are_closed_and_opened_again_without_scripts(plain: Page) -> None:
    fill(plain, "13:00", "11:00")
    expect(plain.get_by_text("はじまりより あとの時刻を えらんでください。").first).to_be_visible()
    fill(plain, "11:00", "13:00")
    expect(plain.get_by_role("heading", level=1)).to_contain_text("4月6日(月) 11:00〜13:00を休みにします")
    for words in ("さきに ご家族へ電話してください", "もう登園しているお子さん"):
        expect(plain.get_by_text(words)).to_be_visible()
    expect(plain.locator("a[href^='tel:']")).to_have_count(2)
    plain.get_by_role("button", name="休みにして、ご家族に知らせる").press("Enter")
    expect(plain.get_by_text("1件の予約を取り消して")).to_be_visible()
    assert Booking.objects.get(status="cancelled").words == "水道の工事のため"
    plain.get_by_role("button", name="お休みを取りやめる 4月6日(月) 11:00〜13:00").press("Enter")
    expect(plain.get_by_text("お休みを取りやめて、予約できるようにしました。")).to_be_visible()
    assert not ClosedHours.objects.exists()


def test_every_page_of_it_is_well_made(
    chromium: Browser, live_server: LiveServer, facility: Facility
) -> None:
    context = tablet(chromium, live_server, facility)
    page = context.new_page()
    page.goto(f"{live_server.url}/facility/closures/")
    fill(page, "13:00", "11:00")
    well_made(page)
    fill(page, "11:00", "13:00")
    well_made(page)
    page.get_by_role("button", name="休みにして、ご家族に知らせる").click()
    well_made(page)
    context.close()

"""The taps of the day on a phone, with scripts and without, for everyone."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from daredemo.attendance.actions import staff
from daredemo.config import clock
from tests import make
from tests.portals.guardian.test_booking_in_a_browser import phone, well_made

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def stand(patched: pytest.MonkeyPatch, hour: str) -> None:
    patched.setattr(clock, "_source", lambda path: lambda: make.at(f"2026-04-13 {hour}"))


def shown(page: Page, scripts: bool, *words: str) -> None:
    """The words stand there; what axe-core asks needs scripts."""
    for said in words:
        expect(page.locator("main")).to_contain_text(said)
    if scripts:
        well_made(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_the_taps_of_the_day(
    scripts: bool,
    chromium: Browser,
    live_server: LiveServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    family, facility = make.family(), make.facility()
    made = make.booking(family, facility, "2026-04-13 09:00", minutes=120)
    page = phone(chromium, live_server, family, java_script_enabled=scripts).new_page()
    stand(monkeypatch, "08:30")
    page.goto(f"{live_server.url}/home/")
    shown(page, scripts, "すこし おくれて いきます")
    page.get_by_role("link", name="すこし おくれて いきます").click()
    shown(page, scripts, "9:15ごろ", "Sukoshi okurete ikimasu")
    page.get_by_role("button", name="9:30ごろ").click()
    shown(page, scripts, "園に知らせました", "9:30ごろ 着く")
    page.get_by_role("button", name="きょうは お休みします").click()
    shown(page, scripts, "園に知らせました", "使ったことになります")
    assert page.get_by_role("heading", level=1).inner_text() == "お大事に"
    page.get_by_role("button", name="予約にもどす").click()
    stand(monkeypatch, "09:10")
    page.get_by_role("button", name="きょうは お休みします").click()
    shown(page, scripts, "園に届いています", "やっぱり 行く")
    page.get_by_role("button", name="やっぱり 行く").click()
    staff.receive(booking=made, by=make.member(facility).user, now=make.at("2026-04-13 09:12"))
    here(page, scripts, live_server, monkeypatch)


def here(page: Page, scripts: bool, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child is there, and its mother is late."""
    stand(monkeypatch, "10:45")
    page.goto(f"{live_server.url}/home/")
    page.get_by_role("link", name="おむかえが おくれます").click()
    shown(page, scripts, "11:15ごろ", "10分までは 何もかわりません")
    page.get_by_role("button", name="11:15ごろ").click()
    shown(page, scripts, "11:15ごろ おむかえに行く")

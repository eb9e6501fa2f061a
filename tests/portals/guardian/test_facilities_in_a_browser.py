"""施設を探す in a real Chromium: the map by keyboard and strict policy, without scripts, without tiles."""

import gzip
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from daredemo.config import environment
from daredemo.facilities.models import Facility
from tests import looking, make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MONDAY = date(2026, 4, 13)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TILES = environment.tiles("https://tiles.example.jp/{z}/{x}/{y}.svg Example maps")
TILE = '<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"/>'
MAP = "/facilities/?who=1&view=map&lat=34.770&lon=138.015"
KILOBYTES = 130  # a map after a tap, tiles apart


@pytest.fixture
def near() -> Facility:
    """One of two nurseries around here, with everything that a page can print."""
    made = make.facility(
        latitude="34.780", longitude="138.015", meals=True, languages=["pt-br"], cares=["medical"],
        belongings="着がえ1組", insurance="園の保険で対応します。", access="駅から歩いて8分",
    )  # fmt: skip
    make.facility(name="みどりの丘保育園", latitude="34.760", longitude="138.030")
    make.interview_time(made)
    make.opened(made, MONDAY, MONDAY + timedelta(days=4))
    return made


@pytest.fixture
def page(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A stranger's phone; whatever the browser complains about fails the test."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, locale="ja-JP", base_url=live_server.url
    )
    made, said = context.new_page(), []
    made.on("pageerror", lambda error: said.append(str(error)))
    made.on("console", lambda line: said.append(line.text))
    yield made
    context.close()
    assert [line for line in said if "tiles.example.jp" not in line and "ERR_FAILED" not in line] == []


@pytest.fixture
def tiled(page: Page, monkeypatch: pytest.MonkeyPatch) -> Page:
    """The deployment names tiles, and they come."""
    monkeypatch.setattr(settings, "MAP_TILES", TILES)
    page.route("https://tiles.example.jp/**", _tile)
    return page


def _tile(route: Route) -> None:
    route.fulfill(status=200, body=TILE, content_type="image/svg+xml")


def test_a_number_on_the_map_leads_by_keyboard_to_its_nursery(tiled: Page, near: Facility) -> None:
    tiled.goto(MAP)
    pin = tiled.get_by_role("button", name="1 ひだまりこども園 1.1km")
    expect(pin).to_be_visible()
    expect(tiled.locator("svg.plan")).to_be_hidden()
    pin.focus()
    tiled.keyboard.press("Enter")
    expect(tiled.locator(".leaflet-popup a")).to_be_focused()
    tiled.keyboard.press("Escape")
    expect(pin).to_be_focused()
    tiled.keyboard.press("Enter")
    tiled.keyboard.press("Enter")
    expect(tiled.get_by_role("heading", level=1)).to_have_text(near.name)


def test_tiles_that_do_not_come_leave_the_drawing(
    page: Page, near: Facility, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MAP_TILES", TILES)
    page.route("https://tiles.example.jp/**", lambda route: route.abort())
    page.goto(MAP)
    expect(page.locator("svg.plan")).to_be_visible()
    expect(page.locator(".leaf")).to_have_count(0)


def test_without_scripts_the_drawing_and_its_list_are_all(
    chromium: Browser, live_server: LiveServer, near: Facility
) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="ja-JP")
    page = context.new_page()
    page.goto(live_server.url + MAP)
    page.locator("svg.plan a").first.focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#n-1")
    page.get_by_role("link", name=near.name).last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(near.name)
    context.close()


def test_each_page_is_well_made(tiled: Page, near: Facility) -> None:
    for path in (
        "/facilities/?who=1&meals=on",
        "/facilities/?who=1&language=vi",
        MAP,
        f"/facilities/{near.pk}/",
    ):
        tiled.goto(path)
        tiled.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        found = Axe().run(tiled, options={"runOnly": TAGS})
        assert found.violations_count == 0, (path, found.generate_report())
        wrong = looking.enlarged(tiled)
        if path == MAP:  # what lies on a map may be under its buttons; it can be moved
            wrong = [one for one in wrong if " × " not in one]
        assert wrong == [], path


def test_the_drawing_is_well_made(page: Page, near: Facility) -> None:
    page.goto(MAP)
    found = Axe().run(page, options={"runOnly": TAGS})
    assert found.violations_count == 0, found.generate_report()
    assert looking.enlarged(page) == []


def test_the_map_is_light(tiled: Page, near: Facility) -> None:
    bodies: list[Any] = []
    tiled.on("response", lambda response: bodies.append(response))  # noqa: PLW0108  it marks what it is given
    tiled.goto(MAP, wait_until="networkidle")
    own = [one.body() for one in bodies if "tiles.example.jp" not in one.url]
    assert sum(len(gzip.compress(body)) for body in own) <= KILOBYTES * 1024
    asked = {one.url.split("/")[2] for one in bodies}
    assert len(asked) == 2  # this site and the tiles, nobody else


def test_the_list_asks_for_nothing_of_the_map(tiled: Page, near: Facility) -> None:
    asked: list[str] = []
    tiled.on("request", lambda request: asked.append(request.url))
    tiled.goto("/facilities/?who=1", wait_until="networkidle")
    assert [url for url in asked if "leaflet" in url or "tiles" in url] == []

"""職員配置 on the nursery's tablet in a real Chromium: without scripts, by keyboard, for everyone."""

from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from daredemo.booking.models import Conflict, OpenedDay
from daredemo.facilities.models import Facility
from tests import looking, make
from tests.staffing import INFANT, staffed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TODAY = date(2026, 4, 6)
SMALL = """() => [...document.querySelectorAll("main a, main button, main select, main input.in")]
  .filter((e) => getComputedStyle(e).display !== "inline" && e.getBoundingClientRect().width)
  .filter((e) => { const r = e.getBoundingClientRect(); return r.width < 43.5 || r.height < 43.5; })
  .map((e) => e.outerHTML.slice(0, 120))"""
PAGES = (
    "staffing/", "staffing/2026-04-07/", "staffing/people/", "staffing/children/", "staffing/premises/",
    "staffing/start/", "conflicts/", "board/2026-04-06/",
)  # fmt: skip


@pytest.fixture
def facility() -> Facility:
    """Two 保育士 on duty today, and an infant who comes at one."""
    made = make.facility(window_closes_hours=0)
    staffed(made)
    make.booking(make.family(born=INFANT), made, "2026-04-06 13:00")
    return made


def tablet(chromium: Browser, server: LiveServer, facility: Facility, **options: Any) -> BrowserContext:
    """A tablet on which the manager is logged in."""
    name = settings.SESSION_COOKIE_NAME
    key = make.browser(make.member(facility).user).cookies[name].value
    context = chromium.new_context(viewport={"width": 1024, "height": 768}, locale="ja-JP", **options)
    context.add_cookies([{"name": name, "value": key, "url": server.url}])
    return context


def test_somebody_falls_ill_and_comes_back_without_scripts(
    chromium: Browser, live_server: LiveServer, facility: Facility
) -> None:
    context = tablet(chromium, live_server, facility, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/facility/staffing/")
    page.get_by_role("button", name="きょう休み").first.click()
    expect(page.get_by_text("お休みにしました")).to_be_visible()
    page.get_by_role("link", name="4月6日(月) 13:00〜14:00").click()
    expect(page.get_by_text("保育士があと1人いれば、みんな受け入れられます。")).to_be_visible()
    expect(page.locator("a[href^='tel:']")).to_have_count(1)
    page.get_by_role("link", name="この日の職員配置へ").click()
    page.get_by_role("button", name="もどす").click()
    expect(page.get_by_text("いつもの勤務に もどしました")).to_be_visible()
    expect(page.get_by_text("予約が多くなっています")).to_have_count(0)
    context.close()
    assert Conflict.objects.get().outcome == "settled"


def test_a_tap_by_keyboard(chromium: Browser, live_server: LiveServer, facility: Facility) -> None:
    context = tablet(chromium, live_server, facility)
    page = context.new_page()
    page.goto(f"{live_server.url}/facility/staffing/")
    for _ in range(60):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "[document.activeElement.innerText, getComputedStyle(document.activeElement).outlineWidth]"
        )
        assert float(here[1].removesuffix("px")) >= 2, here
        if "きょう休み" in here[0]:
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("お休みにしました")).to_be_visible()
    context.close()
    assert OpenedDay.objects.get().lawful[18] == 0


def test_every_page_is_well_made(chromium: Browser, live_server: LiveServer, facility: Facility) -> None:
    context = tablet(chromium, live_server, facility)
    page = context.new_page()
    page.goto(f"{live_server.url}/facility/staffing/")
    page.get_by_role("button", name="きょう休み").first.click()
    carer = page.get_by_role("link", name="時間").first.get_attribute("href")
    conflict = page.locator(".note.err a").first.get_attribute("href")
    assert carer
    assert conflict
    someone = f"/facility/staffing/people/{carer.rstrip('/').rsplit('/', 1)[-1]}/"
    for path in (*(f"/facility/{name}" for name in PAGES), carer, someone, conflict):
        page.goto(f"{live_server.url}{path}")
        well_made(page)
    context.close()


def well_made(page: Page) -> None:
    """Readable by all, nothing wider than the window, nothing too small to touch."""
    for width in (320, 390, 768, 1024, 1280):
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)
        if width in (390, 1024):
            found = (
                Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
            )
            wrong = [(one["id"], [node["html"][:90] for node in one["nodes"]]) for one in found]
            assert wrong == [], page.url
            assert page.evaluate(SMALL) == [], page.url
    assert looking.enlarged(page) == [], page.url

"""Booking and cancelling in a real Chromium on a phone: with scripts and without, for everyone, light."""

import gzip
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from daredemo.booking import sweeps
from daredemo.booking.models import Booking, Offer, OpenedDay
from daredemo.facilities.models import Facility
from tests import looking, make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MONDAY = date(2026, 4, 13)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TARGETS = """() => [...document.querySelectorAll("main a, .sum button, .nav a, main button")]
  .filter((e) => getComputedStyle(e).display !== "inline" && e.getBoundingClientRect().width)
  .filter((e) => { const r = e.getBoundingClientRect(); return r.width < 43.5 || r.height < 43.5; })
  .map((e) => e.outerHTML.slice(0, 120))"""


@pytest.fixture
def family() -> make.Family:
    return make.family()


@pytest.fixture
def facility(family: make.Family) -> Facility:
    """Open for the two weeks, with every text that a page can print."""
    made = make.facility(belongings="着がえ1組、おむつ5枚", insurance="園の保険で対応します。")
    make.accepted(family.child, made)
    make.opened(made, MONDAY, MONDAY + timedelta(days=11))
    return made


def phone(chromium: Browser, server: LiveServer, family: make.Family, **options: Any) -> BrowserContext:
    """A phone on which the guardian is logged in."""
    name = settings.SESSION_COOKIE_NAME
    key = make.browser(family.user).cookies[name].value
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP", **options)
    context.add_cookies([{"name": name, "value": key, "url": server.url}])
    return context


def well_made(page: Page) -> None:
    """Readable by all, nothing wider than the phone, nothing too small to touch, few bytes."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    assert [(one["id"], [node["html"][:90] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate(TARGETS) == []
    for width in (320, 390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert looking.enlarged(page) == []


def test_every_step_works_without_scripts(
    chromium: Browser, live_server: LiveServer, family: make.Family, facility: Facility
) -> None:
    context = phone(chromium, live_server, family, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/home/")
    page.click(".nav .go")
    page.click("a.day:has-text('14')")
    page.click("a.slot:has-text('10:00')")
    page.click(".seg a:has-text('2時間')")
    assert page.inner_text(".sum .yen").endswith("600円")
    page.click("text=内容を確認する")
    page.click("text=この内容で予約する")
    assert page.inner_text("h1") == "予約しました"
    made = Booking.objects.get()
    assert (made.starts_at, made.minutes) == (make.at("2026-04-14 10:00"), 120)
    page.click("text=変更・取消")
    page.click(".act:has-text('取り消す')")
    page.click("text=この予約を取り消す")
    assert page.inner_text("h1") == "取り消しました"
    page.click("text=予約にもどす")
    made.refresh_from_db()
    assert made.status == "booked"
    context.close()


def test_after_a_day_is_chosen_its_starts_are_in_view_and_have_the_focus(
    chromium: Browser, live_server: LiveServer, family: make.Family, facility: Facility
) -> None:
    context = phone(chromium, live_server, family)
    page = context.new_page()
    page.goto(f"{live_server.url}/book/{facility.pk}/")
    page.click("a.day:has-text('14')")
    page.wait_for_url("**day=2026-04-14**")
    page.wait_for_selector("#starts:focus")
    ends = "(e) => e.map((one) => one.getBoundingClientRect().bottom)"
    bar = page.eval_on_selector(".sum", "(e) => e.getBoundingClientRect().top")
    assert max(page.eval_on_selector_all(".slot", ends)) <= bar
    page.click("a.slot:has-text('9:00')")
    page.wait_for_selector("#lengths:focus")
    page.click(".seg a:has-text('2時間')")
    expect(page.locator(".sum .yen")).to_contain_text("600円")
    assert "10時間 → " in page.inner_text(".left")
    assert page.evaluate("document.activeElement.id") == "minutes-2"
    page.go_back()
    expect(page.locator(".sum .yen")).to_contain_text("300円")
    context.close()


def test_every_screen_is_well_made(
    chromium: Browser, live_server: LiveServer, family: make.Family, facility: Facility
) -> None:
    made = make.booking(family, facility, "2026-04-15 09:00", minutes=120)
    choice = "day=2026-04-14&start=9:00&minutes=120"
    context = phone(chromium, live_server, family)
    for path in (
        "/home/", "/book/", f"/book/{facility.pk}/", f"/book/{facility.pk}/?{choice}",
        f"/book/{facility.pk}/check/?{choice}", f"/book/{facility.pk}/several/?{choice}",
        f"/book/{facility.pk}/together/?{choice}&weekday=0&weekday=2&weeks=4",
        f"/bookings/{made.pk}/change/", f"/bookings/{made.pk}/change/check/?{choice}",
        f"/bookings/{made.pk}/done/", f"/bookings/{made.pk}/",
        f"/bookings/{made.pk}/cancel/?cause=illness", "/bookings/", "/bookings/?list=past", "/passbook/",
        "/facilities/", f"/facilities/{facility.pk}/",
    ):  # fmt: skip
        page = context.new_page()
        got = answers_of(page)
        page.goto(live_server.url + path, wait_until="networkidle")
        sizes = {one.url: weight(one) for one in got}
        assert len(sizes) <= 8, sizes
        assert sum(sizes.values()) <= 60_000, sizes
        well_made(page)
        page.close()
    context.close()


def answers_of(page: Page) -> list[Response]:
    """Fills while the page loads."""
    got: list[Response] = []

    def note(one: Response) -> None:
        got.append(one)

    page.on("response", note)
    return got


def weight(got: Response) -> int:
    """Bytes as a real server sends them: compressed."""
    if got.status >= 300 or urlsplit(got.url).scheme == "data":
        return 0
    return len(gzip.compress(got.body(), 6))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_tick_is_taken_away_and_the_hours_are_counted_anew(
    chromium: Browser, live_server: LiveServer, family: make.Family, facility: Facility, *, scripts: bool
) -> None:
    context = phone(chromium, live_server, family, java_script_enabled=scripts)
    page = context.new_page()
    choice = "day=2026-04-14&start=9:00&minutes=120&weekday=1&weekday=3&weeks=2"
    page.goto(f"{live_server.url}/book/{facility.pk}/together/?{choice}")
    expect(page.locator("#confirm")).to_contain_text("10時間 → 2時間")
    page.focus("input[value='2026-04-16'][type=checkbox]")
    page.keyboard.press("Space")
    if not scripts:
        page.click("text=計算しなおす")
    expect(page.locator("#confirm")).to_contain_text("10時間 → 4時間")
    expect(page.locator("#sum .yen")).to_contain_text("1,800円")
    if scripts:
        assert page.evaluate("document.activeElement.value") == "2026-04-16"
        well_made(page)
    page.click("text=3件を 予約する")
    assert page.inner_text("h1") == "3件 予約しました"
    days = Booking.objects.order_by("date").values_list("date", flat=True)
    assert list(days) == [MONDAY + timedelta(days=n) for n in (1, 8, 10)]
    context.close()


def test_waiting_for_a_place_works_without_scripts_and_every_screen_is_well_made(
    chromium: Browser, live_server: LiveServer, family: make.Family, facility: Facility
) -> None:
    full = OpenedDay.objects.filter(date__in=(MONDAY, MONDAY + timedelta(days=1)))
    full.update(day_ceiling=0)
    context = phone(chromium, live_server, family, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/book/{facility.pk}/?day={MONDAY}")
    page.click("text=空き待ちに入る")
    page.select_option("[name=until]", "12:00")
    page.click("button:has-text('空き待ちに入る')")
    assert "1〜3番目" in page.inner_text("main")
    context.close()
    full.update(day_ceiling=None)
    sweeps.offer_freed(make.NOW)
    offer = Offer.objects.get()
    full.filter(date__gt=MONDAY).update(day_ceiling=0)
    context = phone(chromium, live_server, family)
    wait = f"/book/{facility.pk}/wait/?child={family.child.pk}&day={MONDAY + timedelta(days=1)}"
    for path in (wait, f"/book/{facility.pk}/?day=2026-04-14", "/waiting/", f"/offers/{offer.pk}/", "/home/"):
        page = context.new_page()
        page.goto(live_server.url + path, wait_until="networkidle")
        well_made(page)
        page.close()
    page = context.new_page()
    page.goto(f"{live_server.url}/home/")
    page.click("text=あいた枠を 見る")
    page.keyboard.press("Tab")
    page.focus("text=この枠をうけとる")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=予約しました")
    assert Booking.objects.get().starts_at == make.at("2026-04-13 09:00")
    page.goto(f"{live_server.url}/offers/{offer.pk}/")
    assert page.url.endswith(f"/bookings/{Booking.objects.get().pk}/")
    context.close()


def test_a_full_start_leads_out_of_the_page_into_the_line(
    chromium: Browser, live_server: LiveServer, family: make.Family, facility: Facility
) -> None:
    for _ in range(3):
        make.booking(make.family(), facility, "2026-04-13 09:00", minutes=120)
    context = phone(chromium, live_server, family)
    page = context.new_page()
    page.goto(f"{live_server.url}/book/{facility.pk}/?day={MONDAY}", wait_until="networkidle")
    page.click("a.slot:has-text('9:30')")
    page.wait_for_selector("h1:has-text('空き待ちに入る')")
    assert page.input_value("[name=since]") == "9:30"
    context.close()

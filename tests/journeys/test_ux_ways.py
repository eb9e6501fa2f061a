"""How many taps, what is seen, what follows a choice, what an error looks like, what a page weighs."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from daredemo.demo.households import KATO
from tests.journeys import applying, booking, ux
from tests.journeys.meeting import NURSERY
from tests.journeys.people import Person
from tests.journeys.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

KILOBYTES, SCRIPTS, STYLES, REQUESTS = 60, 20, 12, 8
PAGES = ("/", "/home/", "/facilities/", "/book/", "/bookings/", "/passbook/", "/settings/")

TOLD = """() => {
  const invalid = [...document.querySelectorAll('[aria-invalid=true]')];
  const ids = e => (e.getAttribute('aria-describedby') || '').split(' ');
  const says = e => ids(e).some(id => document.getElementById(id));
  return {
    title: document.title, invalid: invalid.length, described: invalid.every(says),
    links: [...document.querySelectorAll('.errs a')].map(a => a.getAttribute('href')),
    focused: !!document.activeElement.closest('.errs'), kept: document.querySelector('main textarea').value,
  };
}"""


@pytest.fixture(scope="module")
def phone(address: str, browser: Browser) -> Iterator[Person]:
    """A family that knows its nursery; it comes in once, because a login that is tried often is stopped."""
    town = Town(browser, address)
    made = town.person("guardian")
    family = applying.known_family(town, KATO, made)
    town.let_in(made, family.login_id, family.email)
    yield made
    town.close()


class Taps:
    """Counts what a thumb does."""

    def __init__(self, phone: Person) -> None:
        self.phone, self.count = phone, 0

    def on(self, selector: str, words: str = "") -> None:
        target = (
            self.phone.page.locator(selector, has_text=words) if words else self.phone.page.locator(selector)
        )
        self.count += 1
        self.phone.then(target.first)

    def choose(self, selector: str) -> None:
        """A day or a time that is not chosen yet."""
        self.count += 1
        booking.pick(self.phone, self.phone.page.locator(f"{selector}:not([aria-current])").first)


def test_taps(phone: Person) -> None:
    phone.go("/home/")
    again = Taps(phone)
    again.on("[aria-labelledby=again] a.li")
    again.on("main button, .sum button", "この内容で予約する")
    phone.heading("予約しました")
    ux.told(6, again.count <= 3, f"again: {again.count}")

    phone.go("/facilities/")
    search = Taps(phone)
    search.on("main a", NURSERY)
    search.on("main a.btn, .sum a.btn", "予約する")
    search.choose("a.day.ok, a.day.few")
    if not phone.page.locator("a.slot[aria-current]").count():
        search.choose("a.slot.ok, a.slot.few")
    if not phone.page.locator(".seg a[aria-current]").count():
        search.choose(".seg a")
    search.on(".sum button, .sum a", "内容を確認する")
    search.on("main button, .sum button", "この内容で予約する")
    phone.heading("予約しました")
    ux.told(6, search.count <= 6, f"from the search: {search.count}")


def test_what_is_seen_and_what_follows(phone: Person) -> None:
    phone.go("/book/")
    if phone.page.locator("main a.li", has_text=NURSERY).count():
        phone.then(phone.page.locator("main a.li", has_text=NURSERY).first)
    page = phone.page
    bottoms = "all => all.map(one => one.getBoundingClientRect().bottom)"
    for number, (height, least) in enumerate(((844, 6), (664, 3))):
        page.set_viewport_size({"width": 390, "height": height})
        day = f"#{page.locator('a.day.ok, a.day.few').nth(number + 1).get_attribute('id')}"
        page.click(day)
        page.wait_for_selector(f"{day}[aria-current]")
        page.wait_for_selector("#starts:focus")
        bar = page.locator(".sum").evaluate("bar => bar.getBoundingClientRect().top")
        seen = [one for one in page.locator(".slot").evaluate_all(bottoms) if 0 < one <= bar]
        every = page.locator(".slot").count()
        ux.told(7, len(seen) >= min(least, every), f"{len(seen)} of {every} times at 390×{height}")
    page.set_viewport_size({"width": 390, "height": 844})
    booking.pick(phone, page.locator("a.slot.ok, a.slot.few").first)
    for length in range(page.locator(".seg a").count()):
        booking.pick(phone, page.locator(".seg a").nth(length))
    left, yen = page.inner_text(".card.left .v"), page.inner_text(".sum .yen")
    phone.press("内容を確認する")
    checked = page.inner_text("main")
    after = re.findall(r"\d+時間(?:\d+分)?", left)[-1]
    total = re.findall(r"[\d,]+円", yen)[-1]
    ux.told(8, after in checked and total in checked, f"{left.strip()} and {total} on both")


def test_an_empty_form(phone: Person) -> None:
    phone.go("/care/")
    phone.then(phone.page.locator("main a.li, main a.btn").first)
    page = phone.page
    page.locator("main input[type=text], main input[type=tel], main input:not([type])").evaluate_all(
        "all => all.forEach(one => { one.value = '' })"
    )
    page.locator("main textarea").first.fill("きょうも げんき")
    phone.then(page.locator("main form button.btn, .sum button").last)
    told: dict[str, Any] = page.evaluate(TOLD)
    fields = [page.locator(link).count() for link in told["links"]]
    good = (
        told["title"].startswith("エラー：")
        and told["links"]
        and told["focused"]
        and all(fields)
        and told["invalid"] > 0
        and told["described"]
        and told["kept"] == "きょうも げんき"
    )
    ux.told(16, bool(good), told)


def test_two_browsers_want_one_time(town: Town, phone: Person) -> None:
    """The check page in two hands: one is booked, the other is told and keeps its choice."""
    other = town.person("guardian")
    known: Any = phone.context.cookies()
    other.context.add_cookies(known)
    phone.go("/home/")
    way = str(phone.page.locator("[aria-labelledby=again] a.li").first.get_attribute("href"))
    for one in (phone, other):
        one.go(way)
    phone.press("この内容で予約する")
    phone.heading("予約しました")
    other.press("この内容で予約する", status=409)
    text = other.text
    ux.told(17, "予約しました" not in text, text.splitlines()[0])
    assert urlsplit(other.page.url).query


def test_weights(phone: Person) -> None:
    heaviest: dict[str, float] = dict.fromkeys(("all", "Script", "Stylesheet", "Font", "requests"), 0)
    for path in PAGES:
        weighed = weigh(phone, path)
        heaviest = {name: max(value, weighed.get(name, 0)) for name, value in heaviest.items()}
    limits = {"all": KILOBYTES, "Script": SCRIPTS, "Stylesheet": STYLES, "Font": 0, "requests": REQUESTS}
    passed = all(heaviest[name] <= limit for name, limit in limits.items())
    ux.told(13, passed, {name: round(value, 1) for name, value in heaviest.items()})


def weigh(phone: Person, path: str) -> dict[str, float]:
    """Kilobytes on the wire by kind of a cold visit, and how many requests; without the demo's own."""
    line = phone.context.new_cdp_session(phone.page)
    line.send("Network.enable")
    line.send("Network.clearBrowserCache")
    asked: dict[str, str] = {}
    found: dict[str, float] = {"all": 0, "requests": 0}

    def ask(event: dict[str, Any]) -> None:
        if "/demo/" not in event["request"]["url"]:
            asked[event["requestId"]] = event["type"]
            found["requests"] += 1

    def take(event: dict[str, Any]) -> None:
        if kind := asked.get(event["requestId"]):
            size = event["encodedDataLength"] / 1024
            found["all"] += size
            found[kind] = found.get(kind, 0) + size

    line.on("Network.requestWillBeSent", ask)
    line.on("Network.loadingFinished", take)
    phone.go(path)
    phone.page.wait_for_load_state("networkidle")
    line.detach()
    return found

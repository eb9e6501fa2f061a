"""Somebody in front of a screen: goes, reads, fills in and presses as a person does, and always looks."""

import re
import time
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin

from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Browser, Locator, Page, expect

from daredemo.demo.people import PASSWORD, SECRET
from daredemo.rules.hours import JST
from tests.journeys.eyes import Eyes

PANEL = "/demo/?back=/demo/%3Fback%3D/demo/"  # after a press it is there again
STEP = 30  # seconds for which a code of the second factor holds
PATIENCE = 30_000  # milliseconds; a busy machine may need them, a quiet one never does
WINDOWS: dict[str, dict[str, Any]] = {
    "guardian": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    "facility": {"viewport": {"width": 1024, "height": 768}},
    "city": {"viewport": {"width": 1280, "height": 800}},
}
expect.set_options(timeout=PATIENCE)
used_codes: dict[str, int] = {}


class Person:
    """One browser of one person."""

    def __init__(self, browser: Browser, address: str, portal: str, *, scripts: bool = True) -> None:
        window = WINDOWS[portal]
        self.portal, self.address, self.scripts = portal, address, scripts
        self.context = browser.new_context(locale="ja-JP", java_script_enabled=scripts, **window)
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.eyes = Eyes(self.page, light=portal == "guardian", scripts=scripts)
        self.eyes.open(self.context)
        self.login_id, self.password = "", PASSWORD

    # ── going and reading ─────────────────────────────────────────────────────────
    def go(self, path: str, *, status: int = 200) -> None:
        """Type an address."""
        self.eyes.traffic.forget()
        answer = self.page.goto(urljoin(self.address, path))
        assert answer
        assert answer.status == status, f"{path}: {answer.status}"
        self.eyes.look(status)

    def go_cold(self, path: str) -> int:
        """As a first visitor, whose browser has kept nothing; how many bytes that takes."""
        line = self.context.new_cdp_session(self.page)
        line.send("Network.clearBrowserCache")
        line.detach()
        self.go(path)
        return self.eyes.traffic.bytes

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    @property
    def text(self) -> str:
        """The words of the screen without the demo's own."""
        return "\n".join(self.page.locator("header.bar, main, section.sum").all_inner_texts())

    def reads(self, *words: str) -> None:
        """These words are on the screen."""
        for one in words:
            expect(self.page.locator("body")).to_contain_text(one)

    def does_not_read(self, *words: str) -> None:
        for one in words:
            assert one not in self.text, self.text

    def heading(self, words: str) -> None:
        expect(self.page.locator("h1").first).to_contain_text(words)

    # ── doing ─────────────────────────────────────────────────────────────────────
    def press(self, words: str, *, within: str = "main, section.sum, header, nav", status: int = 200) -> None:
        """The button or link of these words; then look at what comes."""
        self.then(self.named(words, within), status=status)

    def named(self, words: str, within: str = "main, section.sum, header, nav") -> Locator:
        place = self.page.locator(within)
        name = re.compile(rf"^{re.escape(words)}")
        found = place.get_by_role("button", name=name).or_(place.get_by_role("link", name=name))
        return found.first

    def then(self, target: Locator, *, status: int = 200) -> None:
        """Press it, wait for the page that it brings, look."""
        self.eyes.traffic.forget()
        with self.page.expect_navigation(wait_until="load"):
            target.click()
        self.eyes.look(status)

    def fill(self, **answers: str) -> None:
        """Write into the fields of these names."""
        for name, words in answers.items():
            self.page.locator(f"[name={name}]:visible").first.fill(words)

    def choose(self, **answers: str) -> None:
        """Select an option, a radio button or a tick by its value."""
        for name, value in answers.items():
            select = self.page.locator(f"select[name={name}]")
            if select.count():
                select.first.select_option(value)
            else:
                self.page.locator(f"input[name={name}][value='{value}']").check()

    def tick(self, *names: str) -> None:
        for name in names:
            self.page.locator(f"input[type=checkbox][name={name}]").check()

    def write_date(self, name: str, day: date) -> None:
        self.fill(
            **{f"{name}_year": str(day.year), f"{name}_month": str(day.month), f"{name}_day": str(day.day)}
        )

    def download(self, words: str) -> bytes:
        """What the link of these words brings as a file."""
        with self.page.expect_download() as coming:
            self.named(words).click()
        return coming.value.path().read_bytes()

    # ── coming in ─────────────────────────────────────────────────────────────────
    def log_in(self, login_id: str, password: str = PASSWORD) -> None:
        """By ID and password; staff and officers with the code of their second factor."""
        self.login_id, self.password = login_id, password
        self.go({"guardian": "/login/"}.get(self.portal, f"/{self.portal}/login/"))
        self.come_in()

    def come_in(self) -> None:
        self.fill(login_id=self.login_id, password=self.password)
        if self.portal == "guardian":
            self.press("ログイン", within="main form:not(#mfa_login)")
            return
        self.press("つぎへ")
        self.fill(code=fresh_code(self.login_id))
        self.press("ログイン")

    def enter(self, path: str) -> None:
        """A page of the own portal; who was idle for too long comes in again."""
        self.go(path)
        if "/login/" in self.page.url:
            self.come_in()
            self.go(path)

    # ── the demo's time ───────────────────────────────────────────────────────────
    def now(self) -> datetime:
        """What time it is here, to the minute."""
        self.page.goto(urljoin(self.address, PANEL))
        return self._clock()

    def move_clock(self, button: str) -> datetime:
        """Press one of the demo's own buttons, and stay on its page."""
        if "/demo/?back=" not in self.page.url:
            self.page.goto(urljoin(self.address, PANEL))
        with self.page.expect_navigation(wait_until="load"):
            self.main.get_by_role("button", name=button, exact=True).click()
        return self._clock()

    def move_clock_to(self, moment: datetime) -> None:
        """By days, then by hours, until this moment is over."""
        now = self.now()
        while now <= moment:
            now = self.move_clock("つぎの日の朝" if now.date() < moment.date() else "1時間あと")

    def _clock(self) -> datetime:
        words = self.main.inner_text()
        found = re.search(r"いまは (\d+)年.*?(\d+)月(\d+)日.*? (\d+):(\d\d)", words)
        assert found, words
        year, month, day, hour, minute = map(int, found.groups())
        return datetime(year, month, day, hour, minute, tzinfo=JST)

    def close(self) -> None:
        self.context.close()


def fresh_code(login_id: str) -> str:
    """What the authenticator shows; a code that was used is not taken twice, so then the next one."""
    counter = int(time.time()) // STEP
    wanted = max(counter - 1, used_codes.get(login_id, 0) + 1)
    while wanted > int(time.time()) // STEP + 1:
        time.sleep(1)
    used_codes[login_id] = wanted
    return str(totp.format_hotp_value(totp.hotp_value(SECRET, wanted)))

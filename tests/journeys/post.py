"""The demo's mailbox, read on its page: what was really sent."""

import time
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import APIResponse

from tests.journeys.people import Person

SECONDS = 60
ROWS = """() => [...document.querySelectorAll('tbody tr')].map(row => ({
  to: row.cells[1].innerText, subject: row.cells[2].innerText, href: row.querySelector('a').href}))"""


@dataclass(frozen=True)
class Mail:
    """One mail, opened."""

    subject: str
    text: str
    links: list[str] = field(default_factory=list)
    files: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def path(self) -> str:
        """Where its first link leads."""
        return urlsplit(self.links[0]).path

    def said(self, name: str) -> str:
        """「利用者ログインID: 1234567890」 → 1234567890"""
        return next(line.split(": ", 1)[1] for line in self.text.splitlines() if line.startswith(f"{name}: "))


class Mailbox:
    """Waits for mails; each is handed out once, and those from before are not ours."""

    def __init__(self, reader: Person) -> None:
        self.reader = reader
        self.opened = {row["href"] for row in self.rows()}

    def wait_for(self, to: str, subject: str, saying: str = "") -> Mail:
        """The newest mail of this subject, with these words, that nobody has opened yet."""
        until = time.monotonic() + SECONDS
        while True:
            while found := self.look(to, subject):
                mail = self.open(found)
                if saying in mail.text:
                    return mail
            assert time.monotonic() < until, f"no mail 「{subject}」 {saying} for {to}: {self.rows()[:8]}"
            time.sleep(0.2)

    def look(self, to: str, subject: str) -> str:
        rows = [row for row in self.rows() if row["to"] == to and subject in row["subject"]]
        return next((row["href"] for row in rows if row["href"] not in self.opened), "")

    def rows(self) -> list[dict[str, str]]:
        self.reader.page.goto(urljoin(self.reader.address, "/demo/mailbox/"))
        rows: list[dict[str, str]] = self.reader.page.evaluate(ROWS)
        return rows

    def open(self, href: str) -> Mail:
        self.opened.add(href)
        self.reader.go(href)
        page = self.reader.page
        links = page.locator(".mail a").evaluate_all("all => all.map(a => a.href)")
        names = page.locator("main li a")
        files = [
            (names.nth(n).inner_text(), self.fetch(str(names.nth(n).get_attribute("href"))).body())
            for n in range(names.count())
        ]
        return Mail(page.locator("h1").inner_text(), page.locator(".mail").inner_text(), links, files)

    def fetch(self, path: str) -> APIResponse:
        return self.reader.context.request.get(urljoin(self.reader.address, path))

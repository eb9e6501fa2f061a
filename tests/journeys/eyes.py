"""What is looked at on every screen of a journey: readable by all, no wider than its window, light.

JOURNEYS_PICTURES names a folder for pictures of every screen that is read.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from tests import looking
from tests.journeys.album import Album

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
KILOBYTES, REQUESTS = 60, 8
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
PARTS = """() => {
  const say = e => `${e.tagName}.${e.className}[${e.getAttributeNames()}]`;
  const parts = [...document.querySelectorAll('body *')].map(e => `${say(e.parentElement)}>${say(e)}`);
  return [...new Set(parts)].sort().join();
}"""
read_before: set[tuple[int, str]] = set()
album = Album(Path(os.environ["JOURNEYS_PICTURES"])) if "JOURNEYS_PICTURES" in os.environ else None


@dataclass
class Traffic:
    """What the network carried for the screen that is there, as the browser counts it."""

    bytes: int = 0
    addresses: list[str] = field(default_factory=list)

    def listen(self, context: BrowserContext, page: Page) -> None:
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        line.on("Network.requestWillBeSent", self.ask)
        line.on("Network.loadingFinished", self.take)

    def ask(self, event: dict[str, Any]) -> None:
        """What led here (a form, and on from it) is no part of the screen; nor is the demo's strip."""
        address = event["request"]["url"]
        if event["type"] == "Document":
            self.addresses.clear()
        is_known = address in self.addresses  # a picture that is the page's sign as well comes once
        if "/static/demo/" not in address and not is_known:
            self.addresses.append(address)

    def take(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def forget(self) -> None:
        self.bytes = 0
        self.addresses.clear()


@dataclass
class Eyes:
    """Looks at the screens of one visitor; `light`: the screens of guardians have a budget."""

    page: Page
    light: bool
    scripts: bool = True
    traffic: Traffic = field(default_factory=Traffic)
    said: list[str] = field(default_factory=list)
    heaviest: int = 0

    def open(self, context: BrowserContext) -> None:
        self.traffic.listen(context, self.page)
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.said.append(f"{message.text} {message.location.get('url', '')}")

    def look(self, status: int = 200) -> None:
        """At the screen that is there now; `status`: one that the browser's console mentions is expected."""
        said = [words for words in self.said if status == 200 or f"status of {status}" not in words]
        assert said == [], f"{self.where}: the console says {said}"
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= self.window, f"{self.where} is {width} pixels wide in a window of {self.window}"
        self.weigh()
        self.read()
        self.said.clear()

    def weigh(self) -> None:
        if not self.light:
            return
        kilobytes, requests = self.traffic.bytes / 1024, self.traffic.addresses
        self.heaviest = max(self.heaviest, self.traffic.bytes)
        assert kilobytes <= KILOBYTES, f"{self.where} weighs {kilobytes:.0f} KB: {requests}"
        assert len(requests) <= REQUESTS, f"{self.where} asks for {requests}"

    def read(self) -> None:
        """As axe does, itself a script; a screen of the same parts as one read before is not read again."""
        if not self.scripts:
            return
        made_of = (self.window, self.page.evaluate(PARTS))
        if made_of in read_before:
            return
        if album:
            album.take(self.page)
        found: Any = Axe().run(self.page, options=OPTIONS)
        wrong = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found.response["violations"]]
        assert wrong == [], f"{self.where}: {wrong}"
        large = looking.enlarged(self.page)
        assert large == [], f"{self.where} in double text: {large}"
        read_before.add(made_of)

    @property
    def window(self) -> int:
        """Not the page's innerWidth: on a telephone it grows with what is too wide."""
        assert self.page.viewport_size
        return self.page.viewport_size["width"]

    @property
    def where(self) -> str:
        """The address and its heading, for the sentence of a failure."""
        heading = self.page.locator("h1")
        return f"{urlsplit(self.page.url).path} 「{heading.first.inner_text() if heading.count() else ''}」"

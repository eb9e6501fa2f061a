"""Pictures of screens in four widths, and for each portal a page that shows them all."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page

WIDTHS = {320: 640, 390: 844, 768: 1024, 1280: 800}
PORTALS = ("facility", "city", "demo")
NUMBERED = re.compile(r"[^/]*\d[^/]*|[^/]{24,}")  # ids, dates and tokens in an address
PAINTED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
HEAD = '<!doctype html><meta charset="utf-8"><title>{portal}</title><h1>{portal}</h1>\n'
ROW = '<h2 id="{name}">{name}</h2>\n{pictures}\n'
PICTURE = '<a href="{file}"><img loading="lazy" width="{shown}" src="{file}" alt="{width}"></a>'


class Album:
    """A folder with `<portal>/<number>-<address>-<width>.png` and `<portal>.html`."""

    def __init__(self, into: Path) -> None:
        self.into = into
        self.taken: dict[str, int] = {}

    def take(self, page: Page) -> None:
        """The screen that is there now, whole; the window is left as it was."""
        portal, name = self.name(page.url)
        files = {width: f"{portal}/{name}-{width}.png" for width in WIDTHS}
        before = page.viewport_size
        assert before
        for width, height in WIDTHS.items():
            # A window as high as the page: a bar that sticks to the foot does not lie over the middle.
            page.set_viewport_size({"width": width, "height": height})
            whole = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": max(height, whole)})
            page.evaluate(PAINTED)
            page.screenshot(path=self.into / files[width])
        page.set_viewport_size(before)
        self.show(portal, name, files)

    def name(self, address: str) -> tuple[str, str]:
        """Its portal and the next name there: `/facility/visits/018f…/` → ("facility", "007-visits")."""
        parts = [part for part in urlsplit(address).path.split("/") if part]
        portal = parts.pop(0) if parts and parts[0] in PORTALS else "guardian"
        self.taken[portal] = self.taken.get(portal, 0) + 1
        words = "-".join(part for part in parts if not NUMBERED.fullmatch(part)) or "start"
        return portal, f"{self.taken[portal]:03}-{words}"

    def show(self, portal: str, name: str, files: dict[int, str]) -> None:
        """A row more on the portal's page."""
        pictures = "\n".join(
            PICTURE.format(file=file, shown=width // 3, width=width) for width, file in files.items()
        )
        sheet = self.into / f"{portal}.html"
        above = sheet.read_text("utf-8") if self.taken[portal] > 1 else HEAD.format(portal=portal)
        sheet.write_text(above + ROW.format(name=name, pictures=pictures), "utf-8")

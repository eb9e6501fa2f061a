"""Every part in a real browser: readable by all, no wider than the phone, large to touch, small to load."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from daredemo.portals import shared
from tests import looking

pytestmark = pytest.mark.browser

PAGES = ["gallery/", "gallery/?wrong=1&alarm=1", "gallery_bar/", "gallery_office/"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STATIC = Path(next(iter(shared.__path__))) / "static" / "shared"

SMALL = """() => [...document.querySelectorAll('a,button,summary,input,select,textarea,label')].filter(e => {
  const inline = e.matches('p a, .place a, dd > a, .errs a');
  const inside = e.closest('label') && e.tagName === 'INPUT';
  const words = e.matches('label') && !e.querySelector('input');
  const box = e.getBoundingClientRect();
  const small = box.width > 1 && (box.width < 43.9 || box.height < 43.9);
  return small && !inline && !inside && !words && e.type !== 'hidden';
}).map(e => e.outerHTML.slice(0, 120) + ' ' + JSON.stringify(e.getBoundingClientRect()))"""

COVERED = """() => {
  const e = document.activeElement, b = e.getBoundingClientRect();
  const hit = document.elementFromPoint(b.left + b.width / 2, b.top + Math.min(b.height, 44) / 2);
  return e === document.body || e.contains(hit) || hit?.contains(e) ? '' : e.outerHTML.slice(0, 90);
}"""


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(gallery: str, page: Page, name: str) -> None:
    page.goto(f"{gallery}{name}")
    found: Any = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found.response["violations"]] == []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [320, 360, 390, 768, 1280])
def test_no_page_is_wider_than_its_window(gallery: str, page: Page, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{gallery}{name}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("width", "percent"), [(390, 130), (390, 200), (320, 200)])
def test_larger_text_neither_overflows_nor_overlaps(
    gallery: str, page: Page, name: str, width: int, percent: int
) -> None:
    page.goto(f"{gallery}{name}")
    assert looking.enlarged(page, width, percent) == []


def test_a_phone_set_to_double_text_has_its_headings_in_lines(gallery: str, page: Page) -> None:
    """To the style sheet such a phone is half as wide, counted in letters."""
    page.set_viewport_size({"width": 195, "height": 422})
    page.goto(f"{gallery}gallery_bar/")
    box = page.locator(".bar .ttl").bounding_box()
    assert box
    assert box["width"] > 7 * 17


def test_the_overlap_check_sees_an_overlap(gallery: str, page: Page) -> None:
    page.goto(f"{gallery}gallery/")
    page.evaluate("document.querySelector('.next .when').style.marginTop = '-2rem'")
    assert page.evaluate(looking.OVERLAP) != []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [360, 390])
def test_everything_to_touch_is_44_pixels(gallery: str, page: Page, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{gallery}{name}")
    assert page.evaluate(SMALL) == []


def test_slots_and_lengths_are_seen_above_the_bar_without_scrolling(gallery: str, page: Page) -> None:
    page.goto(f"{gallery}gallery_bar/")
    top = page.locator(".sum").bounding_box()
    last = page.locator(".seg").bounding_box()
    assert top
    assert last
    assert last["y"] + last["height"] <= top["y"]


def test_bars_let_go_of_a_low_window(gallery: str, page: Page) -> None:
    page.set_viewport_size({"width": 844, "height": 390})
    page.goto(f"{gallery}gallery_bar/")
    assert page.locator(".sum").evaluate("e => getComputedStyle(e).position") == "static"


def test_the_focus_is_never_under_a_bar(gallery: str, page: Page) -> None:
    page.goto(f"{gallery}gallery/")
    hidden = []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen = page.evaluate(COVERED)
        hidden += [seen] if seen else []
    assert hidden == []


def test_an_error_summary_is_focused_and_leads_to_the_field(gallery: str, page: Page) -> None:
    page.goto(f"{gallery}gallery/?wrong=1")
    assert page.title().startswith("エラー：")
    assert page.evaluate("document.activeElement.id") == "errors"
    page.get_by_role("link", name="お子さんの生年月日").click()
    assert page.evaluate("document.activeElement.name") == "born_year"
    assert page.locator("[name=born_year]").input_value() == "令和6"


def test_the_styles_are_small() -> None:
    """A family loads the first only, of the 12 KB that its pages may; staff and officers load both."""
    sizes = {p.name: len(gzip.compress(p.read_bytes(), 9)) for p in STATIC.glob("*.css")}
    assert sizes["app.css"] <= 10_000
    assert sum(sizes.values()) <= 13_500


def test_each_script_is_small_and_the_styles_load_nothing() -> None:
    assert [p.name for p in STATIC.glob("*.js") if p.stat().st_size > 2_048] == []
    css = "".join(p.read_text(encoding="utf-8") for p in STATIC.glob("*.css"))
    assert "@import" not in css
    assert "@font-face" not in css
    assert "url(http" not in css.replace('url("', "url(")

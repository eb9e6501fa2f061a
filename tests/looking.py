"""What a person sees in a real browser who has set the text larger."""

from collections.abc import Iterable

from playwright.sync_api import Page

OVERLAP = """() => {
  const boxes = [];
  const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    if (!node.data.trim() || node.parentElement.closest('.vh,option,textarea,rt')) continue;
    if (!node.parentElement.checkVisibility()) continue;
    const range = document.createRange(); range.selectNodeContents(node);
    for (const r of range.getClientRects()) if (r.width > 2 && r.height > 2) boxes.push([r, node]);
  }
  const bad = [];
  for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
    const [a, n] = boxes[i], [b, m] = boxes[j];
    const w = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    const deep = w > 3 && h > 0.45 * Math.min(a.height, b.height);
    if (n !== m && deep) bad.push(n.data.trim() + ' × ' + m.data.trim());
  }
  return bad;
}"""

CUT = """() => [...document.querySelectorAll('main *')]
  .filter((e) => ['hidden', 'clip'].includes(getComputedStyle(e).overflowY))
  .filter((e) => !e.closest('.vh, details:not([open])'))
  .filter((e) => e.scrollHeight > e.clientHeight + 2 && e.clientHeight > 2)
  .map((e) => `cut: ${e.outerHTML.slice(0, 100)}`)"""

WIDER = """(width) => {
  const page = document.documentElement.scrollWidth;
  const sticksOut = e => e.getBoundingClientRect().right > width + 1;
  const part = [...document.querySelectorAll('body *')].filter(sticksOut).at(-1);
  return page > width ? `${page} pixels in ${width}: ${part?.outerHTML.slice(0, 120)}` : '';
}"""

# Everything to press; a link inside a sentence is as high as its line.
SMALL = """(least) => [...document.querySelectorAll('a[href], button, summary, select, textarea, input')]
  .filter((e) => e.type !== 'hidden' && !e.closest('.skip, .demo'))
  .filter((e) => e.checkVisibility({visibilityProperty: true}))
  .filter((e) => !(e.tagName === 'A' && getComputedStyle(e).display === 'inline'))
  .map((e) => {
    const label = ['radio', 'checkbox', 'file'].includes(e.type) && (e.closest('label') || e.labels?.[0]);
    const parts = [e, label].filter(Boolean).map((x) => x.getBoundingClientRect());
    return [e, Math.max(...parts.map((r) => r.width)), Math.max(...parts.map((r) => r.height))];
  })
  .filter(([e, w, h]) => w > 1 && (w < least - 0.5 || h < least - 0.5))
  .map(([e, w, h]) => `${w.toFixed()}×${h.toFixed()} ${e.outerHTML.slice(0, 100)}`)"""
# WCAG 1.4.12, as a reader may set it; a style sheet made by a script is what a strict CSP lets in.
SPACED = """(on) => {
  const sheet = new CSSStyleSheet();
  if (on) sheet.replaceSync(`p { margin-bottom: 2em !important; } * { line-height: 1.5 !important;
    letter-spacing: .12em !important; word-spacing: .16em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""


def enlarged(page: Page, width: int = 320, percent: int = 200) -> list[str]:
    """What is wrong in a window this wide with the text this large: too wide, or words over words."""
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 844})
    page.evaluate(f"document.documentElement.style.fontSize = '{percent}%'")
    wider, overlaps = page.evaluate(WIDER, width), page.evaluate(OVERLAP)
    page.evaluate("document.documentElement.style.fontSize = ''")
    if before:
        page.set_viewport_size(before)
    return [*filter(None, [wider]), *overlaps]


def small(page: Page, width: int, least: int) -> list[str]:
    """What is too small to touch in a window this wide."""
    page.set_viewport_size({"width": width, "height": 844})
    found: list[str] = page.evaluate(SMALL, least)
    return found


def wider(page: Page, widths: Iterable[int]) -> list[str]:
    """Where the page is wider than its window."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 844})
        found.append(str(page.evaluate(WIDER, width)))
    return [one for one in found if one]


def spaced(page: Page) -> list[str]:
    """What is wrong with letters, words and lines set further apart: too wide, or cut off."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate(SPACED, True)
    found = [page.evaluate(WIDER, 390), *page.evaluate(CUT)]
    page.evaluate(SPACED, False)
    return [one for one in found if one]

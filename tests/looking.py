"""What a person sees in a real browser who has set the text larger."""

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

WIDER = """(width) => {
  const page = document.documentElement.scrollWidth;
  const sticksOut = e => e.getBoundingClientRect().right > width + 1;
  const part = [...document.querySelectorAll('body *')].filter(sticksOut).at(-1);
  return page > width ? `${page} pixels in ${width}: ${part?.outerHTML.slice(0, 120)}` : '';
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

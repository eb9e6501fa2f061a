"""The twenty checks of how a screen looks and behaves: what each found, for the table of `run.py bench ux`.

UX_RESULTS names a file that takes a line of JSON for each; UX_TIMES switches on what is measured by the
clock.
"""

import json
import os
from pathlib import Path

CHECKS = {
    1: "axe finds nothing, on every screen",
    2: "44 pixels to touch at 390 and 360, 24 at 320",
    3: "no wider than its window at 320, 360, 390, 768, 1280",
    4: "text at 130 % and 200 %: nothing wider, no words over words",
    5: "text spacing: nothing wider, nothing cut off",
    6: "taps from home to booked: at most 3 again, 6 from the search",
    7: "after a day is chosen its times are seen above the bar",
    8: "hours and yen follow each choice, as the check page says",
    9: "the deadline is right wherever it is said, on 40 dates",
    10: "the keyboard alone",
    11: "the focus is never under something",
    12: "without JavaScript",
    13: "60 KB, 20 KB of scripts, 12 KB of styles, no font, 8 requests",
    14: "slow 4G and a slow processor: LCP 1.5 s, CLS 0.05",
    15: "20 taps on a slow processor: INP 200 ms",
    16: "an empty form: title, summary, focus, what was typed",
    17: "two for the last place; a button pressed twice",
    18: "each language: its tag, nothing left in Japanese",
}
CLOCK = bool(os.environ.get("UX_TIMES"))


def told(check: int, passed: bool, value: object) -> None:
    """Keep what a check found; a check may tell more than once, and holds when all of it does."""
    if file := os.environ.get("UX_RESULTS"):
        line = {"check": check, "passed": passed, "value": str(value)}
        with Path(file).open("a", encoding="utf-8") as results:
            results.write(json.dumps(line, ensure_ascii=False) + "\n")
    assert passed, f"{check}. {CHECKS[check]}: {value}"


def found(check: int, wrong: list[str], looked_at: str) -> str:
    """The same of a list that should be empty; the sentence of its failure, or nothing."""
    try:
        told(check, not wrong, looked_at if not wrong else f"{len(wrong)}: {'; '.join(wrong[:6])}")
    except AssertionError as no:
        return str(no)
    return ""

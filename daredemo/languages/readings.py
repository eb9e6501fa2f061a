"""ふりがな: the catalogues of READ_ALOUD and EASY carry readings as `[予約](よやく)`.

A page prints them as `<ruby>`; a title, an attribute, a mail's text, a paper leave them out.
"""

import re

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

READING = re.compile(r"\[([^\[\]()<>&]{1,24})\]\(([ぁ-ゖァ-ヺー・ ]{1,40})\)")
DAY_OF_MONTH = re.compile(r"(?<![\d/年月])(1[0-2]|[1-9])月(3[01]|[12]\d|[1-9])日")
QUIET = r"<(?:script|style|title|textarea|option|ruby)\b.*?</(?:script|style|title|textarea|option|ruby)>"
PIECES = re.compile(rf"(<svg\b.*?</svg>|{QUIET}|<!--.*?-->|<[^>]+>)", re.DOTALL | re.IGNORECASE)
TYPED = ("<input", "<textarea")

MONTHS = ["いち", "に", "さん", "し", "ご", "ろく", "しち", "はち", "く", "じゅう", "じゅういち", "じゅうに"]
ONES = [
    "じゅう",
    "じゅういち",
    "じゅうに",
    "じゅうさん",
    "じゅうよっか",
    "じゅうご",
    "じゅうろく",
    "じゅうしち",
    "じゅうはち",
    "じゅうく",
]
DAYS = [
    *["ついたち", "ふつか", "みっか", "よっか", "いつか", "むいか", "なのか", "ようか", "ここのか", "とおか"],
    *[word if word.endswith("か") else word + "にち" for word in ONES[1:]],
    "はつか",
    *["に" + (word if word.endswith("か") else word + "にち") for word in ONES[1:]],
    "さんじゅうにち",
    "さんじゅういちにち",
]


def plain(text: str) -> str:
    """`[予約](よやく)する` → `予約する`."""
    return READING.sub(r"\1", text) if "](" in text else text


def ruby(text: str) -> SafeString:
    """`[予約](よやく)` → `<ruby>予約<rt>よやく</rt></ruby>`; dates get theirs: 9日 is ここのか."""
    html = READING.sub(r"<ruby>\1<rt>\2</rt></ruby>", str(conditional_escape(text)))
    return mark_safe(DAY_OF_MONTH.sub(_date, html))  # noqa: S308  escaped above


def whole_page(html: str, *, wanted: bool) -> str:
    """Print every reading of a page: above the characters in text, left out in attributes and titles.

    What a person typed into a field stays as it was typed.
    """
    if not wanted and "](" not in html:
        return html
    return "".join(_piece(p, outside=i % 2 == 0, wanted=wanted) for i, p in enumerate(PIECES.split(html)))


def _date(match: re.Match[str]) -> str:
    month, day = int(match[1]), int(match[2])
    return (
        f"<ruby>{month}月<rt>{MONTHS[month - 1]}がつ</rt></ruby><ruby>{day}日<rt>{DAYS[day - 1]}</rt></ruby>"
    )


def _piece(piece: str, *, outside: bool, wanted: bool) -> str:
    if piece.startswith(TYPED):
        return piece
    if not (outside and wanted):
        return plain(piece)
    read = str(ruby(mark_safe(piece)))  # noqa: S308  a finished page
    # One part, also where its parent lays its children side by side (a button with an icon).
    return f"<span>{read}</span>" if "<ruby>" in read else read

"""ふりがな: strings carry readings as `[予約](よやく)`; a page prints `<ruby>` or only the base.

The switch is the cookie `furigana=1`. The middleware works on the finished page, so that every part,
fragment and error page follows it without knowing.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

COOKIE = "furigana"
READING = re.compile(r"\[([^\[\]()<>&]{1,24})\]\(([ぁ-ゖァ-ヺー・ ]{1,40})\)")
DAY_OF_MONTH = re.compile(r"(?<![\d/年月])(1[0-2]|[1-9])月(3[01]|[12]\d|[1-9])日")
QUIET = r"<(?:script|style|title|textarea|option|ruby)\b.*?</(?:script|style|title|textarea|option|ruby)>"
PIECES = re.compile(rf"({QUIET}|<!--.*?-->|<[^>]+>)", re.DOTALL | re.IGNORECASE)
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


def furigana(request: HttpRequest) -> bool:
    """Whether this reader wants readings above the characters."""
    return request.COOKIES.get(COOKIE) == "1"


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


def readings(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: pages leave with or without readings."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if is_page and isinstance(response, HttpResponse):
            before = response.content.decode(response.charset)
            after = whole_page(before, wanted=furigana(request))
            if after is not before:
                response.content = after.encode(response.charset)
                if "Content-Length" in response:
                    response["Content-Length"] = str(len(response.content))
        return response

    return middleware


def _date(match: re.Match[str]) -> str:
    month, day = int(match[1]), int(match[2])
    return (
        f"<ruby>{month}月<rt>{MONTHS[month - 1]}がつ</rt></ruby><ruby>{day}日<rt>{DAYS[day - 1]}</rt></ruby>"
    )


def _piece(piece: str, *, outside: bool, wanted: bool) -> str:
    if piece.startswith(TYPED):
        return piece
    return str(ruby(mark_safe(piece))) if outside and wanted else plain(piece)  # noqa: S308  a finished page

"""What people type, brought into one shape: widths, spaces, kana, digits. Kanji stay as they were typed.

Documented normalisation: NFKC for everything but CJK compatibility ideographs (U+F900–FAFF, U+2F800–2FA1F),
which are different characters in a name (神 and 神), and never for free text, which is only checked.
"""

import re
import unicodedata
from datetime import date

import jaconv

KEPT_IDEOGRAPHS = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
SPACES = re.compile(r"\s+")
DASHES = re.compile("[-〒‐‑‒–—―−－ー()（）.\\s]")
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "r": 2018, "h": 1988, "s": 1925}
YEAR = re.compile(r"(令和|平成|昭和|[rhs])\.?\s*(元|\d{1,2})", re.IGNORECASE)


def forbidden(text: str) -> bool:
    """NUL, control characters, marks that turn the direction of text, half surrogates."""
    return bool(FORBIDDEN.search(text))


def one_line(text: str) -> str:
    """Full-width letters → half, half-width kana → full, runs of spaces → one."""
    parts = KEPT_IDEOGRAPHS.split(text)
    text = "".join(p if i % 2 else unicodedata.normalize("NFKC", p) for i, p in enumerate(parts))
    return SPACES.sub(" ", text).strip()


def reading(text: str) -> str:
    """ﾀﾅｶ, タナカ → たなか; Latin letters stay."""
    converted: str = jaconv.kata2hira(one_line(text))
    return converted


def digits(text: str) -> str:
    """０５３７−００ ００００ → 0537000000; what is no digit and no separator stays and is refused later."""
    return DASHES.sub("", one_line(text))


def year(text: str) -> int | None:
    """2024, ２０２４年, 令和6, R6, 令和元年 → the year; None when it is none."""
    text = one_line(text).removesuffix("年").strip()
    if match := YEAR.fullmatch(text):
        count = 1 if match[2] == "元" else int(match[2])
        return ERAS[match[1].lower()] + count if count else None
    return int(text) if re.fullmatch(r"(19|20)\d\d", text) else None


def day(parts: tuple[str, str, str]) -> date | None:
    """Year, month and day as typed → the date; None when there is no such day."""
    typed_year = year(parts[0])
    month, number = (one_line(p).removesuffix(s) for p, s in zip(parts[1:], "月日", strict=True))
    if typed_year is None or not (re.fullmatch(r"\d{1,2}", month) and re.fullmatch(r"\d{1,2}", number)):
        return None
    try:
        return date(typed_year, int(month), int(number))
    except ValueError:
        return None

"""Numbers that prove themselves: 団体コード of municipalities, login IDs of guardians."""

import re
import unicodedata
from collections.abc import Container

# Damm's quasigroup of order 10: finds every single wrong digit and every swap of two neighbours,
# which Luhn (09 ↔ 90) and a one-digit mod 11 do not.
DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
SPACING = re.compile(r"[\s\-‐‑‒–—―−ーｰ]+")


def tidy(text: str) -> str:
    """What a person meant: full width becomes half width, spaces and hyphens go."""
    return SPACING.sub("", unicodedata.normalize("NFKC", text))


def municipality_check_digit(five: str) -> str:
    """The sixth digit of a 団体コード: '22213' → '5'."""
    # 総務省 全国地方公共団体コード: weights 6 to 2, eleven minus the rest, its last digit.
    total = sum(int(digit) * weight for digit, weight in zip(five, range(6, 1, -1), strict=True))
    return str((11 - total % 11) % 10)


def is_municipality_code(six: str) -> bool:
    """Six digits of a real prefecture with the right check digit; '000000' is none."""
    if not re.fullmatch(r"[0-9]{6}", six) or not 1 <= int(six[:2]) <= 47:
        return False
    return municipality_check_digit(six[:5]) == six[5]


def municipality_code(text: str, known: Container[str] | None = None) -> str:
    """The six digits meant by 5 or 6 digits, also where a spreadsheet lost a leading zero.

    '22213', '222135', '２２２１３５' → '222135'; '1100', '11002' → '011002' (札幌市) where `known` says so.
    ValueError where no reading holds. Without `known` five digits are a code without its check digit first.
    """
    digits = tidy(text)
    if not re.fullmatch(r"[0-9]{4,6}", digits):
        raise ValueError(f"a municipality's code has 5 or 6 digits: {text!r}")
    readings = [digits] if len(digits) == 6 else []
    if len(digits) == 5:
        readings = [digits + municipality_check_digit(digits), "0" + digits]
    if len(digits) == 4:
        readings = ["0" + digits + municipality_check_digit("0" + digits)]
    for code in readings:
        if is_municipality_code(code) and (known is None or code in known):
            return code
    raise ValueError(f"not a municipality's code: {text!r}")


def login_check_digit(nine: str) -> str:
    """Damm's digit over the first nine."""
    interim = 0
    for digit in nine:
        interim = int(DAMM[interim][int(digit)])
    return str(interim)


def login_id(number: int) -> str:
    """The login ID (利用者ログインID) for a number of nine digits, 100,000,000 to 999,999,999."""
    # No leading zero: a spreadsheet would lose it.
    if not 100_000_000 <= number <= 999_999_999:
        raise ValueError(f"needs nine digits without a leading zero, got {number}")
    return f"{number}{login_check_digit(str(number))}"


def is_login_id(text: str) -> bool:
    """Ten digits, the last of which proves the others."""
    return bool(re.fullmatch(r"[1-9][0-9]{9}", text)) and login_check_digit(text[:9]) == text[9]

"""Blind index: find a sealed value by equality without storing it."""

import hmac
import unicodedata
from hashlib import sha256

from daredemo.sealed import keys

DIGITS_ONLY = ("phone", "number")


def normalised(value: str, purpose: str) -> str:
    """NFKC, case folded, no white space; a purpose that ends in phone or number keeps digits only.

    ("０９０-1234 5678", "phone") → "09012345678"
    """
    text = "".join(unicodedata.normalize("NFKC", value).casefold().split())
    if purpose.endswith(DIGITS_ONLY):
        return "".join(letter for letter in text if letter.isdecimal())
    return text


def blind(value: str, purpose: str) -> str:
    """64 hex characters, equal for equal normalised values; "" for an empty one, which nothing may match."""
    text = normalised(value, purpose)
    if not text:
        return ""
    return hmac.new(keys.stable(f"index/{purpose}"), text.encode(), sha256).hexdigest()

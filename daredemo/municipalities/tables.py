"""The committed tables of who is a municipality, read once: no database, no network."""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parent / "data"


class PrefectureRow(NamedTuple):
    """One of the 47 prefectures (都道府県)."""

    code: str  # two digits, as municipalities refer to it
    full_code: str  # 団体コード of six digits
    name: str
    kana: str


class MunicipalityRow(NamedTuple):
    """One of the 1,741 municipalities, column by column as `models.Municipality`."""

    code: str
    prefecture_code: str
    prefecture: str
    county: str
    name: str
    kana: str
    kind: str


class WardRow(NamedTuple):
    """One of the 171 wards of the designated cities."""

    code: str
    parent: str
    name: str
    kana: str


def _rows(name: str) -> list[list[str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


@cache
def prefectures() -> tuple[PrefectureRow, ...]:
    return tuple(PrefectureRow(*row) for row in _rows("prefectures.csv"))


@cache
def municipalities() -> tuple[MunicipalityRow, ...]:
    return tuple(MunicipalityRow(*row) for row in _rows("municipalities.csv"))


@cache
def wards() -> tuple[WardRow, ...]:
    return tuple(WardRow(*row) for row in _rows("wards.csv"))


@cache
def certifying_codes() -> dict[str, str]:
    """Code without check digit → 団体コード of the municipality that certifies there (a ward: its city)."""
    own = {row.code[:5]: row.code for row in municipalities()}
    return own | {row.code[:5]: row.parent for row in wards()}

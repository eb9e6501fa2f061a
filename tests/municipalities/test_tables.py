"""Who is a municipality: every code once, with the right check digit, as the post office knows them."""

from collections import Counter

import pytest

from daredemo.municipalities import derivation, tables
from daredemo.municipalities.models import Municipality, Ward
from daredemo.rules import codes


def test_there_are_47_prefectures_1741_municipalities_and_171_wards() -> None:
    assert len(tables.prefectures()) == 47
    assert len(tables.municipalities()) == 1741
    assert len(tables.wards()) == 171
    kinds = Counter(row.kind for row in tables.municipalities())
    assert kinds == {"city": 772, "designated": 20, "ward_of_tokyo": 23, "town": 743, "village": 183}


def test_every_code_is_there_once_and_its_check_digit_is_right() -> None:
    every = [row.full_code for row in tables.prefectures()]
    every += [row.code for row in tables.municipalities()]
    every += [row.code for row in tables.wards()]
    assert len(set(every)) == 47 + 1741 + 171
    assert [code for code in every if not codes.is_municipality_code(code)] == []


@pytest.mark.parametrize(
    ("code", "prefecture", "county", "name", "kana"),
    [
        ("222135", "静岡県", "", "掛川市", "かけがわし"),
        ("221309", "静岡県", "", "浜松市", "はままつし"),
        ("224618", "静岡県", "周智郡", "森町", "もりまち"),
        ("103446", "群馬県", "北群馬郡", "榛東村", "しんとうむら"),
        ("013315", "北海道", "松前郡", "松前町", "まつまえちょう"),
        ("133817", "東京都", "三宅島", "三宅村", "みやけむら"),
        ("134015", "東京都", "八丈島", "八丈町", "はちじょうまち"),
        ("131016", "東京都", "", "千代田区", "ちよだく"),
    ],
)
def test_names_stand_without_their_county(
    code: str, prefecture: str, county: str, name: str, kana: str
) -> None:
    row = next(row for row in tables.municipalities() if row.code == code)
    assert (row.prefecture, row.county, row.name, row.kana) == (prefecture, county, name, kana)


def test_names_and_readings_end_alike() -> None:
    endings = {"市": ("し",), "区": ("く",), "町": ("ちょう", "まち"), "村": ("むら", "そん")}
    odd = [row for row in tables.municipalities() if not row.kana.endswith(endings[row.name[-1]])]
    assert odd == []


def test_the_wards_of_the_20_designated_cities_belong_to_them() -> None:
    designated = {row.code for row in tables.municipalities() if row.kind == "designated"}
    assert {row.parent for row in tables.wards()} == designated
    assert [row.name for row in tables.wards() if row.parent == "221309"] == ["中央区", "浜名区", "天竜区"]
    assert tables.certifying_codes()["22140"] == "221309"
    assert len(tables.certifying_codes()) == 1741 + 171


def test_the_committed_tables_are_what_the_post_office_says_today() -> None:
    derived = derivation.derive()
    assert tuple(derived.prefectures) == tables.prefectures()
    assert tuple(derived.municipalities) == tables.municipalities()
    assert tuple(derived.wards) == tables.wards()


@pytest.mark.django_db
def test_the_database_begins_with_all_of_them() -> None:
    columns = tables.MunicipalityRow._fields
    assert list(Municipality.objects.order_by("code").values_list(*columns)) == list(tables.municipalities())
    wards = Ward.objects.order_by("code").values_list("code", "municipality_id", "name", "kana")
    assert list(wards) == list(tables.wards())

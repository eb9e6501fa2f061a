"""施設を探す: how far away a nursery is, from where the phone is or from a post code."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from daredemo.facilities import queries as facilities
from daredemo.municipalities.models import Programme
from tests import make

pytestmark = pytest.mark.django_db
LIST = "/facilities/"
HERE = {"lat": "34.770", "lon": "138.015"}
KAKEGAWA, HASE = "436-0079", "436-8650"  # 掛川市掛川; the city hall's own, 掛川市長谷


def text(client: Client, **query: object) -> str:
    response = client.get(f"{LIST}?{urlencode(query, doseq=True)}")
    assert response.status_code == 200
    return response.content.decode()


def at(name: str, latitude: str, longitude: str = "138.015", **fields: Any) -> None:
    make.facility(name=name, kana=name, latitude=latitude, longitude=longitude, **fields)


def test_a_post_code_measures_from_the_middle_of_its_towns_nurseries(client: Client) -> None:
    at("ふたつめ", "34.790")
    at("ひとつめ", "34.770")
    at("となりまち", "34.830", address="静岡県掛川市長谷1")
    page = text(client, code=KAKEGAWA)
    assert page.index("ひとつめ") < page.index("となりまち")
    assert page.count("約1km") == 2  # both are as far from their middle
    assert "約6km" in page
    assert "掛川市掛川にある園 2か所の まんなかから" in page
    assert 'aria-label="「〒436-0079から 10km」をはずす"' in page


def test_a_town_without_nurseries_is_measured_from_its_municipalitys(client: Client) -> None:
    at("ひとつめ", "34.770")
    at("場所のない園", None)  # type: ignore[arg-type]
    page = text(client, code=HASE)
    assert "掛川市にある園 1か所の まんなかから" in page
    assert "場所のない園" not in page


def test_what_a_post_code_cannot_say_is_said(client: Client) -> None:
    make.facility()
    assert "この郵便番号は 見つかりませんでした" in text(client, code="0000000")
    assert "場所がわかる園が ありません" in text(client, code=KAKEGAWA)
    assert "郵便番号は7けたの数字です" in text(client, code="436")


def test_hidden_nurseries_say_nothing_of_where_they_are() -> None:
    at("かくれた園", "34.770", published_at=None)
    assert facilities.centre(make.KAKEGAWA, [], make.TODAY) is None
    at("ひとつめ", "34.770")
    assert facilities.centre(make.KAKEGAWA, [], make.TODAY) is not None
    Programme.objects.update(facilities_public_from=date(2026, 4, 7))
    assert facilities.centre(make.KAKEGAWA, [], make.TODAY) is None


@pytest.mark.parametrize(("km", "found"), [("2", 1), ("5", 2), ("", 2), ("20", 3), ("50", 4)])
def test_how_far_to_look_can_be_chosen(client: Client, km: str, found: int) -> None:
    for name, latitude in (("1", "34.780"), ("4", "34.806"), ("15", "34.905"), ("40", "35.130")):
        at(f"やく{name}キロ園", latitude)
    page = text(client, **HERE, km=km)
    assert page.count("<article") == found
    assert f'aria-label="「いまいる場所から {km or 10}km」をはずす"' in page


@pytest.mark.parametrize(("km", "wider"), [("2", "10"), ("5", "10"), ("", None)])
def test_nothing_near_leads_to_the_next_distance_with_something(
    client: Client, km: str, wider: str | None
) -> None:
    at("やく6キロ園", "34.825")
    page = text(client, **HERE, km=km)
    assert (f"{wider}kmまで ひろげる" in page) is (wider is not None)
    if wider:
        assert 'href="/facilities/?lat=34.770&amp;lon=138.015"' in page  # ten is what is meant anyway


def test_a_distance_that_does_not_exist_is_said(client: Client) -> None:
    assert "入力を見なおしてください" in text(client, **HERE, km="500")


def test_a_post_code_comes_before_the_phone_and_both_go_as_one(client: Client) -> None:
    at("ひとつめ", "34.770")
    page = text(client, **HERE, code=KAKEGAWA, km="20", meals="")
    assert "「〒436-0079から 20km」をはずす" in page
    assert "いまいる場所から 2" not in page
    assert 'href="/facilities/?"' in page


@pytest.mark.parametrize("rows", [1, 3])
def test_a_post_code_costs_one_query(
    rows: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(rows):
        at(f"園{n}", "34.770")
    with django_assert_num_queries(7):
        text(client, code=KAKEGAWA)
    with django_assert_num_queries(6):
        text(client, **HERE)

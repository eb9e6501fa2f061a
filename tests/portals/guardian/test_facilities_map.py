"""施設を探す on a map: a drawing of our own; tiles where the deployment names them, only on that page."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from daredemo.config import environment
from daredemo.portals.guardian import plan
from tests import make

pytestmark = pytest.mark.django_db
LIST = "/facilities/"
HERE = {"lat": "34.770", "lon": "138.015"}
TILES = "https://tiles.example.jp/{z}/{x}/{y}.png Example maps"


def answer(client: Client, **query: object) -> Any:
    response = client.get(f"{LIST}?{urlencode(query, doseq=True)}")
    assert response.status_code == 200
    return response


def text(client: Client, **query: object) -> str:
    return str(answer(client, **query).content.decode())


def images(response: Any) -> str:
    parts = str(response["Content-Security-Policy"]).split(";")
    return next(part.strip() for part in parts if "img-src" in part)


def at(name: str, latitude: str | None, longitude: str = "138.015") -> None:
    make.facility(name=name, kana=name, latitude=latitude, longitude=longitude)


def test_the_list_comes_first_and_the_map_is_the_same_search(client: Client) -> None:
    at("ひとつめ", "34.780")
    listed = text(client, meals="", who="1", km="20", **HERE)
    assert '<svg class="plan"' not in listed
    assert "who=1&amp;km=20&amp;lat=34.770&amp;lon=138.015&amp;view=map" in listed
    drawn = text(client, who="1", view="map", **HERE)
    assert '<svg class="plan"' in drawn
    assert '<input type="hidden" name="view" value="map"' in drawn  # the next search stays on the map
    assert "「1歳」をはずす" in drawn
    assert 'href="/facilities/?view=map&amp;lat=34.770&amp;lon=138.015"' in drawn  # the chip does, too


def test_each_number_is_a_link_with_words_to_its_line_below(client: Client) -> None:
    at("とおい園", "34.800")
    at("ちかい園", "34.780")
    page = text(client, view="map", **HERE)
    for number, words in ((1, "ちかい園 1.1km"), (2, "とおい園 3.3km")):
        assert f'<a href="#n-{number}" aria-label="{number} {words}"' in page
        assert f'<li id="n-{number}">' in page
    assert page.index('id="n-1"') < page.index('id="n-2"')


def test_who_has_not_said_where_it_is_is_counted_beside_the_map(client: Client) -> None:
    at("ひとつめ", "34.780")
    at("場所のない園", None)
    page = text(client, view="map")
    assert "地図の場所を登録していない園が 1園あります" in page
    assert "場所のない園" not in page
    assert "場所のない園" in text(client)


def test_without_any_place_there_is_no_empty_box(client: Client) -> None:
    at("場所のない園", None)
    page = text(client, view="map")
    assert "地図の場所を登録していない園が 1園あります" in page
    assert "plan" not in page


def test_names_are_escaped(client: Client) -> None:
    at("<b>園</b>", "34.780")
    assert "<b>園" not in text(client, view="map", **HERE)


def test_the_drawing_holds_no_readings_which_would_end_it(client: Client) -> None:
    at("ひとつめ", "34.780")
    client.cookies["language"] = "ja-ruby"
    page = text(client, view="map", **HERE)
    drawing = page[page.index('<svg class="plan"') :]
    assert "北" in drawing[: drawing.index("</svg>")]
    assert "<ruby" in page
    assert "<ruby" not in drawing[: drawing.index("</svg>")]


def test_only_the_page_with_the_map_may_fetch_tiles(client: Client, settings: Any) -> None:
    at("ひとつめ", "34.780")
    without = answer(client, view="map")
    assert images(without) == "img-src 'self' data:"
    assert "leaflet" not in without.content.decode()
    settings.MAP_TILES = environment.tiles(TILES)
    on_map = answer(client, view="map")
    assert images(on_map) == "img-src 'self' data: https://tiles.example.jp"
    assert "guardian/leaflet/leaflet.js" in on_map.content.decode()
    for other in (answer(client), answer(client, view="map", words="ない")):
        assert images(other) == "img-src 'self' data:"
        assert "leaflet" not in other.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        "http://tiles.example.jp/{z}/{x}/{y}.png Map",
        "https://tiles.example.jp/{z}/{x}.png Map",
        "https://{s}.example.jp/{z}/{x}/{y}.png Map",
        "https://tiles.example.jp/{z}/{x}/{y}.png",
        "tiles Map",
    ],
)
def test_tiles_that_cannot_be_stop_the_start(wrong: str) -> None:
    with pytest.raises(environment.Misconfigured, match="DAREDEMO_MAP_TILES"):
        environment.tiles(wrong)


def test_no_tiles_is_what_is_meant_by_nothing() -> None:
    assert environment.tiles(" ") is None


@pytest.mark.parametrize("rows", [1, 3])
def test_the_map_costs_what_the_list_costs(
    rows: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(rows):
        at(f"園{n}", "34.780")
    with django_assert_num_queries(6):
        text(client, view="map")


def pins(page: str) -> list[tuple[float, float]]:
    found = re.findall(r'class="pin" cx="([\d.]+)%" cy="([\d.]+)%"', page)
    return [(float(x), float(y)) for x, y in found]


def test_the_drawing_is_true_to_distance_and_direction(client: Client) -> None:
    for name, latitude, longitude in (
        ("きた", "34.815", "138.015"), ("ひがし", "34.770", "138.0698"), ("にし", "34.770", "137.9602"),
    ):  # fmt: skip
        at(name, latitude, longitude)
    found = sorted(pins(text(client, view="map", **HERE)))
    west, north, east = found
    assert west == pytest.approx((7, 50), abs=0.6)
    assert north == pytest.approx((50, 7), abs=0.6)
    assert east == pytest.approx((93, 50), abs=0.6)


@pytest.mark.parametrize("many", [2, 20])
def test_pins_at_one_place_stand_side_by_side(client: Client, many: int) -> None:
    for n in range(many):
        at(f"園{n}", "34.770")
    found = [(x * plan.SIDE / 100, y * plan.SIDE / 100) for x, y in pins(text(client, view="map"))]
    assert len(found) == many
    for n, (x, y) in enumerate(found):
        assert all(abs(x - a) > plan.PIN - 1 or abs(y - b) > plan.PIN - 1 for a, b in found[:n])


def test_leaflet_comes_with_its_licence() -> None:
    for name in ("LICENSE", "leaflet.js", "leaflet.css"):
        assert finders.find(f"guardian/leaflet/{name}")

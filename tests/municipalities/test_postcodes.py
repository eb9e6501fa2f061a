"""A post code stands for one town, for several, or for towns of two cities."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from daredemo.municipalities import queries as municipalities
from daredemo.municipalities.postcodes import Address


@pytest.mark.parametrize(
    "typed", ["4360024", "436-0024", "〒436-0024", "４３６－００２４", "436ー0024", " 436 0024 "]
)
def test_width_and_hyphens_do_not_matter(typed: str) -> None:
    assert municipalities.post_code(typed) == [
        Address("222135", "静岡県", "掛川市", "南西郷", "みなみさいごう")
    ]


def test_the_city_hall_has_a_post_code_of_its_own() -> None:
    assert municipalities.post_code("436-8650") == [Address("222135", "静岡県", "掛川市", "長谷", "ながや")]


def test_a_post_code_may_stand_for_several_towns() -> None:
    places = municipalities.post_code("410-0244")
    assert [(place.city, place.town) for place in places] == [("沼津市", "西浦江梨"), ("沼津市", "西浦大瀬")]


def test_a_post_code_may_reach_into_another_prefecture() -> None:
    places = municipalities.post_code("498-0000")
    assert [(place.prefecture, place.city, place.municipality_code) for place in places] == [
        ("愛知県", "弥富市", "232351"),
        ("三重県", "桑名郡木曽岬町", "243035"),
    ]


def test_a_post_code_may_stand_for_two_wards_of_one_city() -> None:
    places = municipalities.post_code("004-0000")
    assert [place.city for place in places] == ["札幌市厚別区", "札幌市清田区"]
    assert {place.municipality_code for place in places} == {"011002"}


def test_the_same_town_is_named_once() -> None:
    places = municipalities.post_code("0608797")
    assert len(places) == len(set(places))


@pytest.mark.parametrize("typed", ["", "436", "0000000", "43600240", "abcdefg", "436002\x00", "٤٣٦٠٠٢٤"])
def test_what_is_no_post_code_stands_for_nothing(typed: str) -> None:
    assert municipalities.post_code(typed) == []


def test_several_threads_may_ask_at_once() -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = set(threads.map(lambda _: tuple(municipalities.post_code("4360024")), range(200)))
    assert len(answers) == 1

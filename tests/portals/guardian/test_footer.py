"""What stands below every page of a family: whom to ask, once it is known."""

import pytest
from django.test import Client

from daredemo.municipalities import actions as municipalities
from tests import make

pytestmark = pytest.mark.django_db


def footer(path: str) -> str:
    page = Client().get(path).content.decode()
    return page[page.index('<footer class="foot">') :]


def say_the_phone(code: str) -> None:
    municipalities.describe_office(
        municipality=make.municipality(code), office="こども政策課", phone="0537-21-1211", web_page="",
        opening_hours="平日 8:30〜17:15", mayor_title="市長", by=None, now=make.NOW,
    )  # fmt: skip


def test_the_only_city_is_the_one_to_ask() -> None:
    say_the_phone(make.KAKEGAWA)
    said = footer("/")
    assert 'href="tel:0537-21-1211"' in said
    assert "平日 8:30〜17:15" in said


def test_of_several_cities_none_is_named_before_one_is_chosen() -> None:
    for code in (make.KAKEGAWA, "342041"):
        say_the_phone(code)
    assert "tel:" not in footer("/")
    assert "tel:" in footer(f"/municipalities/{make.KAKEGAWA}/")


def test_a_city_without_a_telephone_is_not_half_a_sentence() -> None:
    make.municipality()
    assert "tel:" not in footer("/")
    assert "()" not in footer("/")

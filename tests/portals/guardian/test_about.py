"""What stands below every page: questions and answers, accessibility, personal data."""

import pytest
from django.test import Client

from daredemo.municipalities import actions as municipalities
from tests import make

pytestmark = pytest.mark.django_db
PAGES = ("/help/", "/accessibility/", "/accessibility/results/", "/privacy/")


def page(path: str, client: Client | None = None) -> str:
    return (client or Client()).get(path).content.decode()


def test_every_page_of_a_family_leads_to_them() -> None:
    foot = page("/").partition('<footer class="foot">')[2]
    assert [path for path in PAGES if f'href="{path}"' in foot] == ["/help/", "/accessibility/", "/privacy/"]
    assert 'href="/accessibility/results/"' in page("/accessibility/")


def test_answers_follow_the_rules_of_the_city() -> None:
    make.municipality()
    assert "1か月に10時間まで" in page("/help/")
    assert "1時間から、1時間きざみ" in page("/help/")
    mihara = make.browser(make.family(city="342041").user)
    assert "1時間から、30分きざみ" in page("/help/", mihara)


def test_before_a_city_is_known_the_national_rules_answer_and_a_way_leads_to_it() -> None:
    said = page("/help/")
    assert "1時間から、30分きざみ" in said
    assert "市区町村をえらぶ" in said


def test_each_names_whom_to_ask() -> None:
    municipalities.describe_office(
        municipality=make.municipality(), office="こども政策課", phone="0537-21-1211", web_page="",
        opening_hours="平日 8:30〜17:15", mayor_title="市長", by=None, now=make.NOW,
    )  # fmt: skip
    for path in ("/help/", "/accessibility/", "/privacy/"):
        main = page(path).partition("<footer")[0]
        assert 'href="tel:0537-21-1211"' in main, path


def test_who_is_logged_in_keeps_the_menu() -> None:
    browser = make.browser(make.family().user)
    for path in PAGES:
        assert '<nav class="nav"' in page(path, browser)
        assert '<nav class="nav"' not in page(path)

"""When something is not possible, a page says so in words, and what was typed is not lost."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.test import Client, RequestFactory
from django.utils import translation

from daredemo.municipalities import actions as municipalities
from daredemo.portals.shared import city, errors
from tests import make

Queries = Callable[[int], AbstractContextManager[object]]
pytestmark = [pytest.mark.usefixtures("parts_alone"), pytest.mark.django_db]


def test_what_does_not_exist() -> None:
    answer = Client().get("/nowhere/")
    assert answer.status_code == 404
    assert "ページが見つかりません" in answer.content.decode()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "読みとれませんでした"),
        (403, "ひらけません"),
        (405, "ホームから"),
        (429, "1分ほど"),
        (503, "10秒ほど"),
    ],
)
def test_each_status_has_words(rf: RequestFactory, status: int, words: str) -> None:
    answer = errors.page(rf.get("/"), status)
    assert answer.status_code == status
    assert words in answer.content.decode()


def broken(rf_request: HttpRequest, fault: Exception) -> HttpResponse:
    """What a view that fails like this is answered with."""
    try:
        raise fault
    except type(fault):
        return errors.server_error(rf_request)


@pytest.mark.parametrize("fault", [OperationalError, InterfaceError])
def test_a_database_that_is_busy_or_away_says_when_to_come_back(
    rf: RequestFactory, fault: type[Exception], django_assert_num_queries: Queries
) -> None:
    with django_assert_num_queries(0):
        answer = broken(rf.get("/facility/board/?a=1"), fault("canceling statement due to lock timeout"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    said = answer.content.decode()
    assert "10秒ほど待って" in said
    assert 'class="btn" href="/facility/board/?a=1"' in said
    assert 'class="btn o" href="/facility/"' in said


def test_what_a_busy_database_did_not_take_is_sent_again_by_a_button(rf: RequestFactory) -> None:
    said = broken(rf.post("/x/", {"postcode": "4360047", "pin": "1234"}), OperationalError()).content.decode()
    assert "まだ" not in said  # it may have been taken: the answer was lost, or a part of a series stands
    assert "受け付けていないことがあります" in said
    assert "予約一覧で たしかめられます" in said
    assert 'name="postcode" value="4360047"' in said
    assert "1234" not in said
    assert 'action="/x/"' in said


def test_a_broken_page_names_the_city_as_it_was_last_seen(rf: RequestFactory) -> None:
    municipalities.describe_office(
        municipality=make.municipality(), office="こども政策課", phone="0537-21-1211", web_page="",
        opening_hours="平日 8:30〜17:15", mayor_title="市長", by=None, now=make.NOW,
    )  # fmt: skip
    assert "tel:0537-21-1211" in errors.page(rf.get("/"), 404).content.decode()
    assert "tel:" not in errors.page(rf.get("/city/"), 404).content.decode()
    for fault in (OperationalError(), ValueError()):
        assert "tel:0537-21-1211" in broken(rf.get("/"), fault).content.decode()
    for code in ("342041", make.KAKEGAWA):
        make.municipality(code)
    assert city.the_only_city() is None
    assert "tel:" not in broken(rf.get("/"), ValueError()).content.decode()


def test_a_part_of_a_page_says_it_in_the_whole_and_has_the_focus(rf: RequestFactory) -> None:
    for answer in (
        errors.page(rf.get("/", headers={"hx-request": "true"}), 404),
        broken(rf.get("/", headers={"hx-request": "true"}), ValueError()),
    ):
        assert (answer["HX-Retarget"], answer["HX-Reselect"]) == ("#main", "#main > *")
        assert "<h1" in answer.content.decode()
        assert "autofocus" in answer.content.decode()
    assert "autofocus" not in errors.page(rf.get("/"), 404).content.decode()


def test_a_page_of_a_fault_speaks_the_language_of_its_reader(rf: RequestFactory) -> None:
    with translation.override("en"):
        for answer in (errors.page(rf.get("/"), 404), broken(rf.get("/"), ValueError())):
            assert '<html lang="en"' in answer.content.decode()


def test_a_wrong_method_gets_words_and_keeps_its_header(rf: RequestFactory) -> None:
    answer = errors.worded(lambda request: HttpResponseNotAllowed(["POST"]))(rf.get("/"))
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert isinstance(answer, HttpResponse)
    assert "ボタン" in answer.content.decode()


def test_a_page_that_was_open_too_long_keeps_what_was_typed() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(
        "/settings/?a=1", {"name": '掛川"花子', "days": ["1", "2"], "password": "secret words"}
    )
    page = answer.content.decode()
    assert answer.status_code == 403
    assert 'name="name" value="掛川&quot;花子"' in page
    assert page.count('name="days"') == 2
    assert "secret words" not in page
    assert 'action="/settings/?a=1"' in page
    assert page.count("csrfmiddlewaretoken") >= 1


def test_a_button_without_fields_can_be_pressed_again() -> None:
    answer = Client(enforce_csrf_checks=True).post("/logout/")
    assert 'method="post" action="/logout/"' in answer.content.decode()


def test_what_another_site_sent_is_not_offered_again() -> None:
    client = Client(enforce_csrf_checks=True, headers={"origin": "https://evil.example"})
    answer = client.post("/settings/", {"name": "x"})
    assert answer.status_code == 403
    assert "<form" not in answer.content.decode()


def test_the_page_of_a_fault_needs_nothing(rf: RequestFactory, django_assert_num_queries: Queries) -> None:
    with django_assert_num_queries(0):
        answer = errors.server_error(rf.post("/", {"a": "typed"}))
    assert answer.status_code == 500
    assert "予約一覧" in answer.content.decode()
    assert "typed" not in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "home"), [("/facility/x/", "/facility/"), ("/city/x/", "/city/"), ("/x/", "/"), ("/", "/")]
)
def test_the_way_home_leads_to_the_same_portal(rf: RequestFactory, path: str, home: str) -> None:
    assert f'class="btn" href="{home}"' in errors.page(rf.get(path), 404).content.decode()

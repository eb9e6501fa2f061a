"""When something is not possible, a page says so in words, and what was typed is not lost."""

import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, HttpResponseNotAllowed
from django.test import Client, RequestFactory

from daredemo.portals.shared import errors

pytestmark = pytest.mark.usefixtures("parts_alone")


def test_what_does_not_exist() -> None:
    answer = Client().get("/nowhere/")
    assert answer.status_code == 404
    assert "ページが見つかりません" in answer.content.decode()


@pytest.mark.parametrize(
    ("status", "words"),
    [(400, "読みとれませんでした"), (403, "ひらけません"), (405, "ホームから"), (503, "混みあって")],
)
def test_each_status_has_words(rf: RequestFactory, status: int, words: str) -> None:
    answer = errors.page(rf.get("/"), status)
    assert answer.status_code == status
    assert words in answer.content.decode()


@pytest.mark.parametrize("fault", [OperationalError, InterfaceError])
def test_a_database_that_is_busy_or_away_says_when_to_come_back(
    rf: RequestFactory, fault: type[Exception]
) -> None:
    try:
        raise fault("canceling statement due to lock timeout")  # noqa: TRY301  as a view does
    except fault:
        answer = errors.server_error(rf.get("/facility/"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "混みあって" in answer.content.decode()
    assert 'class="btn" href="/facility/"' in answer.content.decode()


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


def test_the_page_of_a_fault_needs_nothing(rf: RequestFactory) -> None:
    answer = errors.server_error(rf.get("/"))
    assert answer.status_code == 500
    assert "予約一覧" in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "home"), [("/facility/x/", "/facility/"), ("/city/x/", "/city/"), ("/x/", "/"), ("/", "/")]
)
def test_the_way_home_leads_to_the_same_portal(rf: RequestFactory, path: str, home: str) -> None:
    assert f'class="btn" href="{home}"' in errors.page(rf.get(path), 404).content.decode()

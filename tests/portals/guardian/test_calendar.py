"""The address for a calendar program: shown once, opens one thing, leaves no trace."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from daredemo.accounts import throttle
from daredemo.booking import actions as booking
from daredemo.booking.models import Feed
from daredemo.config import clock
from daredemo.config.logs import without_tokens
from tests import make
from tests.booking import ics

pytestmark = pytest.mark.django_db
PAGE = reverse("guardian:calendar")


def body(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def family() -> make.Family:
    found = make.family()
    make.booking(found, make.facility(), "2026-04-13 09:00")
    return found


@pytest.fixture
def address(family: make.Family) -> str:
    token = booking.open_feed(guardian=family.guardian, by=family.user, now=make.NOW)
    return reverse("guardian:calendar_feed", args=[token])


def test_the_address_is_shown_once_and_opens_the_calendar(family: make.Family) -> None:
    browser = make.browser(family.user)
    assert "アドレスを つくる" in body(browser.get(PAGE))
    page = body(browser.post(PAGE))
    found = re.search(r"http://[^/<]+(/calendar/[\w-]{43}\.ics)<", page)
    assert found is not None
    assert f"webcal://{found[0][7:-1]}" in page
    assert found[1] not in body(browser.get(PAGE))
    answer = Client().get(found[1])
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    [event] = ics.read(answer.content).all("VEVENT")
    assert event.get("SUMMARY") == "ひだまりこども園(ひなた)"


def test_settings_lead_there_and_say_when_it_was_fetched(family: make.Family, address: str) -> None:
    browser = make.browser(family.user)
    assert PAGE in body(browser.get(reverse("guardian:settings")))
    assert "まだ 読まれていません" in body(browser.get(PAGE))
    Client().get(address)
    assert "4月6日(月) 10:00" in body(browser.get(PAGE))


def test_renewed_or_stopped_the_old_address_is_no_address(family: make.Family, address: str) -> None:
    browser = make.browser(family.user)
    browser.post(PAGE)
    unknown = Client().get(reverse("guardian:calendar_feed", args=["x" * 43]))
    assert (Client().get(address).status_code, unknown.status_code) == (404, 404)
    assert "とめました" in body(browser.post(reverse("guardian:calendar_stop"), follow=True))
    assert not Feed.objects.exists()


def test_what_has_not_changed_is_not_sent_again(
    family: make.Family, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Client().get(address)
    kept = {"If-None-Match": first.headers["ETag"]}
    monkeypatch.setattr(clock, "_source", lambda path: lambda: make.NOW + timedelta(days=2))
    again = Client().get(address, headers=kept)
    assert (again.status_code, again.content) == (304, b"")
    make.booking(family, make.facility(name="みどりの丘"), "2026-04-14 09:00")
    assert Client().get(address, headers=kept).status_code == 200
    assert first.headers["Cache-Control"] == "private, no-cache"


def test_the_secret_opens_nothing_else_and_leaves_no_cookie(address: str) -> None:
    program = Client()
    assert not program.get(address).cookies
    token = address.removeprefix("/calendar/").removesuffix(".ics")
    assert program.get(reverse("guardian:home")).status_code == 302
    for name in ("apply_open", "password_set", "code"):
        assert "ひなた" not in body(program.get(reverse(f"guardian:{name}", args=[token])))
    assert program.post(address).status_code == 405


def test_a_program_that_comes_too_often_must_wait(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(throttle.LIMITS, "feed", "2/h/key")
    answers = [Client().get(address) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"] == "3600"


def test_no_line_of_a_log_holds_it(address: str) -> None:
    line = without_tokens(None, "", {"event": f"Not Found: {address}"})
    assert line["event"] == "Not Found: /calendar/<token>.ics"

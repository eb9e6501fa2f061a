"""A child who is too young today: a mail on the morning from which an application is taken."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from daredemo.notifications.models import Message
from tests import make

pytestmark = pytest.mark.django_db
BORN = date(2026, 3, 1)  # six months old on 2026-08-31; thirty days before is 2026-08-01
TO = "hanako@example.jp"


@pytest.fixture(autouse=True)
def kakegawa() -> None:
    make.municipality()


def sent(born: str = BORN.isoformat(), email: str = TO) -> Any:
    return Client().post(reverse("guardian:remind", args=[make.KAKEGAWA]), {"born": born, "email": email})


def asked(born: date) -> str:
    answers = {"born_year": born.year, "born_month": born.month, "born_day": born.day, "enrolment": "none"}
    page = Client().post(reverse("guardian:eligible", args=[make.KAKEGAWA]), answers)
    return page.content.decode()


def test_who_is_too_young_is_offered_a_mail_and_nobody_else() -> None:
    said = asked(BORN)
    assert "申請できるようになる <b>2026年(令和8年)8月1日(土)</b>の朝に" in said
    assert 'name="born" value="2026-03-01"' in said
    assert "知らせてもらう" not in asked(date(2022, 1, 1))


def test_the_mail_is_promised_once_for_that_morning() -> None:
    for _ in range(2):
        answer = sent()
        assert TO in answer.content.decode()
    made = Message.objects.get(kind="may_apply")
    assert (made.address, made.due_at) == (TO, make.at("2026-08-01 09:00"))
    assert made.context == {"municipality": "掛川市", "url": f"/municipalities/{make.KAKEGAWA}/"}


def test_a_slip_in_the_address_is_said_at_its_place_and_everything_stays() -> None:
    said = sent(email="hanako").content.decode()
    assert said.count("エラー") >= 1
    assert 'value="hanako"' in said
    assert 'name="born" value="2026-03-01"' in said
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "born", ["", "x", "9999-12-31", "0001-01-01", str(make.TODAY + timedelta(days=1)), "2025-01-01"]
)
def test_for_any_other_child_the_question_is_asked_anew(born: str) -> None:
    assert sent(born).headers["Location"] == reverse("guardian:eligible", args=[make.KAKEGAWA])
    assert not Message.objects.exists()


def test_for_a_city_that_is_not_served_here_nobody_is_told() -> None:
    address = reverse("guardian:remind", args=["222119"])
    assert Client().post(address, {"born": BORN.isoformat(), "email": TO}).status_code == 302
    assert not Message.objects.exists()


def test_one_address_is_not_flooded() -> None:
    for day in range(1, 7):
        last = sent((BORN + timedelta(days=day)).isoformat())
    assert Message.objects.count() == 5
    assert "知らせてもらう" in last.content.decode()

"""家族・代理人: let somebody in, put somebody out, and what a helper meets on the way."""

import re
from typing import Any

import pytest
from django.test import Client

from daredemo.families.models import Guardian, Guardianship
from daredemo.notifications.models import Message
from tests import make
from tests.portals.matrix.actors import logged_in
from tests.portals.matrix.calling import Walker

pytestmark = pytest.mark.django_db
PEOPLE, INVITE = "/settings/people/", "/settings/people/invite/"


def knows_the_password(family: make.Family) -> Client:
    """A browser whose login is a moment old: nobody is asked again who it is."""
    family.user.set_password("まいにち あさ はやく おきる")
    family.user.save(update_fields=["password"])
    return logged_in("family")(type("W", (), {"people": {"family": family.user}})())


def said(family: make.Family, **more: Any) -> dict[str, Any]:
    children = [str(child.pk) for child in family.children]
    who = {"part": "guardian", "family_name": "山田", "given_name": "たろう", "relation": "father"}
    return {**who, "children": children, "email": "taro@example.jp", **more}


def test_letting_in_asks_for_the_password_again() -> None:
    family = make.family()
    knows_the_password(family)
    browser = make.browser(family.user)  # another one
    other = make.let_in(family)
    for path in (INVITE, f"{PEOPLE}{other.pk}/end/"):
        answer = browser.post(path, said(family))
        assert answer.headers["Location"].startswith("/account/again/?next=")
    assert Guardianship.objects.filter(ended_at=None).count() == 2
    again = browser.post(f"/account/again/?next={INVITE}", {"password": "まいにち あさ はやく おきる"})
    assert again.headers["Location"] == INVITE
    assert browser.get(INVITE).status_code == 200


def test_a_second_guardian_is_let_in_by_mail_and_listed() -> None:
    family = make.family()
    browser = knows_the_password(family)
    assert browser.post(INVITE, said(family)).headers["Location"] == PEOPLE
    mail = Message.objects.get(kind="family_invited")
    assert (mail.address, mail.context["inviter"]) == ("taro@example.jp", "山田 まなみ")
    page = browser.get(PEOPLE).content.decode()
    assert "山田 たろう" in page
    assert "招待中" in page
    assert "taro@example.jp" not in page


def test_without_an_address_the_code_is_shown_once() -> None:
    family = make.family()
    browser = knows_the_password(family)
    page = browser.post(INVITE, said(family, email="", part="proxy")).content.decode()
    assert re.search(r"\d{4}-\d{4}-\d{4}", page)
    login_id = Guardian.objects.get(given_name="たろう").user.login_id
    assert login_id in page
    assert not re.search(r"\d{4}-\d{4}-\d{4}", browser.get(PEOPLE).content.decode())


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"children": []}, "えらんでください。"),
        ({"children": ["00000000-0000-0000-0000-000000000001"]}, "選択"),
        ({"part": "admin"}, "選択"),
        ({"family_name": ""}, "入力してください。"),
        ({"email": "だめ"}, "メールアドレスの形を"),
    ],
)
def test_each_mistake_is_said_and_nobody_is_let_in(wrong: dict[str, Any], sentence: str) -> None:
    family = make.family()
    page = knows_the_password(family).post(INVITE, said(family, **wrong)).content.decode()
    assert sentence in page
    assert "エラー" in page
    assert Guardian.objects.count() == 1


def test_the_second_guardian_sees_the_first_and_no_way_to_let_in_or_out() -> None:
    family = make.family()
    second = make.let_in(family)
    page = make.browser(second.user).get(PEOPLE).content.decode()
    assert "山田 まなみ" in page
    for hidden in (INVITE, "/end/", family.user.login_id, family.guardian.phone, family.guardian.address):
        assert hidden not in page


def test_the_list_asks_no_more_for_three_than_for_one(django_assert_max_num_queries: Any) -> None:
    family = make.family(children=3)
    for number in range(3):
        make.let_in(family, given_name=str(number))
    browser = make.browser(family.user)
    with django_assert_max_num_queries(9):
        assert browser.get(PEOPLE).content.decode().count("おわりにする") == 3


LINK = re.compile(r'(?:href|action)="(/[^"#?]*)')


def test_no_page_leads_a_helper_to_a_closed_door(walker: Walker) -> None:
    """Every link and form on every page that a helper reaches is one they may open."""
    reached, ahead = set(), ["/home/", "/settings/", "/facilities/", "/bookings/", "/passbook/", "/book/"]
    ahead += [
        f"/bookings/{walker.world.things[name]['booking_id']}/" for name in ("booking", "request", "dropped")
    ]
    while ahead:
        path = ahead.pop()
        if path in reached or path.startswith(("/static/", "/demo/")):
            continue
        reached.add(path)
        answer = walker.call("helper", "GET", path)
        assert answer.outcome.rstrip("+") in ("ok", "to", "405"), (path, answer.outcome)
        if answer.outcome.startswith("ok") and answer.response.get("Content-Type", "").startswith(
            "text/html"
        ):
            ahead += LINK.findall(answer.response.content.decode())
    assert len(reached) > 20

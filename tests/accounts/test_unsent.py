"""A form that was on its way when the login had ended comes back after the login, for its owner only."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from daredemo.accounts import adapter, entrance, unsent
from daredemo.accounts.actions import trust_device
from daredemo.accounts.models import User
from daredemo.portals.shared.forms import CodeField
from tests import make
from tests.accounts.conftest import enter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
TYPED = {"allergies": "たまご", "password": "himitsu", "postcode": "4360047"}
AGAIN = "/login/?next=%2Flogin%2Fagain%2F"


@pytest.fixture
def family() -> make.Family:
    return make.family()


def ended(user: User, now: datetime) -> Client:
    """A trusted browser whose session is over, as after a logout in another tab."""
    client = Client()
    client.cookies[entrance.DEVICE_COOKIE] = trust_device(user=user, label="", now=now)
    return client


def sent(client: Client, **headers: Any) -> Any:
    return client.post("/care/00000000-0000-0000-0000-000000000000/?a=1", TYPED, headers=headers)


def test_what_was_typed_comes_back_once_after_the_login(family: make.Family, now: datetime) -> None:
    client = ended(family.user, now)
    assert sent(client).headers["Location"] == AGAIN
    assert "たまご" not in str(dict(client.session))
    client.force_login(family.user)
    said = client.get("/login/again/").content.decode()
    assert 'name="allergies" value="たまご"' in said
    assert 'name="postcode" value="4360047"' in said
    assert "himitsu" not in said
    assert 'action="/care/00000000-0000-0000-0000-000000000000/?a=1"' in said
    assert client.get("/login/again/").headers["Location"] == "/home/"


def test_nobody_else_reads_it(family: make.Family, now: datetime) -> None:
    client = ended(family.user, now)
    sent(client)
    client.force_login(make.family().user)
    assert client.get("/login/again/").status_code == 302
    client.force_login(family.user)
    assert client.get("/login/again/").status_code == 302


def test_half_an_hour_later_it_is_gone(
    family: make.Family, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = ended(family.user, now)
    sent(client)
    client.force_login(family.user)
    monkeypatch.setattr("daredemo.config.clock._source", lambda path: lambda: now + timedelta(minutes=31))
    assert client.get("/login/again/").status_code == 302


def test_a_session_that_ran_out_tells_whose_it_was(login: Callable[..., User], now: datetime) -> None:
    client, user = Client(), login("guardian", email="")
    make.guardian(user=user)
    enter(client, user)
    assert sent(client).status_code == 404  # logged in: not a child of theirs
    Session.objects.update(expire_date=now - timedelta(days=400))
    assert sent(client).headers["Location"] == AGAIN


def test_staff_who_were_idle_for_half_an_hour_go_on_where_they_were(now: datetime) -> None:
    member = make.member(make.facility())
    client = make.browser(member.user)
    UserSession.objects.create(user=member.user, session_key=client.session.session_key, ip="127.0.0.1")
    Session.objects.update(expire_date=now - timedelta(days=400))
    answer = client.post("/facility/profile/", TYPED)
    assert answer.headers["Location"] == "/facility/login/?next=%2Ffacility%2Flogin%2Fagain%2F"
    client.force_login(member.user)
    session = client.session
    session[adapter.SHOWN] = str(member.user.pk)
    session.save()
    said = client.get("/facility/login/again/").content.decode()
    assert 'name="allergies" value="たまご"' in said
    assert 'action="/facility/profile/"' in said


def test_a_browser_that_nobody_knows_keeps_nothing(now: datetime) -> None:
    client = Client()
    assert sent(client).headers["Location"] == "/login/"
    assert unsent.KEPT not in client.session


def test_what_is_too_long_is_not_kept(family: make.Family, now: datetime) -> None:
    client = ended(family.user, now)
    answer = client.post("/care/00000000-0000-0000-0000-000000000000/", {"note": "あ" * 70_000})
    assert answer.headers["Location"] == "/login/"


def test_an_address_that_was_open_too_long_keeps_its_post_code() -> None:
    typed = {"post_code": "436-8650", "street": "1-1-1", "code": "246810", "child-post_code": "436-0079"}
    client = Client(enforce_csrf_checks=True)
    said = client.post(reverse("guardian:apply_address"), typed).content.decode()
    assert 'name="post_code" value="436-8650"' in said
    assert 'name="child-post_code" value="436-0079"' in said
    assert "246810" not in said


def test_a_part_of_a_page_leads_the_whole_page_to_the_login(family: make.Family) -> None:
    answer = Client().get(
        "/bookings/", headers={"hx-request": "true", "hx-current-url": "https://x.example/book/?day=1"}
    )
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/login/?next=%2Fbook%2F%3Fday%3D1")


def test_every_secret_field_has_a_name_that_is_never_kept() -> None:
    Client().get("/")  # every screen's forms are there now
    secret = {
        name
        for form in subclasses(forms.BaseForm)
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, CodeField) or isinstance(field.widget, forms.PasswordInput)
    }
    assert secret >= {"password", "code", "again"}
    assert [name for name in secret if not unsent.SECRET.search(name)] == []


def subclasses(kind: type[Any]) -> set[type[Any]]:
    return {kind}.union(*(subclasses(one) for one in kind.__subclasses__()))

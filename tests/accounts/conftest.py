"""Logins for the tests of accounts: each with a password, made by the actions themselves."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.cache import cache
from django.test import Client

from daredemo.accounts import actions
from daredemo.accounts.models import User
from tests import authenticator, make

PASSWORD = "usagi-no-tegami-23"


@pytest.fixture(autouse=True)
def this_moment(standing_clock: datetime, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Views ask the clock: it stands still unless a test moves it. Throttles begin empty."""
    authenticator.let_stand(monkeypatch, standing_clock)
    return standing_clock


@pytest.fixture(autouse=True)
def empty_throttles(db: None) -> None:
    cache.clear()


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


@pytest.fixture
def login(now: datetime) -> Callable[..., User]:
    """`login("guardian")` → a login with the password above."""

    def create(portal: str, login_id: str | None = None, email: str = "hanako@example.jp") -> User:
        made = actions.create_login(portal=portal, login_id=login_id, email=email, by=None, now=now)
        return with_password(made)

    return create


@pytest.fixture
def guardian(login: Callable[..., User]) -> User:
    """A certified guardian who has set a password."""
    user = login("guardian")
    make.guardian(user=user)
    return user


@pytest.fixture
def member(login: Callable[..., User]) -> User:
    """A manager who has not set up a second factor yet."""
    staff = make.member(make.facility())
    return with_password(staff.user)


@pytest.fixture
def officer() -> User:
    return with_password(make.officer().user)


def enter(client: Client, user: User, password: str = PASSWORD, **more: str):  # type: ignore[no-untyped-def]
    """Send the login screen of the user's portal."""
    path = {"guardian": "/login/", "facility": "/facility/login/", "city": "/city/login/"}[user.portal]
    return client.post(path, {"login_id": user.login_id, "password": password, **more})

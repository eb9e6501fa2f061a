"""Who knocks: each actor is a browser with the cookies of a session. The columns of `matrix.txt`."""

import time
from collections.abc import Callable
from http.cookies import SimpleCookie

from allauth.account.internal.flows import login
from allauth.account.internal.userkit import user_id_to_str
from django.test import Client

from daredemo.accounts.gates import SEEN
from daredemo.portals.guardian.gate import APPLICATION
from daredemo.portals.guardian.views.apply import SENT
from tests import make
from tests.portals.matrix.given import PASSWORD
from tests.portals.matrix.world import NOW, World

Cookies = SimpleCookie


def nobody(world: World) -> Client:
    return Client()


def half_in(world: World) -> Client:
    """Password shown, second factor not yet."""
    user = world.people["half"]
    make.browser(user)  # sets the second factor up
    client = Client()
    answer = client.post("/facility/login/", {"login_id": user.login_id, "password": PASSWORD})
    assert answer.headers["Location"] == "/account/2fa/enter/"
    return client


def without_factor(world: World) -> Client:
    """Password shown at the first login; there is no second factor yet."""
    client = Client()
    user = world.people["unset"]
    client.post("/facility/login/", {"login_id": user.login_id, "password": PASSWORD})
    assert "_auth_user_id" in client.session
    return client


def before_code(world: World) -> Client:
    """The guardian in a new browser: password shown, mailed code not yet."""
    client = Client()
    user = world.people["letter"]
    answer = client.post("/login/", {"login_id": user.login_id, "password": PASSWORD})
    assert answer.headers["Location"] == "/login/code/"
    return client


def applicant(which: str) -> Callable[[World], Client]:
    """A browser that opened a mailed application link."""

    def enter(world: World) -> Client:
        client = Client()
        session = client.session
        session[APPLICATION] = str(world.applications[which].pk)
        session[SENT] = str(world.facts["invitation"])
        session.save()
        client.cookies["session"] = str(session.session_key)
        return client

    return enter


def logged_in(name: str) -> Callable[[World], Client]:
    """A login that was finished a moment ago, so that nobody is asked again who it is."""

    def enter(world: World) -> Client:
        client = make.browser(world.people[name])
        session = client.session
        session[SEEN] = NOW.timestamp()
        session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(world.people[name])
        session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
        session.save()
        return client

    return enter


ACTORS: dict[str, Callable[[World], Client]] = {
    "anon": nobody,
    "half": half_in,
    "unset": without_factor,
    "code": before_code,
    "draft": applicant("draft"),
    "told": applicant("told"),
    "family": logged_in("family"),
    "others": logged_in("others"),
    "second": logged_in("guardian"),
    "helper": logged_in("proxy"),
    "staff": logged_in("staff"),
    "manage": logged_in("manage"),
    "near": logged_in("near"),
    "far": logged_in("far"),
    "view": logged_in("view"),
    "screen": logged_in("screen"),
    "decide": logged_in("decide"),
    "admin": logged_in("admin"),
    "away": logged_in("away"),
}


def browsers(world: World) -> dict[str, Cookies]:
    """The cookies of each actor."""
    return {name: enter(world).cookies for name, enter in ACTORS.items()}

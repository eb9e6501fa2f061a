"""One call in the world, and everything it did taken back."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, TestCase

from tests.portals.matrix.actors import Cookies, browsers
from tests.portals.matrix.world import World, build

LOGINS = ("/login/", "/facility/login/", "/city/login/")
ELSEWHERE = {"/account/2fa/app/": "2fa", "/apply/return/": "link"}
WRITTEN = """
SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
"""
# Tables that hold no facts: sessions, throttles, Django's list of models, the book itself.
KEEPING = {"django_session", "cache", "usersessions_usersession", "django_content_type", "audit_entry"}


@dataclass
class Answer:
    """What came back, what it is called in the matrix, which tables it wrote to."""

    response: Any
    outcome: str
    written: set[str] = field(default_factory=set)

    @property
    def passed(self) -> bool:
        """True where the actor got what the route is there for."""
        return self.outcome.rstrip("+") in ("ok", "to", "204", "409")

    def trouble(self) -> str:
        if not (info := getattr(self.response, "exc_info", None)):
            return self.outcome
        ours = [frame for frame in traceback.extract_tb(info[2]) if "/daredemo/" in frame.filename]
        last = ours[-1] if ours else traceback.extract_tb(info[2])[-1]
        return f"{info[0].__name__}: {info[1]} at {last.filename}:{last.lineno} {last.line}"


@contextmanager
def undone() -> Iterator[None]:
    """Nothing that happens inside stays."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def writes() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return dict(cursor.fetchall())


def outcome(response: Any) -> str:
    """The word of the matrix for a response; the rest of the meaning is in the head of `matrix.txt`."""
    status = response.status_code
    if status in (302, 303):
        path = urlsplit(response.headers["Location"]).path
        return "in" if path in LOGINS else ELSEWHERE.get(path, "to")
    return "ok" if status == 200 else str(status)


class Walker:
    """Calls addresses as actors, in a world that stays as it was built."""

    def __init__(self) -> None:
        self.world: World = build()
        self.cookies: dict[str, Cookies] = browsers(self.world)
        cache.clear()
        # One of each for all actors: making a client sets up every middleware anew.
        self.open = Client(raise_request_exception=False)
        self.guarded = Client(raise_request_exception=False, enforce_csrf_checks=True)
        self.wrote = writes()
        self.nowhere: dict[tuple[str, str], tuple[Any, ...]] = {}

    def browser(self, actor: str, *, csrf: bool = False) -> Client:
        client = self.guarded if csrf else self.open
        client.cookies = SimpleCookie({name: one.value for name, one in self.cookies[actor].items()})
        return client

    def call(self, actor: str, method: str, path: str, body: Any = None, *, csrf: bool = False) -> Answer:
        """One call, taken back; `outcome` ends with + when the books say that something was done or read."""
        with undone():
            return self.call_for_good(actor, method, path, body, csrf=csrf)

    def send(
        self, actor: str, path: str, data: bytes, kind: str, *, method: str = "POST", **headers: str
    ) -> Answer:
        """One call with a body and headers as they are, taken back."""
        with undone():
            response = self.browser(actor).generic(method, path, data, kind, headers=headers)
            self.wrote = writes()
            return Answer(response, outcome(response))

    def call_for_good(
        self, actor: str, method: str, path: str, body: Any = None, *, csrf: bool = False
    ) -> Answer:
        client = self.browser(actor, csrf=csrf)
        with TestCase.captureOnCommitCallbacks(execute=True):
            response = client.generic(method, path) if body is None else client.post(path, body)
        before, self.wrote = self.wrote, writes()
        written = {name for name, count in self.wrote.items() if count > before.get(name, 0)}
        return Answer(response, outcome(response) + ("+" if "audit_entry" in written else ""), written)

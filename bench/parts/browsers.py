"""What a family's browser sends when the button of the check page is pressed."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count, islice
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.crypto import get_random_string

from bench.parts import turns
from bench.parts.copying import copy
from bench.parts.turns import Months
from bench.parts.world import Family, World

(BACKEND,) = settings.AUTHENTICATION_BACKENDS
HEAD = """\
POST {path} HTTP/1.1\r
Host: localhost:{port}\r
User-Agent: Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1\r
Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r
Accept-Language: ja\r
Accept-Encoding: gzip, deflate, br\r
Origin: http://localhost:{port}\r
Referer: http://localhost:{port}{path}?{query}\r
Cookie: session={session}; csrf={secret}\r
Content-Type: application/x-www-form-urlencoded\r
Content-Length: {length}\r
\r
"""
PAGE = """\
GET {path} HTTP/1.1\r
Host: localhost:{port}\r
User-Agent: Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1\r
Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r
Accept-Language: ja\r
Accept-Encoding: gzip, deflate, br\r
Cookie: session={session}; csrf={secret}\r
\r
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """One prepared request, and the key by which its booking is found again."""

    key: UUID
    request: bytes


class Browsers:
    """One logged-in browser for each family; hands out their bookings in the order of a crowd."""

    def __init__(
        self, world: World, families: Sequence[Family], port: int, now: datetime, months: Months | None = None
    ) -> None:
        self.world, self.families, self.port = world, families, port
        self.months = months or world.months
        self.sessions = [get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789") for _ in families]
        self.tokens = [fresh_token() for _ in families]
        self.order = self._crowd()
        self.waiting: deque[Wish] = deque()
        store = SessionStore()
        copy(
            [
                Session(
                    session_key=key,
                    session_data=store.encode(logged_in(family)),
                    expire_date=now + 30 * turns.DAY,
                )
                for key, family in zip(self.sessions, families, strict=True)
            ]
        )

    def _crowd(self) -> Iterator[Wish]:
        for n in count():
            turn = turns.staircase(n, turns.TURNS)
            if turn.family >= len(self.families):
                return
            yield self._wish(turn)

    def next(self, many: int) -> list[Wish]:
        """Up to so many requests for one window, those that were given back first."""
        self.waiting.extend(islice(self.order, max(0, many - len(self.waiting))))
        return [self.waiting.popleft() for _ in range(min(many, len(self.waiting)))]

    def give_back(self, unsent: Iterable[Wish]) -> None:
        """What a window had no time for comes first in the next one."""
        self.waiting.extendleft(reversed(list(unsent)))

    def page(self, number: int, path: str) -> bytes:
        """A request of that family for a page to read."""
        secret, _ = self.tokens[number]
        return PAGE.format(path=path, port=self.port, session=self.sessions[number], secret=secret).encode()

    def _wish(self, turn: turns.Turn) -> Wish:
        return self.wish(turn.family, self.months.starts_at(turn.family, turn.turn))

    def wish(self, number: int, starts_at: datetime) -> Wish:
        """A request of that family for two hours at its nursery."""
        family = self.families[number]
        secret, token = self.tokens[number]
        key = uuid4()
        choice = {
            "child": family.child.pk,
            "day": starts_at.date(),
            "start": f"{starts_at:%H:%M}",
            "minutes": turns.MINUTES,
        }
        body = urlencode(
            {
                "csrfmiddlewaretoken": token,
                **choice,
                "request_key": key,
                "agreed": self.world.policy.pk,
            }
        ).encode()
        head = HEAD.format(
            path=reverse("guardian:book_check", args=[family.facility.pk]),
            port=self.port,
            query=urlencode(choice),
            session=self.sessions[number],
            secret=secret,
            length=len(body),
        )
        return Wish(key, head.encode() + body)


def logged_in(family: Family) -> dict[str, object]:
    """What the session of a guardian holds after a login with a password."""
    return {
        SESSION_KEY: str(family.user.pk),
        BACKEND_SESSION_KEY: BACKEND,
        HASH_SESSION_KEY: family.user.get_session_auth_hash(),
        "account_authentication_methods": [{"method": "password", "at": 0.0, "username": "guardian"}],
    }


def fresh_token() -> tuple[str, str]:
    """The cookie of a browser and the token of its form, which differ as they do in life."""
    request = HttpRequest()
    token = get_token(request)
    return str(request.META["CSRF_COOKIE"]), token

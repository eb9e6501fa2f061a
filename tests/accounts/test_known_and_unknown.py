"""Who has a login and who has none is told to nobody: same words, same status, same work, same lock."""

import re
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daredemo.accounts import actions, entrance
from daredemo.accounts.models import User
from daredemo.notifications.models import Message
from tests.accounts.conftest import enter
from tests.passwords import QuickArgon2


def words(response) -> str:  # type: ignore[no-untyped-def]
    """The page without what differs by request: the CSRF token and what was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return re.sub(r'value="[^"]*"', "", text)


def test_known_and_unknown_are_answered_alike_until_both_are_locked(client: Client, guardian: User) -> None:
    unknown = User(login_id="1000000006", portal="guardian")
    elsewhere = User(login_id="sato.hanako", portal="guardian")
    for number in range(7):
        answers = [enter(client, user, "not-the-password") for user in (guardian, unknown, elsewhere)]
        assert {answer.status_code for answer in answers} == {200 if number < 5 else 429}
        assert len({words(answer) for answer in answers}) == 1
    assert "10:1" in answers[0].content.decode()  # again at 10:15 or 10:16


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often a password is hashed: nearly all the time that a login takes."""
    counted = Counter[str]()
    for name in ("encode", "verify"):
        real = getattr(QuickArgon2, name)

        def counting(*given: Any, real: Any = real) -> Any:
            counted["hashed"] += 1
            return real(*given)

        monkeypatch.setattr(QuickArgon2, name, counting)
    return counted


def test_known_and_unknown_cost_the_same_work(client: Client, guardian: User, hashed: Counter[str]) -> None:
    def work(user: User) -> tuple[int, int]:
        hashed.clear()
        with CaptureQueriesContext(connection) as asked:
            enter(client, user, "not-the-password")
        return hashed["hashed"], len(asked)

    of_known, of_unknown = work(guardian), work(User(login_id="1000000006", portal="guardian"))
    assert of_known == of_unknown
    assert of_known[0] == 1


def test_a_locked_login_stays_locked_for_the_right_password(client: Client, guardian: User) -> None:
    for _ in range(5):
        enter(client, guardian, "not-the-password")
    assert enter(client, guardian).status_code == 429
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    assert enter(elsewhere, guardian).status_code == 302  # others cannot lock a family out of its home


def test_the_lock_is_not_skipped_by_spelling(client: Client, guardian: User) -> None:
    wide = guardian.login_id.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    spellings = [
        guardian.login_id,
        wide,
        f" {guardian.login_id}",
        f"{guardian.login_id[:4]}-{guardian.login_id[4:]}",
    ]
    for number in range(5):
        client.post("/login/", {"login_id": spellings[number % 4], "password": "x"})
    assert enter(client, guardian).status_code == 429


@pytest.mark.parametrize(
    "typed", ["\x00", "a\x00b", "\u202e", "👩\u200d👧", "%0d%0a", "x" * 70_000, "１２３", "' OR 1=1 --"]
)
def test_odd_input_is_a_wrong_login_not_an_error(client: Client, typed: str, db: None) -> None:
    response = client.post("/login/", {"login_id": typed, "password": typed})
    assert response.status_code == 200
    assert client.post("/password/", {"login_id": typed, "email": typed}).status_code == 200
    assert client.get("/password/" + "x" * 3000 + "/").status_code == 404


class Watch:
    """A clock that moves only while somebody works or sleeps."""

    def __init__(self) -> None:
        self.shows = 0.0

    def monotonic(self) -> float:
        return self.shows

    def sleep(self, seconds: float) -> None:
        self.shows += seconds


@pytest.mark.parametrize(
    ("known", "email", "work", "mails"),
    [
        (True, "hanako@example.jp", 0.15, 1),
        (True, "other@example.jp", 0.02, 0),
        (False, "hanako@example.jp", 0, 0),
    ],
)  # fmt: skip
def test_forgetting_gets_one_answer_after_one_time(
    client: Client, guardian: User, monkeypatch: pytest.MonkeyPatch,
    known: bool, email: str, work: float, mails: int,
) -> None:  # fmt: skip
    watch, ask = Watch(), actions.ask_password_link

    def at_work(**about: Any) -> None:
        watch.sleep(work)
        ask(**about)

    monkeypatch.setattr(entrance, "time", watch)
    monkeypatch.setattr(actions, "ask_password_link", at_work)
    number = guardian.login_id if known else "1000000006"
    answer = client.post("/password/", {"login_id": number, "email": email})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/password/sent/")
    assert watch.shows == pytest.approx(entrance.EVEN_SECONDS)
    assert Message.objects.filter(kind="password_link").count() == mails

"""Logins, links and codes, without a browser."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import connection

from daredemo.accounts import actions, queries
from daredemo.accounts.models import OneTimeSecret, TrustedDevice, User
from daredemo.audit.models import Entry
from daredemo.notifications.models import Message
from daredemo.rules import codes
from daredemo.rules.refusal import Reason, Refused
from daredemo.sealed.tokens import hash_token
from tests.accounts.conftest import PASSWORD

Login = Callable[..., User]


def token_in(message: Message) -> str:
    return str(message.context["url"]).rstrip("/").rsplit("/", 1)[-1]


def stored(table: str) -> str:
    """Everything a dump of this table would show."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return "\n".join(
            " ".join(bytes(v).decode("latin1") if isinstance(v, memoryview) else str(v) for v in row)
            for row in cursor.fetchall()
        )


def refusal(action: Callable[[], object]) -> Reason:
    with pytest.raises(Refused) as no:
        action()
    return no.value.reason


def test_a_guardian_gets_a_number_that_proves_itself(login: Login) -> None:
    numbers = {login("guardian").login_id for _ in range(20)}
    assert len(numbers) == 20
    assert all(codes.is_login_id(number) for number in numbers)


def test_staff_bring_a_word(login: Login) -> None:
    assert login("facility", "Himawari.Sato").login_id == "himawari.sato"
    with pytest.raises(ValueError, match="3 to 40"):
        login("facility", "ひまわり")


@pytest.mark.parametrize(
    "typed", ["{}", " {} ", "{0[0]}{0[1]}{0[2]}-{0[3]}{0[4]}{0[5]} {0[6]}{0[7]}{0[8]}{0[9]}"]
)
def test_a_number_is_understood_however_it_is_typed(login: Login, typed: str) -> None:
    number = login("guardian").login_id
    wide = number.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    for digits in (number, wide):
        assert queries.tidy_login_id("guardian", typed.format(digits)) == number
    assert queries.tidy_login_id("guardian", number[:-1] + str((int(number[-1]) + 1) % 10)) == ""


def test_an_address_is_sealed_and_still_found(login: Login) -> None:
    user = login("guardian", email="Hanako@Example.jp")
    assert "xample" not in stored("accounts_user")
    assert queries.login_with_address("guardian", user.login_id, "hanako@example.JP") == user
    assert queries.login_with_address("guardian", user.login_id, "") is None
    assert queries.login_with_address("facility", user.login_id, "hanako@example.jp") is None


def test_a_link_sets_the_password_once(login: Login, now: datetime) -> None:
    user = login("guardian")
    token = token_in(actions.promise_password_link(user=user, now=now))

    def set_it() -> User:
        return actions.set_password(portal="guardian", token=token, password=PASSWORD, now=now)

    assert set_it() == user
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert user.password.startswith("argon2$argon2id$")
    assert refusal(set_it) is Reason.LINK_USED


def test_only_the_hash_of_a_link_is_kept(login: Login, now: datetime) -> None:
    token = token_in(actions.promise_password_link(user=login("guardian"), now=now))
    assert len(token) == 43
    kept = stored("accounts_onetimesecret")
    assert token not in kept
    assert hash_token(token) in kept
    assert token not in stored("notifications_message")


def test_a_new_link_kills_the_old(login: Login, now: datetime) -> None:
    user = login("guardian")
    old, new = (token_in(actions.promise_password_link(user=user, now=now)) for _ in range(2))
    assert queries.password_link("guardian", old, now).state == "used"
    assert queries.password_link("guardian", new, now).state == "open"
    assert refusal(
        lambda: actions.set_password(portal="guardian", token=old, password=PASSWORD, now=now)
    ) is Reason.LINK_USED  # fmt: skip


def test_a_link_lives_seven_days_from_a_delivery_within_a_day(login: Login, now: datetime) -> None:
    token = token_in(actions.promise_password_link(user=login("guardian"), now=now))
    last = now + timedelta(days=8) - timedelta(microseconds=1)
    assert queries.password_link("guardian", token, last).state == "open"
    late = now + timedelta(days=8)
    assert queries.password_link("guardian", token, late).state == "expired"
    assert refusal(
        lambda: actions.set_password(portal="guardian", token=token, password=PASSWORD, now=late)
    ) is Reason.LINK_EXPIRED  # fmt: skip


def test_a_link_is_bound_to_its_portal(login: Login, now: datetime) -> None:
    token = token_in(actions.promise_password_link(user=login("guardian"), now=now))
    assert queries.password_link("facility", token, now).state == "unknown"


def test_a_weak_password_does_not_use_the_link_up(login: Login, now: datetime) -> None:
    token = token_in(actions.promise_password_link(user=login("guardian"), now=now))
    assert refusal(
        lambda: actions.set_password(portal="guardian", token=token, password="kodomo", now=now)
    ) is Reason.PASSWORD_WEAK  # fmt: skip
    assert queries.password_link("guardian", token, now).state == "open"


def test_the_first_mail_of_a_guardian_carries_the_number(login: Login, now: datetime) -> None:
    user = login("guardian")
    message = actions.promise_password_link(user=user, now=now, kind="account_issued", municipality="掛川市")
    assert message.kind == "account_issued"
    assert message.context["login_id"] == user.login_id
    assert message.address == "hanako@example.jp"


def test_an_activation_code_sets_the_first_password(login: Login, now: datetime) -> None:
    user = login("guardian", email="")
    code = actions.issue_activation_code(user=user, by=None, now=now)
    assert len(code.replace("-", "")) == 12
    assert code.replace("-", "") not in stored("accounts_onetimesecret")
    done = actions.activate(
        portal="guardian", login_id=user.login_id, code=code.replace("-", " "), password=PASSWORD, now=now
    )
    assert done == user
    assert done.check_password(PASSWORD)


def test_wrong_codes_and_unknown_numbers_get_one_answer(login: Login, now: datetime) -> None:
    user = login("guardian", email="")
    actions.issue_activation_code(user=user, by=None, now=now)
    for number in (user.login_id, "1000000006"):
        attempt = partial(actions.activate, portal="guardian", login_id=number, code="000000000000")
        assert refusal(partial(attempt, password=PASSWORD, now=now)) is Reason.CODE_WRONG


@pytest.mark.django_db(transaction=True)
def test_a_code_dies_after_five_tries(login: Login, now: datetime) -> None:
    user = login("guardian")
    code = str(actions.send_login_code(user=user, now=now).context["code"])
    wrong = "111111" if code != "111111" else "222222"
    for _ in range(5):
        assert (
            refusal(lambda: actions.confirm_login_code(user=user, code=wrong, now=now)) is Reason.CODE_WRONG
        )
    assert refusal(lambda: actions.confirm_login_code(user=user, code=code, now=now)) is Reason.CODE_WRONG


def test_a_mailed_code_works_once_and_for_its_minutes(login: Login, now: datetime) -> None:
    user, other = login("guardian"), login("guardian")
    code = str(actions.send_login_code(user=user, now=now).context["code"])
    late = now + timedelta(minutes=15)
    assert refusal(lambda: actions.confirm_login_code(user=user, code=code, now=late)) is Reason.CODE_EXPIRED
    assert refusal(lambda: actions.confirm_login_code(user=other, code=code, now=now)) is Reason.CODE_WRONG
    actions.confirm_login_code(user=user, code=code, now=now + timedelta(minutes=14))
    assert refusal(lambda: actions.confirm_login_code(user=user, code=code, now=now)) is Reason.CODE_WRONG


def test_a_newer_code_kills_the_older(login: Login, now: datetime) -> None:
    user = login("guardian")
    codes_sent = [str(actions.send_login_code(user=user, now=now).context["code"]) for _ in range(2)]
    if codes_sent[0] != codes_sent[1]:
        assert refusal(
            lambda: actions.confirm_login_code(user=user, code=codes_sent[0], now=now)
        ) is Reason.CODE_WRONG  # fmt: skip
    actions.confirm_login_code(user=user, code=codes_sent[1], now=now)


def test_a_browser_is_trusted_for_ninety_days_by_a_hash(login: Login, now: datetime) -> None:
    user = login("guardian")
    raw = actions.trust_device(user=user, label="Safari", now=now)
    assert raw not in stored("accounts_trusteddevice")
    assert queries.is_trusted(user, raw, now + timedelta(days=90) - timedelta(seconds=1))
    assert not queries.is_trusted(user, raw, now + timedelta(days=90))
    assert not queries.is_trusted(login("guardian"), raw, now)
    actions.forget_device(user=user, device_id=TrustedDevice.objects.get().pk, now=now)
    assert not queries.is_trusted(user, raw, now)


def test_every_deed_is_written_down_without_names(login: Login, now: datetime) -> None:
    user = login("guardian")
    actions.promise_password_link(user=user, now=now)
    actions.send_login_code(user=user, now=now)
    actions.change_language(user=user, language="vi", by=user, now=now)
    actions.change_email(user=user, email="x@example.jp", by=user, now=now)
    actions.close_login(user=user, by=None, now=now)
    entries = Entry.objects.filter(subject_id=str(user.pk)).values_list("action", flat=True)
    assert sorted(entries) == [
        "login.change_email", "login.change_language", "login.close", "login.create",
        "login.promise_password_link", "login.send_code",
    ]  # fmt: skip
    assert "example.jp" not in stored("audit_entry")


def test_nobody_enters_a_closed_login(login: Login, now: datetime) -> None:
    user = login("guardian")
    actions.close_login(user=user, by=None, now=now)
    assert queries.login("guardian", user.login_id) is None
    assert OneTimeSecret.objects.count() == 0

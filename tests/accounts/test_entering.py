"""Coming in and going out, through the screens themselves."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from daredemo.accounts import actions, adapter
from daredemo.accounts.entrance import DEVICE_COOKIE
from daredemo.accounts.models import OneTimeSecret, TrustedDevice, User
from daredemo.audit.models import Entry
from daredemo.config import clock
from daredemo.notifications.models import Message
from tests.accounts.conftest import PASSWORD, enter
from tests.accounts.test_actions import stored, token_in
from tests.authenticator import SECRET, code_now

Login = Callable[..., User]


def mailed_code() -> str:
    return str(Message.objects.filter(kind="login_code").latest("id").context["code"])


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# ── guardians ──────────────────────────────────────────────────────────────────────────
def test_a_new_browser_shows_a_mailed_code_and_is_trusted_afterwards(client: Client, guardian: User) -> None:
    response = enter(client, guardian)
    assert (response.status_code, response.headers["Location"]) == (302, "/login/code/")
    assert not is_in(client)
    assert "h•••••@example.jp" in client.get("/login/code/").content.decode()
    response = client.post("/login/code/", {"code": mailed_code()})
    assert (response.status_code, response.headers["Location"]) == (302, adapter.home(guardian))
    assert is_in(client)
    cookie = response.cookies[DEVICE_COOKIE]
    assert cookie["max-age"] == 90 * 24 * 3600
    assert cookie["httponly"]
    client.post("/logout/")
    assert not is_in(client)
    assert enter(client, guardian).headers["Location"] == adapter.home(guardian)
    assert Message.objects.filter(kind="login_code").count() == 1


def test_a_trusted_browser_is_trusted_for_its_guardian_only(
    client: Client, guardian: User, login: Login
) -> None:
    enter(client, guardian)
    client.post("/login/code/", {"code": mailed_code()})
    client.post("/logout/")
    assert enter(client, login("guardian")).headers["Location"] == "/login/code/"


def test_without_an_address_there_is_no_code(client: Client, login: Login) -> None:
    assert enter(client, login("guardian", email="")).headers["Location"] == reverse("guardian:home")


def test_setting_the_password_by_mail_trusts_this_browser(
    client: Client, login: Login, now: datetime
) -> None:
    user = login("guardian")
    token = token_in(actions.promise_password_link(user=user, now=now))
    page = client.get(f"/password/{token}/")
    assert page.status_code == 200
    assert user.login_id in page.content.decode()
    for _ in range(3):  # a mail scanner looks as often as it likes
        client.get(f"/password/{token}/")
        client.head(f"/password/{token}/")
    sent = {"password": "umi-to-mikan-77", "again": "umi-to-mikan-77"}
    assert client.post(f"/password/{token}/", sent).headers["Location"] == "/login/"
    assert f'value="{user.login_id}"' in client.get("/login/").content.decode()
    assert enter(client, user, "umi-to-mikan-77").headers["Location"] == reverse("guardian:home")
    assert "もう使われたか" in client.get(f"/password/{token}/").content.decode()


def test_an_expired_link_is_renewed_in_place(
    client: Client, login: Login, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = login("guardian")
    token = token_in(actions.promise_password_link(user=user, now=now))
    later = now + timedelta(days=9)
    monkeypatch.setattr(clock, "_source", lambda path: lambda: later)
    assert "期限がすぎています" in client.get(f"/password/{token}/").content.decode()
    assert Message.objects.count() == 1
    for _ in range(2):
        assert client.post(f"/password/{token}/").status_code == 200
    assert Message.objects.count() == 2
    fresh = token_in(Message.objects.latest("id"))
    assert client.get(f"/password/{fresh}/").status_code == 200
    assert client.get("/password/nothing-like-a-token/").status_code == 404


def test_the_letter_sets_a_password_for_those_without_mail(
    client: Client, login: Login, now: datetime
) -> None:
    user = login("guardian", email="")
    code = actions.issue_activation_code(user=user, by=None, now=now)
    sent = {
        "login_id": user.login_id,
        "code": code,
        "password": "umi-to-mikan-77",
        "again": "umi-to-mikan-77",
    }
    assert client.post("/login/letter/", {**sent, "again": "x"}).status_code == 200
    assert client.post("/login/letter/", sent).headers["Location"] == "/login/"
    assert enter(client, user, "umi-to-mikan-77").headers["Location"] == reverse("guardian:home")


def test_codes_can_be_sent_again_six_times_an_hour(client: Client, guardian: User) -> None:
    enter(client, guardian)
    first = mailed_code()
    answers = [client.post("/login/code/", {"again": "1"}).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    if mailed_code() != first:
        client.post("/login/code/", {"code": first})
        assert not is_in(client)


# ── sessions ───────────────────────────────────────────────────────────────────────────
def test_a_session_gets_a_new_key_at_login(client: Client, login: Login) -> None:
    user = login("guardian", email="")
    session = client.session
    session["wish"] = "kept"
    session.save()
    before = session.session_key
    enter(client, user)
    assert client.session.session_key != before
    assert client.session.get_expiry_age() == 30 * 24 * 3600
    assert Entry.objects.filter(action="login.enter", by=user).count() == 1


def test_a_new_password_ends_every_session(login: Login, now: datetime) -> None:
    user = login("guardian", email="")
    browsers = [Client(), Client()]
    for browser in browsers:
        enter(browser, user)
        assert is_in(browser)
    token = token_in(actions.promise_password_link(user=user, now=now))
    actions.set_password(portal="guardian", token=token, password="umi-to-mikan-77", now=now)
    assert not any(is_in(browser) for browser in browsers)


def test_a_changed_role_ends_every_session(login: Login, now: datetime) -> None:
    user = login("guardian", email="")
    browser = Client()
    enter(browser, user)
    assert actions.end_sessions(user=user, by=None, now=now) == 1
    assert not is_in(browser)


def test_leaving_is_a_post(client: Client, login: Login) -> None:
    enter(client, login("guardian", email=""))
    assert client.get("/logout/").status_code == 405
    assert is_in(client)
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert not is_in(client)


@pytest.mark.parametrize(
    ("wished", "goes"),
    [
        ("/bookings/?month=4", "/bookings/?month=4"),
        ("https://evil.example/", ""),
        ("//evil.example/", ""),
        ("/\\evil.example", ""),
        ("javascript:alert(1)", ""),
        ("/city/", ""),
    ],
)
def test_after_login_only_own_pages_are_wished_for(
    client: Client, login: Login, wished: str, goes: str
) -> None:
    assert enter(client, login("guardian", email=""), next=wished).headers["Location"] == (
        goes or reverse("guardian:home")
    )


# ── staff and officers ─────────────────────────────────────────────────────────────────
@pytest.mark.django_db(transaction=True)
def test_staff_set_up_a_second_factor_at_their_first_login(client: Client, member: User) -> None:
    board = adapter.home(member)
    assert enter(client, member).headers["Location"] == board
    assert client.get(board).headers["Location"] == "/account/2fa/app/"
    page = client.get("/account/2fa/app/").content.decode()
    assert "data:image/svg+xml;base64," in page
    assert "<style" not in page
    assert " style=" not in page
    secret = client.session["mfa.totp.secret"]
    wide = code_now(secret).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    response = client.post("/account/2fa/app/", {"code": wide})
    assert response.headers["Location"] == "/account/2fa/codes/"
    assert client.get("/account/2fa/codes/").status_code == 200
    assert client.get(board).status_code == 200
    assert secret not in stored("mfa_authenticator")
    assert Entry.objects.filter(action="login.add_factor", by=member, facts__type="totp").count() == 1


def test_afterwards_the_factor_is_asked_for_each_time(client: Client, officer: User) -> None:
    TOTP.activate(officer, SECRET)
    assert enter(client, officer).headers["Location"] == "/account/2fa/enter/"
    assert not is_in(client)
    assert client.get("/account/2fa/enter/").status_code == 200
    assert client.post("/account/2fa/enter/", {"code": "000000"}).status_code == 200
    assert not is_in(client)
    response = client.post("/account/2fa/enter/", {"code": code_now()})
    assert response.headers["Location"] == adapter.home(officer)
    assert client.session.get_expiry_age() == 30 * 60
    assert client.get(adapter.home(officer)).status_code == 200
    other = Client()
    enter(other, officer)
    assert other.post("/account/2fa/enter/", {"code": code_now()}).status_code == 200  # a code counts once
    assert not is_in(other)


def test_a_session_from_before_the_factor_is_worth_nothing(client: Client, member: User) -> None:
    enter(client, member)
    TOTP.activate(member, SECRET)  # set up in another browser
    for path in (
        "/account/2fa/codes/",
        "/account/passkeys/add/",
        "/account/2fa/app/remove/",
        adapter.home(member),
    ):
        enter(client, member) if not is_in(client) else None
        response = client.get(path)
        assert response.headers["Location"].startswith("/facility/login/"), path
        assert not is_in(client)
        cache.clear()
        adapter.drop_factors(member)
        enter(client, member)
        TOTP.activate(member, SECRET)


def test_a_recovery_code_works_once(client: Client, officer: User) -> None:
    TOTP.activate(officer, SECRET)
    spare = RecoveryCodes.activate(officer).get_unused_codes()[0]
    for worked in (True, False):
        client.post("/city/logout/")
        enter(client, officer)
        client.post("/account/2fa/enter/", {"code": spare})
        assert is_in(client) is worked


def test_secrets_of_second_factors_are_sealed(officer: User) -> None:
    TOTP.activate(officer, SECRET)
    assert SECRET not in stored("mfa_authenticator")
    kept = Authenticator.objects.get(user=officer).data["secret"]
    assert adapter.MFAAdapter().decrypt(kept) == SECRET


def test_secrets_follow_a_new_key(officer: User, settings: Any) -> None:
    TOTP.activate(officer, SECRET)
    RecoveryCodes.activate(officer)
    assert actions.reseal_second_factors() == 0
    settings.ENCRYPTION_KEYS = {"new": bytes(range(32)), **settings.ENCRYPTION_KEYS}
    assert actions.reseal_second_factors() == 2
    assert actions.reseal_second_factors() == 0
    settings.ENCRYPTION_KEYS = {"new": bytes(range(32))}
    kept = Authenticator.objects.get(user=officer, type="totp").data["secret"]
    assert adapter.MFAAdapter().decrypt(kept) == SECRET


def test_the_last_factor_stays(client: Client, officer: User) -> None:
    TOTP.activate(officer, SECRET)
    enter(client, officer)
    client.post("/account/2fa/enter/", {"code": code_now()})
    response = client.post("/account/2fa/app/remove/")
    assert response.status_code == 200
    assert Authenticator.objects.filter(user=officer, type="totp").exists()


def test_a_lost_telephone_is_put_right_by_a_colleague(officer: User, member: User, now: datetime) -> None:
    TOTP.activate(member, SECRET)
    actions.reset_second_factor(user=member, by=officer, now=now)
    assert not adapter.has_second_factor(member)


def test_a_login_of_another_portal_is_a_wrong_login(client: Client, member: User, login: Login) -> None:
    staff_at_the_city = client.post("/city/login/", {"login_id": member.login_id, "password": PASSWORD})
    assert staff_at_the_city.status_code == 200
    assert "ちがいます" in staff_at_the_city.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "1",
        "[]",
        '"x"',
        "{}",
        "null",
        '{"response": 1}',
        "{",
        '{"id":"a","response":{"userHandle":"QQ"}}',
        '{"id":"QQ","rawId":"QQ","response":{"userHandle":"QQ"}}',
        '{"id":"QQ","rawId":"QQ","type":"public-key","response":{"userHandle":"QQ","clientDataJSON":"e30","authenticatorData":"QQ","signature":"QQ"}}',
    ],
)
def test_a_broken_passkey_is_refused_in_words(client: Client, credential: str, db: None) -> None:
    client.get("/account/passkeys/login/", headers={"accept": "application/json"})
    response = client.post(
        "/account/passkeys/login/",
        {"credential": credential},
        headers={"referer": "http://testserver/city/login/"},
    )
    assert response.headers["Location"] == "/account/login/"


def test_nothing_else_of_allauth_is_there(client: Client, db: None) -> None:
    for path in ("signup/", "email/", "password/reset/", "password/change/", "logout/", "inactive/"):
        assert client.get(f"/account/{path}").status_code == 404


def test_devices_are_the_guardians_only(client: Client, member: User, now: datetime) -> None:
    token = token_in(actions.promise_password_link(user=member, now=now))
    sent = {"password": "umi-to-mikan-77", "again": "umi-to-mikan-77"}
    response = client.post(f"/facility/password/{token}/", sent)
    assert response.headers["Location"] == "/facility/login/"
    assert DEVICE_COOKIE not in response.cookies
    assert not TrustedDevice.objects.exists()
    assert OneTimeSecret.objects.get().used_at == now


def test_a_guardian_sees_the_own_browsers_and_forgets_a_lost_one(
    client: Client, guardian: User, login: Login, now: datetime
) -> None:
    phone = {
        "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 Version/18.0 Safari/604.1"
    }
    enter(client, guardian)
    client.post("/login/code/", {"code": mailed_code()}, headers=phone)
    actions.trust_device(user=login("guardian"), label="Android Chrome", now=now)
    page = client.get(reverse("guardian:devices")).content.decode()
    assert "iPhone Safari" in page
    assert "この端末" in page
    assert "Android" not in page
    other = TrustedDevice.objects.exclude(user=guardian).get()
    assert client.post(reverse("guardian:device_forget", args=[other.pk])).status_code == 404
    mine = TrustedDevice.objects.get(user=guardian)
    assert client.post(reverse("guardian:device_forget", args=[mine.pk])).headers["Location"] == "/login/"
    assert not is_in(client)
    assert enter(client, guardian).headers["Location"] == "/login/code/"

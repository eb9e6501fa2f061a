"""What the login screens of all portals do: password in, mailed code in, a link for the forgetful, out.

Known and unknown IDs get the same words, the same status and about the same time.
"""

import time
from datetime import datetime

import structlog
from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse

from daredemo.accounts import actions, adapter, queries, throttle
from daredemo.accounts.models import TrustedDevice, User
from daredemo.rules.refusal import Reason, Refused
from daredemo.sealed.tokens import hash_token

log = structlog.get_logger("daredemo.accounts")
DEVICE_COOKIE = "device" if settings.DEMO else "__Host-device"
EVEN_SECONDS = 0.2


def enter(
    request: HttpRequest, *, portal: str, login_id: str, password: str, wished: str, now: datetime
) -> HttpResponse:
    """Log in by ID and password, or Refused: WRONG_LOGIN, TOO_MANY_TRIES."""
    name = queries.tidy_login_id(portal, login_id)
    key = f"{portal}/{name or login_id}"
    counted = [
        throttle.take(request, "login", key, now),
        throttle.take(request, "login_here", f"{key}/{adapter.client_ip(request)}", now),
    ]
    user = authenticate(request, username=name or "-", password=password)
    if not isinstance(user, User) or user.portal != portal:
        log.info("login refused", portal=portal)
        raise Refused(Reason.WRONG_LOGIN)
    for usage in counted:
        usage.rollback()
    known = queries.is_trusted(user, request.COOKIES.get(DEVICE_COOKIE, ""), now)
    response = adapter.begin(request, user, wished=wished, known_device=known)
    if adapter.waiting(request):
        mail_code(request, now=now)
    return response


def newcomer(request: HttpRequest) -> User | None:
    """Who still has to show a mailed code in this browser."""
    stage = adapter.waiting(request)
    return stage.login.user if stage else None


def masked(address: str) -> str:
    """hanako@example.jp → h•••••@example.jp: enough to know which mailbox."""
    name, _at, host = address.partition("@")
    return f"{name[:1]}•••••@{host}"


def mail_code(request: HttpRequest, *, now: datetime) -> None:
    """Mail a new code to whoever is logging in here; Refused(TOO_MANY_TRIES) after many."""
    if user := newcomer(request):
        throttle.take(request, "code", str(user.pk), now)
        actions.send_login_code(user=user, now=now)


def show_code(request: HttpRequest, *, code: str, now: datetime) -> HttpResponse:
    """Finish the login by the mailed code, and trust this browser from now on. Refused: CODE_…"""
    stage = adapter.waiting(request)
    if stage is None:
        raise Refused(Reason.CODE_EXPIRED, expired_at=now)
    user = stage.login.user
    actions.confirm_login_code(user=user, code=code, now=now)
    response: HttpResponse = stage.exit()
    remember(request, response, user, now=now)
    return response


def remember(request: HttpRequest, response: HttpResponse, user: User, *, now: datetime) -> None:
    """This browser is the guardian's: no mailed codes for 90 days. Staff show their second factor anyway."""
    if user.needs_second_factor:
        return
    raw = actions.trust_device(
        user=user, label=queries.browser_name(request.headers.get("User-Agent", "")), now=now
    )
    response.set_cookie(
        DEVICE_COOKIE,
        raw,
        max_age=actions.DEVICE_LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def devices(request: HttpRequest, user: User, now: datetime) -> list[tuple[TrustedDevice, bool]]:
    """The trusted browsers of a guardian, each with whether it is this one."""
    this = hash_token(request.COOKIES.get(DEVICE_COOKIE, ""))
    return [(device, device.token_hash == this) for device in queries.devices_of(user, now)]


def ask_link(request: HttpRequest, *, portal: str, login_id: str, email: str, now: datetime) -> None:
    """パスワードを忘れた: the answer is the same and takes the same time, whatever was typed."""
    began = time.monotonic()
    name = queries.tidy_login_id(portal, login_id) or login_id
    throttle.take(request, "link", f"{portal}/{name}", now)
    actions.ask_password_link(portal=portal, login_id=login_id, email=email, now=now)
    time.sleep(max(0.0, EVEN_SECONDS - (time.monotonic() - began)))


def password_link(portal: str, token: str, now: datetime) -> queries.Link:
    """What a mailed link is now; looking at it changes nothing."""
    return queries.password_link(portal, token, now)


def send_again(request: HttpRequest, *, portal: str, token: str, now: datetime) -> None:
    """A new link in the place of an expired one; a second press of the button sends nothing more."""
    try:
        throttle.take(request, "link", hash_token(token), now)
        actions.send_again(portal=portal, token=token, now=now)
    except Refused as no:
        log.info("link not sent again", reason=no.reason)


def set_password(
    request: HttpRequest, response: HttpResponse, *, portal: str, token: str, password: str, now: datetime
) -> None:
    """Use up the link; who could read the mail has shown what a mailed code would show."""
    user = actions.set_password(portal=portal, token=token, password=password, now=now)
    remember(request, response, user, now=now)


def activate(
    request: HttpRequest, *, portal: str, login_id: str, code: str, password: str, now: datetime
) -> User:
    """Set a password by the activation code of a letter; Refused: CODE_…, PASSWORD_WEAK, TOO_MANY_TRIES."""
    actions.require_strong(password)
    name = queries.tidy_login_id(portal, login_id) or login_id
    throttle.take(request, "activate", f"{portal}/{name}", now)
    return actions.activate(portal=portal, login_id=login_id, code=code, password=password, now=now)


def leave(request: HttpRequest) -> None:
    """Log out: the session is emptied, here and in the list of sessions."""
    logout(request)

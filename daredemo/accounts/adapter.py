"""The door to allauth: what we change of it, and what the rest of the project may ask of it."""

import base64
import time
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from ipaddress import ip_address, ip_network
from typing import Any, TypeVar, cast

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records, perform_password_login
from allauth.account.internal.stagekit import unstash_login
from allauth.account.models import Login
from allauth.account.stages import LoginStage, LoginStageController
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.internal.flows import did_use_passwordless_login
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daredemo.accounts.models import Portal, User
from daredemo.sealed import keys

HOMES = {Portal.GUARDIAN: "guardian:home", Portal.FACILITY: "facility:board", Portal.CITY: "city:queue"}
LASTS = {Portal.GUARDIAN: timedelta(days=30)}  # everyone else: until 30 minutes idle
IDLE = timedelta(minutes=30)
JUST_NOW = timedelta(minutes=10)
STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
SECRETS = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}
Screen = TypeVar("Screen", bound=Callable[..., HttpResponse])
SHOWN = "second_factor_shown_by"
WAIT = gettext_lazy("まちがいが続きました。5分待ってから、もういちど入れてください。")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up here; each portal has its own login, home and length of session."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_password": gettext_lazy("パスワードがちがいます。"),
        "incorrect_code": gettext_lazy("番号がちがいます。いま出ている番号を入れてください。"),
        "too_many_login_attempts": WAIT,
        "rate_limited": WAIT,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth's signature
        return False

    def get_login_stages(self) -> list[str]:
        return [f"{__name__}.NewDevice", f"{__name__}.SecondFactor"]

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        request.session.set_expiry(int(LASTS.get(Portal(user.portal), IDLE).total_seconds()))

    def post_login(self, request: HttpRequest, user: User, **about: Any) -> HttpResponse:
        wished = about.pop("redirect_url", None) or request.POST.get("next")
        response: HttpResponse = super().post_login(
            request, user, redirect_url=destination(request, user, wished), **about
        )
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return home(cast("User", request.user))

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG002
        return redirect(f"{user.portal}:login")

    def is_reauthentication_required(self, *, app: str, **about: Any) -> bool:
        # Who logged in a moment ago is not asked again; the first second factor is set up right then.
        records = get_authentication_records(self.request, self.request.user)
        if records and time.time() - records[-1]["at"] < JUST_NOW.total_seconds():
            return False
        return bool(super().is_reauthentication_required(app=app, **about))

    def get_client_ip(self, request: HttpRequest) -> str:
        """The nearest address that is not a proxy of ours."""
        chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        chain.append(request.META.get("REMOTE_ADDR", ""))
        networks = [ip_network(network) for network in settings.TRUSTED_PROXIES]
        client = "127.0.0.1"  # a server on a socket has no address
        for hop in reversed([hop for hop in chain if hop]):
            try:
                address = ip_address(hop)
            except ValueError:
                break
            client = str(address)
            if not any(address in network for network in networks):
                break
        return client


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Second factors: their secrets sealed, their picture a QR code without inline style."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_delete_authenticator": gettext_lazy(
            "2つめの確認は なくせません。さきにパスキーを登録してください。"
        ),
    }

    def encrypt(self, text: str) -> str:
        sealed = keys.seal(text.encode(), purpose="second factor", place="mfa.Authenticator")
        return base64.urlsafe_b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        sealed = base64.urlsafe_b64decode(encrypted_text)
        return keys.unseal(sealed, purpose="second factor", place="mfa.Authenticator").decode()

    def build_totp_svg(self, url: str) -> str:
        picture = BytesIO()
        segno.make(url, error="m").save(picture, kind="svg", border=4, light="#fff", xmldecl=False)
        return picture.getvalue().decode()

    def _get_user_identifier(self, user: User) -> str:
        return user.login_id

    def _get_site_name(self) -> str:
        return _("こども誰でも通園")

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not authenticator.user.needs_second_factor or is_spare(authenticator)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002  allauth's name
        return _("パスキー%(number)d") % {"number": factors(user).filter(type=type).count() + 1}


class NewDevice(LoginStage):  # type: ignore[misc]  # allauth has no types
    """A guardian with an address shows a mailed code, unless this browser is trusted or held a passkey."""

    key = "new_device"
    urlname = "guardian:login_code"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user: User = self.login.user
        known = self.state.get("known") or did_use_passwordless_login(self.request, user)
        if user.portal != Portal.GUARDIAN or known or not user.email:
            return None, True
        return redirect(self.urlname), True


class SecondFactor(AuthenticateStage):  # type: ignore[misc]  # allauth has no types
    """Staff, officers and operators show their second factor; a guardian's passkey replaces a password."""

    def _should_handle(self, request: HttpRequest) -> bool:
        return self.login.user.needs_second_factor and bool(super()._should_handle(request))


# ── what entrances and gates ask ───────────────────────────────────────────────────────


def begin(request: HttpRequest, user: User, *, wished: str, known_device: bool) -> HttpResponse:
    """Begin a login whose password was right: into the portal, or to the next thing to show."""
    login = Login(user=user, redirect_url=destination(request, user, wished))
    login.state = {"stages": {NewDevice.key: {"data": {"known": known_device}}}}
    response: HttpResponse = perform_password_login(request, {"username": user.login_id}, login)
    return response


def waiting(request: HttpRequest) -> LoginStage | None:
    """The mailed code that this browser still has to show; None where nobody is logging in."""
    if request.user.is_authenticated:
        return None
    stage: LoginStage | None = LoginStageController.enter(request, NewDevice.key)
    return stage


def newcomer(request: HttpRequest) -> User | None:
    """Who is in the middle of logging in, whatever is still to be shown."""
    login = None if request.user.is_authenticated else unstash_login(request, peek=True)
    return login.user if login else None


def showed_second_factor(request: HttpRequest) -> bool:
    """Did this session show a second factor, or set up the first one?"""
    records = get_authentication_records(request, request.user)
    shown = any(record.get("method") == "mfa" for record in records)
    return shown or request.session.get(SHOWN) == str(request.user.pk)


def note_second_factor(request: HttpRequest, user: User) -> None:
    """The session in which a factor was set up has shown it."""
    request.session[SHOWN] = str(user.pk)


def to_second_factor(request: HttpRequest, user: User) -> HttpResponse:
    """Set the first one up; a session from before that, with a password only, is worth nothing any more."""
    if not has_second_factor(user):
        return redirect("mfa_activate_totp")
    request.session.flush()
    return redirect(f"{user.portal}:login")


def factors(user: User) -> Any:
    return Authenticator.objects.filter(user=user, type__in=STRONG)


def passkey(request: HttpRequest, pk: int) -> Authenticator | None:
    """One of the own passkeys."""
    return Authenticator.objects.filter(user=request.user, type=Authenticator.Type.WEBAUTHN, pk=pk).first()


def has_second_factor(user: User) -> bool:
    return bool(factors(user).exists())


def stale_factors() -> list[Authenticator]:
    """Those whose secret an older key sealed, locked."""
    locked = Authenticator.objects.filter(type__in=SECRETS).select_for_update()
    return [one for one in locked if _key_of(one.data[SECRETS[one.type]]) != keys.active()]


def _key_of(sealed: str) -> str:
    return keys.key_id_of(base64.urlsafe_b64decode(sealed))


def reseal(factor: Authenticator) -> None:
    """The same secret under the active key."""
    ours, name = MFAAdapter(), SECRETS[factor.type]
    factor.data[name] = ours.encrypt(ours.decrypt(factor.data[name]))
    factor.save(update_fields=["data"])


def drop_factors(user: User) -> None:
    """Recovery codes, too."""
    Authenticator.objects.filter(user=user).delete()


def drop_recovery_codes(user: User) -> None:
    """allauth makes some with the first passkey; a guardian has no second factor to replace."""
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()


def is_spare(authenticator: Authenticator) -> bool:
    """Would a second factor be left without this one?"""
    return bool(factors(authenticator.user).exclude(pk=authenticator.pk).exists())


def end_sessions_of(user: User) -> int:
    """Every session of this login, here and elsewhere, is over. Returns how many."""
    kept = UserSession.objects.filter(user=user)
    session_keys = list(kept.values_list("session_key", flat=True))
    kept.delete()
    Session.objects.filter(session_key__in=session_keys).delete()
    return len(session_keys)


def surely(view: Screen) -> Screen:
    """For what a stranger at an open screen must not do: who did not show a password or passkey within
    ten minutes is asked for it again, and led back.
    """
    return cast("Screen", reauthentication_required(view))


def client_ip(request: HttpRequest) -> str:
    return AccountAdapter(request).get_client_ip(request)


def home(user: User) -> str:
    """Where this login begins its day."""
    return reverse(HOMES[Portal(user.portal)])


def destination(request: HttpRequest, user: User, wished: str | None) -> str:
    """The page that was wished for, if it is ours and of the right portal; else home."""
    if wished and url_has_allowed_host_and_scheme(wished, allowed_hosts=None):
        prefixes = {Portal.FACILITY: "/facility/", Portal.CITY: "/city/"}
        own = prefixes.get(Portal(user.portal))
        elsewhere = tuple(prefix for prefix in prefixes.values() if prefix != own)
        if wished.startswith(own or "/") and not wished.startswith(elsewhere):
            return wished
    return home(user)

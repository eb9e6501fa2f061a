"""The screens of allauth that are used, and no others: second factor, passkeys, asking again who it is."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.views import reauthenticate
from allauth.mfa.base.views import authenticate, index
from allauth.mfa.base.views import reauthenticate as reauthenticate_by_code
from allauth.mfa.recovery_codes.views import generate_recovery_codes, view_recovery_codes
from allauth.mfa.totp.views import activate_totp, deactivate_totp
from allauth.mfa.webauthn.views import (
    add_webauthn,
    list_webauthn,
    login_webauthn,
    reauthenticate_webauthn,
    remove_webauthn,
)
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from daredemo.accounts import adapter, gates

Screen = Callable[..., HttpResponse]
EVERYONE = ("guardian", "facility", "city")
STAFF = ("facility", "city")
# allauth's class-based screens would take DELETE and PUT too, past the steps that write into the audit.
METHODS = ["GET", "HEAD", "POST"]


def own(view: Any, portals: tuple[str, ...] = EVERYONE) -> Screen:
    """For whoever is logged in to one of these portals; half a login may only set up its first factor."""

    @gates.named("own")
    @require_http_methods(METHODS)
    @wraps(view)
    def screen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = gates.user_of(request)
        if user is None:
            return gates.to_login(request, gates.portal_before(request))
        if user.portal not in portals:
            raise Http404
        half = user.needs_second_factor and not adapter.showed_second_factor(request)
        if half and adapter.has_second_factor(user):
            return adapter.to_second_factor(request, user)
        gates.dress(request, user.portal)
        back = adapter.home(user) if user.needs_second_factor else reverse("guardian:settings")
        request.home = back  # type: ignore[attr-defined]
        response: HttpResponse = view(request, *args, **kwargs)
        return response

    return screen


def coming_in(view: Any) -> Screen:
    """For a browser in the middle of logging in."""

    @gates.anyone
    @require_http_methods(METHODS)
    @wraps(view)
    def screen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        gates.dress(request, gates.portal_before(request))
        response: HttpResponse = view(request, *args, **kwargs)
        return response

    return screen


@gates.anyone
def to_login(request: HttpRequest) -> HttpResponse:
    """Where allauth sends a login that came to nothing: back to the screen it began at."""
    return redirect(f"{gates.portal_before(request)}:login")


def add_passkey(request: HttpRequest) -> HttpResponse:
    """A guardian's passkey comes without recovery codes: the password stays."""
    response: HttpResponse = add_webauthn(request)
    user = gates.user_of(request)
    if response.status_code == 302 and user is not None and not user.needs_second_factor:
        adapter.drop_recovery_codes(user)
        return redirect("mfa_list_webauthn")
    return response


def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """Staff keep one second factor."""
    passkey = adapter.passkey(request, pk)
    if passkey is not None and not adapter.MFAAdapter().can_delete_authenticator(passkey):
        messages.error(request, _("2つめの確認は なくせません。さきに別のものを登録してください。"))
        return redirect("mfa_list_webauthn")
    response: HttpResponse = remove_webauthn(request, pk=pk)
    return response


urlpatterns = [
    path("login/", to_login, name="account_login"),
    path("again/", own(reauthenticate), name="account_reauthenticate"),
    path("2fa/", own(index, STAFF), name="mfa_index"),
    path("2fa/enter/", coming_in(authenticate), name="mfa_authenticate"),
    path("2fa/again/", own(reauthenticate_by_code, STAFF), name="mfa_reauthenticate"),
    path("2fa/app/", own(activate_totp, STAFF), name="mfa_activate_totp"),
    path("2fa/app/remove/", own(deactivate_totp, STAFF), name="mfa_deactivate_totp"),
    path("2fa/codes/", own(view_recovery_codes, STAFF), name="mfa_view_recovery_codes"),
    path("2fa/codes/new/", own(generate_recovery_codes, STAFF), name="mfa_generate_recovery_codes"),
    path("passkeys/", own(list_webauthn), name="mfa_list_webauthn"),
    path("passkeys/add/", own(add_passkey), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/remove/", own(remove_passkey), name="mfa_remove_webauthn"),
    path("passkeys/login/", coming_in(login_webauthn), name="mfa_login_webauthn"),
    path("passkeys/again/", own(reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
]

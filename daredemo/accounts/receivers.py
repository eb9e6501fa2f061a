"""The only place that hears signals: allauth's, about logins and second factors.

An edge: it is called from within a request, and asks the clock.
"""

from typing import Any

from allauth.account.signals import user_logged_in  # noqa: TID251
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.http import HttpRequest

from daredemo.accounts import adapter
from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.config.clock import now


def listen() -> None:
    """Connect once, when the apps are ready."""
    user_logged_in.connect(logged_in, dispatch_uid="logged_in")
    authenticator_added.connect(factor_added, dispatch_uid="factor_added")
    authenticator_removed.connect(factor_removed, dispatch_uid="factor_removed")
    authenticator_reset.connect(codes_made, dispatch_uid="codes_made")


def logged_in(request: HttpRequest, user: User, **about: Any) -> None:
    audit.record(by=user, action="login.enter", subject=user, now=now())


def factor_added(request: HttpRequest, user: User, authenticator: Any, **about: Any) -> None:
    if authenticator.type in adapter.STRONG:
        adapter.note_second_factor(request, user)
    _write("login.add_factor", user, authenticator)


def factor_removed(request: HttpRequest, user: User, authenticator: Any, **about: Any) -> None:
    _write("login.remove_factor", user, authenticator)


def codes_made(request: HttpRequest, user: User, authenticator: Any, **about: Any) -> None:
    _write("login.make_recovery_codes", user, authenticator)


def _write(action: str, user: User, authenticator: Any) -> None:
    audit.record(by=user, action=action, subject=user, now=now(), facts={"type": str(authenticator.type)})

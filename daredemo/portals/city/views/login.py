"""The doors of the city portal: log in, log out, set and forget a password."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from daredemo.config.clock import now
from daredemo.portals.city.gate import anyone, officer_only
from daredemo.portals.shared import logins

if TYPE_CHECKING:
    from daredemo.municipalities.models import Officer

PORTAL = "city"


@anyone
@sensitive_post_parameters()
def login(request: HttpRequest) -> HttpResponse:
    return logins.enter(request, PORTAL, now())


@officer_only
@require_safe
def again(request: HttpRequest, officer: "Officer") -> HttpResponse:
    return logins.again(request, officer.user, now())


@anyone
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    return logins.leave(request, PORTAL)


@anyone
@sensitive_post_parameters()
def password_set(request: HttpRequest, token: str) -> HttpResponse:
    return logins.set_password(request, PORTAL, token, now())


@anyone
def password_forgotten(request: HttpRequest) -> HttpResponse:
    return logins.forgotten(request, PORTAL, now())


@anyone
def password_sent(request: HttpRequest) -> HttpResponse:
    return logins.sent(request, PORTAL)

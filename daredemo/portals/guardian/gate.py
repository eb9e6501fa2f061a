"""Who may pass into the guardian portal: certified guardians, and applicants on their way."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from daredemo.accounts import gates
from daredemo.accounts.gates import anyone
from daredemo.certification import queries as applications
from daredemo.config.clock import now
from daredemo.families import queries as families
from daredemo.languages import spoken
from daredemo.portals.shared import tongue
from daredemo.portals.shared.city import city_of

if TYPE_CHECKING:
    from daredemo.certification.models import Application
    from daredemo.families.models import Guardian

__all__ = [
    "APPLICATION",
    "anyone",
    "applicant_only",
    "family_only",
    "guardian_only",
    "open_here",
    "opened_here",
]

APPLICATION = "application"  # session key: the application's id as text, set by the POST on the mailed link
OPENED_BY = "application_opened_by"  # session key: whose login was there then, "" for none
P = ParamSpec("P")
Plain = Callable[Concatenate[HttpRequest, P], HttpResponse]


def _gate(
    name: str, *, helpers: bool
) -> "Callable[[Callable[Concatenate[HttpRequest, Guardian, P], HttpResponse]], Plain[P]]":
    """A login of the guardian portal; the view gets the person after the request."""

    def decorate(view: "Callable[Concatenate[HttpRequest, Guardian, P], HttpResponse]") -> "Plain[P]":
        @gates.named(name)
        @wraps(view)
        def passing(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if first := gates.stop(request, "guardian", now()):
                return first
            user = gates.user_of(request)
            guardian = families.guardian_of(user) if user else None
            if guardian is None:
                raise Http404
            city = city_of(guardian.municipality_id, guardian.municipality.name)
            request.guardian, request.city = guardian, city  # type: ignore[attr-defined]
            if guardian.only_helps and not helpers:
                raise Http404
            code = guardian.user.language
            spoken.speak(code)
            response = view(request, guardian, *args, **kwargs)
            if not tongue.remembers(request, code):  # open pages follow the account, on a new browser too
                tongue.remember(request, response, code)
            return response

        return passing

    return decorate


# What a 代理人 may do too: book, cancel, check in, and the own login.
family_only = _gate("family", helpers=True)
# Data, consents, certificates, interviews, and who else is let in.
guardian_only = _gate("guardian", helpers=False)


def open_here(request: HttpRequest, application: "Application") -> None:
    """From now on this browser may go on with the application, until somebody else logs in."""
    request.session[APPLICATION], request.session[OPENED_BY] = str(application.pk), _login(request)


def opened_here(request: HttpRequest) -> str | None:
    """The id of the application that this browser has opened, as text."""
    kept: str | None = request.session.get(APPLICATION)
    return kept if request.session.get(OPENED_BY, "") == _login(request) else None


def _login(request: HttpRequest) -> str:
    return str(request.user.pk) if request.user.is_authenticated else ""


def applicant_only(view: "Callable[Concatenate[HttpRequest, Application, P], HttpResponse]") -> "Plain[P]":
    """Someone whose browser opened a mailed application link; the view gets the application."""

    @gates.named("applicant")
    @wraps(view)
    def passing(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        kept = opened_here(request)
        application = applications.application_of(UUID(kept)) if kept else None
        if application is None or not applications.is_open_to_applicant(application, now()):
            return redirect("guardian:applicant_return")
        town = application.municipality
        request.city = city_of(town.code, town.name)  # type: ignore[attr-defined]
        return view(request, application, *args, **kwargs)

    return passing

"""Who may pass into the city portal: officers, each by role and only for the own municipality."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse

from daredemo.accounts import gates
from daredemo.accounts.gates import anyone
from daredemo.config.clock import now
from daredemo.municipalities import queries as municipalities
from daredemo.portals.shared.city import city_of

if TYPE_CHECKING:
    from daredemo.municipalities.models import Officer

__all__ = ["admin_only", "anyone", "approver_only", "officer_only", "screener_only"]

P = ParamSpec("P")
Plain = Callable[Concatenate[HttpRequest, P], HttpResponse]


def _gate(
    name: str, role: str
) -> "Callable[[Callable[Concatenate[HttpRequest, Officer, P], HttpResponse]], Plain[P]]":
    def decorate(view: "Callable[Concatenate[HttpRequest, Officer, P], HttpResponse]") -> "Plain[P]":
        @gates.named(name)
        @wraps(view)
        def passing(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if first := gates.stop(request, "city", now()):
                return first
            officer = municipalities.officer_of(request.user)  # type: ignore[arg-type]  # stop() saw to it
            if officer is None or not officer.may(officer.Role(role)):
                raise Http404
            town = officer.municipality
            request.officer = officer  # type: ignore[attr-defined]
            request.city = city_of(town.code, town.name)  # type: ignore[attr-defined]
            return view(request, officer, *args, **kwargs)

        return passing

    return decorate


officer_only = _gate("viewer", "viewer")
screener_only = _gate("screener", "screener")
approver_only = _gate("approver", "approver")
admin_only = _gate("admin", "admin")

"""Who may pass into the facility portal: members of a facility's staff, with a second factor."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse

from daredemo.accounts import gates
from daredemo.accounts.gates import anyone
from daredemo.config.clock import now
from daredemo.facilities import queries as facilities
from daredemo.portals.shared.city import city_of

if TYPE_CHECKING:
    from daredemo.facilities.models import Member

__all__ = ["anyone", "manager_only", "staff_only"]

STAFF = ("staff", "manager")
MANAGER = ("manager",)
P = ParamSpec("P")
Plain = Callable[Concatenate[HttpRequest, P], HttpResponse]


def _gate(
    name: str, roles: tuple[str, ...]
) -> "Callable[[Callable[Concatenate[HttpRequest, Member, P], HttpResponse]], Plain[P]]":
    def decorate(view: "Callable[Concatenate[HttpRequest, Member, P], HttpResponse]") -> "Plain[P]":
        @gates.named(name)
        @wraps(view)
        def passing(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if first := gates.stop(request, "facility", now()):
                return first
            member = facilities.member_of(request.user)  # type: ignore[arg-type]  # stop() saw to it
            if member is None or member.role not in roles:
                raise Http404
            facility, town = member.facility, member.facility.municipality
            request.member, request.facility = member, facility  # type: ignore[attr-defined]
            request.city = city_of(town.code, town.name)  # type: ignore[attr-defined]
            return view(request, member, *args, **kwargs)

        return passing

    return decorate


staff_only = _gate("staff", STAFF)
manager_only = _gate("manager", MANAGER)

"""ホーム: what comes next for a child."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from daredemo.booking import queries as bookings
from daredemo.config.clock import now, today
from daredemo.families import queries as families
from daredemo.portals.guardian import homing
from daredemo.portals.guardian.children import chosen, pills
from daredemo.portals.guardian.gate import family_only

if TYPE_CHECKING:
    from daredemo.families.models import Child, Guardian


@family_only
@require_safe
def home(request: HttpRequest, guardian: "Guardian") -> HttpResponse:
    """SG11: child switch, next visit with its deadline, hours of the month, rebooking, what is to be done."""
    children = families.children_of(guardian)
    if not children:
        return render(request, "guardian/home_none.html")
    child = chosen(children, request.GET.get("child"))
    if child is None:
        return redirect("guardian:home")
    page = {
        "child": child,
        "kids": pills(children, child, today(), address) if len(children) > 1 else [],
        "desk": homing.desk(guardian, child, now()),
        "now": now(),
        "offers": bookings.open_offers(guardian, now()),
    }
    return render(request, "guardian/home.html", page)


def address(child: "Child") -> str:
    return f"{reverse('guardian:home')}?child={child.pk}"

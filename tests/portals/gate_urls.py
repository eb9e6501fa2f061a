"""The project's addresses, and behind each gate one page that says who came in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

from daredemo.config import urls
from daredemo.portals.city import gate as city
from daredemo.portals.facility import gate as facility
from daredemo.portals.guardian import gate as guardian

handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500

GATES = {
    "guardian": guardian.guardian_only,
    "guardian/family": guardian.family_only,
    "applicant": guardian.applicant_only,
    "facility/staff": facility.staff_only,
    "facility/manager": facility.manager_only,
    "city/viewer": city.officer_only,
    "city/screener": city.screener_only,
    "city/approver": city.approver_only,
    "city/admin": city.admin_only,
}


def page(request: HttpRequest, actor: Any) -> HttpResponse:
    return HttpResponse(f"{type(actor).__name__} {actor.pk}")


urlpatterns = [*(path(f"{name}/page/", gate(page)) for name, gate in GATES.items()), *urls.urlpatterns]

"""認定証 on screen and as PDF."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from daredemo.audit import actions as audit
from daredemo.certification import pdf
from daredemo.certification import queries as certificates
from daredemo.config.clock import now, today
from daredemo.municipalities import queries as municipalities
from daredemo.portals.guardian.gate import guardian_only
from daredemo.portals.shared.files import download

if TYPE_CHECKING:
    from daredemo.families.models import Guardian


@guardian_only
@require_GET
def certificate(request: HttpRequest, guardian: "Guardian") -> HttpResponse:
    """The certificates of all children, and applications on their way."""
    policy = municipalities.policy_on(guardian.municipality_id, today())
    page = {
        "certificates": list(certificates.certificates_of(guardian)),
        "applications": list(certificates.applications_of(guardian)[:5]),
        "minutes": sum(bucket.minutes for bucket in policy.hours.buckets if bucket.where == "anywhere"),
        "today": today(),
    }
    return render(request, "guardian/certificate.html", page)


@guardian_only
@require_GET
def certificate_pdf(request: HttpRequest, guardian: "Guardian", certificate_id: UUID) -> HttpResponse:
    """認定証 of one child as PDF."""
    try:
        found = certificates.certificate_of(guardian, certificate_id)
    except ObjectDoesNotExist as unknown:
        raise Http404 from unknown
    audit.read(by=guardian.user, subject=found.child, now=now(), what="certificate")
    return download(pdf.certificate_paper(found, guardian.name, now()), f"certificate-{found.number}.pdf")

"""認定者台帳: find a certificate, look at it, let it end."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from daredemo.accounts import actions as accounts
from daredemo.audit import actions as audit
from daredemo.booking import actions as bookings
from daredemo.certification import pdf
from daredemo.certification import queries as certification
from daredemo.certification.actions import certificates as doing
from daredemo.certification.actions import screening
from daredemo.config.clock import now, today
from daredemo.families import actions as protecting
from daredemo.families import queries as families
from daredemo.portals.city.forms.screening import CounterForm, EndForm, ProtectionForm
from daredemo.portals.city.gate import officer_only, screener_only
from daredemo.portals.shared import typed
from daredemo.portals.shared.files import download
from daredemo.portals.shared.forms import accepted

if TYPE_CHECKING:
    from daredemo.certification.models import Certificate
    from daredemo.families.models import Guardian
    from daredemo.municipalities.models import Officer

PER_PAGE = 50
HERE = "city:certificates"
PROTECTING = {"protect": bookings.protect, "unprotect": protecting.unprotect}


@officer_only
@require_GET
def certificates(request: HttpRequest, officer: "Officer") -> HttpResponse:
    """The register, by part of a name or reading, or by number."""
    words = request.GET.get("words", "")[:100]
    asked = "" if typed.forbidden(words) else typed.reading(words)
    page = Paginator(certification.register(officer, asked), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "city/certificates.html", {"words": words, "page_obj": page, "today": today()})


def of_office(officer: "Officer", certificate_id: UUID) -> "Certificate":
    try:
        return certification.certificate(officer, certificate_id)
    except ObjectDoesNotExist as unknown:
        raise Http404 from unknown


@officer_only
@require_GET
def certificate(request: HttpRequest, officer: "Officer", certificate_id: UUID) -> HttpResponse:
    """One certificate with its family; who looked is written down."""
    found = of_office(officer, certificate_id)
    audit.read_today(by=officer.user, subjects=[found.child], now=now(), what="certificate")
    page = {
        "here": HERE,
        "certificate": found,
        "people": list(families.people_of(found.child)),
        "application": found.decision.applicant_child.application,
        "may_decide": screening.may_decide(officer),
        "today": today(),
    }
    return render(request, "city/certificate.html", page)


@screener_only
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, officer: "Officer", certificate_id: UUID) -> HttpResponse:
    """認定をおわる: the last good day and why."""
    found = of_office(officer, certificate_id)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"ended_on": today()})
    if accepted(form, doing.end, certificate=found, officer=officer, now=now()):
        return redirect("city:certificate", found.pk)
    return render(request, "city/certificate_end.html", {"here": HERE, "form": form, "certificate": found})


@screener_only
@require_http_methods(["GET", "POST"])
def activation(
    request: HttpRequest, officer: "Officer", certificate_id: UUID, guardian_id: UUID
) -> HttpResponse:
    """窓口で: who has lost the password, and has no e-mail, gets a new 登録コード, shown this once."""
    found = of_office(officer, certificate_id)
    held = families.people_of(found.child).filter(guardian=guardian_id).first()
    if held is None:
        raise Http404
    guardian = held.guardian
    form = CounterForm(request.POST if request.method == "POST" else None)
    page = {"here": HERE, "certificate": found, "guardian": guardian, "form": form}
    if form.is_valid():
        page["code"] = accounts.issue_activation_code(user=guardian.user, by=officer.user, now=now())
        page["until"] = today() + accounts.ACTIVATION_LASTS
    return render(request, "city/activation.html", page)


def answering(certificate: "Certificate", guardian_id: UUID) -> "Guardian":
    found = families.guardians_of(certificate.child).filter(pk=guardian_id).first()
    if found is None:
        raise Http404
    return found


@screener_only
@require_http_methods(["GET", "POST"])
def protection(
    request: HttpRequest, officer: "Officer", certificate_id: UUID, guardian_id: UUID
) -> HttpResponse:
    """支援措置: protect a guardian of this child, or end the protection."""
    found = of_office(officer, certificate_id)
    guardian = answering(found, guardian_id)
    do = "unprotect" if guardian.protected_at else "protect"
    form = ProtectionForm(request.POST if request.method == "POST" else None)
    moved = form.is_valid() and form.cleaned_data["do"] != do
    if form.is_valid() and not moved:
        PROTECTING[do](guardian=guardian, by=officer.user, now=now())
        return redirect("city:certificate", found.pk)
    others = list(families.people_of(found.child).exclude(guardian=guardian))
    page = {"here": HERE, "certificate": found, "guardian": guardian, "do": do, "moved": moved}
    page |= {"form": ProtectionForm() if moved else form, "others": others}
    return render(request, "city/protection.html", page)


@officer_only
@require_GET
def certificate_pdf(request: HttpRequest, officer: "Officer", certificate_id: UUID) -> HttpResponse:
    """認定証 as PDF."""
    found = of_office(officer, certificate_id)
    audit.read_today(by=officer.user, subjects=[found.child], now=now(), what="certificate")
    first = families.guardians_of(found.child).first()
    made = pdf.certificate_paper(found, first.name if first else "", now())
    return download(made, f"certificate-{found.number}.pdf")

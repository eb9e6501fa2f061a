"""The application: its tasks, check and submission, what became of it."""

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daredemo.certification import pdf
from daredemo.certification import queries as applications
from daredemo.certification.actions import drafts, proofs
from daredemo.config.clock import now, today
from daredemo.municipalities import queries as municipalities
from daredemo.portals.guardian.gate import APPLICATION, applicant_only, family_only, open_here
from daredemo.portals.shared.applying import PARTS, word
from daredemo.portals.shared.files import download
from daredemo.portals.shared.forms import sentence
from daredemo.rules import eligibility
from daredemo.rules.refusal import Reason, Refused

if TYPE_CHECKING:
    from daredemo.accounts.models import User
    from daredemo.certification.models import ApplicantChild, Application
    from daredemo.families.models import Guardian
    from daredemo.rules.policy import Policy


PAGES = {
    "guardian": "apply_guardian",
    "address": "apply_address",
    "children": "apply_children",
    "reduction": "apply_reduction",
    "proofs": "apply_reduction",
    "notice": "apply_notice",
}


def author(application: "Application") -> "User | None":
    """Who writes: a known guardian's login, or an applicant without one."""
    return application.guardian.user if application.guardian is not None else None


def page(application: "Application", **more: Any) -> dict[str, Any]:
    """What every page of the application shows."""
    missing, no = drafts.missing(application), drafts.incomplete(application)
    policy = municipalities.policy_on(application.municipality_id, today())
    editable = applications.is_editable(application)
    children = sorted(application.children.all(), key=lambda child: child.position)
    return {
        "application": application,
        "children": [kid(child, policy, editable=editable) for child in children],
        "missing": missing,
        "unread": drafts.unread(application) if editable else [],
        "incomplete": sentence(no) if no else "",
        "next_url": address_of(missing[0], back=False) if missing else reverse("guardian:apply_check"),
        "repairing": application.status == "returned",
        "repairs": application.returned_parts if application.status == "returned" else [],
        "to_repair": [repair(name) for name in application.returned_parts],
        "today": today(),
        **({f"u_{name}": address_of(name) for name in PAGES} if editable else {}),
        **more,
    }


class Kid(NamedTuple):
    """A child as the pages show it."""

    position: int
    name: str
    family_kana: str
    given_kana: str
    born: date | None
    enrolment: str
    part: str
    change: str  # the address of its page, "" when nothing can be changed
    span: tuple[date, ...]


def kid(child: "ApplicantChild", policy: "Policy", *, editable: bool) -> Kid:
    part = f"child-{child.position}"
    return Kid(
        position=child.position,
        name=child.name,
        family_kana=child.family_kana,
        given_kana=child.given_kana,
        born=child.born,
        enrolment=child.enrolment,
        part=part,
        change=address_of(part) if editable else "",
        span=eligibility.use_days(child.born, policy.ages) if child.born else (),
    )


def address_of(part: str, *, back: bool = True) -> str:
    """The page on which a part is answered; `back`: it leads back to the check page."""
    if part.startswith("child-"):
        found = reverse("guardian:apply_child", args=[int(part.removeprefix("child-"))])
    else:
        found = reverse(f"guardian:{PAGES[part]}")
    return f"{found}?to=check" if back else found


def repair(part: str) -> dict[str, str]:
    """A part to repair: its page and its name."""
    name, _, number = part.partition("-")
    label = word(PARTS, "children" if name == "child" else name)
    return {"href": address_of(part), "label": f"{label} {number}".strip()}


@applicant_only
@require_GET
def hub(request: HttpRequest, application: "Application") -> HttpResponse:
    """The tasks: what is done, what is not yet."""
    if not applications.is_editable(application):
        return redirect("guardian:application_status")
    return render(request, "guardian/application.html", page(application))


@applicant_only
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, application: "Application") -> HttpResponse:
    """Check the answers, then hand them in; for a child for whom it is not, why and what instead."""
    if not applications.is_editable(application):
        return redirect("guardian:application_status")
    if request.method == "POST":
        try:
            drafts.submit(application=application, by=author(application), now=now())
        except Refused as no:
            return refused(request, application, no)
        return redirect("guardian:apply_done")
    return render(request, "guardian/application_check.html", page(application))


def refused(request: HttpRequest, application: "Application", no: Refused) -> HttpResponse:
    """Something is missing: back to the check page. A child is not eligible: a page about that."""
    if no.reason in (Reason.TEXT_MISSING, Reason.READING_MISSING, Reason.STATUS_MOVED):
        return render(request, "guardian/application_check.html", page(application, incomplete=sentence(no)))
    more = page(application, no=no, programme=municipalities.programme_of(application.municipality_id))
    more["blocked"] = next(c for c in more["children"] if c.position == no.facts["position"])
    return render(request, "guardian/application_ineligible.html", more)


@applicant_only
@require_GET
def done(request: HttpRequest, application: "Application") -> HttpResponse:
    """Handed in: the number, what happens next and by when."""
    if application.submitted_at is None:
        return redirect("guardian:apply")
    return render(
        request, "guardian/application_done.html", page(application, decide_by=drafts.decide_by(application))
    )


@applicant_only
@require_GET
def status(request: HttpRequest, application: "Application") -> HttpResponse:
    """受付 → 審査 → 結果. A decision is shown when it has been enacted, not before."""
    if application.submitted_at is None:
        return redirect("guardian:apply")
    told = application.enacted_at is not None
    results = [(child, child.decided[0]) for child in application.children.all() if told and child.decided]
    more = {
        "decide_by": drafts.decide_by(application),
        "results": results,
        "certified": any(decision.outcome == "certified" for _, decision in results),
        "granted": [(child, decision) for child, decision in results if decision.outcome == "certified"],
        "declined": [(child, decision) for child, decision in results if decision.outcome == "declined"],
        "withdrawable": not told and application.status != "decided",
        "screening": application.status in ("screening", "decided"),
    }
    return render(request, "guardian/application_status.html", page(application, **more))


@applicant_only
@require_GET
def paper(request: HttpRequest, application: "Application") -> HttpResponse:
    """The application as PDF, at once and later."""
    made = pdf.application_paper(application, now())
    return download(made, f"application-{application.number}.pdf")


@applicant_only
@require_GET
def result_paper(request: HttpRequest, application: "Application") -> HttpResponse:
    """The result as a letter, once it has been told."""
    if application.enacted_at is None:
        raise Http404
    decisions = [child.decided[0] for child in application.children.all() if child.decided]
    made = pdf.result_paper(application, decisions, "", now())
    return download(made, f"result-{application.number}.pdf")


@applicant_only
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, application: "Application") -> HttpResponse:
    """取り下げ, after a page that says what it means."""
    if request.method == "POST":
        try:
            drafts.withdraw(application=application, by=author(application), now=now())
        except Refused as no:
            return render(request, "guardian/application_withdraw.html", page(application, no=sentence(no)))
        request.session.pop(APPLICATION, None)
        return render(request, "guardian/application_withdrawn.html", {"application": application})
    return render(request, "guardian/application_withdraw.html", page(application))


@applicant_only
@require_GET
def proof(request: HttpRequest, application: "Application", proof_id: UUID) -> HttpResponse:
    """A document of one's own, always as an attachment."""
    found = own_proof(application, proof_id)
    data = proofs.open_proof(proof=found, by=author(application), now=now())
    return download(data, f"document-{found.pk}", found.media_type)


@applicant_only
@require_POST
def remove_proof(request: HttpRequest, application: "Application", proof_id: UUID) -> HttpResponse:
    """Take a document off again."""
    own_proof(application, proof_id)
    if applications.is_editable(application):
        proofs.remove_proof(application=application, proof_id=proof_id, by=author(application), now=now())
    return redirect("guardian:apply_reduction")


def own_proof(application: "Application", proof_id: UUID) -> Any:
    try:
        return applications.proof_of(application, proof_id)
    except ObjectDoesNotExist as unknown:
        raise Http404 from unknown


@family_only
@require_POST
def open_mine(request: HttpRequest, guardian: "Guardian", application_id: UUID) -> HttpResponse:
    """A known guardian opens one of the own applications from the home screens."""
    mine = applications.applications_of(guardian).filter(pk=application_id).first()
    if mine is None:
        raise Http404
    open_here(request, mine)
    return redirect("guardian:apply")

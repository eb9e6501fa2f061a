"""審査: the answers at the left, checks, documents and history at the right, one decision per child."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daredemo.certification import checks, pdf
from daredemo.certification import queries as certification
from daredemo.certification.actions import letters, proofs, screening
from daredemo.config.clock import now, today
from daredemo.municipalities import queries as municipalities
from daredemo.portals.city.forms.screening import CertifyForm, DeclineForm, SendBackForm, is_amber
from daredemo.portals.city.gate import officer_only, screener_only
from daredemo.portals.shared.files import download
from daredemo.portals.shared.forms import accepted, sentence
from daredemo.rules import eligibility
from daredemo.rules.refusal import Reason, Refused

if TYPE_CHECKING:
    from daredemo.certification.models import ApplicantChild, Application, Decision
    from daredemo.municipalities.models import Officer
    from daredemo.rules.policy import Policy

AS_WRITTEN = ("position", "name", "family_kana", "given_kana", "born", "enrolment")
WAITING = ("received", "screening")
HERE = "city:queue"  # which entry of the navigation these pages belong to


def of_office(officer: "Officer", application_id: UUID) -> "Application":
    """One of the office's applications; 404 for any other."""
    try:
        return certification.application(officer, application_id)
    except ObjectDoesNotExist as unknown:
        raise Http404 from unknown


def child_at(application: "Application", position: int) -> Any:
    """The child at this place of the application; 404 for none."""
    for child in application.children.all():
        if child.position == position:
            return child
    raise Http404


def page(application: "Application", officer: "Officer", **more: Any) -> dict[str, Any]:
    """What the screening page shows."""
    day = today()
    policy = municipalities.policy_on(application.municipality_id, day)
    found = checks.checks_of([application], day)[application.pk]
    cases = [
        case(application, child, policy, found, officer)
        for child in sorted(application.children.all(), key=lambda child: child.position)
    ]
    return {
        "here": HERE,
        "application": application,
        "children": cases,
        "found": found,
        "common": [check for check in found if check.position == 0],
        "history": certification.history(application),
        "left": certification.days_left(application.submitted_at, day, policy),  # type: ignore[arg-type]
        "may_decide": screening.may_decide(officer) and application.status in WAITING,
        "told": application.enacted_at is not None,
        "letter": screening.may_decide(officer) and application.enacted_at is not None,
        "unposted": any(d.letter and d.letter.status == "promised" for c in cases if (d := c.decision)),
        "today": day,
        "now": now(),
        **more,
    }


class Case(NamedTuple):
    """One child of the application, with what is found and decided."""

    position: int
    name: str
    family_kana: str
    given_kana: str
    born: date | None
    enrolment: str
    span: tuple[date, ...]
    found: list[checks.Check]
    amber: bool
    red: bool
    decision: "Decision | None"
    until: datetime | None  # undo is possible until then
    undoable: bool
    form: CertifyForm | None


def case(
    application: "Application",
    child: "ApplicantChild",
    policy: "Policy",
    found: list[checks.Check],
    officer: "Officer",
) -> Case:
    decision = child.decided[0] if child.decided else None
    until = screening.undo_until(decision) if decision else None
    may_decide = screening.may_decide(officer)
    is_open = may_decide and application.status in WAITING and decision is None
    own = [check for check in found if check.position == child.position]
    return Case(
        **{name: getattr(child, name) for name in AS_WRITTEN},
        span=eligibility.use_days(child.born, policy.ages) if child.born else (),
        found=own,
        amber=is_amber(child, found),
        red=any(check.level == "red" for check in own),
        decision=decision,
        until=until,
        undoable=may_decide and until is not None and now() <= until,
        form=CertifyForm.of(application, child, found) if is_open else None,
    )


@officer_only
@require_GET
def application(request: HttpRequest, officer: "Officer", application_id: UUID) -> HttpResponse:
    """Look at it; who looked is written down, and screening begins."""
    found = of_office(officer, application_id)
    if found.status == "received" and screening.take_up(application=found, officer=officer, now=now()):
        found = of_office(officer, application_id)
    screening.look(officer=officer, application=found, now=now())
    return render(request, "city/application.html", page(found, officer))


def moved(request: HttpRequest, officer: "Officer", application: "Application", no: Refused) -> HttpResponse:
    """A rule said no: the page as it is now, with the sentence on top. Nothing was overwritten."""
    fresh = of_office(officer, application.pk)
    more = {"no": no, "sentence": sentence(no), "changed": no.reason == Reason.STATUS_MOVED}
    return render(request, "city/application.html", page(fresh, officer, **more), status=409)


@screener_only
@require_POST
def certify(request: HttpRequest, officer: "Officer", application_id: UUID, position: int) -> HttpResponse:
    """認定する: only written down; told in ten minutes."""
    found = of_office(officer, application_id)
    checked = checks.checks_of([found], today())[found.pk]
    form = CertifyForm.of(found, child_at(found, position), checked, request.POST)
    if accepted(form, screening.certify, application=found, position=position, officer=officer, now=now()):
        return redirect("city:application", found.pk)
    if form.refused is not None and form.refused.reason != Reason.CHECK_NOT_CONFIRMED:
        return moved(request, officer, found, form.refused)
    more = page(found, officer)
    more["children"] = [c._replace(form=form) if c.position == position else c for c in more["children"]]
    return render(request, "city/application.html", {**more, "form": form})


@screener_only
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, officer: "Officer", application_id: UUID, position: int) -> HttpResponse:
    """認定しない: article, reason, what is possible; the 教示 goes with it."""
    found = of_office(officer, application_id)
    child = child_at(found, position)
    checked = checks.checks_of([found], today())[found.pk]
    form = DeclineForm.of(found, child, checked, request.POST if request.method == "POST" else None)
    if accepted(form, screening.decline, application=found, position=position, officer=officer, now=now()):
        return redirect("city:application", found.pk)
    instruction = municipalities.notice_text(found.municipality_id, municipalities.TextKind.REMEDIES, today())
    shown = {"here": HERE, "form": form, "child": child, "application": found, "instruction": instruction}
    return render(request, "city/application_decline.html", shown)


@screener_only
@require_http_methods(["GET", "POST"])
def send_back(request: HttpRequest, officer: "Officer", application_id: UUID) -> HttpResponse:
    """なおしてもらう: words and pages."""
    found = of_office(officer, application_id)
    children = list(found.children.all())
    form = SendBackForm.of(found, children, request.POST if request.method == "POST" else None)
    if accepted(form, screening.send_back, application=found, officer=officer, now=now()):
        return redirect("city:application", found.pk)
    return render(request, "city/application_return.html", {"here": HERE, "form": form, "application": found})


@screener_only
@require_POST
def undo(request: HttpRequest, officer: "Officer", application_id: UUID, position: int) -> HttpResponse:
    """もどす, while nobody has been told."""
    found = of_office(officer, application_id)
    child_at(found, position)
    try:
        screening.undo(application=found, position=position, officer=officer, now=now())
    except Refused as no:
        return moved(request, officer, found, no)
    return redirect("city:application", found.pk)


@officer_only
@require_GET
def proof(request: HttpRequest, officer: "Officer", application_id: UUID, proof_id: UUID) -> HttpResponse:
    """A document, always as an attachment; who looked is written down."""
    try:
        found = certification.proof_at(officer, application_id, proof_id)
    except ObjectDoesNotExist as unknown:
        raise Http404 from unknown
    data = proofs.open_proof(proof=found, by=officer.user, now=now())
    return download(data, f"document-{found.pk}", found.media_type)


@officer_only
@require_GET
def paper(request: HttpRequest, officer: "Officer", application_id: UUID) -> HttpResponse:
    """The application as PDF."""
    found = of_office(officer, application_id)
    screening.look(officer=officer, application=found, now=now())
    return download(pdf.application_paper(found, now()), f"application-{found.number}.pdf")


@screener_only
@require_POST
def letter(request: HttpRequest, officer: "Officer", application_id: UUID) -> HttpResponse:
    """Print the letter, with a fresh 登録コード where there is no e-mail."""
    found = of_office(officer, application_id)
    if found.enacted_at is None:
        raise Http404
    code = letters.open_letter(application=found, officer=officer, now=now())
    decisions = [child.decided[0] for child in found.children.all() if child.decided]
    return download(pdf.result_paper(found, decisions, code, now()), f"letter-{found.number}.pdf")


@screener_only
@require_POST
def posted(request: HttpRequest, officer: "Officer", application_id: UUID) -> HttpResponse:
    """The letter is on its way."""
    found = of_office(officer, application_id)
    letters.posted(application=found, officer=officer, now=now())
    return redirect("city:application", found.pk)

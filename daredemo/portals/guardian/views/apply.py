"""利用申請URL: ask for it, send it again, open the application with it, come back from elsewhere."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daredemo.certification import queries as applications
from daredemo.certification.actions import invitations
from daredemo.config.clock import now, today
from daredemo.families import queries as families
from daredemo.languages import spoken
from daredemo.municipalities import queries as municipalities
from daredemo.portals.guardian.forms.apply import AddressToMailForm, ReturnForm, better_address
from daredemo.portals.guardian.gate import anyone, family_only, open_here, opened_here
from daredemo.portals.guardian.views.start import town_of
from daredemo.portals.shared.city import city_of
from daredemo.portals.shared.forms import accepted, sentence
from daredemo.rules.refusal import Refused

if TYPE_CHECKING:
    from daredemo.certification.models import Application
    from daredemo.families.models import Guardian

SENT = "invitation"  # session key: the invitation whose mail this browser asked for


@anyone
@require_http_methods(["GET", "POST"])
def email(request: HttpRequest, code: str) -> HttpResponse:
    """The e-mail address to which the link goes; before the opening day, since when."""
    town = town_of(request, code)
    programme = municipalities.programme_of(code)
    opening = municipalities.opening(code, municipalities.Step.APPLICATIONS, today())
    page = {"town": town, "programme": programme, "opening": opening}
    if not opening.open:
        return render(request, "guardian/apply_not_open.html", page)
    form = AddressToMailForm(request.POST or None)
    if accepted(form, invitations.invite, municipality=town, language=spoken.current(), now=now()):
        request.session[SENT] = str(form.result.pk)
        return redirect("guardian:apply_sent")
    known = families.guardian_of(request.user) if request.user.is_authenticated else None
    return render(request, "guardian/apply_email.html", {**page, "form": form, "known": known})


@family_only
@require_POST
def begin(request: HttpRequest, guardian: "Guardian", code: str) -> HttpResponse:
    """A known guardian begins without a mail."""
    town = town_of(request, code)
    try:
        application = invitations.begin_as(guardian=guardian, municipality=town, now=now())
    except Refused:
        return redirect("guardian:apply_email", code)
    return enter(request, application)


def enter(request: HttpRequest, application: "Application") -> HttpResponse:
    """From now on this browser may go on with the application."""
    request.session.cycle_key()
    open_here(request, application)
    return redirect("guardian:apply")


@anyone
@require_http_methods(["GET", "POST"])
def sent(request: HttpRequest) -> HttpResponse:
    """Where the mail went, what to do when it does not come, and to send it again in place."""
    kept = request.session.get(SENT)
    invitation = applications.invitation_by_id(UUID(kept)) if kept else None
    if invitation is None:
        return redirect("guardian:start")
    page = {"invitation": invitation, "town": invitation.municipality, "again": "again" in request.GET}
    if request.method == "POST":
        try:
            request.session[SENT] = str(invitations.resend(invitation=invitation, now=now()).pk)
        except Refused as no:
            return render(request, "guardian/apply_sent.html", {**page, "no": no})
        return redirect(f"{request.path}?again=1")
    page["better"] = better_address(invitation.email)
    request.city = city_of(invitation.municipality_id, invitation.municipality.name)  # type: ignore[attr-defined]
    return render(request, "guardian/apply_sent.html", page)


@anyone
@require_http_methods(["GET", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link. Looking changes nothing; the button on the page opens the application."""
    seen = applications.invitation(token, now())
    if seen is None:
        return render(request, "guardian/apply_unknown.html", status=404)
    mine = opened_here(request)
    if mine is not None and mine == str(seen.invitation.application_id):
        return redirect("guardian:apply")
    if request.method == "POST":
        try:
            return enter(request, invitations.open_link(token=token, now=now()))
        except Refused:
            seen = applications.invitation(token, now()) or seen
    town = seen.invitation.municipality
    request.city = city_of(town.code, town.name)  # type: ignore[attr-defined]
    return render(request, "guardian/apply_open.html", {"seen": seen, "town": town, "token": token})


@anyone
@require_POST
def again(request: HttpRequest, token: str) -> HttpResponse:
    """An expired or used link is replaced in place, by mail to the same address."""
    seen = applications.invitation(token, now())
    if seen is None:
        return render(request, "guardian/apply_unknown.html", status=404)
    try:
        made = invitations.resend(invitation=seen.invitation, now=now())
    except Refused as no:
        return render(request, "guardian/apply_open.html", {"seen": seen, "token": token, "no": sentence(no)})
    if request.session.get(SENT) == str(seen.invitation.pk):
        request.session[SENT] = str(made.pk)
        return redirect("guardian:apply_sent")
    return redirect("guardian:applicant_return_sent")  # does not print the address: the link may be another's


@anyone
@require_http_methods(["GET", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    """Number and address bring a fresh link; the answer is the same whether they are known or not."""
    form = ReturnForm(request.POST or None)
    if accepted(form, invitations.come_back, now=now()):
        return redirect("guardian:applicant_return_sent")
    return render(request, "guardian/apply_return.html", {"form": form})


@anyone
@require_GET
def come_back_sent(request: HttpRequest) -> HttpResponse:
    """The same page for everyone."""
    return render(request, "guardian/apply_return_sent.html")


@anyone
@require_GET
def postcode(request: HttpRequest) -> HttpResponse:
    """The places of a post code, for the address fields."""
    towns = [
        {"prefecture": place.prefecture, "city": place.city, "town": place.town}
        for place in municipalities.post_code(request.GET.get("code", "")[:20])
    ]
    return JsonResponse({"towns": towns})

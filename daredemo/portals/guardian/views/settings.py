"""設定: what the family allowed, and how pages look to it."""

from itertools import groupby
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from daredemo.accounts import actions as accounts
from daredemo.accounts import gates
from daredemo.config.clock import now
from daredemo.families import actions as families
from daredemo.families import queries as asked
from daredemo.languages import spoken
from daredemo.portals.guardian.forms.consent import ConsentForm
from daredemo.portals.guardian.gate import anyone, family_only, guardian_only
from daredemo.portals.shared import tongue
from daredemo.portals.shared.forms import accepted

if TYPE_CHECKING:
    from daredemo.families.models import Guardian


@family_only
def settings(request: HttpRequest, guardian: "Guardian") -> HttpResponse:
    """SG28: the consents in force by child, and the ways to other settings."""
    by_child = groupby(asked.standings(guardian), key=lambda stand: stand.child)
    page = {"children": [(child, list(stands)) for child, stands in by_child]}
    return render(request, "guardian/settings.html", page)


@guardian_only
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, guardian: "Guardian", child_id: UUID, facility_id: UUID) -> HttpResponse:
    """What a facility may see of a child, and until when; also given anew."""
    stand = asked.standing(guardian, child_id, facility_id)
    if stand is None:
        raise Http404
    form = ConsentForm(request.POST if request.method == "POST" else None, stand=stand)
    given = {"child": stand.child, "facility": stand.facility, "by": guardian.user, "now": now()}
    if accepted(form, families.agree, **given):
        messages.success(request, _("同意を保存しました。"))
        return redirect("guardian:settings")
    page = {"form": form, "stand": stand, "here": "guardian:settings"}
    return render(request, "guardian/consent.html", page)


@guardian_only
def consent_revoke(request: HttpRequest, guardian: "Guardian", consent_id: UUID) -> HttpResponse:
    """Take a consent back, after one look at what ends and what stays."""
    consent = asked.consents_by(guardian).filter(pk=consent_id).first()
    if consent is None:
        raise Http404
    if request.method != "POST":
        page = {"consent": consent, "here": "guardian:settings"}
        return render(request, "guardian/consent_revoke.html", page)
    families.revoke_consent(consent=consent, by=guardian.user, now=now())
    messages.success(request, _("同意を取り消しました。"))
    return redirect("guardian:settings")


@anyone
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The language (or ふりがな), for this browser and for the account; back to the page one came from."""
    code = spoken.known(request.POST.get("language"))
    target = request.POST.get("next", "/")
    if not target.startswith("/") or not url_has_allowed_host_and_scheme(target, None) or "\\" in target:
        target = "/"
    user = gates.user_of(request)
    if user is not None and user.portal == "guardian" and user.language != code:
        accounts.change_language(user=user, language=code, by=user, now=now())
    response = redirect(target)
    tongue.remember(request, response, code)
    return response

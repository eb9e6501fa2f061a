"""家族・代理人: who else comes in for the children, by a login of their own."""

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from daredemo.accounts import actions as accounts
from daredemo.accounts import adapter
from daredemo.config.clock import now, today
from daredemo.families import actions as families
from daredemo.families import queries as asked
from daredemo.portals.guardian.forms.people import InviteForm
from daredemo.portals.guardian.gate import guardian_only
from daredemo.portals.shared.forms import accepted

if TYPE_CHECKING:
    from daredemo.families.models import Child, Guardian

HERE = "guardian:settings"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody else who comes in for some of the children; `first`: certified with them, not let in;
    `mine`: let in by the one who reads.
    """

    guardian: "Guardian"
    helps: bool
    children: "list[Child]"
    first: bool
    mine: bool
    has_come: bool


@guardian_only
@require_safe
def people(request: HttpRequest, guardian: "Guardian") -> HttpResponse:
    """Everyone else who comes in for the own children, each once."""
    rows = []
    for _pk, of_one in groupby(asked.others_with(guardian), key=lambda held: held.guardian_id):
        held = list(of_one)
        hosts = {one.invited_by_id for one in held}
        rows.append(
            Person(
                guardian=held[0].guardian,
                helps=all(one.part == "proxy" for one in held),
                children=[one.child for one in held],
                first=None in hosts,
                mine=guardian.pk in hosts,
                has_come=None in hosts or families.has_come(held[0].guardian),
            )
        )
    page = {"people": rows, "may_invite": bool(asked.certified_with(guardian)), "here": HERE}
    return render(request, "guardian/people.html", page)


@guardian_only
@adapter.surely
@require_http_methods(["GET", "POST"])
def person_invite(request: HttpRequest, guardian: "Guardian") -> HttpResponse:
    """Let somebody in: by mail, or by a code on paper."""
    children = asked.certified_with(guardian)
    if not children:
        raise Http404
    form = InviteForm(request.POST if request.method == "POST" else None, children=children)
    if accepted(form, families.invite, guardian=guardian, by=guardian.user, now=now()):
        return told(request, form.result)
    return render(request, "guardian/person_invite.html", {"form": form, "here": HERE})


def told(request: HttpRequest, invited: "families.Invited") -> HttpResponse:
    """A code is shown this once; a mail is on its way."""
    if invited.code:
        until = today() + accounts.ACTIVATION_LASTS
        page = {"other": invited.guardian, "code": invited.code, "until": until, "here": HERE}
        return render(request, "guardian/person_code.html", page)
    messages.success(request, _("%(name)sさんを招待しました。") % {"name": invited.guardian.name})
    return redirect("guardian:people")


def let_in(guardian: "Guardian", other_id: UUID) -> "Guardian":
    try:
        return asked.invited_by(guardian, other_id)
    except ObjectDoesNotExist as unknown:
        raise Http404 from unknown


@guardian_only
@adapter.surely
@require_POST
def person_again(request: HttpRequest, guardian: "Guardian", other_id: UUID) -> HttpResponse:
    """A new link or code; the older one dies."""
    other = let_in(guardian, other_id)
    return told(request, families.invite_again(guardian=guardian, other=other, by=guardian.user, now=now()))


@guardian_only
@adapter.surely
@require_http_methods(["GET", "POST"])
def person_end(request: HttpRequest, guardian: "Guardian", other_id: UUID) -> HttpResponse:
    """Out at once, after one look at what ends and what stays."""
    other = let_in(guardian, other_id)
    if request.method != "POST":
        return render(request, "guardian/person_end.html", {"other": other, "here": HERE})
    families.end_invited(guardian=guardian, other=other, by=guardian.user, now=now())
    messages.success(request, _("%(name)sさんは、もう入れません。") % {"name": other.name})
    return redirect("guardian:people")

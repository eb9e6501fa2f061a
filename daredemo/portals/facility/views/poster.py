"""玄関QR: see it, print it, replace it."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from daredemo.attendance import poster as posters
from daredemo.config.clock import now
from daredemo.facilities import actions as facilities
from daredemo.facilities import queries as asked
from daredemo.portals.facility.gate import manager_only, staff_only
from daredemo.portals.shared.files import download

if TYPE_CHECKING:
    from daredemo.facilities.models import Member


@staff_only
@require_safe
def poster(request: HttpRequest, member: "Member") -> HttpResponse:
    """SF08: the poster as it hangs, and what to do when it was photographed by a stranger."""
    code = asked.code_in_force(member.facility)
    page = {
        "code": code,
        "address": posters.address_of(code) if code else "",
        "is_manager": member.role == "manager",
    }
    return render(request, "facility/poster.html", page)


@staff_only
@require_safe
def poster_picture(request: HttpRequest, member: "Member") -> HttpResponse:
    """The code alone, for the page and for a screen at the entrance."""
    code = asked.code_in_force(member.facility)
    if code is None:
        return redirect("facility:poster")
    return HttpResponse(posters.picture(code), content_type="image/svg+xml")


@staff_only
@require_safe
def poster_pdf(request: HttpRequest, member: "Member") -> HttpResponse:
    """One page of A4."""
    code = asked.code_in_force(member.facility)
    if code is None:
        return redirect("facility:poster")
    return download(posters.paper(code, now()), "poster.pdf")


@manager_only
@require_POST
def poster_issue(request: HttpRequest, member: "Member") -> HttpResponse:
    """A new code; posters that hang now stop working at once."""
    facilities.issue_code(facility=member.facility, by=member.user, now=now())
    messages.success(request, _("新しいコードにしました。ポスターを印刷して、はりかえてください。"))
    return redirect("facility:poster")

"""One child's visit: the card by consent, times put right, what a sweep noticed."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from daredemo.attendance import queries as asked
from daredemo.attendance.actions import repair
from daredemo.config.clock import now, today
from daredemo.families import actions as families
from daredemo.portals.facility.forms.visit import CheckOutForm, CorrectForm
from daredemo.portals.facility.gate import staff_only
from daredemo.portals.facility.views.board import row_or_404, tap
from daredemo.portals.shared.forms import Form, accepted
from daredemo.rules.hours import JST

if TYPE_CHECKING:
    from daredemo.facilities.models import Member

CONFLICT = 409


@staff_only
def visit(request: HttpRequest, member: "Member", booking_id: UUID) -> HttpResponse:
    """SF04: the child as far as the family allows; opening it is written down."""
    return show(request, member, row_or_404(member, booking_id))


def show(request: HttpRequest, member: "Member", row: asked.Row, **forms: Form) -> HttpResponse:
    child = row.booking.child
    records = families.look_at_records(facility=member.facility, children=[child], by=member.user, now=now())
    page: dict[str, Any] = {
        "row": row,
        "child": child,
        "seen": child.pk in records,
        "record": records.get(child.pk),
        "correct": forms.get("correct") or correct_form(row, None),
        "check_out": forms.get("check_out") or CheckOutForm(day=row.booking.date, prefix="out"),
        "corrections": asked.corrections_of(row.visit) if row.visit else [],
        "form": next(iter(forms.values()), None),
        "today": today(),
        "now": now(),
        "here": "facility:board",
    }
    return render(request, "facility/visit.html", page, status=CONFLICT if forms else 200)


def correct_form(row: asked.Row, data: Any) -> CorrectForm:
    times = row.visit
    initial = {
        name: at.astimezone(JST).time().replace(second=0, microsecond=0)
        for name in repair.FIELDS
        if times is not None and (at := getattr(times, name)) is not None
    }
    return CorrectForm(data, day=row.booking.date, prefix="correct", initial=initial)


@staff_only
@require_POST
def correct(request: HttpRequest, member: "Member", booking_id: UUID) -> HttpResponse:
    """SF05: 「登園・降園の時刻をなおす」"""
    row = row_or_404(member, booking_id)
    form = correct_form(row, request.POST)
    if not accepted(form, repair.correct, booking=row.booking, by=member.user, now=now()):
        return show(request, member, row, correct=form)
    messages.success(request, _("時刻をなおしました。"))
    return redirect("facility:visit", booking_id)


@staff_only
@require_POST
def no_show(request: HttpRequest, member: "Member", booking_id: UUID) -> HttpResponse:
    """「連絡のないお休み」: a person says so."""
    return tap(request, member, booking_id, repair.confirm_no_show)


@staff_only
@require_POST
def check_out(request: HttpRequest, member: "Member", booking_id: UUID) -> HttpResponse:
    """「降園の記録もれ」: when the child left."""
    row = row_or_404(member, booking_id)
    form = CheckOutForm(request.POST, day=row.booking.date, prefix="out")
    if not accepted(form, repair.confirm_check_out, booking=row.booking, by=member.user, now=now()):
        return show(request, member, row, check_out=form)
    messages.success(request, _("降園を記録しました。"))
    return redirect("facility:visit", booking_id)


@staff_only
@require_POST
def dismiss(request: HttpRequest, member: "Member", booking_id: UUID, proposal_id: UUID) -> HttpResponse:
    """「ちがいます」: the notice goes, nothing else changes."""
    row = row_or_404(member, booking_id)
    found = next((one for one in row.proposals if one.pk == proposal_id), None)
    if found is None:
        raise Http404
    repair.dismiss(proposal=found, by=member.user, now=now())
    return redirect("facility:visit", booking_id)

"""取り消す: the consequence first, then the act, then what to say on the telephone."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from daredemo.booking import actions as booking
from daredemo.booking import queries as bookings
from daredemo.config.clock import now
from daredemo.portals.guardian import consequences
from daredemo.portals.guardian.forms.booking import CancelForm
from daredemo.portals.guardian.gate import family_only
from daredemo.portals.guardian.views.booking import own
from daredemo.portals.shared.forms import Form, accepted, sentence
from daredemo.rules.refusal import Refused

if TYPE_CHECKING:
    from daredemo.booking.models import Booking
    from daredemo.families.models import Guardian

CONFLICT = 409
HERE = "guardian:bookings"


@family_only
def cancel(request: HttpRequest, guardian: "Guardian", booking_id: UUID) -> HttpResponse:
    """SG21: what it costs in hours and yen, before anything happens. A request is withdrawn, always free."""
    made = own(guardian, booking_id)
    if made.status not in ("booked", "requested") or made.begun_at or now() >= made.starts_at:
        return redirect("guardian:booking", made.pk)
    if made.status == "requested":
        return withdraw(request, guardian, made)
    costs = consequences.of(made, now())
    form = CancelForm(request.POST or None, initial={"cause": cause_asked(request)})
    if form.is_valid():
        if form.cleaned_data.pop("seen") != costs.key:
            return show(request, made, form, costs, moved=True)
        if accepted(form, booking.cancel, booking=made, by=guardian.user, now=now()):
            return redirect("guardian:cancelled", made.pk)
    return show(request, made, form, costs)


def cause_asked(request: HttpRequest) -> str:
    return "illness" if request.GET.get("cause") == "illness" else "family"


def show(
    request: HttpRequest, made: "Booking", form: Form, costs: consequences.Costs, *, moved: bool = False
) -> HttpResponse:
    """The page; `moved`: the deadline passed while it was being read, so it is shown once more."""
    ill = form["cause"].value() == "illness"
    page: dict[str, Any] = {
        "booking": made,
        "form": form,
        "costs": costs,
        "moved": moved,
        "ill": ill,
        "free_until": consequences.free_until(made),
        "hours": bookings.meter(made.child, made.date, now()),
        "say": consequences.sentence_to_say(made, ill=ill),
        "here": HERE,
    }
    return render(request, "guardian/cancel.html", page, status=CONFLICT if moved else 200)


def withdraw(request: HttpRequest, guardian: "Guardian", made: "Booking") -> HttpResponse:
    """Take back what the facility has not answered."""
    form = Form(request.POST if request.method == "POST" else None)
    if form.is_bound and accepted(form, booking.withdraw_request, booking=made, by=guardian.user, now=now()):
        return redirect("guardian:cancelled", made.pk)
    return render(request, "guardian/cancel_request.html", {"booking": made, "form": form, "here": HERE})


@family_only
@require_safe
def cancelled(request: HttpRequest, guardian: "Guardian", booking_id: UUID) -> HttpResponse:
    """What was done, what it took, how to take it back, and what to say to the nursery."""
    made = own(guardian, booking_id)
    if made.status != "cancelled":
        return redirect("guardian:booking", made.pk)
    ill = made.cause == "illness"
    page = {
        "booking": made,
        "costs": consequences.pinned(made),
        "ill": ill,
        "told": bookings.was_told(made),
        "was_request": made.expires_at is not None and made.answered_at is None,
        "by_family": made.cause in ("family", "illness"),
        "say": consequences.sentence_to_say(made, ill=ill),
        "undo_until": bookings.undo_until(made) if bookings.may_undo(made, now()) else None,
        "now": now(),
        "here": HERE,
    }
    return render(request, "guardian/cancelled.html", page)


@family_only
@require_POST
def undo_cancel(request: HttpRequest, guardian: "Guardian", booking_id: UUID) -> HttpResponse:
    """「やっぱり行く」: within ten minutes everything is as it was."""
    made = own(guardian, booking_id)
    try:
        booking.undo_cancel(booking=made, by=guardian.user, now=now())
        messages.success(request, _("取り消しを もどしました。予約は そのままです。"))
    except Refused as no:
        messages.error(request, sentence(no))
    return redirect("guardian:booking", made.pk)

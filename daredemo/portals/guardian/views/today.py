"""きょうの連絡: one tap says that the child stays home, comes late, or is collected late."""

from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from daredemo.attendance import queries as asked
from daredemo.attendance.actions import today
from daredemo.config.clock import now
from daredemo.portals.guardian import consequences
from daredemo.portals.guardian.gate import family_only
from daredemo.portals.guardian.views.booking import own
from daredemo.portals.shared.forms import Form, accepted, sentence
from daredemo.rules.attendance import LATE_STEPS, late_steps
from daredemo.rules.hours import MINUTE
from daredemo.rules.refusal import Reason, Refused

if TYPE_CHECKING:
    from daredemo.booking.models import Booking
    from daredemo.families.models import Guardian

CONFLICT = 409
VERBS = {"comes": today.come_late, "here": today.collect_late}


class StayHomeForm(Form):
    """Which state of the booking stood on the page with the button."""

    seen = forms.IntegerField(min_value=0, max_value=32_767)


class LateForm(Form):
    """How many minutes after the booked time; 0 takes it back."""

    minutes = forms.TypedChoiceField(choices=[(step, "") for step in (0, *LATE_STEPS)], coerce=int)


@family_only
@require_POST
def stay_home(request: HttpRequest, guardian: "Guardian", booking_id: UUID) -> HttpResponse:
    """「きょうは お休みします(体調)」: care first, then what it takes; ten minutes to take it back.

    Another day's booking is cancelled on the page that tells beforehand what it costs.
    """
    made, form = own(guardian, booking_id), StayHomeForm(request.POST)
    if not accepted(form, today.stay_home, booking=made, by=guardian.user, now=now()):
        no = form.refused
        if no and no.reason == Reason.NOT_TODAY_HERE:
            return redirect(reverse("guardian:cancel", args=[made.pk], query={"cause": "illness"}))
        messages.error(request, sentence(no) if no else _("画面を ひらきなおしてください。"))
        return redirect("guardian:booking", made.pk)
    cancelled = form.result.status == "cancelled"
    return redirect("guardian:cancelled" if cancelled else "guardian:booking", made.pk)


@family_only
@require_POST
def come_after_all(request: HttpRequest, guardian: "Guardian", booking_id: UUID) -> HttpResponse:
    """「やっぱり 行く」 after an absence; a cancellation has its own undo."""
    made = own(guardian, booking_id)
    try:
        today.come_after_all(booking=made, by=guardian.user, now=now())
        messages.success(request, _("お休みの連絡を とりけしました。園に知らせました。"))
    except Refused as no:
        messages.error(request, sentence(no))
    return redirect("guardian:booking", made.pk)


@family_only
def late(request: HttpRequest, guardian: "Guardian", booking_id: UUID) -> HttpResponse:
    """「すこし おくれて いきます」, or, with the child there, 「おむかえが おくれます」: a tap on a time."""
    made = own(guardian, booking_id)
    what = request.POST.get("what") or asked.to_tell(made, now())
    if what not in VERBS:
        return redirect("guardian:booking", made.pk)
    form = LateForm(request.POST if request.method == "POST" else None)
    if form.is_bound and accepted(form, VERBS[what], booking=made, by=guardian.user, now=now()):
        messages.success(request, _("園に知らせました。"))
        return redirect("guardian:booking", made.pk)
    return show(request, made, form, here=what == "here")


def show(request: HttpRequest, made: "Booking", form: Form, *, here: bool) -> HttpResponse:
    """The times that can still be told, what being late means, and what to say on the telephone."""
    planned = made.ends_at if here else made.starts_at
    steps = late_steps(planned, now(), before=None if here else made.ends_at)
    page = {
        "booking": made,
        "form": form,
        "here_now": here,
        "times": [(step, planned + step * MINUTE) for step in steps],
        "grace": asked.grace_minutes(made),
        "say": consequences.lateness_to_say(made, here=here),
        "here": "guardian:bookings",
    }
    return render(request, "guardian/late.html", page, status=CONFLICT if form.errors else 200)

"""時間を変える: the booking screen once more, with the old time shown and given back beforehand."""

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from daredemo.booking import actions as booking
from daredemo.booking import queries as bookings
from daredemo.config.clock import now
from daredemo.portals.guardian import asking, choosing
from daredemo.portals.guardian.forms.booking import CHOOSE_TIME, ChangeForm
from daredemo.portals.guardian.gate import family_only
from daredemo.portals.guardian.views.booking import CONFLICT, own
from daredemo.portals.shared.forms import accepted, sentence
from daredemo.rules.refusal import Refused

if TYPE_CHECKING:
    from daredemo.booking.models import Booking
    from daredemo.families.models import Guardian

HERE = "guardian:bookings"


@family_only
@require_safe
def change(request: HttpRequest, guardian: "Guardian", booking_id: UUID) -> HttpResponse:
    """「変更する」: which time instead."""
    old, choice = own(guardian, booking_id), asking.read(request.GET)
    problem = _("日時を読みとれませんでした。カレンダーから えらんでください。") if choice.unread else ""
    return choose(request, old, choice, problem=problem)


def choose(
    request: HttpRequest,
    old: "Booking",
    choice: asking.Choice,
    *,
    problem: str = "",
    refused: Refused | None = None,
) -> HttpResponse:
    """The choosing page; back to the booking where its time may not be changed at all."""
    try:
        bookings.check_change(old, now())
    except Refused as no:
        messages.error(request, sentence(no))
        return redirect("guardian:booking", old.pk)
    page = {
        "facility": old.facility,
        "child": old.child,
        "old": old,
        "desk": choosing.desk(old.child, old.facility, choice, now(), old),
        "problem": sentence(refused) if refused else problem,
        "here": HERE,
    }
    return render(request, "guardian/change.html", page, status=CONFLICT if refused else 200)


@family_only
def change_check(request: HttpRequest, guardian: "Guardian", booking_id: UUID) -> HttpResponse:
    """From when to when, with hours and yen; one button. Pressed twice it is one change."""
    old = own(guardian, booking_id)
    if request.method != "POST":
        return check(request, old, ChangeForm(initial=request.GET))
    form = ChangeForm(request.POST)
    given = {"booking": old, "guardian": guardian, "by": guardian.user, "now": now()}
    if accepted(form, booking.change, **given):
        return redirect("guardian:booked", form.result.pk)
    return check(request, old, form)


def check(request: HttpRequest, old: "Booking", form: ChangeForm) -> HttpResponse:
    """The check page, or the choosing page with the reason."""
    choice = asking.read(request.POST if request.method == "POST" else request.GET)
    if choice.start is None or choice.minutes is None:
        return choose(request, old, choice, problem=str(CHOOSE_TIME))
    start, minutes = choice.start, choice.minutes
    try:
        bookings.check_change(old, now())
        quote = bookings.quote(old.child, old.facility, start, minutes, now(), instead_of=old.pk)
    except Refused as no:
        return choose(request, old, choice, refused=no)
    back = asking.address(old, old.child, to="guardian:change", start=start, minutes=minutes)
    page = {"old": old, "quote": quote, "form": form, "back": back, "here": HERE}
    page["hours"] = choosing.meter(old.child, quote.terms.month, now(), old)
    page["key"] = form["request_key"].value() or uuid4()
    page["choice"] = asking.sent(old.child, start, minutes=minutes)
    return render(request, "guardian/change_check.html", page, status=CONFLICT if form.refused else 200)

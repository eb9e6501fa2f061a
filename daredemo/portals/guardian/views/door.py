"""登園・降園: what the code on the poster opens. The address gives nothing by itself."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from daredemo.attendance import queries as asked
from daredemo.attendance.actions import door
from daredemo.config.clock import now, today
from daredemo.facilities import queries as facilities
from daredemo.portals.guardian.gate import anyone
from daredemo.portals.guardian.views.facilities import visitor
from daredemo.portals.shared.forms import Form, PhoneField, accepted

if TYPE_CHECKING:
    from daredemo.booking.models import Booking
    from daredemo.facilities.models import PosterCode
    from daredemo.families.models import Guardian

NOT_FOUND, CONFLICT = 404, 409


class ArriveForm(Form):
    """「来ました」 with the number that reaches the family today."""

    reachable_at = PhoneField(label=_("きょう つながる電話"), required=False)


class LeaveForm(Form):
    """「帰ります」 asks nothing."""


ACTS = {"arrive": (ArriveForm, door.say_arrived), "leave": (LeaveForm, door.say_leaving)}


@anyone
def code(request: HttpRequest, token: str) -> HttpResponse:
    """SG23: the children who are booked here today, one big button each. Scanning twice harms nothing."""
    found = facilities.code_by_token(token)
    guardian = visitor(request)
    if guardian is None or found is None or found.revoked_at is not None:
        page = {"code": found, "known": guardian is not None, "next": request.path}
        status = 200 if found is not None and found.revoked_at is None else NOT_FOUND
        return render(request, "guardian/door_closed.html", page, status=status)
    form: Form | None = None
    if request.method == "POST":
        form, booking = sent(request, guardian, found)
        if form.refused is None and not form.errors:
            return redirect("guardian:code", token)
        return show(request, guardian, found, form=form, chosen=booking)
    return show(request, guardian, found)


def sent(request: HttpRequest, guardian: "Guardian", found: "PosterCode") -> "tuple[Form, Booking | None]":
    """Do what the button said, for one of the family's own bookings here today."""
    kind, action = ACTS.get(request.POST.get("act", ""), ACTS["arrive"])
    form = kind(request.POST)
    own = {booking.pk: booking for booking in asked.at_the_door(guardian, found.facility, today())}
    booking = own.get(number(request.POST.get("booking", "")))
    if booking is None:
        form.is_valid()
        form.add_error(None, _("この予約は、ここではうけつけできません。きょうの予約から えらんでください。"))
        return form, None
    accepted(form, action, booking=booking, code=found, by=guardian.user, now=now())
    return form, booking


def number(text: str) -> UUID:
    """The booking's id from a form; one that nobody has for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def show(
    request: HttpRequest,
    guardian: "Guardian",
    found: "PosterCode",
    *,
    form: Form | None = None,
    chosen: "Booking | None" = None,
) -> HttpResponse:
    bookings = asked.at_the_door(guardian, found.facility, today())
    opens = asked.door_opens(bookings)
    page = {
        "facility": found.facility,
        "cards": [
            (booking, asked.visit_of(booking), opens[booking.pk], arriving(booking, guardian, form, chosen))
            for booking in bookings
        ],
        "elsewhere": asked.elsewhere_today(guardian, found.facility, today()) if not bookings else None,
        "form": form,
        "now": now(),
    }
    return render(request, "guardian/door.html", page, status=CONFLICT if form and form.errors else 200)


def arriving(booking: "Booking", guardian: "Guardian", form: Form | None, chosen: "Booking | None") -> Form:
    """The form of one child: what was sent, else with the family's number in it."""
    if form is not None and chosen is not None and chosen.pk == booking.pk and isinstance(form, ArriveForm):
        return form
    return ArriveForm(initial={"reachable_at": guardian.told_phone}, auto_id=f"{booking.number}_%s")

"""空き待ち: enter the line of a full day, see one's place in it, take or decline what is kept."""

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from daredemo.booking import actions as booking
from daredemo.booking import queries as bookings
from daredemo.config.clock import now
from daredemo.languages.words import jtime
from daredemo.portals.guardian import asking, lines
from daredemo.portals.guardian.forms.waiting import TakeForm, WaitForm
from daredemo.portals.guardian.gate import family_only
from daredemo.portals.guardian.views.booking import bookable
from daredemo.portals.shared.forms import accepted, sentence
from daredemo.rules.refusal import Refused

if TYPE_CHECKING:
    from daredemo.booking.models import Offer
    from daredemo.families.models import Guardian

HERE = "guardian:bookings"


@family_only
def wait(request: HttpRequest, guardian: "Guardian", facility_id: UUID) -> HttpResponse:
    """SG22: from when until when, and how short a visit would do."""
    asked = request.POST if request.method == "POST" else request.GET
    facility, able, child = bookable(guardian, facility_id, asked.get("child"))
    choice = asking.read(asked)
    if child not in able or choice.day is None:
        return redirect(asking.address(facility, child))
    offered = bookings.waitable(child, facility, choice.day, now())
    if not offered.starts:
        return redirect(asking.address(facility, child, day=choice.day))
    start = jtime(choice.start)
    form = WaitForm(
        request.POST or None, day=choice.day, offered=offered, initial={"since": start} if start else None
    )
    given = {"guardian": guardian, "child": child.pk, "facility": facility.pk, "by": guardian.user}
    if accepted(form, booking.join, **given, now=now()):
        messages.success(request, _("空き待ちに 入りました。あいたら お知らせします。"))
        return redirect("guardian:waits")
    page = {"facility": facility, "child": child, "day": choice.day, "form": form, "here": HERE}
    page["back"] = asking.address(facility, child, day=choice.day)
    return render(request, "guardian/wait.html", page | rules(offered))


def rules(offered: bookings.Waitable) -> dict[str, Any]:
    """What a family may expect of the line."""
    return {
        "band": lines.band(offered.waiting + 1, offered.rule),
        "holds": lines.holds(offered.rule),
        "quiet": [clock.removeprefix("0") for clock in (offered.rule.quiet_from, offered.rule.quiet_until)],
    }


@family_only
@require_safe
def waits(request: HttpRequest, guardian: "Guardian") -> HttpResponse:
    """The third list of bookings: what the family waits for, and about where in line."""
    offers = {one.waiting_id: one for one in bookings.open_offers(guardian, now())}
    found = bookings.waits_of(guardian, now())
    rows = [(one.entry, lines.band(one.place, one.rule), offers.get(one.entry.pk)) for one in found]
    return render(request, "guardian/waits.html", {"rows": rows, "here": HERE})


@family_only
@require_POST
def leave(request: HttpRequest, guardian: "Guardian", waiting_id: UUID) -> HttpResponse:
    """「空き待ちを やめる」"""
    try:
        entry = bookings.waiting_of(guardian, waiting_id)
    except ObjectDoesNotExist as unknown:
        raise Http404 from unknown
    booking.leave(entry=entry, by=guardian.user, now=now())
    messages.success(request, _("空き待ちを やめました。"))
    return redirect("guardian:waits")


def own(guardian: "Guardian", offer_id: UUID) -> "Offer":
    """One that was made to the family; 404 for any other."""
    try:
        return bookings.offer_of(guardian, offer_id)
    except ObjectDoesNotExist as unknown:
        raise Http404 from unknown


@family_only
@require_safe
def offer(request: HttpRequest, guardian: "Guardian", offer_id: UUID) -> HttpResponse:
    """The place that is kept: hours before and after, yen, until when. Looking at it takes nothing."""
    kept = own(guardian, offer_id)
    if kept.booking_id is not None:
        return redirect("guardian:booking", kept.booking_id)
    page = {"offer": kept, "facility": kept.waiting.facility, "here": HERE}
    again = asking.address(kept.waiting.facility, kept.child, day=kept.date)
    if not bookings.stands(kept, now()):
        return render(request, "guardian/offer_over.html", page | {"again": again})
    return render(request, "guardian/offer.html", page | terms(kept))


def terms(kept: "Offer") -> dict[str, Any]:
    """What taking it would mean, or why it cannot be taken as things stand."""
    try:
        quote = bookings.quote_offer(kept, now())
    except Refused as no:
        return {"why_not": sentence(no)}
    hours = bookings.meter(kept.child, quote.terms.month, now(), choosing=True)
    return {"quote": quote, "hours": hours, "key": uuid4()}


@family_only
@require_POST
def take(request: HttpRequest, guardian: "Guardian", offer_id: UUID) -> HttpResponse:
    """「この枠をうけとる」; pressed twice it is one booking."""
    kept = own(guardian, offer_id)
    form = TakeForm(request.POST)
    if accepted(form, booking.accept, offer=kept, guardian=guardian, by=guardian.user, now=now()):
        return redirect("guardian:booked", form.result.pk)
    messages.error(request, sentence(form.refused) if form.refused else _("もう一度 おしてください。"))
    return redirect("guardian:offer", kept.pk)


@family_only
@require_POST
def decline(request: HttpRequest, guardian: "Guardian", offer_id: UUID) -> HttpResponse:
    """「いらない」: the next in line is asked."""
    kept = own(guardian, offer_id)
    try:
        booking.decline(offer=kept, by=guardian.user, now=now())
    except Refused as no:
        messages.error(request, sentence(no))
        return redirect("guardian:offer", kept.pk)
    messages.success(request, _("わかりました。つぎの方に お知らせします。"))
    return redirect("guardian:waits")

"""予約一覧・予約の詳細: what lies ahead, what was, and what can be done about each."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from daredemo.attendance import queries as attendance
from daredemo.booking import queries as bookings
from daredemo.config.clock import now, today
from daredemo.portals.guardian import consequences
from daredemo.portals.guardian.gate import family_only
from daredemo.portals.guardian.views.booking import own
from daredemo.portals.shared.forms import sentence
from daredemo.rules.refusal import Refused

if TYPE_CHECKING:
    from daredemo.booking.models import Booking
    from daredemo.families.models import Guardian

PAGE = 20
LOOKS = {"booked": "ok", "requested": "few", "declined": "err", "expired": "line", "cancelled": "line"}


@family_only
@require_safe
def bookings_list(request: HttpRequest, guardian: "Guardian") -> HttpResponse:
    """SG19: ahead, soonest first; or what is over, latest first."""
    is_past = request.GET.get("list") == "past"
    found = bookings.past(guardian, now()) if is_past else bookings.upcoming(guardian, now())
    page = Paginator(found.select_related("visit"), PAGE).get_page(request.GET.get("page"))
    rows = [(one, state(one), consequences.free_until(one)) for one in page]
    return render(
        request, "guardian/bookings.html", {"page": page, "rows": rows, "is_past": is_past, "now": now()}
    )


def state(made: "Booking") -> tuple[str, str]:
    """How the status chip looks, and the case that its words are for."""
    if made.status == "booked" and made.settled_at is not None:
        return ("line", "absent") if made.begun_at is None else ("line", "used")
    if made.status == "booked" and attendance.stays_home(made, today()):
        return "line", "away"
    if made.status == "booked" and made.begun_at is not None:
        return "in", "here"
    if made.status == "booked" and made.ends_at <= now():
        return "line", "over"
    if getattr(made, "awaits_certificate", False):  # told by the query
        return "few", "awaiting"
    return LOOKS.get(made.status, ""), "changed" if made.cause == "changed" else made.status


@family_only
@require_safe
def booking(request: HttpRequest, guardian: "Guardian", booking_id: UUID) -> HttpResponse:
    """SG20: one booking, with everything that can still be done."""
    return render(request, "guardian/booking.html", detail(own(guardian, booking_id)))


def why_no_change(made: "Booking") -> str:
    """The sentence that says why the time cannot be changed; empty where it can."""
    try:
        bookings.check_change(made, now())
    except Refused as no:
        return sentence(no)
    return ""


def detail(made: "Booking") -> dict[str, Any]:
    """What the page of one booking says."""
    visit = attendance.visit_of(made)
    is_open = made.status in ("booked", "requested") and made.begun_at is None and made.settled_at is None
    return {
        "booking": made,
        "state": state(made),
        "may_end": is_open and now() < made.starts_at,
        "free_until": consequences.free_until(made),
        "is_free": now() <= consequences.free_until(made),
        "late": consequences.late(made),
        "took": consequences.pinned(made),
        "why_no_change": why_no_change(made) if is_open else "",
        "visit": visit,
        "to_tell": attendance.to_tell(made, now()),
        "back_until": attendance.may_come_until(visit) if visit else None,
        "by_phone": made.booked_by.portal == "facility",
        "undo_until": bookings.undo_until(made) if bookings.may_undo(made, now()) else None,
        "waits_for_a_call": bookings.waits_for_a_call(made) and now() < made.starts_at,
        "now": now(),
        "here": "guardian:bookings",
    }

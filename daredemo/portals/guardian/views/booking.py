"""日時をえらぶ・予約の確認・予約しました: every step is an address of its own."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from daredemo.booking import actions as booking
from daredemo.booking import calendar as entries
from daredemo.booking import queries as bookings
from daredemo.config.clock import now, today
from daredemo.facilities import queries as facilities
from daredemo.families import queries as families
from daredemo.interviews import queries as interviews
from daredemo.languages import words
from daredemo.portals.guardian import asking, choosing, consequences
from daredemo.portals.guardian.children import chosen, pills
from daredemo.portals.guardian.forms.booking import CHOOSE_TIME, BookForm
from daredemo.portals.guardian.gate import family_only
from daredemo.portals.shared.files import download
from daredemo.portals.shared.forms import accepted, sentence
from daredemo.rules.refusal import Reason, Refused

if TYPE_CHECKING:
    from daredemo.booking.models import Booking
    from daredemo.facilities.models import Facility
    from daredemo.families.models import Child, Guardian

CONFLICT = 409
HERE = "guardian:book_start"


@family_only
@require_safe
def book_start(request: HttpRequest, guardian: "Guardian") -> HttpResponse:
    """Which child, which nursery; with only one pair straight on."""
    children = families.children_of(guardian)
    outcomes = interviews.outcomes_of(children)
    ids = {
        place for places in outcomes.values() for place, outcome in places.items() if outcome == "accepted"
    }
    found = {one.pk: one for one in facilities.published().filter(pk__in=ids).order_by("kana")}
    rows = [
        (child, [one for one in found.values() if outcomes.get(child.pk, {}).get(one.pk) == "accepted"])
        for child in children
    ]
    pairs = [(child, one) for child, places in rows for one in places]
    if len(pairs) == 1:
        child, only = pairs[0]
        return redirect(asking.address(only, child))
    page = {"rows": rows, "any": bool(pairs), "today": today(), "here": HERE}
    return render(request, "guardian/book_start.html", page)


def bookable(
    guardian: "Guardian", facility_id: UUID, wanted: str | None
) -> "tuple[Facility, list[Child], Child]":
    """A nursery that families may find, the own children accepted there, and the one who is meant.

    Where none is accepted yet, the child is the one who would have to ask for an interview.
    """
    try:
        facility = facilities.facility(facility_id)
    except ObjectDoesNotExist as unknown:
        raise Http404 from unknown
    known = interviews.children_at(guardian, facility_id)
    able = [child for child, outcome in known if outcome == "accepted"]
    meant = chosen([child for child, _ in known], wanted)
    if meant is None:
        raise Http404
    return facility, able, (meant if wanted or meant in able or not able else able[0])


@family_only
@require_safe
def book(request: HttpRequest, guardian: "Guardian", facility_id: UUID) -> HttpResponse:
    """SG15: hours before and after, two weeks, starts, lengths with yen, the deadline in words."""
    choice = asking.read(request.GET)
    problem = _("日時を読みとれませんでした。カレンダーから えらんでください。") if choice.unread else ""
    return choose(request, guardian, facility_id, choice, problem=problem)


def choose(
    request: HttpRequest,
    guardian: "Guardian",
    facility_id: UUID,
    choice: asking.Choice,
    *,
    problem: str = "",
    refused: Refused | None = None,
) -> HttpResponse:
    """The choosing page, also when the check page had to come back to it."""
    asked = request.POST if request.method == "POST" else request.GET
    facility, able, child = bookable(guardian, facility_id, asked.get("child"))
    page: dict[str, Any] = {"facility": facility, "child": child, "here": HERE}
    if child not in able:
        outcome = interviews.outcome(child, facility)
        page["reason"] = sentence(Refused(INTERVIEWS[outcome], facility=facility.name))
        page["outcome"] = outcome
        return render(request, "guardian/book_not_yet.html", page)
    page |= {
        "desk": choosing.desk(child, facility, choice, now()),
        "kids": pills(able, child, today(), lambda one: asking.address(facility, one))
        if len(able) > 1
        else [],
        "siblings": [one for one in able if one != child],
        "problem": sentence(refused) if refused else problem,
        "instead": instead(facility, child, choice, refused),
        "elsewhere": elsewhere(facility, child, choice, refused),
    }
    return render(request, "guardian/book.html", page, status=CONFLICT if refused else 200)


INTERVIEWS = {
    "missing": Reason.INTERVIEW_MISSING,
    "pending": Reason.INTERVIEW_PENDING,
    "declined": Reason.INTERVIEW_DECLINED,
}


def instead(
    facility: "Facility", child: "Child", choice: asking.Choice, refused: Refused | None
) -> list[tuple[Any, str]]:
    """Other starts with the same length where another time helps: the same day first."""
    if refused is None or choice.start is None or choice.minutes is None:
        return []
    if refused.reason not in bookings.HELPED_BY_ANOTHER_TIME:
        return []
    starts = bookings.other_starts(child, facility, choice.start, choice.minutes, now())
    to = "guardian:book_check"
    return [
        (start, asking.address(facility, child, to=to, start=start, minutes=choice.minutes))
        for start in starts
    ]


def elsewhere(
    facility: "Facility", child: "Child", choice: asking.Choice, refused: Refused | None
) -> list[tuple["Facility", datetime, str]]:
    """ほかの園 that are free on that day for so long; one that does not know the child leads to its page."""
    if refused is None or choice.start is None or choice.minutes is None:
        return []
    if refused.reason not in bookings.HELPED_BY_ANOTHER_TIME:
        return []
    known = interviews.outcomes(child)
    found = []
    for one in bookings.other_places(child, facility, choice.start, choice.minutes, now()):
        place, first = one.facility, one.starts[0]
        href = reverse("guardian:facility", args=[place.pk])
        if known.get(place.pk) == "accepted":
            href = asking.address(place, child, start=first.starts_at, minutes=first.minutes)
        found.append((place, first.starts_at, href))
    return found


@family_only
def book_check(request: HttpRequest, guardian: "Guardian", facility_id: UUID) -> HttpResponse:
    """SG16: everything once more, then one button. The button pressed twice makes one booking."""
    if request.method != "POST" and "also" in request.GET:
        return redirect(with_siblings(request, facility_id))
    if request.method != "POST":
        return check(request, guardian, facility_id, BookForm(initial=request.GET))
    form = BookForm(request.POST)
    given = {"facility": facility_id, "guardian": guardian, "by": guardian.user, "now": now()}
    try:
        if accepted(form, booking.book, **given):
            return redirect("guardian:booked", form.result.pk)
    except ObjectDoesNotExist as unknown:
        raise Http404 from unknown
    if form.refused and form.refused.reason != Reason.CONSENT_MISSING:
        return redirect(f"{request.path}?{form.again}")  # which looks anew, and says why not and what instead
    return check(request, guardian, facility_id, form)


def with_siblings(request: HttpRequest, facility_id: UUID) -> str:
    """The check page of several children, on that one day."""
    query = request.GET.copy()
    query["on"] = query.get("day", "")
    return f"{reverse('guardian:book_together', args=[facility_id])}?{query.urlencode()}"


def check(request: HttpRequest, guardian: "Guardian", facility_id: UUID, form: BookForm) -> HttpResponse:
    """The check page, or the choosing page with the reason where the choice cannot be booked."""
    asked = request.POST if request.method == "POST" else request.GET
    choice = asking.read(asked)
    facility, able, child = bookable(guardian, facility_id, asked.get("child"))
    if choice.start is None or choice.minutes is None or child not in able:
        return choose(request, guardian, facility_id, choice, problem=str(CHOOSE_TIME))
    try:
        quote = bookings.quote(child, facility, choice.start, choice.minutes, now())
    except Refused as no:
        return choose(request, guardian, facility_id, choice, refused=no)
    return render(request, "guardian/book_check.html", check_page(quote, choice, form, guardian))


def check_page(
    quote: bookings.Quote, choice: asking.Choice, form: BookForm, guardian: "Guardian"
) -> dict[str, Any]:
    """What the check page says; `key` makes a second press of the button the same request."""
    child, facility = quote.child, quote.facility
    policy = bookings.certifying_policy(child, quote.terms.month, now())
    last = bookings.bookings_of(guardian).filter(child=child).exclude(policy_id=None).first()
    rule = words.deadline_rule(policy.cancelling.deadline)
    before = ""
    if last is not None and last.policy_id != quote.agreed:
        before = words.deadline_rule(bookings.home_policy(last).cancelling.deadline)
    return {
        "quote": quote,
        "form": form,
        "child": child,
        "facility": facility,
        "hours": bookings.meter(child, quote.terms.month, now(), choosing=True),
        "consumes": policy.cancelling.consumed_before_day,
        "rule": rule,
        "rule_before": before if before != rule else "",
        "key": form["request_key"].value() or uuid4(),
        "changed": form.refused is not None,
        "choice": asking.sent(child, choice.start, minutes=choice.minutes),
        "back": asking.address(facility, child, start=choice.start, minutes=choice.minutes),
        "here": HERE,
    }


def own(guardian: "Guardian", booking_id: UUID) -> "Booking":
    """One of the family's own; 404 for any other."""
    try:
        return bookings.booking_of(guardian, booking_id)
    except ObjectDoesNotExist as unknown:
        raise Http404 from unknown


@family_only
@require_safe
def booked(request: HttpRequest, guardian: "Guardian", booking_id: UUID) -> HttpResponse:
    """SG17: number, calendar, map, telephone; for ten minutes a way back. The address stays good."""
    made = own(guardian, booking_id)
    if made.status not in ("booked", "requested"):
        return redirect("guardian:booking", made.pk)
    page = {
        "booking": made,
        "late": consequences.late(made),
        "free_until": consequences.free_until(made),
        "is_free": now() <= consequences.free_until(made),
        "undo_until": bookings.undo_until(made) if bookings.may_undo(made, now()) else None,
        "to_old": to_old(made),
        "now": now(),
        "here": "guardian:bookings",
    }
    return render(request, "guardian/booked.html", page)


def to_old(made: "Booking") -> str:
    """After a change of time, for ten minutes: the way to change it back."""
    old, until = made.moved_from, made.created_at + bookings.undo_time(made)
    if old is None or now() > until or made.status != "booked":
        return ""
    minutes = int((old.ends_at - old.starts_at).total_seconds()) // 60
    return asking.address(made, made.child, to="guardian:change_check", start=old.starts_at, minutes=minutes)


@family_only
@require_POST
def undo_booking(request: HttpRequest, guardian: "Guardian", booking_id: UUID) -> HttpResponse:
    """「まちがえた」: as if never booked, back to choosing."""
    made = own(guardian, booking_id)
    try:
        booking.undo_booking(booking=made, by=guardian.user, now=now())
    except Refused as no:
        messages.error(request, sentence(no))
        return redirect("guardian:booking", made.pk)
    messages.success(request, _("予約を なかったことにしました。時間は もどりました。"))
    return redirect(asking.address(made.facility, made.child, day=made.date))


@family_only
@require_safe
def booking_ics(request: HttpRequest, guardian: "Guardian", booking_id: UUID) -> HttpResponse:
    """The entry for the telephone's calendar, as a real file: iOS opens nothing else."""
    made = own(guardian, booking_id)
    return download(entries.calendar(made), f"booking-{made.number}.ics", "text/calendar; charset=utf-8")

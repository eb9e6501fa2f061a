"""予約: the week, requests that wait, calls to be noted; and all that staff can do about one booking."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from daredemo.accounts import unsent
from daredemo.booking import actions as booking
from daredemo.booking import queries as bookings
from daredemo.config.clock import now, today
from daredemo.facilities import queries as facilities
from daredemo.interviews import queries as interviews
from daredemo.portals.facility.conflicts import clashes
from daredemo.portals.facility.forms.bookings import (
    ApproveForm,
    CallForm,
    CancelForm,
    DeclineForm,
    PhonedForm,
)
from daredemo.portals.facility.gate import staff_only
from daredemo.portals.shared.forms import Form, accepted

if TYPE_CHECKING:
    from daredemo.booking.models import Booking
    from daredemo.facilities.models import Member

HERE = "facility:bookings"
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
FURTHEST = timedelta(days=400)
# What came to nothing before anybody counted on it is not in the week.
GONE = ("declined", "expired")


@staff_only
@require_safe
def bookings_list(request: HttpRequest, member: "Member") -> HttpResponse:
    """SF09: the week by day; beside it what waits for an answer, and cancellations without a call."""
    monday = week_asked(request.GET.get("week"), today())
    found = [one for one in bookings.bookings_at(member, monday, monday + WEEK - DAY) if is_shown(one)]
    waiting = bookings.waiters_at(member, monday, monday + WEEK - DAY, now())
    by_day = {day: list(of_day) for day, of_day in groupby(found, key=lambda one: one.date)}
    closed = list(facilities.closed_hours_between(member.facility, monday, monday + WEEK - DAY))
    page = {
        "days": [
            (day, by_day.get(day, []), waiting.get(day), [one for one in closed if one.date == day])
            for day in (monday + DAY * n for n in range(7))
        ],
        "monday": monday,
        "sunday": monday + WEEK - DAY,
        "before": monday - WEEK,
        "after": monday + WEEK,
        "today": today(),
        "requests": list(bookings.requests_of(member)),
        "not_called": list(bookings.not_called(member, now())),
        "clashes": clashes(member, now()),
    }
    return render(request, "facility/bookings.html", page)


def week_asked(text: str | None, today: date) -> date:
    """The Monday of the week that an address names, within a year or so; else of this week."""
    try:
        wanted = date.fromisoformat(text or "")
    except ValueError:
        wanted = today
    if abs(wanted - today) > FURTHEST:
        wanted = today
    return wanted - timedelta(days=wanted.weekday())


def is_shown(one: "Booking") -> bool:
    return one.status not in GONE and one.cause not in ("undone", "changed")


def own(member: "Member", booking_id: UUID) -> "Booking":
    """One of the facility's own; 404 for any other."""
    try:
        return bookings.booking_at(member, booking_id)
    except ObjectDoesNotExist as unknown:
        raise Http404 from unknown


@staff_only
@require_safe
def booking_detail(request: HttpRequest, member: "Member", booking_id: UUID) -> HttpResponse:
    """One booking with everything that can be done about it."""
    return show(request, own(member, booking_id))


def show(request: HttpRequest, made: "Booking", **forms: Form) -> HttpResponse:
    """The page, with the form that was sent, if it was wrong."""
    is_open = made.begun_at is None and made.settled_at is None
    page: dict[str, Any] = {
        "booking": made,
        "approve": forms.get("approve") or ApproveForm(prefix="approve"),
        "decline": forms.get("decline") or DeclineForm(prefix="decline"),
        "cancel": forms.get("cancel") or CancelForm(prefix="cancel"),
        "call": forms.get("call") or CallForm(prefix="call", today=today()),
        "phoned": forms.get("phoned") or PhonedForm(prefix="phoned", today=today()),
        "may_end": is_open and made.status == "booked",
        # Also after the start: a call of yesterday that nobody wrote down then.
        "may_phone": is_open and made.status == "booked",
        "waits_for_a_call": bookings.waits_for_a_call(made) and made.answered_at is None,
        "form": next(iter(forms.values()), None),
        "today": today(),
        "here": HERE,
    }
    return render(request, "facility/booking.html", page)


@staff_only
@require_POST
def booking_approve(request: HttpRequest, member: "Member", booking_id: UUID) -> HttpResponse:
    """「受け入れる」"""
    made = own(member, booking_id)
    form = ApproveForm(request.POST, prefix="approve")
    given = {"booking": made, "approve": True, "by": member.user, "now": now()}
    if not accepted(form, booking.answer_request, **given):
        return show(request, made, approve=form)
    messages.success(request, _("予約を受け入れました。ご家族にお知らせします。"))
    return redirect("facility:booking", made.pk)


@staff_only
@require_POST
def booking_decline(request: HttpRequest, member: "Member", booking_id: UUID) -> HttpResponse:
    """Say no to a request, after a look at what the family will read."""
    made = own(member, booking_id)
    form = DeclineForm(request.POST, prefix="decline")
    if request.POST.get("step") == "check" and form.is_valid():
        ground = interviews.Ground(form.cleaned_data["ground"]).label
        return check(request, made, form, "decline", ground=str(ground))
    return send(
        request, made, form, "decline",
        lambda **said: booking.answer_request(
            booking=made, approve=False, by=member.user, now=now(), **said
        ),
    )  # fmt: skip


@staff_only
@require_POST
def booking_cancel(request: HttpRequest, member: "Member", booking_id: UUID) -> HttpResponse:
    """The facility's own cause: nothing is consumed, nothing is charged; the family is told."""
    made = own(member, booking_id)
    form = CancelForm(request.POST, prefix="cancel")
    if request.POST.get("step") == "check" and form.is_valid():
        return check(request, made, form, "cancel")
    return send(
        request, made, form, "cancel",
        lambda **said: booking.cancel_by_facility(booking=made, by=member.user, now=now(), **said),
    )  # fmt: skip


def check(request: HttpRequest, made: "Booking", form: Form, act: str, ground: str = "") -> HttpResponse:
    """What the family will read, before it is sent."""
    page = {
        "booking": made,
        "act": act,
        "ground": ground,
        "words": form.cleaned_data["words"],
        "typed": [(name, value) for name, value in unsent.fields(request) if name != "step"],
        "here": HERE,
    }
    return render(request, "facility/booking_check.html", page)


def send(
    request: HttpRequest, made: "Booking", form: Form, name: str, act: "Callable[..., Booking]"
) -> HttpResponse:
    """Do what was looked at; back to the page where something is missing."""
    if request.POST.get("step") != "send" or not accepted(form, act):
        return show(request, made, **{name: form})
    messages.success(request, _("ご家族にお知らせします。"))
    return redirect("facility:booking", made.pk)


@staff_only
@require_POST
def booking_call(request: HttpRequest, member: "Member", booking_id: UUID) -> HttpResponse:
    """「電話あり」: the earlier of call and entry counts, only ever in the family's favour."""
    made = own(member, booking_id)
    form = CallForm(request.POST, prefix="call", today=today())
    if not accepted(form, booking.record_call, booking=made, by=member.user, now=now()):
        return show(request, made, call=form)
    messages.success(request, _("電話があったことを記録しました。"))
    return redirect("facility:booking", made.pk)


@staff_only
@require_POST
def booking_phoned(request: HttpRequest, member: "Member", booking_id: UUID) -> HttpResponse:
    """The family phoned to cancel: entered for it, counted from the call."""
    made = own(member, booking_id)
    form = PhonedForm(request.POST, prefix="phoned", today=today())
    if not accepted(form, booking.cancel, booking=made, by=member.user, now=now()):
        return show(request, made, phoned=form)
    messages.success(request, _("予約を取り消しました。ご家族にお知らせします。"))
    return redirect("facility:booking", made.pk)

"""電話で受け付ける・当日受付・定期利用: staff book for a family by the same rules, and it sees who did."""

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from daredemo.booking import actions as booking
from daredemo.booking import queries as bookings
from daredemo.config.clock import now, today
from daredemo.families import queries as families
from daredemo.interviews import queries as interviews
from daredemo.portals.facility.forms.taking import MovingForm, TakingForm
from daredemo.portals.facility.gate import staff_only
from daredemo.portals.facility.views.bookings import own
from daredemo.portals.shared import typed
from daredemo.portals.shared.answers import Answer, answer
from daredemo.portals.shared.forms import sentence
from daredemo.rules.hours import in_japan, offered_lengths
from daredemo.rules.refusal import Refused

if TYPE_CHECKING:
    from daredemo.booking.models import Booking
    from daredemo.facilities.models import Member
    from daredemo.families.models import Child, Guardian

HERE = "facility:bookings"
MOST = 50
LONGEST = 480


@staff_only
@require_safe
def take(request: HttpRequest, member: "Member") -> HttpResponse:
    """Which child: those accepted here, found by the beginning of a name or its reading."""
    text = typed.reading(request.GET.get("q", "")[:100].replace("\x00", ""))
    found = list(interviews.accepted_children(member, text)[:MOST])
    page = {"rows": found, "q": text, "today": today(), "day": request.GET.get("day", ""), "here": HERE}
    return render(request, "facility/take.html", page)


@staff_only
def take_child(request: HttpRequest, member: "Member", child_id: UUID) -> HttpResponse:
    """Day, time and length; what is possible and why not; then the button."""
    child, guardian = accepted_child(member, child_id)
    sent = request.POST if request.method == "POST" else request.GET
    form = TakingForm(sent if "start" in sent else None, **offered(member, child), initial=sent.dict())
    page: dict[str, Any] = {"child": child, "guardian": guardian, "form": form, "today": today()}
    if not form.is_valid():
        return render(request, "facility/take_child.html", {**page, "here": HERE})
    key = key_of(sent.get("key", ""))
    asked = bookings.asked_for([child.pk], form.cleaned_data["starts"], form.cleaned_data["minutes"], key)
    if request.method == "POST":
        return taken(request, member, guardian, asked)
    page |= listed(member, child, guardian, asked)
    return render(request, "facility/take_child.html", {**page, "key": key, "here": HERE})


def accepted_child(member: "Member", child_id: UUID) -> "tuple[Child, Guardian]":
    """A child accepted here, and who answers for it; 404 for any other."""
    child = interviews.accepted_children(member).filter(pk=child_id).first()
    guardian = families.guardians_of(child).first() if child else None
    if child is None or guardian is None:
        raise Http404
    return child, guardian


def offered(member: "Member", child: "Child") -> dict[str, Any]:
    """The days open here, as far ahead as families may book, and the lengths of this municipality."""
    until = bookings.kept_open_until(member.facility, today())
    opened = bookings.opened_between(member.facility, today(), until)
    unit = bookings.look(child.pk, member.facility_id, today(), today(), now()).here.hours.unit
    days = list(opened.filter(closed_at=None).values_list("date", flat=True))
    return {"days": days, "lengths": offered_lengths(LONGEST, unit)}


def key_of(text: str) -> UUID:
    """The form's key, which makes a second press of the button the same request."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def listed(
    member: "Member",
    child: "Child",
    guardian: "Guardian",
    asked: "tuple[bookings.Asked, ...]",
    old: UUID | None = None,
) -> dict[str, Any]:
    """Each day with ○ or ×; other times where one day was asked for and is not possible."""
    found: Answer = answer(
        member.facility_id, [child], asked, now(), guardian=guardian.pk, by_staff=True, instead_of=old
    )
    instead: tuple[Any, ...] = ()
    if len(asked) == 1 and not found.able:
        instead = bookings.other_starts(child, member.facility, asked[0].starts_at, asked[0].minutes, now())
    return {"answer": found, "instead": instead}


def taken(
    request: HttpRequest, member: "Member", guardian: "Guardian", asked: "tuple[bookings.Asked, ...]"
) -> HttpResponse:
    """Book the possible ones, say which were not, and show the first."""
    try:
        found = booking.book_each(
            guardian=guardian, facility=member.facility_id, asked=asked, by=member.user, now=now()
        )
    except ObjectDoesNotExist as unknown:
        raise Http404 from unknown
    made: list[Booking] = [one for one in found if not isinstance(one, Refused)]
    for no in (one for one in found if isinstance(one, Refused)):
        messages.error(request, sentence(no))
    if not made:
        return redirect(request.path)
    told = _("%(count)d件 予約しました。ご家族に知らせます。") % {"count": len(made)}
    messages.success(request, told)
    return redirect("facility:booking", made[0].pk)


@staff_only
def booking_change(request: HttpRequest, member: "Member", booking_id: UUID) -> HttpResponse:
    """「時間を変える」 for a family that phones, by the rules of every change."""
    old = own(member, booking_id)
    try:
        bookings.check_change(old, now(), by_staff=True)
    except Refused as no:
        messages.error(request, sentence(no))
        return redirect("facility:booking", old.pk)
    sent = request.POST if request.method == "POST" else request.GET
    form = MovingForm(sent if "start" in sent else None, **offered(member, old.child), initial=now_at(old))
    page: dict[str, Any] = {"child": old.child, "guardian": old.guardian, "form": form, "old": old}
    if form.is_valid() and request.method == "POST":
        return moved(request, member, old, form, key_of(sent.get("key", "")))
    if form.is_valid():
        start, key = form.cleaned_data["starts"], uuid4()
        asked = bookings.asked_for([old.child_id], start, form.cleaned_data["minutes"], key)
        page |= {"key": key, **listed(member, old.child, old.guardian, asked, old.pk)}
    return render(request, "facility/take_child.html", {**page, "today": today(), "here": HERE})


def now_at(old: "Booking") -> dict[str, Any]:
    """The time it has, as the form begins."""
    minutes = int((old.ends_at - old.starts_at).total_seconds()) // 60
    return {"day": old.date.isoformat(), "start": in_japan(old.starts_at).time(), "minutes": minutes}


def moved(
    request: HttpRequest, member: "Member", old: "Booking", form: MovingForm, key: UUID
) -> HttpResponse:
    """Change it, or back to the form with the reason."""
    [start] = form.cleaned_data["starts"]
    try:
        made = booking.change(
            booking=old, guardian=old.guardian, starts_at=start, minutes=form.cleaned_data["minutes"],
            by=member.user, request_key=key, now=now(),
        )  # fmt: skip
    except Refused as no:
        messages.error(request, sentence(no))
        return redirect(request.path)
    messages.success(request, _("時間を変えました。ご家族に知らせます。"))
    return redirect("facility:booking", made.pk)

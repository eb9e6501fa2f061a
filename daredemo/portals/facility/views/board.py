"""きょうのボード: who comes, who is here, who is gone, who stays away; every tap can be taken back."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from daredemo.attendance import queries as asked
from daredemo.attendance.actions import staff
from daredemo.audit import actions as audit
from daredemo.config.clock import now, today
from daredemo.interviews import queries as interviews
from daredemo.portals.facility import load
from daredemo.portals.facility.conflicts import clashes
from daredemo.portals.facility.gate import staff_only
from daredemo.portals.shared.forms import sentence
from daredemo.rules.refusal import Refused

if TYPE_CHECKING:
    from daredemo.facilities.models import Member
    from daredemo.families.models import Child

COLUMNS = (
    ("expected", ("expected", "arrived")),
    ("here", ("here", "leaving")),
    ("gone", ("gone",)),
    ("absent", ("absent",)),
)


@staff_only
def board(request: HttpRequest, member: "Member") -> HttpResponse:
    """SF03: today, sorted by planned time; what is overdue or proposed comes first."""
    return show(request, member, today())


@staff_only
def board_of(request: HttpRequest, member: "Member", day: date) -> HttpResponse:
    """The board of another day, to look at or to put right."""
    return show(request, member, day)


def columns(rows: list[asked.Row]) -> dict[str, list[asked.Row]]:
    """The cards by where the child is; what is overdue or proposed comes first."""
    found = {name: [row for row in rows if row.state in states] for name, states in COLUMNS}
    for column in found.values():
        column.sort(key=lambda row: not (row.late or row.proposals))
    return found


def seen(rows: list[asked.Row]) -> "list[Child]":
    """Whose care record stands on the board."""
    return [row.booking.child for row in rows if row.care]


def show(request: HttpRequest, member: "Member", day: date) -> HttpResponse:
    rows, closed = asked.board(member, day, now()), load.closed(member, day)
    audit.read_today(by=member.user, subjects=seen(rows), now=now(), what="board")
    page = {
        "day": day,
        "is_today": day == today(),
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "columns": columns(rows),
        "count": len(rows),
        "closed": closed,
        "load": load.of_day(member, day, rows, closed),
        "clashes": clashes(member, now()),
        "interviews": interviews.coming(member, day),
        "waiting": interviews.waiting(member),
        "next_day": None if rows else asked.next_day(member, day),
        "now": now(),
        "today": today(),
        "here": "facility:board",
    }
    return render(request, "facility/board.html", page)


def row_or_404(member: "Member", booking_id: UUID) -> asked.Row:
    """A card of the facility's own; 404 for any other."""
    try:
        return asked.row_of(member, booking_id, now())
    except asked.NOT_THERE:
        raise Http404 from None


def tap(
    request: HttpRequest, member: "Member", booking_id: UUID, action: Callable[..., Any], **given: Any
) -> HttpResponse:
    """One tap on the board: do it, or say why not; then back to where the tap was made."""
    row = row_or_404(member, booking_id)
    try:
        action(booking=row.booking, by=member.user, now=now(), **given)
    except Refused as no:
        messages.error(request, sentence(no))
    return redirect(back(request, row.booking.date))


def back(request: HttpRequest, day: date) -> str:
    """The board of the booking's day, or the card if the tap was made there."""
    if card := request.POST.get("card"):
        return card_address(card)
    if day != today():
        return reverse("facility:board_of", args=[day])
    return reverse("facility:board")


def card_address(text: str) -> str:
    """A form may say anything: what is no id leads to the board."""
    try:
        return reverse("facility:visit", args=[UUID(text)])
    except ValueError:
        return reverse("facility:board")


@staff_only
@require_POST
def receive(request: HttpRequest, member: "Member", booking_id: UUID) -> HttpResponse:
    """「受け入れ」: the child is here."""
    return tap(request, member, booking_id, staff.receive)


@staff_only
@require_POST
def hand_over(request: HttpRequest, member: "Member", booking_id: UUID) -> HttpResponse:
    """「引き渡し」 and who came; on to 一時預かり here is a tick."""
    came = request.POST.get("collected_by", "").replace("\0", "").strip()[:100]
    prolonged = request.POST.get("prolonged") == "1"
    return tap(request, member, booking_id, staff.hand_over, collected_by=came, prolonged=prolonged)


@staff_only
@require_POST
def absent(request: HttpRequest, member: "Member", booking_id: UUID) -> HttpResponse:
    """「休みの連絡あり」; in time, the call is a cancellation, which gives the family its hours back."""
    if asked.cancels(row_or_404(member, booking_id).booking, now()):
        words = _(
            "この連絡は、予約の取り消しになります。「電話で 取り消しの連絡をうけた」に記録してください。"
        )
        messages.info(request, words)
        return redirect("facility:booking", booking_id)
    return tap(request, member, booking_id, staff.note_absence)


@staff_only
@require_POST
def undo(request: HttpRequest, member: "Member", booking_id: UUID) -> HttpResponse:
    """「もどす」: the last tap of today."""
    return tap(request, member, booking_id, staff.undo)

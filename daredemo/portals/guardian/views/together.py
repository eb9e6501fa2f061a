"""くりかえし予約・きょうだい: several days and children in one go, with every skipped day explained."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from daredemo.booking import actions as booking
from daredemo.config.clock import now
from daredemo.languages.words import weekdays
from daredemo.portals.guardian import asking, together
from daredemo.portals.guardian.forms.booking import CHOOSE_TIME, LOOK, TogetherForm
from daredemo.portals.guardian.gate import family_only
from daredemo.portals.guardian.views.booking import CONFLICT, HERE, bookable, choose
from daredemo.portals.shared.forms import accepted, sentence

if TYPE_CHECKING:
    from daredemo.families.models import Guardian


def asked(request: HttpRequest, guardian: "Guardian", facility_id: UUID) -> "together.Plan | None":
    """What the address or the form asks for; None where it names no time."""
    sent = request.POST if request.method == "POST" else request.GET
    facility, able, child = bookable(guardian, facility_id, sent.get("child"))
    return together.read(sent, facility, able, child)


def not_yet(request: HttpRequest, guardian: "Guardian", facility_id: UUID) -> HttpResponse:
    """Back to choosing a time, which comes first."""
    return choose(request, guardian, facility_id, asking.read(request.GET), problem=str(CHOOSE_TIME))


@family_only
@require_safe
def book_several(request: HttpRequest, guardian: "Guardian", facility_id: UUID) -> HttpResponse:
    """SG18: which weekdays for how many weeks, or which days, at the time that was chosen."""
    plan = asked(request, guardian, facility_id)
    if plan is None:
        return not_yet(request, guardian, facility_id)
    page = {
        "plan": plan,
        "facility": plan.facility,
        "child": plan.children[0],
        "weekdays": list(enumerate(weekdays()[:6])),
        "first": plan.time.weekday(),
        "weeks": together.WEEKS,
        "days": together.free_days(plan, now()),
        "back": plan.to_time,
        "here": HERE,
    }
    return render(request, "guardian/book_several.html", page)


@family_only
def book_together(request: HttpRequest, guardian: "Guardian", facility_id: UUID) -> HttpResponse:
    """Each day and child with a tick, or × and why; then all that are ticked, or the possible ones."""
    plan = asked(request, guardian, facility_id)
    if plan is None:
        return not_yet(request, guardian, facility_id)
    if not plan.days:
        messages.error(request, _("日か 曜日を えらんでください。"))
        return redirect(plan.address("guardian:book_several"))
    form = TogetherForm(request.POST or None)
    if request.method != "POST" or request.POST.get("which") == LOOK or not plan.ticked.days:
        return check(request, guardian, plan, form)
    given: dict[str, Any] = {"facility": facility_id, "guardian": guardian, "by": guardian.user, "now": now()}
    try:
        done = accepted(form, lambda **said: send(plan.ticked, **given, **said))
    except ObjectDoesNotExist as unknown:
        raise Http404 from unknown
    if done:
        key = form.cleaned_data["request_key"]
        return redirect(plan.wanted.address("guardian:booked_together", key=key))
    return check(request, guardian, plan, form)


def send(plan: "together.Plan", *, which: str, request_key: UUID, **given: Any) -> list[Any]:
    """All in one step, or each possible one for itself."""
    act: Callable[..., list[Any]] = booking.book_all if which == "all" else booking.book_each
    return act(asked=plan.asked(request_key), **given)


def check(
    request: HttpRequest, guardian: "Guardian", plan: "together.Plan", form: TogetherForm
) -> HttpResponse:
    """The list as it is now; where it changed since it was shown, it says so."""
    page = {
        "plan": plan,
        "answer": together.told(plan, uuid4(), guardian.pk, now()),
        "facility": plan.facility,
        "names": len(plan.children) > 1,
        "several": len(plan.days) > 1,
        "key": form["request_key"].value() or uuid4(),
        "problem": sentence(form.refused) if form.refused else "",
        "back": plan.back,
        "on_request": plan.facility.approval == "on_request",
        "here": HERE,
    }
    return render(request, "guardian/book_together.html", page, status=CONFLICT if form.refused else 200)


@family_only
@require_safe
def booked_together(request: HttpRequest, guardian: "Guardian", facility_id: UUID) -> HttpResponse:
    """What was made, and what was not and why; the address stays good."""
    plan, key = asked(request, guardian, facility_id), asking.key_of(request.GET.get("key"))
    if plan is None or key is None or not plan.days:
        return redirect("guardian:bookings")
    found = together.told(plan, key, guardian.pk, now())
    if not found.made:
        return redirect(plan.address("guardian:book_together"))
    page = {
        "answer": found,
        "facility": plan.facility,
        "child": plan.children[0],
        "names": True,
        "here": HERE,
    }
    return render(request, "guardian/booked_together.html", page)

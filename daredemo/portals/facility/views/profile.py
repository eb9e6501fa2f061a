"""園の情報: what families read, prices and 実費."""

from copy import copy
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from daredemo.accounts import unsent
from daredemo.config.clock import now, today
from daredemo.facilities import actions as facilities
from daredemo.facilities import queries as asked
from daredemo.portals.facility.forms.profile import ExtraForm, PriceForm, ProfileForm
from daredemo.portals.facility.gate import manager_only, staff_only
from daredemo.portals.shared.forms import accepted, sentence
from daredemo.portals.shared.sheets import sheet
from daredemo.rules.refusal import Refused

if TYPE_CHECKING:
    from daredemo.facilities.models import Facility, Member

HERE = "facility:profile"


@staff_only
def profile(request: HttpRequest, member: "Member") -> HttpResponse:
    """SF19: the page as families see it, with the ways to change it."""
    return render(request, "facility/profile.html", {"sheet": sheet(member.facility, today())})


@manager_only
def profile_edit(request: HttpRequest, member: "Member") -> HttpResponse:
    """Write, look at it as a family would, then save."""
    facility = member.facility
    form = ProfileForm.of(facility, request.POST or None, today())
    step = request.POST.get("step")
    if step == "save" and accepted(
        form, facilities.edit_profile, facility=facility, by=member.user, now=now()
    ):
        messages.success(request, _("園の情報を保存しました。"))
        return redirect("facility:profile")
    page = {"form": form, "here": HERE}
    if step == "preview" and form.is_valid():
        draft = drafted(facility, form.cleaned_data)
        typed = [(name, value) for name, value in unsent.fields(request) if name != "step"]
        page |= {"sheet": sheet(draft, today()), "typed": typed}
        return render(request, "facility/profile_preview.html", page)
    return render(request, "facility/profile_edit.html", page)


def drafted(facility: "Facility", answers: dict[str, object]) -> "Facility":
    """The facility as it would be; never saved."""
    draft = copy(facility)
    for name, value in answers.items():
        setattr(draft, name, value)
    return draft


@manager_only
def prices(request: HttpRequest, member: "Member") -> HttpResponse:
    """利用料 and 実費 by date; the price that was told is never edited, only followed by another."""
    facility, day = member.facility, today()
    price = PriceForm(request.POST if "set_price" in request.POST else None, prefix="price", today=day)
    extra = ExtraForm(request.POST if "add_extra" in request.POST else None, prefix="extra", today=day)
    who = {"facility": facility, "by": member.user, "now": now()}
    if accepted(price, facilities.set_price, **who) or accepted(extra, facilities.add_extra, **who):
        messages.success(request, _("保存しました。"))
        return redirect("facility:prices")
    page = {
        "price": price,
        "extra": extra,
        "form": price if price.is_bound else extra,
        "tariffs": asked.tariffs_from(facility, day),
        "extras": asked.extras_from(facility, day),
        "today": day,
        "here": HERE,
    }
    return render(request, "facility/prices.html", page)


@manager_only
@require_POST
def extra_end(request: HttpRequest, member: "Member", extra_id: UUID) -> HttpResponse:
    """Stop asking for a line of 実費 from today on; what was booked with it keeps it."""
    extra = asked.extras_from(member.facility, today()).filter(pk=extra_id).first()
    if extra is None:
        raise Http404
    facilities.end_extra(extra=extra, ends_on=today(), by=member.user, now=now())
    messages.success(request, _("この実費を おわりにしました。"))
    return redirect("facility:prices")


@manager_only
@require_POST
def profile_publish(request: HttpRequest, member: "Member") -> HttpResponse:
    """Let families find the facility."""
    try:
        facilities.publish(facility=member.facility, by=member.user, now=now())
        messages.success(request, _("公開しました。"))
    except Refused as no:
        messages.error(request, sentence(no))
    return redirect("facility:profile")

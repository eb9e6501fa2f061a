"""カレンダー: an address of its own for the family's calendar program, which opens nothing else."""

from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from daredemo.accounts import throttle
from daredemo.booking import actions as booking
from daredemo.booking import calendar as entries
from daredemo.booking import queries as bookings
from daredemo.config.clock import now
from daredemo.portals.guardian.gate import anyone, family_only
from daredemo.portals.shared.files import download
from daredemo.rules.refusal import Refused

if TYPE_CHECKING:
    from daredemo.families.models import Guardian

TOO_MANY = 429
HOUR = 3600


@anyone
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """All bookings and interviews of a family, for a program that knows the secret; no cookie, no login."""
    found = bookings.feed_by_token(token)
    if found is None:
        raise Http404
    try:
        throttle.take(request, "feed", str(found.pk), now())
    except Refused:
        return HttpResponse(status=TOO_MANY, headers={"Retry-After": str(HOUR)})
    booking.note_fetch(feed=found, now=now())
    guardian = found.guardian
    with translation.override(guardian.user.language):
        all_of = bookings.bookings_in_feed(guardian, now()), bookings.interviews_in_feed(guardian, now())
        text = entries.feed(*all_of)
    answer = download(text, "yoyaku.ics", "text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-cache"  # kept by the program, asked for anew each time
    answer["ETag"] = etag = f'"{sha256(text).hexdigest()[:32]}"'
    return get_conditional_response(request, etag=etag, response=answer) or answer


@family_only
def calendar(request: HttpRequest, guardian: "Guardian") -> HttpResponse:
    """What the address is for, when it was last fetched; a POST makes a new one, shown this once."""
    page = {"feed": bookings.feed_of(guardian), "here": "guardian:settings"}
    if request.method == "POST":
        token = booking.open_feed(guardian=guardian, by=guardian.user, now=now())
        address = f"{settings.PUBLIC_URL}{reverse('guardian:calendar_feed', args=[token])}"
        page |= {"address": address, "webcal": f"webcal://{address.partition('://')[2]}"}
    return render(request, "guardian/calendar.html", page)


@family_only
@require_POST
def calendar_stop(request: HttpRequest, guardian: "Guardian") -> HttpResponse:
    """「とめる」: the address opens nothing from now on."""
    booking.close_feed(guardian=guardian, by=guardian.user, now=now())
    messages.success(request, _("カレンダーのアドレスを とめました。"))
    return redirect("guardian:calendar")

"""The strip at the foot of every demo page: what time it is here, and how to make it later."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from time import sleep

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from daredemo.booking.models import HOLDING, Booking
from daredemo.config.clock import now as present
from daredemo.demo import clock, people
from daredemo.rules.hours import JST

MORNING = time(8, 0)
LITTLE = timedelta(minutes=5)


def context(request: HttpRequest) -> Mapping[str, object]:
    """The context processor that only demo settings name."""
    return {"demo_panel": "demo/panel_strip.html", "demo_now": present()}


def next_morning(now: datetime) -> datetime:
    """08:00 of the next day."""
    return datetime.combine(now.astimezone(JST).date() + timedelta(days=1), MORNING, JST)


def moments(request: HttpRequest, now: datetime) -> dict[str, datetime]:
    """Where the clock can be moved to, by the name of the button."""
    found = {"hour": now + timedelta(hours=1), "ten": now + timedelta(minutes=10), "day": next_morning(now)}
    bookings = Booking.objects.filter(status__in=HOLDING)
    if request.user.is_authenticated and hasattr(request.user, "guardian"):
        bookings = bookings.filter(guardian__user=request.user)
    deadline = (
        bookings.filter(deadline_at__gt=now).order_by("deadline_at").values_list("deadline_at", flat=True)
    )
    if last := deadline.first():
        found["deadline"] = max(last - LITTLE, now)
        found["past_deadline"] = last + timedelta(minutes=1)
    start = bookings.filter(starts_at__gt=now).order_by("starts_at").values_list("starts_at", flat=True)
    if first := start.first():
        found["visit"] = max(first - LITTLE, now)
    return found


@require_safe
def panel(request: HttpRequest) -> HttpResponse:
    now = present()
    page = {"moments": moments(request, now), "people": people.logins(now), "back": _back(request)}
    return render(request, "demo/panel.html", page)


@require_POST
def move(request: HttpRequest) -> HttpResponse:
    """Move the clock; the worker notices within a second and runs every sweep that became due."""
    target = moments(request, present()).get(request.POST.get("to", ""))
    if target is not None:
        clock.move_to(target)
        # Until every web process has read the row again, the next page could still show the time before.
        sleep(clock.KEEP_SECONDS)
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    wished = request.POST.get("back") or request.GET.get("back") or "/"
    is_ours = wished.startswith("/") and url_has_allowed_host_and_scheme(wished, allowed_hosts=None)
    return wished if is_ours else "/"

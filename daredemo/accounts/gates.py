"""What the gates of all portals share: who is logged in where, with a second factor, and for how long."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from daredemo.accounts import adapter, unsent
from daredemo.accounts.models import Portal, User
from daredemo.languages import spoken

View = TypeVar("View", bound=Callable[..., Any])
TOUCH_EVERY = timedelta(minutes=1)
SEEN = "seen_at"


def named(gate: str) -> Callable[[View], View]:
    """Write on a view by which gate it is entered; a test walks every route and asks for it."""

    def mark(view: View) -> View:
        view.gate = gate  # type: ignore[attr-defined]
        return view

    return mark


# A view that everyone may open, said aloud.
anyone = named("anyone")


def user_of(request: HttpRequest) -> User | None:
    """The person behind the session, or None."""
    if not isinstance(request.user, User):
        return None
    # Not through Django's lazy stand-in, which takes longer for each word asked of it.
    return getattr(request, "_cached_user", request.user)


def portal_before(request: HttpRequest) -> str:
    """At which portal's door this browser stands; the guardians' where nothing tells."""
    if newcomer := adapter.newcomer(request):
        return newcomer.portal
    came_from = urlsplit(request.headers.get("Referer", "")).path
    for path in (request.POST.get("next", ""), came_from):
        for portal in ("facility", "city"):
            if path.startswith(f"/{portal}/"):
                return portal
    return "guardian"


def dress(request: HttpRequest, portal: str) -> None:
    """Screens that portals share take the look of one: `{% extends request.base %}`."""
    request.portal, request.base = portal, f"{portal}/base.html"  # type: ignore[attr-defined]
    user = user_of(request)
    if portal != Portal.GUARDIAN:
        spoken.speak(spoken.DEFAULT)
    elif user is not None:
        spoken.speak(user.language)


def stop(request: HttpRequest, portal: str, now: datetime) -> HttpResponse | None:
    """None for a login that may pass into this portal; else where to go first.

    A login of another portal gets the page of what does not exist.
    """
    user = user_of(request)
    if user is None:
        kept = request.method == "POST" and unsent.keep(request, now)
        return to_login(request, portal, reverse(f"{portal}:again") if kept else "")
    if user.portal != portal:
        raise Http404
    if user.needs_second_factor:
        if not adapter.showed_second_factor(request):
            return adapter.to_second_factor(request, user)
        _stay_awake(request, now)
    return None


def to_login(request: HttpRequest, portal: str, then: str = "") -> HttpResponse:
    """To the login screen of the portal, and `then`, or back here, afterwards."""
    target, htmx = reverse(f"{portal}:login"), "HX-Request" in request.headers
    if not then and htmx:
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        then = page._replace(scheme="", netloc="").geturl()
    elif not then and request.method == "GET":
        then = request.get_full_path()
    if then:
        target = f"{target}?{urlencode({'next': then})}"
    # A part of a page does not become a login screen: the browser goes there as a whole.
    return HttpResponseClientRedirect(target) if htmx else redirect(target)


def _stay_awake(request: HttpRequest, now: datetime) -> None:
    """Staff are logged out after 30 idle minutes; what a page asks by itself is not being awake."""
    by_itself = request.method == "GET" and request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    seen = float(request.session.get(SEEN, 0))
    if not by_itself and abs(now.timestamp() - seen) > TOUCH_EVERY.total_seconds():
        request.session[SEEN] = now.timestamp()  # saving moves the end of the session

"""Pages for when something is not possible: what happened and what to do. Nothing typed is lost."""

import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.template import loader
from django.urls import reverse

from daredemo.accounts import unsent
from daredemo.portals.shared import city, context

OFFICES = ("facility", "city")
RETRY_SECONDS = {429: 60, 503: 10}
# A lock waited for too long, a server that went away, no free connection: nothing of the request was kept.
BUSY = (OperationalError, InterfaceError)
WHOLE_PAGE = {"HX-Retarget": "#main", "HX-Reselect": "#main > *", "HX-Reswap": "innerHTML show:top"}
# How Django's check begins its reason where another site's page sent the form.
FROM_ELSEWHERE = ("Origin checking", "Referer checking")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 404)


def too_many(request: HttpRequest) -> HttpResponse:
    """Tried too often in a short time: allauth's own limits, which have no form to say it in."""
    return page(request, 429)


def server_error(request: HttpRequest) -> HttpResponse:
    """What no view caught. A fault's page needs nothing that may be broken: no session, no database."""
    if isinstance(sys.exc_info()[1], BUSY):
        return answer(request, "shared/error.html", 503, _last_known(request), again=_again(request))
    return answer(request, "shared/500.html", 500, _last_known(request))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long: show what was typed, ready to be sent again with a fresh token."""
    if reason.startswith(FROM_ELSEWHERE):
        return page(request, 403)
    return answer(request, "shared/again.html", 403, _city(request), again=_again(request))


def page(request: HttpRequest, status: int) -> HttpResponse:
    """The page of a status, with the way home to the portal it happened in, and the city's telephone."""
    return answer(request, "shared/error.html", status, _city(request))


def answer(
    request: HttpRequest, template: str, status: int, of: city.City | None, **facts: object
) -> HttpResponse:
    """Put a page together from what is at hand: no session, no messages, no context but the site's."""
    wait = RETRY_SECONDS.get(status)
    page = {**context.site(request), "city": of, "status": status, "home": home(request), "wait": wait}
    page |= {"here": request.get_full_path() if request.method == "GET" else "", **facts}
    page["moved"] = htmx = "HX-Request" in request.headers
    response = HttpResponse(loader.render_to_string(template, page), status=status)
    if wait:
        response["Retry-After"] = str(wait)
    if htmx:  # a part was asked for: the whole page says it, and the heading has the focus
        for name, value in WHOLE_PAGE.items():
            response[name] = value
    return response


def home(request: HttpRequest) -> str:
    first = request.path.split("/")[1]
    if first in OFFICES:
        return f"/{first}/"
    return reverse("guardian:home") if hasattr(request, "guardian") else "/"


def _again(request: HttpRequest) -> dict[str, object] | None:
    """What was sent, to be sent again by a button; None for a page that was only looked at."""
    if request.method != "POST":
        return None
    typed, token = list(unsent.fields(request)), get_token(request)
    return {"to": request.get_full_path(), "typed": typed, "token": token}


def _city(request: HttpRequest) -> city.City | None:
    """Whom to ask: the city of who is here, else the only one that this deployment serves."""
    known: city.City | None = getattr(request, "city", None)
    offices = request.path.startswith(tuple(f"/{office}/" for office in OFFICES))
    return known if known or offices else city.the_only_city()


def _last_known(request: HttpRequest) -> city.City | None:
    """The same, as this process remembers it."""
    guardian = getattr(request, "guardian", None)
    return city.last_known(guardian.municipality_id if guardian else "")


def worded(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: a bare 405 gets a page with words, keeping its headers."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code != 405 or getattr(response, "content", b"") != b"":
            return response
        explained = page(request, 405)
        explained["Allow"] = response["Allow"]
        return explained

    return middleware

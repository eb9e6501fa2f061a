"""Pages for when something is not possible: what happened and what to do. Nothing typed is lost."""

import sys
from collections.abc import Callable, Iterator

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template import loader

SECRETS = ("password", "csrfmiddlewaretoken", "code", "pin", "otp")
MOST_FIELDS = 400
OFFICES = ("facility", "city")
RETRY_SECONDS = 10
# A lock waited for too long, a server that went away, no free connection: nothing of the request was kept.
BUSY = (OperationalError, InterfaceError)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """What no view caught. A fault's page needs nothing that may be broken: no session, no context."""
    if isinstance(sys.exc_info()[1], BUSY):
        return unavailable(request)
    return HttpResponse(loader.get_template("shared/500.html").render(), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database is busy or away: come back in a few seconds. Asks it nothing."""
    words = loader.get_template("shared/error.html").render({"status": 503, "home": home(request)})
    return HttpResponse(words, status=503, headers={"Retry-After": str(RETRY_SECONDS)})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long: show what was typed, ready to be sent again with a fresh token."""
    get_token(request)
    typed = list(kept(request)) if request.POST else []
    return render(request, "shared/again.html", {"typed": typed, "to": request.get_full_path()}, status=403)


def kept(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """What was sent, without passwords and codes."""
    pairs = [(name, value) for name, values in request.POST.lists() for value in values]
    for name, value in pairs[:MOST_FIELDS]:
        if not any(secret in name.lower() for secret in SECRETS):
            yield name, str(value)


def page(request: HttpRequest, status: int) -> HttpResponse:
    """The page of a status, with the way home to the portal it happened in."""
    return render(request, "shared/error.html", {"status": status, "home": home(request)}, status=status)


def home(request: HttpRequest) -> str:
    first = request.path.split("/")[1]
    return f"/{first}/" if first in OFFICES else "/"


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

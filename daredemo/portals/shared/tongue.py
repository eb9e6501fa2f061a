"""In which language a page speaks: the account's, else this browser's; staff and officers read Japanese.

The middleware works on the finished page, so that every part, fragment and error
page follows without knowing.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from daredemo.languages import readings, spoken

JAPANESE_ONLY = ("/facility/", "/city/")
YEAR = 365 * 24 * 3600
NEAREST = {"pt": "pt-br", "zh": "zh-hans", "fil": "tl"}  # a browser's word → the nearest that we speak


def speaking(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: choose the language before anything is said, print the readings afterwards."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        translation.activate(wanted(request))
        response = get_response(request)
        code = spoken.current()  # a gate may have chosen the account's
        response.headers.setdefault("Content-Language", spoken.tag(code))
        patch_vary_headers(response, ["Accept-Language"])
        if response.get("Content-Type", "").startswith("text/html") and isinstance(response, HttpResponse):
            _print_readings(response, wanted=spoken.has_readings(code))
        return response

    return middleware


def wanted(request: HttpRequest) -> str:
    """What this browser chose, or the first of its own languages that we speak."""
    if request.path_info.startswith(JAPANESE_ONLY):
        return spoken.DEFAULT
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen in spoken.SPOKEN:
        return chosen
    for asked, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        short = asked.split("-")[0]
        for code in (asked, NEAREST.get(short, short)):
            if code in spoken.NAMES:
                return code
    return spoken.DEFAULT


def remembers(request: HttpRequest, code: str) -> bool:
    """Whether this browser keeps that choice."""
    return request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) == spoken.known(code)


def remember(request: HttpRequest, response: HttpResponse, code: str) -> None:
    """Keep the choice in this browser, for pages without a login."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, spoken.known(code), max_age=YEAR,
        samesite="Lax", secure=request.is_secure(), httponly=True,
    )  # fmt: skip


def _print_readings(response: HttpResponse, *, wanted: bool) -> None:
    before = response.content.decode(response.charset)
    after = readings.whole_page(before, wanted=wanted)
    if after is not before:
        response.content = after.encode(response.charset)
        if "Content-Length" in response:
            response["Content-Length"] = str(len(response.content))

"""On the telephone's screen like an app, and an honest page where the connection is lost.

No page of a family is kept for later: the worker holds one page that says that there is no connection.
"""

import hashlib
import json
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from daredemo.languages import readings, spoken
from daredemo.portals.guardian.gate import anyone
from daredemo.portals.shared.addresses import path
from daredemo.portals.shared.city import the_only_city

ICONS = (("icon-192", 192, "any"), ("icon-512", 512, "any"), ("icon-maskable-512", 512, "maskable"))
PARTS = ("app.css", "offline.js", "icon.svg")
WHITE, GROUND = "#ffffff", "#f4f6fb"


@anyone
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a telephone asks before it puts the portal on its screen."""
    city, name = the_only_city(), readings.plain(_("こども誰でも通園"))
    told = {
        "name": f"{city.name} {name}" if city else name,
        "short_name": readings.plain(_("誰でも通園")),
        "lang": spoken.tag(spoken.current()),
        "id": "/",
        "start_url": path("guardian:home"),
        "scope": "/",
        "display": "standalone",
        "theme_color": WHITE,
        "background_color": GROUND,
        "icons": list(icons()),
    }
    return JsonResponse(told, content_type="application/manifest+json")


def icons() -> Iterator[dict[str, str]]:
    for name, size, purpose in ICONS:
        address = static(f"shared/{name}.png")
        yield {"src": address, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


@anyone
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: its address names a language, so that another language brings another page."""
    page = f"{path('guardian:offline')}?lang={spoken.known(request.GET.get('lang'))}"
    parts = [page, *(static(f"shared/{part}") for part in PARTS)]
    name = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]
    facts = {"name": json.dumps(f"offline-{name}"), "parts": json.dumps(parts)}
    return render(request, "guardian/worker.js", facts, content_type="text/javascript")


@anyone
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """いま つながっていません: the only page that is kept; it knows nobody."""
    if (code := request.GET.get("lang")) in spoken.SPOKEN:
        spoken.speak(code)
    request.city = the_only_city()  # type: ignore[attr-defined]
    return render(request, "guardian/offline.html", {"alone": True})

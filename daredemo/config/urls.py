"""The addresses that stay: guardian `/`, facility `/facility/`, city `/city/`, poster `/q/<token>/`."""

from django.conf import settings
from django.urls import include, path

from daredemo.config import health

handler400 = "daredemo.portals.shared.errors.bad_request"
handler403 = "daredemo.portals.shared.errors.forbidden"
handler404 = "daredemo.portals.shared.errors.not_found"
handler429 = "daredemo.portals.shared.errors.too_many"  # asked for by allauth
handler500 = "daredemo.portals.shared.errors.server_error"

urlpatterns = [
    path("live", health.live, name="live"),
    path("ready", health.ready, name="ready"),
    path("account/", include("daredemo.accounts.urls")),
    path("facility/", include("daredemo.portals.facility.urls")),
    path("city/", include("daredemo.portals.city.urls")),
    *([path("demo/", include("daredemo.demo.urls"))] if settings.DEMO else []),
    path("", include("daredemo.portals.guardian.urls")),
]

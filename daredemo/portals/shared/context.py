"""What every page knows: who reads it (as the portal's gate found out), the city, the languages, ふりがな."""

from collections.abc import Mapping

from django.http import HttpRequest

from daredemo.languages import spoken


def site(request: HttpRequest) -> Mapping[str, object]:
    """The context processor of all portals; gates leave `guardian`, `member`, `officer` on the request."""
    code = spoken.current()
    return {
        "guardian": getattr(request, "guardian", None),
        "member": getattr(request, "member", None),
        "facility": getattr(request, "facility", None),
        "officer": getattr(request, "officer", None),
        "city": getattr(request, "city", None),
        "banners": getattr(request, "banners", ()),
        "furigana": spoken.has_readings(code),
        "may_switch_readings": spoken.named(code) == spoken.DEFAULT,
        "lang": spoken.tag(code),
        "languages": [
            (value, spoken.tag(value), name, value == spoken.named(code))
            for value, name in spoken.NAMES.items()
        ],
    }

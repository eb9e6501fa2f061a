"""What every page knows: who reads it (as the portal's gate found out), the city, the languages, ふりがな."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from daredemo.portals.shared.readings import furigana

# How a browser and a screen reader name a language; やさしい日本語 is Japanese to both.
TAGS = {"ja-easy": "ja", "pt-br": "pt-BR", "zh-hans": "zh-Hans"}


def tag(code: str) -> str:
    """A language code of Django → BCP 47, as `lang` wants it."""
    return TAGS.get(code, code)


def site(request: HttpRequest) -> Mapping[str, object]:
    """The context processor of all portals; gates leave `guardian`, `member`, `officer` on the request."""
    code = get_language() or settings.LANGUAGE_CODE
    return {
        "guardian": getattr(request, "guardian", None),
        "member": getattr(request, "member", None),
        "facility": getattr(request, "facility", None),
        "officer": getattr(request, "officer", None),
        "city": getattr(request, "city", None),
        "banners": getattr(request, "banners", ()),
        "furigana": furigana(request),
        "lang": tag(code),
        "languages": [(value, tag(value), name, value == code) for value, name in settings.LANGUAGES],
    }

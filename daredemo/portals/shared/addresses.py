"""Where a screen is, and what stands in an address besides ids: days as 2026-04-13.

Anything that is no day is an unknown page.
"""

from datetime import date
from functools import lru_cache

from django.conf import settings
from django.urls import NoReverseMatch, reverse

FIRST, LAST = 2000, 2100


class Day:
    """A day of a century in which there are children to look after; it has a day before and one after."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, text: str) -> date:
        day = date.fromisoformat(text)
        if not FIRST <= day.year <= LAST:
            raise ValueError(text)
        return day

    def to_url(self, day: date) -> str:
        return day.isoformat()


def path(name: str, *things: object) -> str:
    """The address of a screen about these things; raises NoReverseMatch where there is no such screen."""
    found = href(name, *things)
    if not found:
        raise NoReverseMatch(name, things)
    return found


def href(name: str, *things: object) -> str:
    """The same; empty where this deployment has no such screen."""
    return _path(settings.ROOT_URLCONF, name, things)


@lru_cache(maxsize=4096)  # a page has dozens of them, and every page the same around it
def _path(screens: str, name: str, things: tuple[object, ...]) -> str:
    try:
        return reverse(name, screens, things)
    except NoReverseMatch:
        return ""

"""The one clock. Views, worker and commands ask it; everything below gets `now` as an argument."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from daredemo.rules.hours import JST


@cache
def _source(path: str) -> Callable[[], datetime]:
    source: Callable[[], datetime] = import_string(path)
    return source


def now() -> datetime:
    """This instant, aware. The demo's clock may be moved; production's cannot."""
    return _source(settings.CLOCK)()


def today() -> date:
    """This day in Japan."""
    return now().astimezone(JST).date()

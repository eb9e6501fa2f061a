"""Screens of the office at Monday, 2026-04-06 10:00 in Japan."""

from datetime import datetime

import pytest
from django.core.cache import cache

from daredemo.config import clock
from daredemo.demo import clock as demo


@pytest.fixture(autouse=True)
def standing_clock(now: datetime, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setattr(clock, "_source", lambda path: lambda: now)
    monkeypatch.setattr(demo, "now", lambda: now)
    cache.clear()

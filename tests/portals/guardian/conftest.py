"""Screens at Monday, 2026-04-06 10:00 in Japan."""

from datetime import datetime

import pytest

from daredemo.config import clock
from daredemo.demo import clock as demo


@pytest.fixture(autouse=True)
def standing_clock(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_source", lambda path: lambda: now)
    monkeypatch.setattr(demo, "now", lambda: now)  # the demo's strip, which asks the database now and then

"""Screens at Monday, 2026-04-06 10:00 in Japan."""

from datetime import datetime

import pytest


@pytest.fixture(autouse=True)
def on_that_monday(standing_clock: datetime) -> datetime:
    return standing_clock

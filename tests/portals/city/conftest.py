"""Screens of the office at Monday, 2026-04-06 10:00 in Japan; throttles begin empty."""

from datetime import datetime

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def on_that_monday(standing_clock: datetime, db: None) -> datetime:
    cache.clear()
    return standing_clock

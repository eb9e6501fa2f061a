"""The real thing for a whole session: run.py with the demo city in a folder of its own, a real Chromium."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from daredemo.launcher import chromium
from tests.journeys.town import Town
from tests.launcher.house import House

SECONDS = 240  # a first start on a busy machine


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the demo city answers; JOURNEYS_AT names one that runs already."""
    if running := os.environ.get("JOURNEYS_AT"):
        yield running
        return
    folder = Path(tempfile.mkdtemp(prefix="daredemo-journeys-"))
    folder.chmod(0o755)  # the database's user passes through
    with House(folder / "data") as house:
        wait_until_ready(house)
        yield f"http://localhost:{house.port}/"
    shutil.rmtree(folder, ignore_errors=True)


def wait_until_ready(house: House) -> None:
    while "Ready in" not in house.said:
        assert house.process.poll() is None, house.said
        assert time.monotonic() - house.began < SECONDS, house.said
        time.sleep(0.1)


@pytest.fixture(scope="module")  # an open one would keep its event loop in every test that follows
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium.ensure(), args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def town(address: str, browser: Browser) -> Iterator[Town]:
    """Browsers for everyone on the road; they are closed when the journey is over."""
    made = Town(browser, address)
    yield made
    made.close()

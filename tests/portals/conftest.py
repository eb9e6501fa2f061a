"""The world of the walks: built once for a module, taken back after it."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import client
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker

from daredemo.accounts import entrance
from daredemo.config import clock
from daredemo.demo import clock as demo_clock
from daredemo.sealed import files
from tests import authenticator
from tests.portals.matrix.calling import Walker
from tests.portals.matrix.world import NOW


@pytest.fixture(scope="module")  # an open one would keep its event loop in every test that follows
def chromium() -> Iterator[Browser]:
    """`$CHROMIUM`, else the system's."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def walker(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Walker]:
    """The clock stands; every call is taken back, so that all tests of a module share one world."""
    with pytest.MonkeyPatch.context() as patched, django_db_blocker.unblock(), transaction.atomic():
        patched.setattr(clock, "_source", lambda path: lambda: NOW)
        patched.setattr(demo_clock, "now", lambda: NOW)
        authenticator.let_stand(patched, NOW)
        patched.setattr(entrance, "EVEN_SECONDS", 0)
        patched.setattr(
            client, "store_rendered_templates", lambda *sent, **about: None
        )  # nobody asks for them
        patched.setattr(files, "erase", lambda name: None)  # the row that names it comes back
        yield Walker()
        transaction.set_rollback(True)

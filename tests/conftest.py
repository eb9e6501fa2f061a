"""The surroundings of every test: demo mode, fixed keys, a real PostgreSQL (`DATABASE_URL`, else our own)."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import django
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from daredemo.languages.catalogues import compile_all
from daredemo.launcher import places
from daredemo.launcher.postgres import Postgres
from tests import database

ROOT = Path(__file__).resolve().parent.parent
FILES = tempfile.TemporaryDirectory(prefix="daredemo-test-files-")
PRODUCTION_ONLY = ("EMAIL_URL", "PUBLIC_URL", "MAIL_FROM", "TRUSTED_PROXIES")


def own_server() -> Postgres:
    """One throw-away server for all test processes of this checkout; another PostgreSQL, another folder."""
    which = hashlib.sha256(f"{ROOT}{os.environ.get('DAREDEMO_PG_BIN')}".encode()).hexdigest()[:12]
    instead = Path(tempfile.gettempdir()) / f"daredemo-tests-{which}"
    wanted = ROOT / ".cache" / f"postgres-{which}"
    return Postgres(wanted if os.geteuid() or places.reachable(wanted) else instead, fast=True)


def chosen_server() -> Postgres | None:
    """None where DATABASE_URL names another one (an xdist worker finds ours named there by its parent)."""
    own, given = own_server(), os.environ.get("DATABASE_URL", "")
    return own if not given or f"host={own.socket}" in given else None


SERVER = chosen_server()


def surroundings() -> None:
    """Set before Django reads its settings; the server itself starts with the first test that asks for it."""
    for name in PRODUCTION_ONLY:
        os.environ.pop(name, None)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="daredemo.config.settings",
        DAREDEMO_MODE="demo",
        # A browser's event loop may still run where a test asks the database.
        DJANGO_ALLOW_ASYNC_UNSAFE="1",
        DAREDEMO_DATA=FILES.name,
        SECRET_KEY="a secret that only tests know",
        ENCRYPTION_KEYS="test:dGVzdHMgc2VhbCB3aXRoIDMyIGtub3duIGJ5dGVzLi4",
    )
    if SERVER:
        # The number keeps several test runs apart that go on at the same time.
        whose = os.environ.setdefault("DAREDEMO_TEST_RUN", str(os.getpid()))
        os.environ["DATABASE_URL"] = SERVER.url(f"{database.PREFIX}{whose}")


surroundings()
compile_all()  # what every page is translated with
django.setup()  # the conftest.py of a folder may import models
# The same algorithm with a small fraction of its work: hundreds of logins would take minutes.
settings.PASSWORD_HASHERS = ["tests.passwords.QuickArgon2"]


@pytest.fixture(scope="session")
def database_server() -> Iterator[str]:
    """The address of the server that the tests use."""
    with SERVER.running() if SERVER else nullcontext(os.environ["DATABASE_URL"]) as url:
        yield url


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    database_server: str, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Each xdist worker has its own test database on the one server, copied from a migrated one."""
    if SERVER:
        connection.settings_dict["TEST"]["TEMPLATE"] = database.template(SERVER)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """What migrations put there (municipalities, words of notices) survives tests that commit."""
    with django_db_blocker.unblock():
        database.keep_what_is_there()
    TransactionTestCase._fixture_teardown = lambda self: database.put_back()  # type: ignore[attr-defined]


@pytest.fixture
def now() -> datetime:
    """Monday, 2026-04-06 10:00 in Japan: the first school week of the programme's first year."""
    return datetime(2026, 4, 6, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))


@pytest.fixture
def standing_clock(now: datetime, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The one clock shows `now` on every page."""
    monkeypatch.setattr("daredemo.config.clock._source", lambda path: lambda: now)
    return now

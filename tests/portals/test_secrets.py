"""What was told in confidence is readable nowhere: not in the database, not in its history, not in a log."""

import base64
import hashlib
import logging
import pickle
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from structlog.stdlib import ProcessorFormatter

from daredemo.certification import sweeps as certification
from daredemo.facilities.models import Facility
from tests.authenticator import SECRET
from tests.portals.matrix import bodies, routes
from tests.portals.matrix.calling import Walker, undone
from tests.portals.matrix.given import CANARIES, PICTURE
from tests.portals.matrix.test_matrix import ROUTES, doer, passes, rows_of, values_of
from tests.portals.matrix.world import NOW

pytestmark = pytest.mark.django_db
TABLES = (
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'municipalities_%'"
)
MAILED = ("invitation", "guardian_link", "facility_link", "city_link", "code", "feed")


def secrets(walker: Walker) -> dict[str, str]:
    """Everything that must not be found, by what it is."""
    links = {name: walker.world.things[name]["token"] for name in MAILED}
    code = walker.world.facts["activation"]
    handed = walker.world.facts["handed"]
    codes = {"activation": code, "digits": code.replace("-", ""), "handed": handed.replace("-", "")}
    return {**CANARIES, **links, **codes, "totp": SECRET}


def walk(walker: Walker, *, csrf: bool = False) -> int:
    """Everyone does everything that can be done, one after the other; how many times something was done."""
    done = 0
    for route in ROUTES:
        for row in rows_of(route, "POST"):
            if row.thing != "absent" and any(map(passes, row.outcomes.values())):
                path = routes.address(route, values_of(walker, row))
                body = bodies.body_of(route, walker.world)
                answer = walker.call_for_good(doer(row), "POST", path, body, csrf=csrf)
                done += answer.outcome.endswith("+")
    return done


def dump() -> Iterator[tuple[str, bytes]]:
    """Every row of every table as PostgreSQL would write it out; sessions and cached values unpacked too."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT row::text FROM "{table}" row')
            for (line,) in cursor.fetchall():
                yield table, line.encode()
        cursor.execute("SELECT value FROM cache")
        for (value,) in cursor.fetchall():
            yield "cache", repr(pickle.loads(base64.b64decode(value))).encode()
    for session in Session.objects.all():
        yield "django_session", repr(session.get_decoded()).encode()


def disguises(secret: str) -> Iterator[bytes]:
    """The ways in which something readable may lie about."""
    raw = secret.encode()
    yield raw
    yield raw.hex().encode()
    yield quote(secret).encode()
    yield secret.encode("unicode_escape")
    yield hashlib.sha256(raw).hexdigest().encode() if "@" in secret or secret.isdigit() else raw
    for shift in range(3):  # base64 at any place of a longer text
        whole = base64.b64encode(b"\0" * shift + raw)
        yield whole[4 if shift else 0 : len(whole) // 4 * 4 - 4]


def found_in(lines: Iterator[tuple[str, bytes]], hidden: dict[str, str]) -> set[tuple[str, str]]:
    """(where, what) for each secret that can be read."""
    sought = [(what, form) for what, secret in hidden.items() for form in set(disguises(secret))]
    plain = ((where, line.replace(b"\\\\", b"\\")) for where, line in lines)  # PostgreSQL doubles them
    return {(where, what) for where, line in plain for what, form in sought if form in line}


def test_the_database_holds_no_secret_in_clear(walker: Walker) -> None:
    with undone():
        assert walk(walker) > 40
        certification.enact(NOW.replace(hour=23))
        assert found_in(dump(), secrets(walker)) == set()


def test_a_secret_in_clear_would_be_found(walker: Walker) -> None:
    """The search is itself shown red once, for each disguise."""
    for disguise in disguises(CANARIES["allergies"]):
        with undone():
            Facility.objects.filter(pk=walker.world.facility.pk).update(about=f"…{disguise.decode()}…")
            assert ("facilities_facility", "allergies") in found_in(dump(), secrets(walker))


def test_documents_lie_sealed_on_the_disk(walker: Walker) -> None:
    files = [path for path in Path(settings.SEALED_ROOT).rglob("*") if path.is_file()]
    assert files
    assert [path.name for path in files if PICTURE[:5] in path.read_bytes()] == []


class Kept(logging.Handler):
    """What the programme's own handler would have written, line by line."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log() -> Iterator[Kept]:
    handler = Kept()
    shaped = [one.formatter for one in logging.getLogger().handlers]
    handler.setFormatter(next(one for one in shaped if isinstance(one, ProcessorFormatter)))
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


@pytest.mark.slow
def test_logs_hold_ids_and_no_secret(walker: Walker, log: Kept) -> None:
    with undone():
        walk(walker, csrf=True)  # each is refused, which is written down
        walk(walker)
        for route in ROUTES:
            for row in rows_of(route, "GET"):
                if row.thing != "absent":
                    for method in ("GET", "DELETE"):
                        walker.call(doer(row), method, routes.address(route, values_of(walker, row)))
    child = walker.world.family.child
    names = {
        "child": child.family_name,
        "given": child.given_name,
        "guardian": walker.world.family.guardian.name,
    }
    assert len(log.lines) > 100
    lines = ((line, line.encode()) for line in log.lines)
    assert found_in(lines, {**secrets(walker), **names}) == set()

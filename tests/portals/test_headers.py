"""What every answer tells the browser: run nothing strange, keep nothing, be framed by nobody."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from tests.conftest import ROOT
from tests.portals.matrix import page, reading, routes
from tests.portals.matrix.calling import Walker
from tests.portals.matrix.test_matrix import ROUTES, body_of, doer, rows_of, values_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
READ_BY_BROWSERS = (
    *("text/plain", "application/json", "image/svg+xml"),
    *("application/manifest+json", "text/javascript"),  # the portal on a telephone's screen
)
# Where links may lead: the city's own page, and this site by its public name (what a poster's code opens and
# what a calendar program fetches).
WEBCAL = f"webcal://{settings.PUBLIC_URL.partition('://')[2]}"
GSI = "https://maps.gsi.go.jp"  # where a nursery is
ELSEWHERE = {GSI, "https://www.city.kakegawa.shizuoka.jp", settings.PUBLIC_URL, WEBCAL}

KEPT = "guardian:calendar_feed"  # by the family's own calendar program, which asks each time


def answers(walker: Walker, route: str) -> list[tuple[str, Any]]:
    """What somebody who may gets, what nobody gets, and what a form says when it is sent empty."""
    found = []
    for row in rows_of(route):
        path = routes.address(route, values_of(walker, row)) if row.thing != "absent" else ""
        body = body_of(walker, row)
        calls = [(doer(row), body), ("anon", body)] + ([(doer(row), {})] if body else [])
        for actor, sent in calls if path else ():
            answer = walker.call(actor, row.method, path, sent)
            found.append((f"line {row.line} {actor}", answer.response))
    return found


@pytest.mark.parametrize("route", ROUTES)
def test_every_answer_tells_the_browser_to_be_careful(walker: Walker, route: str) -> None:
    for whose, response in answers(walker, route):
        parts = [part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";")]
        assert {name: value for name, _, value in parts} == POLICY, whose
        assert {name: response.headers.get(name) for name in HEADERS} == HEADERS, whose
        assert "camera=()" in response["Permissions-Policy"], whose
        kept = "no-cache" if route == KEPT and response.status_code == 200 else "no-store"
        assert kept in response["Cache-Control"], whose
        assert not response.has_header("Server"), whose


@pytest.mark.parametrize("route", ROUTES)
def test_no_page_holds_script_or_style_or_fetches_from_elsewhere(walker: Walker, route: str) -> None:
    for whose, response in answers(walker, route):
        kind = response.headers.get("Content-Type", "")
        if kind.startswith("text/html") and response.content:
            wrong, away = page.faults(response.content.decode())
            assert wrong == [], whose
            assert away <= ELSEWHERE, whose
        elif response.status_code == 200 and kind not in READ_BY_BROWSERS:
            assert response["Content-Disposition"].startswith("attachment; "), whose


def test_a_page_with_a_script_inside_would_be_seen() -> None:
    """The reader of pages is itself shown red once."""
    bad = '<p style="x"><script>1</script><img onerror="1" src="//x.example/"><a href="javascript:1">'
    wrong, _ = page.faults(bad + '<form action="https://x.example/"><a href="https://y.example/z">')
    assert len(wrong) == 6
    assert page.faults('<a href="https://y.example/z">')[1] == {"https://y.example"}


# ── production ─────────────────────────────────────────────────────────────────────────
def in_production(program: str) -> list[str]:
    """The lines that a program prints in a production process on this test's database."""
    database = connection.settings_dict
    place = f"{database['HOST'] or ''}"
    url = f"postgres://{database['USER']}@/{database['NAME']}?host={place}&port={database['PORT'] or 5432}"
    surroundings = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "daredemo.config.settings",
        "DAREDEMO_MODE": "production",
        "DAREDEMO_DATA": os.environ["DAREDEMO_DATA"],
        "DATABASE_URL": url,
        "EMAIL_URL": "smtp://mail.example.jp",
        "SECRET_KEY": "a secret that only tests know",
        "ENCRYPTION_KEYS": os.environ["ENCRYPTION_KEYS"],
        "PUBLIC_URL": "https://kodomo.example.jp",
        "MAIL_FROM": "noreply@example.jp",
        "TRUSTED_PROXIES": "none",
    }
    command = [sys.executable, "-c", f"import django; django.setup()\n{program}"]
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.split("\n")


ASK = """
from django.test import Client
answer = Client(headers={"host": "kodomo.example.jp"}).get("/login/", secure=True)
print(answer.status_code)
print(answer.headers["Strict-Transport-Security"])
for cookie in answer.cookies.values():
    print(cookie.OutputString())
from django.conf import settings
for name in ("NAME", "SECURE", "HTTPONLY", "SAMESITE", "DOMAIN", "PATH"):
    print(name, getattr(settings, "SESSION_COOKIE_" + name))
from daredemo.accounts import entrance
print(entrance.DEVICE_COOKIE, settings.DEBUG, settings.CLOCK)
"""


def test_cookies_of_production_are_for_this_host_over_https_and_no_script() -> None:
    status, transport, *told = in_production(ASK)
    assert status == "200"
    assert transport == "max-age=31536000"
    csrf = next(line for line in told if "csrf" in line)
    assert csrf.startswith("__Host-csrf=")
    assert all(flag in csrf for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in csrf
    for line in (
        "NAME __Host-session", "SECURE True", "HTTPONLY True", "SAMESITE Lax", "DOMAIN None", "PATH /",
        "__Host-device False django.utils.timezone.now",
    ):  # fmt: skip
        assert line in told


WALK = """
from django.urls import get_resolver, resolve, Resolver404
print(sorted(get_resolver().namespace_dict))
import importlib, pkgutil
import daredemo.demo
for found in pkgutil.walk_packages(daredemo.demo.__path__, "daredemo.demo."):
    try:
        importlib.import_module(found.name)
    except Exception as refused:
        assert type(refused).__name__ in ("ImproperlyConfigured", "RuntimeError"), refused
    else:
        print("open", found.name)
try:
    resolve("/demo/mailbox/")
except Resolver404:
    print("no mailbox")
"""


def test_nothing_of_the_demo_is_in_production() -> None:
    namespaces, *told = in_production(WALK)
    assert namespaces == "['city', 'facility', 'guardian']"
    assert "no mailbox" in told
    # Names of invented families and the folders that Django looks into hold no way in.
    harmless = ("households", "management", "management.commands", "migrations", "rosters")
    opened = [line.removeprefix("open daredemo.demo.") for line in told if line.startswith("open ")]
    assert [name for name in opened if name not in harmless and not name.startswith("migrations.")] == []


def test_the_matrix_names_no_demo_route_as_if_it_were_the_programme() -> None:
    """What production has is the matrix without the demo's lines."""
    ours = sorted({row.route for row in reading.rows() if not row.route.startswith("demo:")})
    program = "from tests.portals.matrix import routes\nprint(*sorted(r.name for r in routes.walk()))"
    assert in_production(program)[0].split() == ours

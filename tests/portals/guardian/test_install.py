"""On a telephone's screen like an app: the manifest, its pictures, and a worker that keeps one page."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from daredemo.languages import spoken
from tests import make

pytestmark = pytest.mark.django_db


def test_the_manifest_names_the_city_and_speaks_the_language_of_the_browser() -> None:
    make.municipality()
    answer = Client().get("/manifest.webmanifest")
    assert answer.headers["Content-Type"] == "application/manifest+json"
    told = json.loads(answer.content)
    assert (told["name"], told["lang"]) == ("掛川市 こども誰でも通園", "ja")
    assert (told["start_url"], told["scope"], told["display"]) == ("/home/", "/", "standalone")
    client = Client()
    client.cookies["language"] = "pt-br"
    assert json.loads(client.get("/manifest.webmanifest").content)["lang"] == "pt-BR"
    client.cookies["language"] = spoken.READ_ALOUD
    assert "[" not in json.loads(client.get("/manifest.webmanifest").content)["name"]


def test_each_picture_is_there_in_the_size_that_is_said() -> None:
    told = json.loads(Client().get("/manifest.webmanifest").content)
    found = {(icon["sizes"], icon["purpose"]): icon["src"] for icon in told["icons"]}
    assert set(found) == {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
    apple = re.findall(r'rel="apple-touch-icon" href="([^"]+)"', Client().get("/").content.decode())
    for (size, purpose), address in {**found, ("180x180", "maskable"): apple[0]}.items():
        with Image.open(finders.find(address.removeprefix("/static/")) or "") as picture:
            assert f"{picture.width}x{picture.height}" == size
            corner = picture.convert("RGBA").getpixel((0, 0))
            assert corner == ((230, 245, 236, 255) if purpose == "maskable" else (0, 0, 0, 0))


def test_the_page_that_is_kept_knows_nobody_and_has_its_language_in_its_address() -> None:
    browser = make.browser(make.family().user)
    script = browser.get("/worker.js?lang=vi").content.decode()
    assert '"/offline/?lang=vi"' in script
    assert script != browser.get("/worker.js?lang=en").content.decode()
    page = browser.get("/offline/?lang=vi").content.decode()
    assert '<html lang="vi"' in page
    assert "ひなた" not in page
    assert "/logout/" not in page
    assert 'href="/home/"' not in page
    assert '"/offline/?lang=ja"' in browser.get("/worker.js?lang=<x>").content.decode()


def test_what_is_to_be_said_to_somebody_is_neither_kept_nor_used_up_by_the_page_that_is_kept() -> None:
    made = make.booking(make.family(), make.facility(), "2026-04-13 09:00")
    browser = make.browser(made.guardian.user)
    browser.post(f"/bookings/{made.pk}/stay-home/", {})
    page = browser.get("/offline/?lang=ja").content.decode()
    assert "ひらきなおして" not in page
    assert "まだ 受け付けて" not in page
    assert "受け付けていないことがあります" in page
    assert "ひらきなおして" in browser.get("/home/").content.decode()


def test_offices_and_the_login_have_no_worker() -> None:
    make.municipality()
    assert 'data-offline="/worker.js?lang=ja"' in Client().get("/").content.decode()
    for path in ("/login/", "/facility/login/", "/city/login/"):
        assert "worker.js" not in Client().get(path).content.decode()


def test_all_scripts_that_a_page_may_have_are_light() -> None:
    """A page has htmx and at most these of ours."""
    ours = [f"shared/{name}.js" for name in ("double", "offline", "here", "undo-timer")]
    found = [Path(finders.find(name) or "") for name in ("django_htmx/htmx-2.min.js", *ours)]
    assert sum(len(gzip.compress(path.read_bytes(), 6)) for path in found) <= 20_000

"""A real Chromium and a server for the gallery; no database: the parts need none."""

import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Page
from pytest_django.fixtures import Settings

LANGUAGES = [("ja", "日本語"), ("ja-easy", "やさしい日本語"), ("en", "English"), ("pt-br", "Português")]


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name of the base class
        """Nothing: a test says what it asked for."""


def without_demo(engine: dict[str, Any]) -> dict[str, Any]:
    """The parts alone: no clock panel around them."""
    own = [name for name in engine["OPTIONS"]["context_processors"] if ".demo." not in name]
    return {**engine, "OPTIONS": {**engine["OPTIONS"], "context_processors": own}}


@pytest.fixture
def parts_alone(settings: Settings) -> None:
    """The gallery's addresses, in several languages."""
    settings.ROOT_URLCONF = "tests.portals.shared.gallery"
    settings.LANGUAGES = LANGUAGES
    settings.TEMPLATES = [without_demo(settings.TEMPLATES[0])]


@pytest.fixture
def gallery(parts_alone: None) -> Iterator[str]:
    """The address of the gallery."""
    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/gallery/"
        server.shutdown()
        thread.join()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A phone, in Japanese."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert said == []

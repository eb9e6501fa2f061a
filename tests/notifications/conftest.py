from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.notifications.mailserver import MailServer, mail_server


@pytest.fixture
def post(settings: Settings) -> Iterator[MailServer]:
    """A mail server that the settings point to."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with mail_server() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture(autouse=True)
def at_that_hour(settings: Settings) -> None:
    """The delivering job asks the clock; here it stands still."""
    settings.CLOCK = "tests.notifications.standing.now"
    settings.PUBLIC_URL = "http://localhost:8000"

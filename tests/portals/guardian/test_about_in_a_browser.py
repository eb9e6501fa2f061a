"""The pages below every page, and those of what is not possible, are made as well as any other."""

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests import make
from tests.portals.guardian.test_booking_in_a_browser import phone, well_made

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_each_page_is_well_made(chromium: Browser, live_server: LiveServer) -> None:
    context = phone(chromium, live_server, make.family())
    page = context.new_page()
    for path in ("help/", "accessibility/", "accessibility/results/", "privacy/", "offline/", "nowhere/"):
        page.goto(f"{live_server.url}/{path}", wait_until="networkidle")
        for fold in page.locator("details:not(.langs) > summary").all():
            fold.click()
        well_made(page)
    context.close()

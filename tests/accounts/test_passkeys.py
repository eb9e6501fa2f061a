"""A passkey, from registering to coming in, with a real browser and its virtual authenticator."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, sync_playwright

from daredemo.accounts.models import User
from tests.accounts.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def telephone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A browser of 390 × 844 that holds passkeys and knows its owner."""
    # Playwright's loop runs in this thread; the tables are only touched from the server's.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP").new_page()
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
        yield page
        browser.close()


def by_password(page: Page, base: str, user: User) -> None:
    path = {"guardian": "/login/", "facility": "/facility/login/"}[user.portal]
    page.goto(base + path)
    page.fill("[name=login_id]", user.login_id)
    page.fill("[name=password]", PASSWORD)
    page.click("main form.card button")


def log_out(page: Page) -> None:
    page.context.clear_cookies(name="session")


def test_a_guardian_comes_in_without_password_or_code(telephone: Page, live_server: Any, login: Any) -> None:
    from tests import make

    user = login("guardian", email="")
    make.guardian(user=user)
    by_password(telephone, live_server.url, user)
    telephone.goto(f"{live_server.url}/account/passkeys/add/")
    telephone.click("#mfa_webauthn_add")
    telephone.wait_for_url("**/account/passkeys/")
    log_out(telephone)
    telephone.goto(f"{live_server.url}/login/")
    telephone.click("#passkey_login")
    telephone.wait_for_url(live_server.url + reverse("guardian:home"))


def test_for_staff_a_passkey_is_the_second_factor_or_both(
    telephone: Page, live_server: Any, member: User
) -> None:
    board = live_server.url + reverse("facility:board")
    by_password(telephone, live_server.url, member)
    telephone.wait_for_url("**/account/2fa/app/")
    telephone.goto(f"{live_server.url}/account/passkeys/add/")
    telephone.click("#mfa_webauthn_add")
    telephone.wait_for_url("**/account/2fa/codes/")
    log_out(telephone)
    by_password(telephone, live_server.url, member)
    telephone.wait_for_url("**/account/2fa/enter/")
    telephone.click("#mfa_webauthn_authenticate")
    telephone.wait_for_url(board)
    log_out(telephone)
    telephone.goto(f"{live_server.url}/facility/login/")
    telephone.click("#passkey_login")
    telephone.wait_for_url(board)

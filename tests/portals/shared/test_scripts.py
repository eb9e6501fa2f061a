"""Small comforts, one script each; every page works without them."""

import importlib
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def sent() -> list[dict[str, str]]:
    """What the gallery's server was sent in this test."""
    module: Any = importlib.import_module("tests.portals.shared.gallery")
    received: list[dict[str, str]] = module.SENT
    received.clear()
    return received


def test_two_taps_send_once(gallery: str, page: Page, sent: list[dict[str, str]]) -> None:
    page.goto(f"{gallery}gallery_scripts/")
    page.get_by_role("button", name="予約する").dblclick(no_wait_after=True)
    page.wait_for_url("**/counted/")
    assert len(sent) == 1


def test_a_form_can_be_sent_again_after_going_back(
    gallery: str, page: Page, sent: list[dict[str, str]]
) -> None:
    for _ in range(2):
        page.goto(f"{gallery}gallery_scripts/")
        page.get_by_role("button", name="予約する").click()
        page.wait_for_url("**/counted/")
        page.go_back()
    assert len(sent) == 2


def test_a_draft_saves_itself_and_says_so(gallery: str, page: Page, sent: list[dict[str, str]]) -> None:
    page.goto(f"{gallery}gallery_scripts/")
    page.get_by_label("姓").fill("掛川")
    expect(page.get_by_text("保存しました")).to_be_visible(timeout=5000)
    assert sent[0]["family_name"] == "掛川"
    assert page.url.endswith("/gallery_scripts/")


def test_the_undo_bar_goes_when_undo_is_over(gallery: str, page: Page) -> None:
    page.goto(f"{gallery}gallery_scripts/")
    expect(page.get_by_role("button", name="もどす")).to_be_hidden(timeout=5000)


def test_seven_digits_fill_the_address(gallery: str, page: Page) -> None:
    page.goto(f"{gallery}gallery_scripts/")
    page.get_by_label("郵便番号").fill("４３６－００４７")
    expect(page.get_by_label("町名")).to_have_value("長谷")
    expect(page.get_by_label("番地")).to_be_focused()


def test_the_phones_place_goes_into_the_address_to_a_hundred_metres(gallery: str, chromium: Browser) -> None:
    with chromium.new_context(
        geolocation={"latitude": 34.76954, "longitude": 138.01463}, permissions=["geolocation"]
    ) as phone:
        page = phone.new_page()
        page.goto(f"{gallery}gallery_scripts/")
        page.get_by_role("button", name="いまいる場所から").click()
        page.wait_for_url("**/gallery_scripts/?lat=34.770&lon=138.015")


def test_a_phone_that_does_not_say_where_it_is_gets_a_sentence(gallery: str, chromium: Browser) -> None:
    with chromium.new_context() as phone:
        page = phone.new_page()
        page.goto(f"{gallery}gallery_scripts/")
        page.get_by_role("button", name="いまいる場所から").click()
        expect(page.get_by_text("わかりませんでした。")).to_be_visible()
        assert page.url.endswith("/gallery_scripts/")


def test_without_scripts_the_form_is_sent_all_the_same(
    gallery: str, chromium: Browser, sent: list[dict[str, str]]
) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="ja-JP")
    page = context.new_page()
    page.goto(f"{gallery}gallery_scripts/")
    expect(page.get_by_text("いまいる場所から")).to_be_hidden()
    page.get_by_role("button", name="予約する").click()
    page.wait_for_url("**/counted/")
    context.close()
    assert len(sent) == 1

"""A lost connection on a telephone: an honest page, what was typed stays, nothing of a family is kept."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from daredemo.families.models import CareRecord
from tests import make
from tests.portals.guardian.test_booking_in_a_browser import phone, well_made

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ALWAYS_ON = "Object.defineProperty(navigator, 'onLine', {get: () => true})"
KEPT = """async () => {
  const names = (await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()));
  return (await Promise.all(names)).flat().map((request) => new URL(request.url).pathname).sort();
}"""


@pytest.fixture
def family() -> make.Family:
    return make.family()


@pytest.fixture
def context(chromium: Browser, live_server: LiveServer, family: make.Family) -> Iterator[BrowserContext]:
    context = phone(chromium, live_server, family)
    yield context
    context.close()


def ready(context: BrowserContext, address: str) -> Page:
    """A page whose worker watches over it."""
    page = context.new_page()
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    page.reload()
    return page


def test_a_lost_connection_says_so_and_nothing_else_is_kept(
    context: BrowserContext, live_server: LiveServer
) -> None:
    page = ready(context, f"{live_server.url}/home/")
    assert page.evaluate(KEPT) == [
        "/offline/", "/static/shared/app.css", "/static/shared/icon.svg", "/static/shared/offline.js",
    ]  # fmt: skip
    context.set_offline(True)
    page.goto(f"{live_server.url}/bookings/")
    expect(page.locator("h1")).to_have_text("いま つながっていません")
    assert "ひなた" not in page.content()
    expect(page.get_by_role("button", name="もう一度 送る")).to_be_hidden()
    well_made(page)
    context.set_offline(False)
    page.click("text=もう一度 ひらく")
    expect(page.locator("h1")).to_have_text("予約一覧")


def test_a_form_stays_where_it_is_while_there_is_no_connection(
    context: BrowserContext, live_server: LiveServer, family: make.Family
) -> None:
    page = ready(context, f"{live_server.url}/care/{family.child.pk}/")
    page.fill("[name=health]", "ぜんそく")
    context.set_offline(True)
    page.click("text=保存する")
    expect(page.get_by_role("alert").filter(has_text="この画面に のこっています")).to_be_focused()
    assert page.input_value("[name=health]") == "ぜんそく"
    context.set_offline(False)
    page.click("text=保存する")
    page.wait_for_selector("#errors")  # the server has read it, and asks for the rest
    assert page.input_value("[name=health]") == "ぜんそく"


def test_what_was_on_its_way_is_sent_again_by_a_button(
    context: BrowserContext, live_server: LiveServer, family: make.Family
) -> None:
    context.add_init_script(ALWAYS_ON)  # as on a train: the telephone believes that it is connected
    page = ready(context, f"{live_server.url}/care/{family.child.pk}/")
    for name, text in typed().items():
        page.fill(f"[name={name}]", text)
    page.check("[name=no_allergies]")
    context.set_offline(True)
    page.click("text=保存する")
    expect(page.locator("h1")).to_have_text("いま つながっていません")
    page.get_by_role("button", name="もう一度 送る").click()
    expect(page.locator("h1")).to_have_text("いま つながっていません")
    context.set_offline(False)
    page.get_by_role("button", name="もう一度 送る").click()
    expect(page.locator("h1")).to_contain_text("ひなたさんの記録")
    assert CareRecord.objects.get().health == "ぜんそく"
    assert page.evaluate("sessionStorage.length") == 0


def test_passwords_are_never_kept(context: BrowserContext, live_server: LiveServer) -> None:
    page = ready(context, f"{live_server.url}/home/")
    kept = """() => {
      document.querySelector("main").innerHTML = `<form method="post" action="/nowhere/"><button>ok</button>
        <input name="password" value="a"><input name="post_code" value="1"><input name="code"></form>`;
      addEventListener("submit", (event) => event.preventDefault());
      document.querySelector("main button").click();
      return JSON.parse(sessionStorage.unsent).typed;
    }"""
    assert page.evaluate(kept) == [["post_code", "1"]]


def typed() -> dict[str, str]:
    contact = {"name": "山田", "relation": "母", "phone": "09012345678"}
    return {
        "health": "ぜんそく",
        **{f"contact_{n}_{key}": text for n in (1, 2) for key, text in contact.items()},
    }

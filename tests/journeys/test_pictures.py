"""Pictures of the screens: of every one that is looked at, and the three of the README."""

import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import ViewportSize

from daredemo.demo.households import KATO
from tests.journeys import applying, booking, visiting
from tests.journeys.album import WIDTHS, Album
from tests.journeys.people import Person
from tests.journeys.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

KILOBYTES = 120  # a picture of the README
COLOURS = 128
PHONE: ViewportSize = {"width": 390, "height": 1000}  # a little longer than one, so that all is seen
TABLET: ViewportSize = {"width": 1024, "height": 768}


def test_an_album_holds_each_screen_in_four_widths(town: Town, tmp_path: Path) -> None:
    album, phone = Album(tmp_path), town.person("guardian")
    for path in ("/", "/login/"):
        phone.go(path)
        album.take(phone.page)
    found = {file.name: Image.open(file).width for file in (tmp_path / "guardian").iterdir()}
    names = ("001-start", "002-login")
    assert found == {f"{name}-{width}.png": width for name in names for width in WIDTHS}
    sheet = (tmp_path / "guardian.html").read_text("utf-8")
    assert all(f'src="guardian/{file}"' in sheet for file in found)
    assert phone.page.viewport_size == {"width": 390, "height": 844}


def test_the_three_pictures_of_the_readme(town: Town, tmp_path: Path) -> None:
    """What is next, how to choose, and the nursery's morning; README_PICTURES names where they go."""
    into = Path(os.environ.get("README_PICTURES", tmp_path))
    phone = town.person("guardian")
    family = applying.known_family(town, KATO, phone)
    town.let_in(phone, family.login_id, family.email)
    booking.choose(family)
    small = [picture(phone, into / "choose.png", PHONE)]
    phone.press("内容を確認する")
    phone.press("この内容で予約する")
    phone.go("/home/")
    phone.then(phone.page.locator("a.kid").last)
    small.append(picture(phone, into / "home.png", PHONE))
    phone.move_clock("つぎの登園の5分前")
    visiting.come(town, family, visiting.poster(town))
    small.append(picture(town.staff, into / "board.png", TABLET))
    assert max(small) <= KILOBYTES * 1024


def picture(person: Person, file: Path, window: ViewportSize) -> int:
    """The top of the page in few colours, without the demo's own strip; its size in bytes."""
    file.parent.mkdir(parents=True, exist_ok=True)
    person.page.locator(".demo").evaluate("strip => strip.remove()")
    person.page.set_viewport_size(window)
    person.page.evaluate("scrollTo(0, 0)")
    person.page.screenshot(path=file)
    with Image.open(file) as whole:
        whole.convert("RGB").quantize(COLOURS).save(file, optimize=True)
    return file.stat().st_size

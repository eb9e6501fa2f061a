"""In which language a page speaks."""

import pytest
from django.test import Client

from daredemo.languages import spoken
from daredemo.portals.shared.forms import CodeField
from tests import make

pytestmark = pytest.mark.django_db


def page(client: Client, path: str = "/", **headers: str) -> str:
    return client.get(path, headers=headers).content.decode()


@pytest.mark.parametrize(
    ("asked", "tag"),
    [
        ("", "ja"), ("pt-BR,pt;q=0.9,en;q=0.5", "pt-BR"), ("pt", "pt-BR"), ("zh-CN", "zh-Hans"),
        ("fil-PH", "tl"), ("vi-VN,vi", "vi"), ("en-GB", "en"), ("fr,de", "ja"), ("x" * 600, "ja"),
    ],
)  # fmt: skip
def test_a_browser_is_answered_in_the_first_of_its_languages_that_we_speak(asked: str, tag: str) -> None:
    response = Client().get("/", headers={"accept-language": asked})
    assert f'<html lang="{tag}"' in response.content.decode()
    assert response.headers["Content-Language"] == tag
    assert "Accept-Language" in response.headers["Vary"]


def test_what_was_chosen_comes_before_what_the_browser_says(client: Client) -> None:
    client.post("/language/", {"language": "vi", "next": "/"})
    assert '<html lang="vi"' in page(client, **{"accept-language": "en"})
    client.cookies["language"] = "xx"
    assert '<html lang="en"' in page(client, **{"accept-language": "en"})


def test_the_account_comes_before_the_browser_and_remembers(client: Client) -> None:
    family = make.family()
    browser = make.browser(family.user)
    browser.post("/language/", {"language": "tl", "next": "/home/"})
    family.user.refresh_from_db()
    assert family.user.language == "tl"
    elsewhere = make.browser(family.user)
    assert '<html lang="tl"' in elsewhere.get("/home/", headers={"accept-language": "en"}).content.decode()


def test_open_pages_follow_the_account_on_a_new_browser(client: Client) -> None:
    family = make.family()
    family.user.language = "vi"
    family.user.save()
    browser = make.browser(family.user)
    browser.get("/home/", headers={"accept-language": "ja"})
    for path in ("/facilities/", "/help/", "/account/passkeys/"):
        assert '<html lang="vi"' in browser.get(path, headers={"accept-language": "ja"}).content.decode(), (
            path
        )


def test_a_form_that_is_made_once_speaks_each_language() -> None:
    wrong = CodeField(length=(6, 6)).wrong
    said = set()
    for code in ("ja", "en", "vi"):
        with spoken.to(code):
            said.add(str(wrong))
    assert len(said) == 3


def test_readings_are_a_language_of_the_account(client: Client) -> None:
    client.post("/language/", {"language": "ja-ruby", "next": "/"})
    said = page(client)
    assert '<html lang="ja" class="furi"' in said
    assert "<rt>" in said
    assert "](" not in said


def test_staff_and_officers_are_spoken_to_in_japanese(client: Client) -> None:
    for portal in ("facility", "city"):
        response = client.get(f"/{portal}/login/", headers={"accept-language": "pt-BR"})
        assert '<html lang="ja"' in response.content.decode()

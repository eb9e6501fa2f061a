"""Readings (ふりがな) on the pages of an application: asked for where a name needs one, and only there."""

import pytest
from django.test import Client
from django.urls import reverse

from daredemo.certification.models import Application
from daredemo.portals.guardian.gate import APPLICATION
from tests.certification import making

pytestmark = pytest.mark.django_db
GUARDIAN, CHECK = reverse("guardian:apply_guardian"), reverse("guardian:apply_check")
CHILD = reverse("guardian:apply_child", args=[1])
ANSWERS = {**making.ANSWERS, "family_kana": "", "given_kana": ""}


def applicant(application: Application) -> Client:
    """The browser that opened the mailed link."""
    client = Client()
    session = client.session
    session[APPLICATION] = str(application.pk)
    session.save()
    return client


@pytest.mark.parametrize(
    ("family", "given"), [("SILVA", "JOSÉ ANTÔNIO"), ("NGUYỄN", "THỊ ÁNH"), ("محمد", ""), ("Suharto", "")]
)
def test_only_japanese_names_need_a_reading(family: str, given: str) -> None:
    client = applicant(making.draft())
    names = {"family_name": family, "given_name": given}
    assert client.post(GUARDIAN, {**ANSWERS, **names}).status_code == 302
    page = client.post(GUARDIAN, {**ANSWERS, **names, "family_name": "葛城"})
    assert "読みかたを ひらがなで 入力してください" in page.content.decode()


def test_the_check_page_says_that_a_reading_is_missing_and_takes_nothing_without_it() -> None:
    client = applicant(making.filled(child={"given_kana": ""}))
    for page in (client.get(CHECK), client.post(CHECK)):
        said = page.content.decode()
        assert "ふりがなが まだの名前が あります" in said
        assert said.count("＊ふりがなが まだです") == 1
        assert f'href="{CHILD}"' in said
    assert Application.objects.get().status == "draft"
    born = {"born_year": "2024", "born_month": "4", "born_day": "10"}
    client.post(CHILD, {**making.CHILD, **born})
    assert "まだです" not in client.get(CHECK).content.decode()
    assert client.post(CHECK).headers["Location"] == reverse("guardian:apply_done")


def test_a_reading_is_called_neither_needed_nor_optional() -> None:
    page = applicant(making.draft()).get(GUARDIAN).content.decode()
    label = page[page.index("姓の ふりがな") : page.index("id_family_kana_helptext")]
    assert "※" not in label

"""面談のまえに書いてください, and the settings: what the family allowed."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from daredemo.families import queries as families
from daredemo.families.models import CareRecord, Consent
from tests import make

pytestmark = pytest.mark.django_db
GOOD = {
    "allergies": "たまご、乳", "health": "ぜんそく", "development": "", "doctor": "かけがわ小児科",
    "contact_1_name": "山田 まなみ", "contact_1_relation": "母",
    "contact_1_phone": "０９０−１２３４−５６７８",
    "contact_2_name": "山田 たろう", "contact_2_relation": "父", "contact_2_phone": "080 1111 2222",
    "pick_up_people": "山田 たろう(父)\n山田 はな(祖母)",
}  # fmt: skip


def address(family: make.Family) -> str:
    return reverse("guardian:care_record", args=[family.child.pk])


def test_a_record_is_written_and_read_again() -> None:
    family = make.family()
    browser = make.browser(family.user)
    assert browser.post(address(family), GOOD).headers["Location"] == address(family)
    record = CareRecord.objects.get(child=family.child)
    assert [contact["phone"] for contact in record.emergency_contacts] == ["09012345678", "08011112222"]
    page = browser.get(address(family)).content.decode()
    for words in ("たまご、乳</textarea>", 'value="山田 たろう"', "山田 はな(祖母)", "記録を保存しました"):
        assert words in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"allergies": ""}, "「アレルギーは ありません」を えらんでください"),
        ({"no_allergies": "on"}, "どちらかに してください"),
        ({"contact_1_name": ""}, "入力してください。"),
        ({"contact_1_phone": "電話なし"}, "電話番号を数字で入力してください"),
        ({"contact_2_phone": ""}, "2人目の電話番号: 入力してください"),
        ({"health": "\x00"}, "使えない文字が入っています"),
        ({"health": "あ" * 65536}, "2000"),
    ],
)
def test_each_mistake_is_said_and_nothing_typed_is_lost(change: dict[str, str], sentence: str) -> None:
    family = make.family()
    response = make.browser(family.user).post(address(family), {**GOOD, **change})
    page = response.content.decode()
    assert response.status_code == 200
    assert sentence in page
    assert "かけがわ小児科" in page
    assert not CareRecord.objects.exists()


def test_another_familys_child_is_404() -> None:
    stranger = make.browser(make.family().user)
    for child_id in (make.family().child.pk, uuid4()):
        path = reverse("guardian:care_record", args=[child_id])
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, GOOD).status_code == 404


def test_with_one_child_the_way_leads_straight_to_its_record() -> None:
    family, twins = make.family(), make.family(children=2)
    response = make.browser(family.user).get(reverse("guardian:care_records"))
    assert response.headers["Location"] == address(family)
    assert make.browser(twins.user).get(reverse("guardian:care_records")).content.decode().count("まだ") == 2


def test_a_consent_is_taken_back_after_one_look() -> None:
    family, facility = make.family(), make.facility()
    make.interview(family, facility, photos=True)
    browser = make.browser(family.user)
    assert "写真" in browser.get(reverse("guardian:settings")).content.decode()
    record = Consent.objects.get(kind="record")
    path = reverse("guardian:consent_revoke", args=[record.pk])
    assert "5年間" in browser.get(path).content.decode()
    assert families.seen_by(facility, [family.child.pk], make.TODAY)
    browser.post(path)
    assert not families.seen_by(facility, [family.child.pk], make.TODAY)
    assert browser.post(path).status_code == 404


def test_another_familys_consent_is_404() -> None:
    make.interview(make.family(), make.facility())
    path = reverse("guardian:consent_revoke", args=[Consent.objects.get().pk])
    stranger = make.browser(make.family().user)
    assert (stranger.get(path).status_code, stranger.post(path).status_code) == (404, 404)
    assert Consent.objects.get().revoked_at is None


@pytest.mark.parametrize("rows", [1, 3])
def test_settings_cost_the_same_however_much_is_allowed(rows: int, django_assert_num_queries: object) -> None:
    family = make.family()
    for _ in range(rows):
        make.interview(family, make.facility())
    browser = make.browser(family.user)
    with django_assert_num_queries(7):  # type: ignore[operator]
        assert browser.get(reverse("guardian:settings")).status_code == 200


@pytest.mark.parametrize(
    ("target", "back"),
    [
        ("/facilities/?who=1", "/facilities/?who=1"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("", "/"),
    ],
)
def test_readings_are_switched_for_this_browser_and_back_to_an_own_page(
    client: Client, target: str, back: str
) -> None:
    response = client.post("/language/", {"language": "ja-ruby", "next": target})
    assert response.headers["Location"] == back
    assert response.cookies["language"].value == "ja-ruby"
    assert client.post("/language/", {"language": "x"}).cookies["language"].value == "ja"
    assert client.get("/language/").status_code == 405

"""Step 1 of the road as a family walks it: start page, e-mail, link, application, number, status."""

import re
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from daredemo.certification.models import Application, Invitation, Proof
from daredemo.municipalities.models import Programme
from daredemo.notifications.models import Message
from daredemo.sealed import files
from tests import make
from tests.certification import making

pytestmark = pytest.mark.django_db
CITY = make.KAKEGAWA
GUARDIAN = {
    "relation": "mother",
    "family_name": "掛川",
    "given_name": "花子",
    "family_kana": "ｶｹｶﾞﾜ",
    "given_kana": "ハナコ",
    "phone": "０９０−１２３４−５６７８",
}
ADDRESS = {"post_code": "〒436-8650", "address": "静岡県掛川市長谷", "street": "１−１−１"}
CHILD = {
    "family_name": "掛川",
    "given_name": "ひなた",
    "family_kana": "かけがわ",
    "given_kana": "ひなた",
    "born_year": "令和6",
    "born_month": "4",
    "born_day": "10",
    "enrolment": "none",
}


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    set_now(monkeypatch, make.NOW)


def set_now(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr("daredemo.config.clock._source", lambda path: lambda: moment)


@pytest.fixture
def client() -> Client:
    make.municipality()
    return Client()


def text(response: object) -> str:
    page = response.content.decode()  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def apply(client: Client, email: str = "hanako@example.jp") -> str:
    """E-mail typed, mail sent, link opened: the token."""
    client.post(reverse("guardian:apply_email", args=[CITY]), {"email": email})
    token = making.token_of(Invitation.objects.latest("created_at", "pk"))
    client.post(reverse("guardian:apply_open", args=[token]))
    return token


def filled(client: Client) -> Application:
    apply(client)
    client.post(reverse("guardian:apply_guardian"), GUARDIAN)
    client.post(reverse("guardian:apply_address"), ADDRESS)
    client.post(reverse("guardian:apply_child", args=[1]), CHILD)
    client.post(reverse("guardian:apply_reduction"), {"reduction": "none"})
    client.post(reverse("guardian:apply_notice"), {"notice": "screen", "agreed": "on"})
    return Application.objects.get()


def test_the_start_page_says_what_the_leaflet_says(client: Client) -> None:
    said = text(client.get("/"))
    for fact in (
        "1か月に10時間",
        "2027年(令和9年)4月8日(木)",
        "令和6年",
        "2月16日(月)から",
        "3月26日(木)から",
        "一時預かり",
        "支援センター",
    ):
        assert fact in said, fact


def test_every_prefecture_and_its_municipalities_can_be_chosen(client: Client) -> None:
    page = client.get("/municipalities/?prefecture=22").content.decode()
    assert page.count("<option") == 47 + 1 + 35
    chosen = client.get(f"/municipalities/?prefecture=22&code={CITY}")
    assert chosen.headers["Location"] == f"/municipalities/{CITY}/"


def test_a_city_that_is_not_served_is_told_where_to_go(client: Client) -> None:
    said = text(client.get("/municipalities/131016/"))
    assert "千代田区の申請は ここでは できません" in said
    assert "総合支援システム" in said


def test_before_the_opening_day_the_page_says_from_when(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_now(monkeypatch, make.at("2026-02-15 23:59"))
    page = client.get(reverse("guardian:apply_email", args=[CITY]))
    assert "2026年(令和8年)2月16日(月)から" in text(page)
    client.post(reverse("guardian:apply_email", args=[CITY]), {"email": "a@example.jp"})
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize(
    ("born", "enrolment", "words"),
    [
        (("2024", "4", "10"), "none", "2027年(令和9年)4月8日(木)まで"),
        (("2026", "4", "1"), "none", "2026年(令和8年)9月30日(水)から使えます"),
        (("2026", "4", "1"), "none", "申請は 2026年(令和8年)8月31日(月)から"),
        (("令和5", "4", "1"), "none", "2026年(令和8年)3月30日(月)まででした"),
        (("2024", "4", "10"), "company_led", "企業主導型保育施設に通っているあいだは"),
        (("2024", "4", "10"), "unlicensed", "利用できます"),
    ],
)
def test_the_quick_check_says_since_when_or_why_not(
    client: Client, born: tuple[str, str, str], enrolment: str, words: str
) -> None:
    year, month, day = born
    answers = {"born_year": year, "born_month": month, "born_day": day, "enrolment": enrolment}
    page = client.post(reverse("guardian:eligible", args=[CITY]), answers)
    assert page.status_code == 200
    assert words in text(page)


def test_the_sent_page_hints_at_a_slip_and_sends_again_in_place(client: Client) -> None:
    client.post(reverse("guardian:apply_email", args=[CITY]), {"email": "hanako@gmail.con"})
    assert "hanako@gmail.com" in text(client.get(reverse("guardian:apply_sent")))
    client.post(reverse("guardian:apply_sent"))
    assert Message.objects.filter(kind="invitation").count() == 2


def test_looking_at_the_link_never_uses_it(client: Client) -> None:
    client.post(reverse("guardian:apply_email", args=[CITY]), {"email": "a@example.jp"})
    url = reverse("guardian:apply_open", args=[making.token_of(Invitation.objects.get())])
    for _ in range(3):
        assert "申請書をひらく" in text(Client().get(url))
    assert Client().post(url).headers["Location"] == reverse("guardian:apply")


def test_the_button_pressed_twice_is_harmless(client: Client) -> None:
    token = apply(client)
    again = client.post(reverse("guardian:apply_open", args=[token]))
    assert again.headers["Location"] == reverse("guardian:apply")
    assert Application.objects.count() == 1


def test_an_expired_link_is_renewed_in_place(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.post(reverse("guardian:apply_email", args=[CITY]), {"email": "a@example.jp"})
    sent = Invitation.objects.get()
    making.hand_over(sent, make.NOW)
    set_now(monkeypatch, make.NOW + timedelta(hours=24, seconds=1))
    token = making.token_of(sent)
    assert "4月7日(火) 10:00まででした" in text(client.get(reverse("guardian:apply_open", args=[token])))
    client.post(reverse("guardian:apply_again", args=[token]))
    fresh = Invitation.objects.latest("created_at", "pk")
    opened = client.post(reverse("guardian:apply_open", args=[making.token_of(fresh)]))
    assert opened.headers["Location"] == reverse("guardian:apply")


def test_a_used_link_elsewhere_shows_a_page_and_not_the_application(client: Client) -> None:
    token = apply(client)
    other = Client()
    assert "もう使われています" in text(other.post(reverse("guardian:apply_open", args=[token])))
    assert other.get(reverse("guardian:apply")).headers["Location"] == reverse("guardian:applicant_return")


def test_an_unknown_link_is_a_clear_page(client: Client) -> None:
    page = client.get(reverse("guardian:apply_open", args=["x" * 43]))
    assert page.status_code == 404
    assert "URLが見つかりません" in text(page)


def test_known_and_unknown_get_the_same_answer(client: Client) -> None:
    application = filled(client)
    other = Client()
    url = reverse("guardian:applicant_return")
    known = other.post(url, {"number": application.number, "email": "hanako@example.jp"})
    unknown = other.post(url, {"number": "A000000000", "email": "nobody@example.jp"})
    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    assert text(other.get(known.headers["Location"])) == text(other.get(unknown.headers["Location"]))
    assert Message.objects.filter(kind="invitation").count() == 2


def test_the_whole_form_is_walked_and_handed_in(client: Client) -> None:
    application = filled(client)
    assert (application.family_kana, application.phone) == ("かけがわ", "09012345678")
    check = text(client.get(reverse("guardian:apply_check")))
    assert "2027年(令和9年)4月8日(木)まで" in check
    assert client.post(reverse("guardian:apply_check")).headers["Location"] == reverse("guardian:apply_done")
    client.post(reverse("guardian:apply_check"))  # twice is once
    done = text(client.get(reverse("guardian:apply_done")))
    number = application.number
    assert f"{number[:4]}-{number[4:7]}-{number[7:]}" in done
    assert "2026年(令和8年)5月6日(水)までに" in done
    assert Message.objects.filter(kind="application_received").count() == 1
    status = text(client.get(reverse("guardian:application_status")))
    assert "順番を待っています" in status


def test_what_is_right_is_kept_even_if_the_rest_is_wrong(client: Client) -> None:
    apply(client)
    page = client.post(reverse("guardian:apply_guardian"), {**GUARDIAN, "phone": "わかりません"})
    assert page.status_code == 200
    assert "<title>エラー：" in page.content.decode()
    assert "わかりません" in page.content.decode()
    kept = Application.objects.get()
    assert (kept.family_name, kept.phone) == ("掛川", "")


def test_a_draft_saves_itself_while_typing(client: Client) -> None:
    apply(client)
    answer = client.post(
        reverse("guardian:apply_guardian"), {"family_name": "掛川"}, headers={"X-Autosave": "1"}
    )
    assert answer.status_code == 204
    assert Application.objects.get().family_name == "掛川"


def test_without_javascript_the_post_code_fills_the_address(client: Client) -> None:
    apply(client)
    page = client.post(reverse("guardian:apply_address"), {"post_code": "436-0079", "lookup": "1"})
    assert 'value="静岡県掛川市掛川"' in page.content.decode()


def test_twins_are_two_pages_of_one_application(client: Client) -> None:
    filled(client)
    added = client.post(reverse("guardian:apply_children"))
    assert added.headers["Location"] == reverse("guardian:apply_child", args=[2])
    assert "掛川" in client.get(added.headers["Location"]).content.decode()  # the family's name is offered
    client.post(added.headers["Location"], {**CHILD, "given_name": "かなた", "given_kana": "かなた"})
    assert client.post(reverse("guardian:apply_check")).headers["Location"] == reverse("guardian:apply_done")
    assert Application.objects.get().children.count() == 2


def test_a_child_for_whom_it_is_not_gets_a_page_and_not_an_error(client: Client) -> None:
    filled(client)
    client.post(reverse("guardian:apply_child", args=[1]), {**CHILD, "enrolment": "licensed_nursery"})
    page = client.post(reverse("guardian:apply_check"))
    said = text(page)
    assert "掛川 ひなたさんは いまは申請できません" in said
    assert "認可保育所に通っているあいだは" in said
    assert "一時預かり" in said
    assert Application.objects.get().status == "draft"


def test_a_document_is_drawn_anew_sealed_and_served_as_attachment(client: Client) -> None:
    filled(client)
    picture = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "a camera that tells"
    Image.new("RGB", (3000, 1200), "red").save(picture, "JPEG", exif=exif)
    picture.seek(0)
    picture.name = "証明書.jpg"
    client.post(reverse("guardian:apply_reduction"), {"reduction": "untaxed", "paper": picture})
    proof = Proof.objects.get()
    kept = files.read(proof.stored_as)
    assert b"a camera that tells" not in kept
    assert b"a camera that tells" not in files.path_of(proof.stored_as).read_bytes()
    assert Image.open(BytesIO(kept)).size == (2400, 960)
    answer = client.get(reverse("guardian:apply_proof", args=[proof.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "image/jpeg"
    client.post(reverse("guardian:apply_proof_remove", args=[proof.pk]))
    assert Proof.objects.count() == 0


def test_a_file_that_is_something_else_gets_a_sentence(client: Client) -> None:
    filled(client)
    bad = BytesIO(b"<script>alert(1)</script>")
    bad.name = "kakuninsho.pdf"
    page = client.post(reverse("guardian:apply_reduction"), {"reduction": "untaxed", "paper": bad})
    assert "ひらけません" in text(page)
    assert Proof.objects.count() == 0


def test_another_browser_cannot_fetch_the_document(client: Client) -> None:
    filled(client)
    pdf = BytesIO(b"%PDF-1.7 x")
    pdf.name = "a.pdf"
    client.post(reverse("guardian:apply_reduction"), {"reduction": "untaxed", "paper": pdf})
    other = Client()
    apply(other, "other@example.jp")
    assert other.get(reverse("guardian:apply_proof", args=[Proof.objects.get().pk])).status_code == 404


def test_a_city_no_longer_served_takes_no_more_applications(client: Client) -> None:
    Programme.objects.update(served=False)
    page = client.post(reverse("guardian:apply_email", args=[CITY]), {"email": "a@example.jp"})
    assert page.status_code == 200
    assert Invitation.objects.count() == 0


HOSTILE = [
    "\x00",
    "a\x00b",
    "\u202e逆",
    "𠮷野",
    "葛\U000e0100城",
    "ｶﾞ",
    "か\u3099",
    "<b>",
    "=1+1",
    "x" * 65536,
    "%0d%0a",
    "👨‍👩‍👧",
]


@pytest.mark.parametrize("given", HOSTILE)
def test_hostile_input_never_breaks_a_page(client: Client, given: str) -> None:
    apply(client)
    pages = [
        (reverse("guardian:apply_guardian"), dict.fromkeys(GUARDIAN, given)),
        (
            reverse("guardian:apply_address"),
            dict.fromkeys([*ADDRESS, "differs", "address_differs_reason"], given),
        ),
        (reverse("guardian:apply_address"), {"post_code": given, "lookup": "1", "town": given}),
        (reverse("guardian:apply_child", args=[1]), dict.fromkeys(CHILD, given)),
        (reverse("guardian:apply_reduction"), {"reduction": given}),
        (reverse("guardian:apply_notice"), {"notice": given}),
        (reverse("guardian:apply_email", args=[CITY]), {"email": given}),
        (reverse("guardian:applicant_return"), {"number": given, "email": given}),
        (reverse("guardian:eligible", args=[CITY]), dict.fromkeys(CHILD, given)),
    ]
    for url, data in pages:
        assert client.post(url, data).status_code in (200, 302), url
    for url in ("/municipalities/", "/postcode/"):
        assert client.get(url, {"prefecture": given, "code": given}).status_code == 200


def test_what_a_name_may_look_like_is_kept(client: Client) -> None:
    apply(client)
    names = {
        "family_name": "𠮷野",
        "given_name": "葛\U000e0100城 Māori-O’Neil",
        "family_kana": "ヨシノ",
        "given_kana": "x",
    }
    client.post(reverse("guardian:apply_guardian"), {**GUARDIAN, **names})
    kept = Application.objects.get()
    assert (kept.family_name, kept.given_name) == ("𠮷野", "葛\U000e0100城 Māori-O’Neil")

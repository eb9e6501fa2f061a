"""Step 2 of the road as the office walks it: queue, screening, decision, undo."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daredemo.audit.models import Entry
from daredemo.certification import sweeps
from daredemo.certification.models import Application, Certificate, Decision
from daredemo.municipalities.models import Officer
from daredemo.notifications.models import Message
from tests import make
from tests.certification import making
from tests.portals.city.reading import at, text

pytestmark = pytest.mark.django_db
NOW = make.NOW
LATER = NOW + timedelta(minutes=11)


@pytest.fixture
def officer() -> Officer:
    return make.officer()


@pytest.fixture
def desk(officer: Officer) -> Client:
    return make.browser(officer.user)


def version(application: Application) -> int:
    return Application.objects.get(pk=application.pk).version


# ── the queue ──────────────────────────────────────────────────────────────────────────
def test_the_queue_shows_days_left_and_badges(desk: Client) -> None:
    making.submitted(now=make.at("2026-03-10 10:00"))
    said = text(desk.get(reverse("city:queue")))
    assert "あと3日" in said
    assert "年齢 ○問題なし" in said
    assert "掛川 ひなた" in said


def test_a_late_one_says_by_how_many_days(desk: Client) -> None:
    making.submitted(now=make.at("2026-03-01 10:00"))
    assert "6日 超過" in text(desk.get(reverse("city:queue")))


def test_the_oldest_is_the_next_one(desk: Client) -> None:
    making.submitted(email="b@example.jp")
    oldest = making.submitted(now=make.at("2026-03-10 10:00"), email="a@example.jp")
    assert desk.get(reverse("city:next")).headers["Location"] == at("application", oldest)
    following = desk.get(at("next_after", oldest)).headers["Location"]
    assert following != at("application", oldest)


@pytest.mark.parametrize(("level", "shown"), [("", 2), ("green", 1), ("amber", 1), ("red", 0)])
def test_it_can_be_filtered_by_what_the_checks_found(desk: Client, level: str, shown: int) -> None:
    making.submitted()
    making.submitted(email="b@example.jp", post_code="1000001", child={"given_kana": "べつ"})
    page = desk.get(reverse("city:queue"), {"checks": level})
    assert page.content.decode().count('<th scope="row">') == shown


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_costs_the_same_for_one_and_three(desk: Client, count: int) -> None:
    for number in range(count):
        making.submitted(email=f"{number}@example.jp", child={"given_kana": f"こ{number}"})
    desk.get(reverse("city:queue"))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        desk.get(reverse("city:queue"))
    assert len(asked) == QUEUE_QUERIES


QUEUE_QUERIES = 14


def test_drafts_and_other_offices_are_not_on_it(desk: Client) -> None:
    making.filled()
    elsewhere = make.browser(make.officer("342041").user)
    application = making.submitted(email="b@example.jp")
    assert desk.get(reverse("city:queue")).content.decode().count('<th scope="row">') == 1
    assert elsewhere.get(reverse("city:queue")).content.decode().count('<th scope="row">') == 0
    for url in (at("application", application), at("send_back", application), at("decline", application, 1)):
        assert elsewhere.get(url).status_code == 404
    for url in (at("certify", application, 1), at("undo", application, 1), at("letter", application)):
        assert elsewhere.post(url, {"version": 2}).status_code == 404
    assert desk.get(at("decline", application, 9)).status_code == 404


# ── deciding ───────────────────────────────────────────────────────────────────────────
def test_opening_it_begins_screening_and_is_written_down(desk: Client, officer: Officer) -> None:
    application = making.submitted()
    said = text(desk.get(at("application", application)))
    assert "2027年(令和9年)4月8日(木)まで" in said
    assert Application.objects.get().status == "screening"
    assert Entry.objects.filter(action="read.application", by=officer.user).count() == 2


def test_certify_then_undo_then_certify(desk: Client) -> None:
    application = making.submitted()
    desk.post(at("certify", application, 1), {"version": version(application)})
    page = text(desk.get(at("application", application)))
    assert "決裁済・通知前" in page
    assert "10:10まで もどせます" in page
    desk.post(at("undo", application, 1))
    assert Application.objects.get().status == "screening"
    desk.post(at("certify", application, 1), {"version": version(application)})
    assert sweeps.enact(LATER) == 1
    assert Certificate.objects.get().valid_until == date(2027, 4, 8)


def test_pressing_twice_decides_once(desk: Client) -> None:
    application = making.submitted()
    read_at = version(application)
    first = desk.post(at("certify", application, 1), {"version": read_at})
    second = desk.post(at("certify", application, 1), {"version": read_at})
    assert (first.status_code, second.status_code) == (302, 409)
    assert Decision.objects.count() == 1


def test_another_officers_change_is_shown_and_not_overwritten(desk: Client) -> None:
    application = making.submitted()
    read_at = version(application)
    making.decline(application, make.officer())
    page = desk.post(at("certify", application, 1), {"version": read_at})
    assert page.status_code == 409
    assert "ほかの職員の変更を 上書きしないように" in text(page)
    assert Decision.objects.get().outcome == "declined"


def test_an_amber_check_needs_a_word(desk: Client) -> None:
    application = making.submitted(post_code="1000001")
    page = desk.post(at("certify", application, 1), {"version": version(application)})
    assert "確認したこと: 入力してください。" in text(page)
    assert Decision.objects.count() == 0
    given = {"version": version(application), "amber_reason": "転入手続中を電話で確認"}
    assert desk.post(at("certify", application, 1), given).status_code == 302


def test_declining_needs_words_and_keeps_what_was_typed(desk: Client) -> None:
    application = making.submitted()
    url = at("decline", application, 1)
    page = desk.post(url, {"version": version(application), "article": "条文", "reason": "", "possible": "x"})
    assert page.status_code == 200
    assert "条文" in page.content.decode()
    given = {"version": version(application), "article": "条文", "reason": "在園中", "possible": "退園後"}
    assert desk.post(url, given).status_code == 302
    assert "掛川市長に対して審査請求" in Decision.objects.get().instruction


def test_the_decline_page_suggests_words_from_the_checks(desk: Client) -> None:
    early = make.at("2026-03-20 10:00")
    application = making.submitted(now=early, child={"born": date(2023, 4, 5)})
    page = desk.get(at("decline", application, 1)).content.decode()
    assert "2026年(令和8年)4月3日(金)まででした" in page


def test_sending_back_names_the_pages(desk: Client) -> None:
    application = making.submitted()
    given = {
        "version": version(application),
        "parts": ["address", "child-1"],
        "words": "番地まで書いてください。",
    }
    desk.post(at("send_back", application), given)
    returned = Application.objects.get()
    assert (returned.status, returned.returned_parts) == ("returned", ["address", "child-1"])
    mail = Message.objects.get(kind="application_returned")
    assert "番地" not in str(mail.context)


def test_a_viewer_looks_but_finds_no_buttons() -> None:
    viewer = make.browser(make.officer(role=Officer.Role.VIEWER).user)
    application = making.submitted()
    assert "認定する" not in text(viewer.get(at("application", application)))
    assert Application.objects.get().status == "received"
    assert viewer.post(at("certify", application, 1), {"version": 2}).status_code == 404


def test_a_red_check_offers_no_certification(desk: Client) -> None:
    early = make.at("2026-03-20 10:00")
    application = making.submitted(now=early, child={"born": date(2023, 4, 5)})
    assert "このままでは 認定できません" in text(desk.get(at("application", application)))
    page = desk.post(at("certify", application, 1), {"version": version(application)})
    assert page.status_code == 409
    assert Decision.objects.count() == 0


HOSTILE = ["\x00", "a\x00b", "\u202e逆", "<script>", "=1+1", "x" * 65536, "-1", "99999999999999999999"]


@pytest.mark.parametrize("given", HOSTILE)
def test_hostile_input_never_breaks_a_page(desk: Client, given: str) -> None:
    application = making.submitted()
    names = ("version", "words", "parts", "article", "reason", "possible", "amber_reason", "reduction")
    data = dict.fromkeys(names, given)
    for url in (at("certify", application, 1), at("decline", application, 1), at("send_back", application)):
        assert desk.post(url, data).status_code in (200, 409), url
    query = {"words": given, "page": given, "pile": given, "checks": given}
    assert desk.get(reverse("city:certificates"), query).status_code == 200
    assert desk.get(reverse("city:queue"), query).status_code == 200
    assert Decision.objects.count() == 0

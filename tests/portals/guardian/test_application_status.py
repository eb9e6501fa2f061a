"""What became of it: received, returned and repaired, declined, certified; papers; the certificate."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from daredemo.accounts import actions as accounts
from daredemo.certification import numbers, sweeps
from daredemo.certification.actions import screening
from daredemo.certification.models import Application, Certificate
from daredemo.portals.guardian.gate import APPLICATION
from tests import make
from tests.certification import making

pytestmark = pytest.mark.django_db
NOW = make.NOW
LATER = NOW + timedelta(minutes=11)
STATUS = reverse("guardian:application_status")


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def words_of(response: Any) -> str:
    assert response["Content-Disposition"].startswith("attachment")
    pages = PdfReader(BytesIO(response.content)).pages
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))


def applicant(application: Application) -> Client:
    """The browser that opened the mailed link."""
    client = Client()
    session = client.session
    session[APPLICATION] = str(application.pk)
    session.save()
    return client


def test_the_application_can_be_saved_as_pdf_at_once_and_later() -> None:
    application = making.submitted()
    said = words_of(applicant(application).get(reverse("guardian:application_pdf")))
    for fact in (
        numbers.written(application.number),
        "掛川花子",
        "令和6年4月10日",
        "令和9年4月8日まで",
        "静岡県掛川市長谷一丁目1番地の1",
    ):
        assert fact in said, fact


def test_a_name_from_the_edge_of_unicode_is_printed() -> None:
    application = making.submitted(family_name="𠮷野", given_name="#set page() $x$ \\ *b*")
    assert "𠮷野#setpage()$x$\\*b*" in words_of(
        applicant(application).get(reverse("guardian:application_pdf"))
    )


def test_a_decision_is_not_shown_before_the_family_is_told() -> None:
    application = making.submitted()
    making.decline(application, make.officer())
    said = text(applicant(application).get(STATUS))
    assert "認定できませんでした" not in said
    assert "市が確認しています" in said
    assert applicant(application).get(reverse("guardian:application_result")).status_code == 404


def test_a_refusal_shows_reason_possibilities_and_remedies() -> None:
    application = making.submitted()
    making.decline(application, make.officer())
    sweeps.enact(LATER)
    said = text(applicant(application).get(STATUS))
    for fact in (
        "今回は認定できませんでした",
        "認可保育所に在園しているため",
        "退園したあとは申請できます",
        "審査請求",
    ):
        assert fact in said, fact
    assert "却下" in words_of(applicant(application).get(reverse("guardian:application_result")))


def test_a_returned_application_says_what_to_repair_and_leads_there() -> None:
    application = making.submitted()
    screening.send_back(
        application=application, version=application.version, words="番地まで書いてください。",
        parts=["address", "child-1"], officer=make.officer(), now=NOW,
    )  # fmt: skip
    client = applicant(application)
    page = client.get(STATUS).content.decode()
    assert "番地まで書いてください。" in page
    assert f"{reverse('guardian:apply_address')}?to=check" in page
    answer = client.post(
        f"{reverse('guardian:apply_address')}?to=check",
        {"post_code": "4368650", "address": "静岡県掛川市長谷", "street": "2-2"},
    )
    assert answer.headers["Location"] == reverse("guardian:apply_check")
    client.post(reverse("guardian:apply_check"))
    assert Application.objects.get().status == "received"


def test_after_certification_the_status_page_leads_to_the_login_until_it_is_used() -> None:
    application = making.submitted()
    making.certify(application, make.officer())
    sweeps.enact(LATER)
    client = applicant(application)
    assert "アカウント発行のお知らせ" in text(client.get(STATUS))
    user = Certificate.objects.get().child.guardians.get().user
    code = accounts.issue_activation_code(user=user, by=None, now=NOW)
    accounts.activate(
        portal="guardian", login_id=user.login_id, code=code, password="usagi-no-tegami-23", now=NOW
    )
    assert client.get(STATUS).headers["Location"] == reverse("guardian:applicant_return")


def test_pages_of_answers_are_gone_after_handing_in() -> None:
    client = applicant(making.submitted())
    assert client.get(reverse("guardian:apply_guardian")).status_code == 404
    assert client.get(reverse("guardian:apply")).headers["Location"] == STATUS


def test_taking_it_back_ends_it() -> None:
    application = making.submitted()
    client = applicant(application)
    assert "取り下げました" in text(client.post(reverse("guardian:application_withdraw")))
    assert Application.objects.get().status == "withdrawn"
    assert client.get(STATUS).headers["Location"] == reverse("guardian:applicant_return")
    again = applicant(application)  # nor with the old session
    assert again.get(STATUS).headers["Location"] == reverse("guardian:applicant_return")


# ── 認定証 ─────────────────────────────────────────────────────────────────────────────
def certified() -> Certificate:
    making.certify(making.submitted(), make.officer())
    sweeps.enact(LATER)
    return Certificate.objects.get()


def test_the_certificate_says_the_leaflets_date_on_screen_and_paper() -> None:
    certificate = certified()
    client = make.browser(certificate.child.guardians.get().user)
    assert "2027年(令和9年)4月8日(木)まで" in text(client.get(reverse("guardian:certificate")))
    said = words_of(client.get(reverse("guardian:certificate_pdf", args=[certificate.pk])))
    assert "令和8年4月6日から令和9年4月8日まで" in said
    assert "掛川花子" in said


def test_another_familys_certificate_does_not_exist() -> None:
    certificate = certified()
    other = make.browser(make.family().user)
    assert other.get(reverse("guardian:certificate_pdf", args=[certificate.pk])).status_code == 404
    assert "ひなた" not in text(other.get(reverse("guardian:certificate"))).replace("山田 ひなた", "")


@pytest.mark.parametrize("children", [1, 3])
def test_the_certificates_cost_the_same_for_one_and_three(children: int) -> None:
    client = make.browser(make.family(children=children).user)
    client.get(reverse("guardian:certificate"))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("guardian:certificate"))
    assert len(asked) == 7


def test_a_known_guardian_adds_a_child_without_a_mail() -> None:
    family = make.family()
    client = make.browser(family.user)
    answer = client.post(reverse("guardian:apply_begin", args=[make.KAKEGAWA]))
    assert answer.headers["Location"] == reverse("guardian:apply")
    begun = Application.objects.get(guardian=family.guardian)
    assert (begun.family_name, begun.email) == ("山田", family.user.email)
    client.post(reverse("guardian:apply_begin", args=[make.KAKEGAWA]))
    assert Application.objects.filter(guardian=family.guardian).count() == 1
    opened = client.post(reverse("guardian:application_open", args=[begun.pk]))
    assert opened.headers["Location"] == reverse("guardian:apply")
    other = make.browser(make.family().user)
    assert other.post(reverse("guardian:application_open", args=[begun.pk])).status_code == 404


def test_who_logs_in_afterwards_does_not_see_the_application_of_another_family() -> None:
    browser = applicant(making.filled())
    assert "掛川 花子" in browser.get("/application/check/").content.decode()
    browser.force_login(make.guardian().user)
    assert browser.get("/application/check/").headers["Location"] == "/apply/return/"

"""What the office does after a decision: letters, documents, the register of certificates."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from daredemo.accounts import actions as accounts
from daredemo.accounts.models import OneTimeSecret
from daredemo.audit.models import Entry
from daredemo.certification import sweeps
from daredemo.certification.actions import drafts, proofs
from daredemo.certification.models import Application, Certificate
from daredemo.municipalities.models import Officer
from daredemo.notifications.models import Message
from daredemo.rules import codes
from tests import make
from tests.certification import making
from tests.portals.city.reading import at, text, words_of

pytestmark = pytest.mark.django_db
NOW = make.NOW
LATER = NOW + timedelta(minutes=11)


@pytest.fixture
def officer() -> Officer:
    return make.officer()


@pytest.fixture
def desk(officer: Officer) -> Client:
    return make.browser(officer.user)


def without_email(application: Application) -> Application:
    application.email, application.email_index, application.notice = "", "", "post"
    application.save(update_fields=["email", "email_index", "notice"])
    return application


# ── telling ────────────────────────────────────────────────────────────────────────────
def test_without_email_the_letter_carries_id_and_code(desk: Client, officer: Officer) -> None:
    application = without_email(making.submitted())
    making.certify(application, officer)
    sweeps.enact(LATER)
    assert application.number[:4] in text(desk.get(reverse("city:queue")))
    said = words_of(desk.post(at("letter", application)).content)
    user = Certificate.objects.get().child.guardians.get().user
    assert user.login_id in said
    assert re.search(r"登録コード\d{4}-\d{4}-\d{4}", said)
    assert "令和8年4月6日から令和9年4月8日まで" in said
    assert OneTimeSecret.objects.filter(user=user, purpose="activation", superseded_at=None).count() == 1
    desk.post(at("letter", application))
    assert OneTimeSecret.objects.filter(user=user, purpose="activation", superseded_at=None).count() == 1
    desk.post(at("posted", application))
    assert Message.objects.get(kind="result_letter").status == "handed_over"
    assert application.number[:4] not in text(desk.get(reverse("city:queue")))


def test_the_letter_calls_the_way_in_as_the_screens_do(desk: Client, officer: Officer) -> None:
    application = without_email(making.submitted())
    making.certify(application, officer)
    sweeps.enact(LATER)
    said = words_of(desk.post(at("letter", application)).content)
    links = {"start": "ログイン", "login": "手紙の登録コードをつかう"}
    for route, words in links.items():
        assert words in text(Client().get(reverse(f"guardian:{route}")))
        assert f"「{words}」" in said


def test_the_letter_of_a_refusal_says_what_the_law_wants(desk: Client, officer: Officer) -> None:
    application = without_email(making.submitted())
    making.decline(application, officer)
    sweeps.enact(LATER)
    said = words_of(desk.post(at("letter", application)).content)
    assert "今回は認定できませんでした(却下)" in said
    assert "認可保育所に在園しているため" in said
    assert "審査請求をすることができます" in said
    assert "登録コード" not in said


def test_before_the_family_is_told_there_is_no_letter(desk: Client, officer: Officer) -> None:
    application = making.submitted(notice="post")
    making.certify(application, officer)
    assert desk.post(at("letter", application)).status_code == 404


def test_documents_leave_as_attachments_and_reading_is_written_down(desk: Client, officer: Officer) -> None:
    application = making.filled(reduction="untaxed")
    proof = proofs.add_proof(application=application, name="証明.pdf", data=b"%PDF-1.7 x", by=None, now=NOW)
    drafts.submit(application=application, by=None, now=NOW)
    answer = desk.get(at("proof", application, proof.pk))
    assert answer["Content-Disposition"].startswith("attachment")
    assert Entry.objects.filter(action="read.proof", by=officer.user, subject_id=str(proof.pk)).count() == 1


# ── the register ───────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("words", "found"), [("", 1), ("ヤマダ", 1), ("ひな", 1), ("山田", 1), ("さとう", 0), ("%", 0)]
)
def test_the_register_is_searched_by_reading_name_or_number(desk: Client, words: str, found: int) -> None:
    make.family()
    make.family(city="342041")
    page = desk.get(reverse("city:certificates"), {"words": words})
    assert page.content.decode().count('<th scope="row">') == found


def test_a_certificate_ends_early_with_a_reason(desk: Client) -> None:
    family = make.family()
    certificate = Certificate.objects.get(child=family.child)
    url = reverse("city:certificate_end", args=[certificate.pk])
    given = {"ended_on_year": "2026", "ended_on_month": "4", "ended_on_day": "30", "reason": "move"}
    assert desk.post(url, given).status_code == 302
    assert Certificate.objects.get(pk=certificate.pk).ended_on == date(2026, 4, 30)
    assert desk.post(url, given).status_code == 200  # already ended
    said = text(desk.get(reverse("city:certificate", args=[certificate.pk])))
    assert "ほかの市町村へ引っこした" in said
    other = make.browser(make.officer("342041").user)
    assert other.get(reverse("city:certificate", args=[certificate.pk])).status_code == 404


def test_the_certificate_on_paper_says_the_leaflets_date(desk: Client, officer: Officer) -> None:
    making.certify(making.submitted(), officer)
    sweeps.enact(LATER)
    url = reverse("city:certificate_pdf", args=[Certificate.objects.get().pk])
    said = words_of(desk.get(url).content)
    assert "令和6年4月10日" in said
    assert "令和9年4月8日まで" in said
    assert "1か月に10時間まで" in said


def test_at_the_counter_a_new_code_is_shown_once_to_who_has_lost_the_password(desk: Client) -> None:
    family = make.family()
    family.user.login_id = codes.login_id(234_567_891)
    family.user.set_password("mizu-yama-sora")
    family.user.save()
    certificate = family.child.certificates.get()
    page = reverse("city:activation", args=[certificate.pk, family.guardian.pk])
    assert page in desk.get(reverse("city:certificate", args=[certificate.pk])).content.decode()
    assert "たしかめてから" in text(desk.post(page))
    assert not OneTimeSecret.objects.exists()
    shown = desk.post(page, {"seen": "on"})
    said = text(shown)
    assert "no-store" in shown["Cache-Control"]
    assert family.user.login_id in said
    code = re.search(r"\d{4}-\d{4}-\d{4}", said)
    assert code
    family.user.refresh_from_db()
    assert family.user.check_password("mizu-yama-sora")  # until the code is used
    accounts.activate(
        portal="guardian", login_id=family.user.login_id, code=code[0], password="kumo-hashi-tane", now=NOW
    )
    family.user.refresh_from_db()
    assert family.user.check_password("kumo-hashi-tane")
    assert Entry.objects.filter(action="login.issue_activation_code", subject_id=family.user.pk).count() == 1


def test_a_code_is_given_only_to_who_answers_for_the_child(desk: Client) -> None:
    certificate, other = make.family().child.certificates.get(), make.family()
    assert desk.post(
        reverse("city:activation", args=[certificate.pk, other.guardian.pk]), {"seen": "on"}
    ).status_code == 404  # fmt: skip
    assert not OneTimeSecret.objects.exists()

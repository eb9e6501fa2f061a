"""From the application handed in to guardian, children, login and certificates."""

from datetime import date, datetime, timedelta

import pytest

from daredemo.accounts.models import User
from daredemo.audit.models import Entry
from daredemo.certification import checks, numbers, queries, sweeps
from daredemo.certification.actions import drafts, enacting, invitations, screening
from daredemo.certification.models import Application, ApplicationStatus, Certificate, Decision
from daredemo.families.models import Child, Guardian
from daredemo.municipalities.models import Officer
from daredemo.notifications.models import Message
from daredemo.rules.refusal import Reason, Refused
from tests import make
from tests.certification import making

pytestmark = pytest.mark.django_db
NOW = make.NOW
LATER = NOW + timedelta(minutes=10, seconds=1)


@pytest.fixture
def officer() -> Officer:
    return make.officer()


def kinds() -> list[str]:
    return list(Message.objects.exclude(kind="invitation").order_by("pk").values_list("kind", flat=True))


def reload(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


# ── handing in ─────────────────────────────────────────────────────────────────────────
def test_handing_in_gives_a_receipt_and_twice_is_once() -> None:
    application = making.submitted()
    drafts.submit(application=application, by=None, now=NOW)
    assert reload(application).status == ApplicationStatus.RECEIVED
    assert kinds() == ["application_received"]
    receipt = Message.objects.get(kind="application_received")
    assert receipt.context["number"] == numbers.written(application.number)
    assert receipt.context["decide_by"] == {"say": "jdate_year", "of": [{"day": "2026-05-06"}]}


def test_what_is_missing_is_named() -> None:
    application = making.filled(street="")
    with pytest.raises(Refused) as no:
        drafts.submit(application=application, by=None, now=NOW)
    assert (no.value.reason, no.value.facts) == (Reason.TEXT_MISSING, {"field": "address"})


def test_a_reduction_needs_a_document() -> None:
    assert drafts.missing(making.filled(reduction="welfare")) == ["proofs"]


@pytest.mark.parametrize(
    ("child", "reason"),
    [
        ({"born": date(2023, 4, 1)}, Reason.TOO_OLD),
        ({"born": date(2026, 4, 1)}, Reason.TOO_YOUNG),
        ({"born": date(2026, 4, 7)}, Reason.NOT_BORN_YET),
        ({"enrolment": "licensed_nursery"}, Reason.ENROLLED),
        ({"enrolment": "company_led"}, Reason.ENROLLED),
    ],
)
def test_a_child_for_whom_it_is_not_is_refused_by_name(child: dict[str, object], reason: Reason) -> None:
    application = making.filled(child=child)
    with pytest.raises(Refused) as no:
        drafts.submit(application=application, by=None, now=NOW)
    assert no.value.reason == reason
    assert reload(application).status == ApplicationStatus.DRAFT


def test_thirty_days_before_the_first_day_an_application_is_taken() -> None:
    born = date(2025, 11, 7)  # six months on 6 May, thirty days ahead
    assert making.submitted(child={"born": born}).status == ApplicationStatus.RECEIVED


def test_nothing_is_changed_after_handing_in() -> None:
    application = making.submitted()
    with pytest.raises(Refused) as no:
        drafts.save(application=application, by=None, now=NOW, phone="1")
    assert no.value.reason == Reason.ALREADY_SUBMITTED


# ── certifying ─────────────────────────────────────────────────────────────────────────
def test_certified_is_only_written_down_at_first(officer: Officer) -> None:
    making.certify(making.submitted(), officer)
    assert (Guardian.objects.count(), Certificate.objects.count()) == (0, 0)
    assert kinds() == ["application_received"]


def test_ten_minutes_later_everything_is_there_at_once(officer: Officer) -> None:
    application = making.submitted()
    making.certify(application, officer)
    assert sweeps.enact(NOW + timedelta(minutes=10)) == 0  # the tenth minute still belongs to undo
    assert sweeps.enact(LATER) == 1
    certificate = Certificate.objects.get()
    guardian = Guardian.objects.get()
    assert (certificate.valid_from, certificate.valid_until) == (date(2026, 4, 6), date(2027, 4, 8))
    assert certificate.decided_on == date(2026, 4, 6)
    assert certificate.child.name == "掛川 ひなた"
    assert guardian.name == "掛川 花子"
    assert guardian.address == "静岡県掛川市長谷一丁目1番地の1"
    assert guardian.user.email == "hanako@example.jp"
    assert not guardian.user.has_usable_password()
    mail = Message.objects.get(kind="account_issued")
    assert mail.to == guardian.user
    assert mail.context["login_id"] == guardian.user.login_id
    assert Entry.objects.filter(action="certificate.issue", facts__child=str(certificate.child_id)).exists()


def test_the_sweep_does_it_once(officer: Officer) -> None:
    making.certify(making.submitted(), officer)
    assert [sweeps.enact(LATER), sweeps.enact(LATER), sweeps.enact(LATER + timedelta(days=1))] == [1, 0, 0]
    assert (User.objects.filter(portal="guardian").count(), Certificate.objects.count()) == (1, 1)


def test_undo_within_ten_minutes_leaves_nothing(officer: Officer) -> None:
    application = making.submitted()
    making.certify(application, officer)
    at = NOW + timedelta(minutes=10)
    assert screening.undo(application=application, position=1, officer=officer, now=at).status == "screening"
    assert sweeps.enact(LATER) == 0
    assert kinds() == ["application_received"]
    making.certify(application, officer, now=LATER)
    assert sweeps.enact(LATER + timedelta(minutes=11)) == 1


def test_after_ten_minutes_undo_is_over(officer: Officer) -> None:
    application = making.submitted()
    making.certify(application, officer)
    with pytest.raises(Refused) as no:
        screening.undo(application=application, position=1, officer=officer, now=LATER)
    assert no.value.facts == {"until": NOW + timedelta(minutes=10)}


def test_certificates_wait_for_their_opening_day(officer: Officer) -> None:
    early = make.at("2026-02-20 10:00")
    making.certify(making.submitted(now=early), officer, now=early)
    assert sweeps.enact(make.at("2026-03-01 12:00")) == 0
    assert sweeps.enact(make.at("2026-03-02 00:00")) == 1
    assert Certificate.objects.get().decided_on == date(2026, 2, 20)


def test_siblings_are_told_together_when_the_last_is_decided(officer: Officer) -> None:
    application = making.submitted(children=2)
    making.certify(application, officer)
    assert sweeps.enact(LATER) == 0
    making.certify(application, officer, position=2, now=LATER)
    assert sweeps.enact(LATER + timedelta(minutes=11)) == 1
    assert Certificate.objects.count() == 2
    assert kinds() == ["application_received", "account_issued"]


def test_one_certified_and_one_declined_get_a_notice_each(officer: Officer) -> None:
    application = making.submitted(children=2)
    making.certify(application, officer)
    making.decline(application, officer, position=2)
    sweeps.enact(LATER)
    assert (Child.objects.count(), Certificate.objects.count()) == (1, 1)
    assert sorted(kinds()) == ["account_issued", "application_received", "declined_notice"]


def test_a_refusal_is_told_with_article_reason_and_remedies(officer: Officer) -> None:
    decision = making.decline(making.submitted(), officer)
    sweeps.enact(LATER)
    decision = Decision.objects.get(pk=decision.pk)
    assert "掛川市長に対して審査請求をすることができます" in decision.instruction
    assert "6か月以内に、掛川市を被告として" in decision.instruction
    assert decision.message is not None
    assert decision.message.kind == "declined_notice"
    assert "掛川 ひなた" not in str(decision.message.context)
    assert (Guardian.objects.count(), User.objects.filter(portal="guardian").count()) == (0, 0)


def test_without_email_a_letter_is_promised(officer: Officer) -> None:
    application = making.submitted(notice="post")
    Application.objects.filter(pk=application.pk).update(email_index="")
    plain = reload(application)
    plain.email = ""
    plain.save(update_fields=["email"])
    decision = making.certify(plain, officer)
    sweeps.enact(LATER)
    decision.refresh_from_db()
    assert decision.message is None
    assert decision.letter is not None
    assert decision.letter.channel == "letter"


def test_whoever_wants_it_by_post_gets_mail_and_letter(officer: Officer) -> None:
    decision = making.certify(making.submitted(notice="post"), officer)
    sweeps.enact(LATER)
    decision.refresh_from_db()
    assert decision.message is not None
    assert decision.letter is not None


def test_a_known_guardian_gets_the_child_added_and_no_second_account(officer: Officer) -> None:
    family = make.family()
    application = invitations.begin_as(guardian=family.guardian, municipality=make.municipality(), now=NOW)
    assert (application.family_name, application.phone) == ("山田", "09012345678")
    drafts.save(application=application, by=family.user, now=NOW, **making.ANSWERS, agreed_at=NOW)
    drafts.save_child(application=application, position=1, by=family.user, now=NOW, **making.CHILD)
    drafts.submit(application=application, by=family.user, now=NOW)
    making.certify(application, officer)
    sweeps.enact(LATER)
    assert User.objects.filter(portal="guardian").count() == 1
    assert queries.certificates_of(family.guardian).count() == 2
    assert "certified_notice" in kinds()
    assert "account_issued" not in kinds()


def test_one_that_fails_does_not_hold_up_the_others(
    officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = making.submitted(), making.submitted(email="b@example.jp", child={"given_kana": "べつ"})
    making.certify(bad, officer)
    making.certify(good, officer)
    real = enacting.enact

    def stumbling(*, application: Application, now: datetime) -> bool:
        if application.pk == bad.pk:
            raise RuntimeError("broken")
        return real(application=application, now=now)

    monkeypatch.setattr(enacting, "enact", stumbling)
    assert sweeps.enact(LATER) == 1


# ── reading before deciding ────────────────────────────────────────────────────────────
def test_whoever_read_an_older_one_is_told_so(officer: Officer) -> None:
    application = making.submitted()
    read_before = application.version
    making.certify(application, officer)
    with pytest.raises(Refused) as no:
        screening.decline(
            application=application,
            version=read_before,
            position=1,
            article="x",
            reason="x",
            possible="",
            officer=make.officer(),
            now=NOW,
        )
    assert no.value.reason == Reason.STATUS_MOVED
    assert Decision.objects.count() == 1


def test_an_address_elsewhere_is_amber_and_needs_a_reason(officer: Officer) -> None:
    application = making.submitted(post_code="1000001", address="東京都千代田区千代田")
    with pytest.raises(Refused) as no:
        making.certify(application, officer)
    assert (no.value.reason, no.value.facts) == (Reason.CHECK_NOT_CONFIRMED, {"check": "residence"})
    assert making.certify(application, officer, amber_reason="転入手続中")


def test_another_office_cannot_touch_it() -> None:
    application = making.submitted()
    with pytest.raises(Application.DoesNotExist):
        making.certify(application, make.officer("342041"))


def test_a_viewer_does_not_decide() -> None:
    with pytest.raises(PermissionError):
        making.certify(making.submitted(), make.officer(role=Officer.Role.VIEWER))


@pytest.mark.parametrize(("other", "level"), [("Tuyết Nguyễn", "green"), ("ana silva", "amber")])
def test_names_without_a_reading_are_no_duplicates_of_each_other(other: str, level: str) -> None:
    def submitted(name: str, email: str) -> Application:
        given, family = name.split()
        child = {"family_name": family, "given_name": given, "family_kana": "", "given_kana": ""}
        return making.submitted(email=email, child=child)

    submitted("Ana Silva", "ana@example.jp")
    application = submitted(other, "other@example.jp")
    found = checks.checks_of([application], NOW.date())[application.pk]
    assert {check.level for check in found if check.name == "duplicates"} == {level}


def test_checks_find_age_enrolment_residence_and_duplicates() -> None:
    first = making.submitted()
    second = making.submitted(email="other@example.jp")
    found = checks.worst(checks.checks_of([second], NOW.date())[second.pk])
    assert {name: check.level for name, check in found.items()} == {
        "residence": "green",
        "age": "green",
        "enrolment": "green",
        "duplicates": "amber",
    }
    assert first.pk != second.pk


# ── repairing ──────────────────────────────────────────────────────────────────────────
def test_a_returned_application_is_repaired_in_place_and_handed_in_again(officer: Officer) -> None:
    application = making.submitted()
    screening.send_back(
        application=application,
        version=application.version,
        words="番地まで書いてください。",
        parts=["address", "nonsense"],
        officer=officer,
        now=NOW,
    )
    returned = reload(application)
    assert (returned.status, returned.returned_parts) == ("returned", ["address"])
    drafts.save(application=returned, by=None, now=NOW, street="一丁目2番地")
    again = drafts.submit(application=returned, by=None, now=LATER)
    assert (again.status, again.submitted_at, again.resubmitted_at) == ("received", NOW, LATER)
    assert kinds() == ["application_received", "application_returned", "application_received"]


# ── what later steps ask ───────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("day", "good"),
    [("2026-04-05", False), ("2026-04-06", True), ("2027-04-08", True), ("2027-04-09", False)],
)
def test_the_certificate_of_the_leaflets_child(officer: Officer, day: str, good: bool) -> None:
    making.certify(making.submitted(), officer)
    sweeps.enact(LATER)
    child = Child.objects.get()
    on = date.fromisoformat(day)
    assert queries.is_certified(child, on) is good
    assert (queries.certificate_on(child, on) is not None) is good
    assert (child.pk in queries.certificates_on([child.pk], on)) is good


def test_a_refused_family_can_look_for_ninety_days(officer: Officer) -> None:
    application = making.submitted()
    making.decline(application, officer)
    sweeps.enact(LATER)
    seen = queries.application_of(application.pk)
    assert seen is not None
    assert queries.is_open_to_applicant(seen, NOW + timedelta(days=90))
    assert not queries.is_open_to_applicant(seen, NOW + timedelta(days=91))

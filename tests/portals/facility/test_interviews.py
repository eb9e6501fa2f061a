"""A facility's desk: answer, see the child by consent, record what came out."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from daredemo.audit import queries as audit
from daredemo.config import clock
from daredemo.facilities.models import Facility, Role
from daredemo.families import actions as families
from daredemo.families.models import Consent
from daredemo.interviews import actions as interviews
from daredemo.interviews.models import DeclineGround, Interview, InterviewStatus, InterviewTime
from daredemo.notifications.models import Message
from tests import make

pytestmark = pytest.mark.django_db
NOW, AFTER = make.NOW, make.at("2026-04-08 11:00")


def body(response: Any) -> str:
    return str(response.content.decode())


def desk(facility: Facility) -> Client:
    return make.browser(make.member(facility, Role.STAFF).user)


def to(name: str, asked: Interview, *more: object) -> str:
    return reverse(f"facility:{name}", args=[asked.pk, *more])


def written(family: make.Family) -> None:
    families.write_care_record(
        child=family.child, allergies="たまご", no_allergies=False, health="ぜんそく",
        by=family.user, now=NOW,
        emergency_contacts=[{"name": "山田 まなみ", "relation": "母", "phone": "09012345678"}],
    )  # fmt: skip


def later(monkeypatch: pytest.MonkeyPatch, moment: datetime = AFTER) -> None:
    monkeypatch.setattr(clock, "_source", lambda path: lambda: moment)


def test_the_child_is_seen_by_consent_and_each_look_is_written_down() -> None:
    family, facility = make.family(), make.facility()
    written(family)
    asked = make.interview(family, facility, note="ふたりで行きます")
    browser = desk(facility)
    page = body(browser.get(to("interview", asked)))
    for words in ("山田 ひなた", "たまご", "ぜんそく", "tel:09012345678", "ふたりで行きます", "1歳7か月"):
        assert words in page
    assert audit.who_read(family.child).count() == 1
    families.revoke_consent(consent=Consent.objects.get(), by=family.user, now=NOW)
    page = body(browser.get(to("interview", asked)))
    assert "たまご" not in page
    assert "tel:09012345678" not in page
    assert "同意を取り消した" in page
    assert audit.who_read(family.child).count() == 1


def test_a_record_not_written_yet_is_flagged() -> None:
    facility = make.facility()
    asked = make.interview(make.family(), facility)
    assert "まだ記録を書いていません" in body(desk(facility).get(to("interview", asked)))


def test_confirming_sends_the_words() -> None:
    facility = make.facility()
    asked = make.interview(make.family(), facility)
    response = desk(facility).post(to("interview_confirm", asked), {"words": "駐車場は東側です"}, follow=True)
    assert "日時を決めました" in body(response)
    asked.refresh_from_db()
    assert (asked.status, asked.words) == (InterviewStatus.CONFIRMED, "駐車場は東側です")
    assert Message.objects.get(kind="interview_confirmed").context["words"] == "駐車場は東側です"


@pytest.mark.parametrize("words", ["\x00", "あ" * 65536, "http://evil.example を見て"])
def test_words_that_no_mail_may_carry_stay_typed(words: str) -> None:
    facility = make.facility()
    asked = make.interview(make.family(), facility)
    response = desk(facility).post(to("interview_confirm", asked), {"words": words})
    assert response.status_code == 200
    assert "入力を見なおしてください" in body(response)
    assert words.strip("\x00") in body(response)
    asked.refresh_from_db()
    assert asked.status == InterviewStatus.REQUESTED


def test_another_own_time_is_proposed() -> None:
    facility = make.facility()
    asked, other = make.interview(make.family(), facility), make.interview_time(facility, "2026-04-09 14:00")
    browser = desk(facility)
    assert "4月9日(木) 14:00〜14:30" in body(browser.get(to("interview", asked)))
    browser.post(to("interview_propose", asked), {"propose-time": str(other.pk), "propose-words": ""})
    asked.refresh_from_db()
    assert (asked.status, asked.time_id) == (InterviewStatus.PROPOSED, other.pk)


def test_a_time_of_another_facility_is_no_proposal() -> None:
    facility = make.facility()
    asked, elsewhere = (
        make.interview(make.family(), facility),
        make.interview_time(make.facility(name="べつの園")),
    )
    response = desk(facility).post(to("interview_propose", asked), {"propose-time": str(elsewhere.pk)})
    assert response.status_code == 200
    asked.refresh_from_db()
    assert asked.status == InterviewStatus.REQUESTED


def confirmed(facility: Facility, **fields: Any) -> Interview:
    asked = make.interview(make.family(**fields), facility)
    return interviews.confirm(interview=asked, words="", by=make.member(facility).user, now=NOW)


def outcome(held: Interview, **answers: Any) -> tuple[str, dict[str, Any]]:
    row = held.children.order_by("id").first()
    assert row is not None
    step = answers.pop("step", "send")
    return to("interview_outcome", held, row.pk), {
        "step": step, **{f"outcome-{row.pk}-{name}": value for name, value in answers.items()}
    }  # fmt: skip


def test_before_the_interview_there_is_nothing_to_record(monkeypatch: pytest.MonkeyPatch) -> None:
    facility = make.facility()
    held = confirmed(facility)
    browser = desk(facility)
    assert "の結果</h2>" not in body(browser.get(to("interview", held)))
    path, sent = outcome(held, outcome="accepted")
    assert "入力を見なおしてください" in body(browser.post(path, sent))
    later(monkeypatch)
    assert "の結果</h2>" in body(desk(facility).get(to("interview", held)))


def test_accepting_records_what_was_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    facility = make.facility()
    held = confirmed(facility)
    later(monkeypatch)
    browser = desk(facility)
    path, sent = outcome(held, outcome="accepted", explained=["fees", "insurance"], step="check")
    check = body(browser.post(path, sent))
    assert "ひなたさんの受け入れができることになりました" in check
    held.refresh_from_db()
    assert held.status == InterviewStatus.CONFIRMED
    browser.post(path, {**sent, "step": "send"})
    held.refresh_from_db()
    assert (held.status, held.explained) == (InterviewStatus.HELD, ["fees", "insurance"])
    assert Message.objects.filter(kind="interview_accepted").count() == 1


def test_declining_needs_ground_and_sentence_and_shows_what_the_family_reads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    facility = make.facility()
    held = confirmed(facility)
    later(monkeypatch)
    browser = desk(facility)
    path, sent = outcome(held, outcome="declined", step="check")
    page = body(browser.post(path, sent))
    assert "受け入れられない理由: えらんでください。" in page
    assert "ご家族に伝える文: 入力してください。" in page
    ground = DeclineGround.CARE_NOT_SAFE
    path, sent = outcome(held, outcome="declined", ground=ground, reason="看護師がいない日です", step="check")
    page = body(browser.post(path, sent))
    assert "理由: 必要なケアを安全に行えない。看護師がいない日です" in page
    browser.post(path, {**sent, "step": "send"})
    row = held.children.get()
    assert (row.outcome, row.ground, row.reason) == ("declined", ground, "看護師がいない日です")


def test_a_ground_outside_the_closed_list_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    facility = make.facility()
    held = confirmed(facility)
    later(monkeypatch)
    path, sent = outcome(held, outcome="declined", ground="nationality", reason="理由")
    assert "入力を見なおしてください" in body(desk(facility).post(path, sent))
    assert held.children.get().outcome == "open"


def test_a_request_is_turned_down_with_the_same_care() -> None:
    facility = make.facility()
    asked = make.interview(make.family(), facility)
    browser, path = desk(facility), to("interview_decline", asked)
    sent = {"decline-ground": "no_place_or_staff", "decline-reason": "職員が足りません"}
    assert "職員が足りません" in body(browser.post(path, {**sent, "step": "check"}))
    asked.refresh_from_db()
    assert asked.status == InterviewStatus.REQUESTED
    browser.post(path, {**sent, "step": "send"})
    asked.refresh_from_db()
    assert asked.status == InterviewStatus.DECLINED


def test_a_family_that_did_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    facility = make.facility()
    held = confirmed(facility)
    later(monkeypatch)
    desk(facility).post(to("interview_missed", held))
    held.refresh_from_db()
    assert held.status == InterviewStatus.CANCELLED


NAMES = ("interview_confirm", "interview_propose", "interview_decline", "interview_missed")


def test_another_facilitys_interview_is_404() -> None:
    asked = make.interview(make.family(), make.facility())
    stranger = desk(make.facility(name="べつの園"))
    row = asked.children.get()
    assert stranger.get(to("interview", asked)).status_code == 404
    assert stranger.get(reverse("facility:interview", args=[uuid4()])).status_code == 404
    assert [stranger.post(to(name, asked)).status_code for name in NAMES] == [404] * len(NAMES)
    assert stranger.post(to("interview_outcome", asked, row.pk)).status_code == 404
    own = make.interview(make.family(), Facility.objects.get(name="べつの園"), "2026-04-09 10:00")
    assert stranger.post(to("interview_outcome", own, row.pk)).status_code == 404


def offer(**more: Any) -> dict[str, Any]:
    return {
        "since_year": "2026", "since_month": "4", "since_day": "7",
        "until_year": "令和8", "until_month": "4", "until_day": "17",
        "weekdays": ["1", "3"], "times": ["10:00", "13:30"], "minutes": "30", **more,
    }  # fmt: skip


def test_times_are_offered_by_days_weekdays_and_hours_except_on_days_off() -> None:
    facility = make.facility()
    facility.closures.create(date="2026-04-09", reason="行事", announced_at=NOW)
    browser, path = desk(facility), reverse("facility:interview_times")
    page = body(browser.post(path, offer(), follow=True))
    assert "面談の時間を6件 出しました" in page  # 7, 14, 16 April; the 9th is off
    assert InterviewTime.objects.filter(starts_at=make.at("2026-04-07 13:30")).count() == 1
    time = InterviewTime.objects.earliest("starts_at")
    browser.post(reverse("facility:interview_time_withdraw", args=[time.pk]))
    time.refresh_from_db()
    assert time.withdrawn_at is not None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"times": ["10:00", "10:30"], "minutes": "60"}, "時間が重なっています"),
        ({"until_day": "1"}, "もう すぎた日です"),
        ({"until_month": "8"}, "3か月分まで"),
        ({"since_month": "2", "since_day": "31"}, "年・月・日を たしかめてください"),
        ({"weekdays": []}, "曜日: えらんでください"),
        ({"since_day": "8", "until_day": "8"}, "あてはまる日がありません"),
        ({"minutes": "9999"}, "入力を見なおしてください"),
    ],
)
def test_an_offer_that_cannot_be_is_said(change: dict[str, Any], sentence: str) -> None:
    page = body(desk(make.facility()).post(reverse("facility:interview_times"), offer(**change)))
    assert sentence in page
    assert not InterviewTime.objects.exists()


def test_a_time_of_another_facility_is_404() -> None:
    time = make.interview_time(make.facility())
    path = reverse("facility:interview_time_withdraw", args=[time.pk])
    assert desk(make.facility(name="べつの園")).post(path).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long_it_is(rows: int, django_assert_num_queries: object) -> None:
    facility = make.facility()
    for day in range(rows):
        make.interview(make.family(), facility, f"2026-04-{8 + day:02d} 10:00")
    browser = desk(facility)
    with django_assert_num_queries(9):  # type: ignore[operator]
        assert browser.get(reverse("facility:interviews")).status_code == 200
    with django_assert_num_queries(6):  # type: ignore[operator]
        assert browser.get(reverse("facility:interview_times")).status_code == 200

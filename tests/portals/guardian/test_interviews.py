"""A family asks for an interview, checks, sends, and sees what became of it."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from daredemo.facilities.models import Facility
from daredemo.families.models import Consent
from daredemo.interviews import actions as interviews
from daredemo.interviews.models import ChildOutcome, DeclineGround, Interview, InterviewStatus, InterviewTime
from tests import make

pytestmark = pytest.mark.django_db
NOW = make.NOW


def address(facility: Facility) -> str:
    return reverse("guardian:interview_request", args=[facility.pk])


def answers(family: make.Family, time: InterviewTime, **more: object) -> dict[str, object]:
    children = [str(child.pk) for child in family.children]
    return {"children": children, "time": str(time.pk), "note": "はじめてです", "consent": "on", **more}


def body(response: Any) -> str:
    return str(response.content.decode())


def test_choose_check_send() -> None:
    family, facility = make.family(children=2), make.facility()
    time = make.interview_time(facility)
    browser = make.browser(family.user)
    assert "4月8日(水)" in body(browser.get(address(facility)))
    check = browser.post(address(facility), answers(family, time, step="check", wants_advice="on"))
    assert "この内容で申しこむ" in body(check)
    assert "はじめてです" in body(check)
    assert not Interview.objects.exists()
    sent = browser.post(address(facility), answers(family, time, step="send", wants_advice="on"))
    made = Interview.objects.get()
    assert sent.headers["Location"] == reverse("guardian:interview", args=[made.pk])
    assert (made.note, made.wants_advice, made.children.count()) == ("はじめてです", True, 2)
    assert set(Consent.objects.values_list("kind", flat=True)) == {"record"}
    page = body(browser.get(sent.headers["Location"]))
    for words in ("面談を申しこみました", "園の返事を待っています", "お子さんと一緒に", "掛川市掛川1"):
        assert words in page


def test_sending_twice_makes_one_interview() -> None:
    family, facility = make.family(), make.facility()
    time = make.interview_time(facility)
    browser = make.browser(family.user)
    for _ in range(2):
        sent = browser.post(address(facility), answers(family, time, step="send"))
        assert sent.status_code == 302
    assert Interview.objects.count() == 1


def test_a_time_taken_meanwhile_leads_back_with_everything_kept() -> None:
    family, facility = make.family(), make.facility()
    time, other = make.interview_time(facility), make.interview_time(facility, "2026-04-09 10:00")
    rival = make.family()
    interviews.request(
        guardian=rival.guardian, children=rival.children, time=time, note="", wants_advice=False,
        consent=True, by=rival.user, now=NOW,
    )  # fmt: skip
    response = make.browser(family.user).post(
        address(facility), answers(family, time, step="send", photos="on")
    )
    assert response.status_code == 409
    page = body(response)
    assert "ほかの方の申しこみが入りました" in page
    assert str(other.pk) in page
    assert str(time.pk) not in page
    assert "はじめてです</textarea>" in page
    assert page.count("checked") == 3  # the child, ① and ②
    assert "<title>エラー：" in page


@pytest.mark.parametrize(
    ("left_out", "sentence"),
    [
        ("consent", "面談には、この同意が必要です。"),
        ("time", "えらんでください。"),
        ("children", "えらんでください。"),
    ],
)
def test_what_is_missing_is_said_at_its_place(left_out: str, sentence: str) -> None:
    family, facility = make.family(), make.facility()
    sent = answers(family, make.interview_time(facility), step="check")
    del sent[left_out]
    page = body(make.browser(family.user).post(address(facility), sent))
    assert f"{sentence}</a>" in page  # in the summary
    assert f"＊{sentence}" in page or f'<p class="msg">{sentence}' in page  # and at the field
    assert "はじめてです</textarea>" in page


@pytest.mark.parametrize("typed", ["\x00つたえたい", "あ" * 65536])
def test_a_hostile_note_gets_a_sentence_and_stays_typed(typed: str) -> None:
    family, facility = make.family(), make.facility()
    sent = answers(family, make.interview_time(facility), step="send", note=typed)
    response = make.browser(family.user).post(address(facility), sent)
    assert response.status_code == 200
    assert "入力を見なおしてください" in body(response)
    assert typed.strip("\x00") in body(response)
    assert not Interview.objects.exists()


@pytest.mark.parametrize("wanted", ["x", "\x00", "9a0af570-3a10-42d3-9621-6d48ace21dc8", "1" * 64])
def test_a_time_that_was_never_offered_is_not_one(wanted: str) -> None:
    family, facility = make.family(), make.facility()
    make.interview_time(facility)
    elsewhere = make.interview_time(make.facility(name="べつの園"))
    browser = make.browser(family.user)
    for time in (wanted, str(elsewhere.pk)):
        response = browser.post(address(facility), {**answers(family, elsewhere, step="send"), "time": time})
        assert response.status_code in (200, 409)
    assert not Interview.objects.exists()


def test_another_familys_child_is_no_choice() -> None:
    family, other, facility = make.family(), make.family(), make.facility()
    time = make.interview_time(facility)
    sent = {**answers(family, time, step="send"), "children": [str(other.child.pk)]}
    assert make.browser(family.user).post(address(facility), sent).status_code == 200
    assert not Interview.objects.exists()


def test_a_child_who_has_asked_already_is_led_to_the_facility() -> None:
    family, facility = make.family(), make.facility()
    make.interview(family, facility)
    response = make.browser(family.user).get(address(facility))
    assert response.headers["Location"] == reverse("guardian:facility", args=[facility.pk])


def test_a_proposal_is_accepted_on_its_page() -> None:
    family, facility = make.family(), make.facility()
    asked, other = make.interview(family, facility), make.interview_time(facility, "2026-04-09 14:00")
    by = make.member(facility).user
    interviews.propose(interview=asked, time=other, words="午後なら会えます", by=by, now=NOW)
    browser = make.browser(family.user)
    path = reverse("guardian:interview", args=[asked.pk])
    page = body(browser.get(path))
    assert "午後なら会えます" in page
    assert "この日時でよい" in page
    browser.post(reverse("guardian:interview_accept", args=[asked.pk]))
    asked.refresh_from_db()
    assert asked.status == InterviewStatus.CONFIRMED
    again = browser.post(reverse("guardian:interview_accept", args=[asked.pk]), follow=True)
    assert "状態が変わりました" in body(again)


def test_cancelling_says_first_what_it_means() -> None:
    family, facility = make.family(), make.facility()
    asked = make.interview(family, facility)
    browser = make.browser(family.user)
    path = reverse("guardian:interview_cancel", args=[asked.pk])
    assert "利用できる時間は へりません" in body(browser.get(path))
    asked.refresh_from_db()
    assert asked.status == InterviewStatus.REQUESTED
    assert "取り消しました" in body(browser.post(path, follow=True))
    asked.refresh_from_db()
    assert asked.status == InterviewStatus.CANCELLED


def test_a_decline_is_read_with_ground_sentence_and_other_facilities() -> None:
    family, facility = make.family(), make.facility()
    asked = make.interview(family, facility)
    interviews.decline(
        interview=asked, ground=DeclineGround.NO_PLACE_OR_STAFF, reason="1歳の部屋がいっぱいです",
        by=make.member(facility).user, now=NOW,
    )  # fmt: skip
    page = body(make.browser(family.user).get(reverse("guardian:interview", args=[asked.pk])))
    for words in ("場所または職員が足りない", "1歳の部屋がいっぱいです", "ほかの園をさがす", "掛川市の窓口"):
        assert words in page


def test_an_acceptance_says_that_one_may_book() -> None:
    family, facility = make.family(), make.facility()
    asked = make.interview(family, facility)
    by = make.member(facility).user
    interviews.confirm(interview=asked, words="", by=by, now=NOW)
    row = asked.children.get()
    interviews.record_outcome(
        child=row, outcome=ChildOutcome.ACCEPTED, by=by, now=make.at("2026-04-08 11:00")
    )
    page = body(make.browser(family.user).get(reverse("guardian:interview", args=[asked.pk])))
    assert "この園を予約できます" in page


@pytest.mark.parametrize("name", ["interview", "interview_cancel"])
def test_another_familys_interview_is_404(name: str) -> None:
    asked = make.interview(make.family(), make.facility())
    stranger = make.browser(make.family().user)
    theirs = stranger.get(reverse(f"guardian:{name}", args=[asked.pk]))
    nowhere = stranger.get(reverse(f"guardian:{name}", args=[uuid4()]))
    assert (theirs.status_code, nowhere.status_code) == (404, 404)
    assert stranger.post(reverse("guardian:interview_accept", args=[asked.pk])).status_code == 404
    assert stranger.post(reverse("guardian:interview_cancel", args=[asked.pk])).status_code == 404


def test_without_a_login_the_way_leads_to_it(client: Client) -> None:
    facility = make.facility()
    response = client.get(address(facility))
    assert response.headers["Location"].startswith("/login/?next=")
    assert client.get(reverse("guardian:interviews")).status_code == 302


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long_it_is(rows: int, django_assert_num_queries: object) -> None:
    family = make.family()
    for day in range(rows):
        make.interview(family, make.facility(), f"2026-04-{8 + day:02d} 10:00")
    browser = make.browser(family.user)
    with django_assert_num_queries(7):  # type: ignore[operator]
        assert browser.get(reverse("guardian:interviews")).status_code == 200

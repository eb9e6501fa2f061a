"""Cancelling: the consequence in hours and yen first, then the act, then what to say."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from daredemo.booking.models import Booking
from daredemo.config import clock
from daredemo.facilities.models import Approval
from tests import make

pytestmark = pytest.mark.django_db
AFTER = make.at("2026-04-10 12:01")  # the deadline of Monday the 13th was Friday noon


def body(response: Any) -> str:
    return str(response.content.decode())


def at(name: str, made: Booking) -> str:
    return reverse(f"guardian:{name}", args=[made.pk])


@pytest.fixture
def made() -> Booking:
    return make.booking(make.family(), make.facility(), "2026-04-13 09:00", minutes=120)


def stand(monkeypatch: pytest.MonkeyPatch, moment: Any) -> None:
    monkeypatch.setattr(clock, "_source", lambda path: lambda: moment)


def test_before_the_deadline_the_hours_come_back(made: Booking) -> None:
    browser = make.browser(made.guardian.user)
    page = body(browser.get(at("cancel", made)))
    for words in (
        "2時間が もどります。お金は かかりません",
        "4月10日(金)正午まで",
        "だれでも通園の ひなたです",
        "0537000000",
    ):
        assert words in page
    sent = browser.post(at("cancel", made), {"cause": "family", "seen": "free-no"})
    assert sent.headers["Location"] == at("cancelled", made)
    made.refresh_from_db()
    assert (made.status, made.hours_consumed, made.fee_charged) == ("cancelled", False, "no")
    page = body(browser.get(at("cancelled", made)))
    for words in (
        "取り消しました",
        "2時間が もどります",
        "4月13日、やすみます",
        "Shigatsu jūsannichi",
        "予約にもどす",
    ):
        assert words in page


def test_after_the_deadline_hours_and_yen_are_named_first(
    made: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand(monkeypatch, AFTER)
    browser = make.browser(made.guardian.user)
    page = body(browser.get(at("cancel", made)))
    for words in (
        "取り消しの期限を すぎています",
        "2時間を 使ったことになります",
        "園のきまり",
        "600円",
        "8時間の ままです",
    ):
        assert words in page
    browser.post(at("cancel", made), {"cause": "family", "seen": "hours-facility"})
    made.refresh_from_db()
    assert (made.status, made.hours_consumed, made.fee_charged) == ("cancelled", True, "facility")


def test_care_comes_before_consequence_for_a_sick_child(
    made: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand(monkeypatch, AFTER)
    browser = make.browser(made.guardian.user)
    page = body(browser.get(at("cancel", made) + "?cause=illness"))
    assert page.index("お大事に") < page.index("使ったことになります")
    browser.post(at("cancel", made), {"cause": "illness", "seen": "hours-facility"})
    page = body(browser.get(at("cancelled", made)))
    assert page.index("<h1>お大事に</h1>") < page.index("使ったことになります")
    assert "園に知らせました" not in page  # nobody waits for the child yet: the family telephones


def test_on_the_day_itself_the_nursery_is_told_at_once(
    made: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand(monkeypatch, make.at("2026-04-13 07:30"))
    browser = make.browser(made.guardian.user)
    browser.post(at("cancel", made), {"cause": "family", "seen": "hours-facility"})
    assert "園に知らせました" in body(browser.get(at("cancelled", made)))


def test_a_deadline_that_passed_while_reading_is_shown_before_anything_happens(
    made: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand(monkeypatch, AFTER)
    answer = make.browser(made.guardian.user).post(at("cancel", made), {"cause": "family", "seen": "free-no"})
    assert answer.status_code == 409
    assert "見ているあいだに 期限をすぎました" in body(answer)
    made.refresh_from_db()
    assert made.status == "booked"


def test_ten_minutes_of_undo(made: Booking, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = make.browser(made.guardian.user)
    cancel = {"cause": "family", "seen": "free-no"}
    browser.post(at("cancel", made), cancel)
    assert "予約は そのままです" in body(browser.post(at("undo_cancel", made), follow=True))
    made.refresh_from_db()
    assert made.status == "booked"
    browser.post(at("cancel", made), cancel)
    stand(monkeypatch, make.NOW + timedelta(minutes=11))
    assert "予約にもどす" not in body(browser.get(at("cancelled", made)))
    assert "もどせるのは" in body(browser.post(at("undo_cancel", made), follow=True))


def test_a_request_is_withdrawn_for_nothing() -> None:
    facility = make.facility(approval=Approval.ON_REQUEST)
    made = make.booking(make.family(), facility, "2026-04-13 09:00")
    browser = make.browser(made.guardian.user)
    assert "電話は いりません" in body(browser.get(at("cancel", made)))
    page = body(browser.post(at("cancel", made), follow=True))
    assert "申しこみを とりさげました" in page
    assert "園にも 電話を" not in page


def test_what_has_begun_or_ended_is_not_cancelled_here(
    made: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = make.browser(made.guardian.user)
    stand(monkeypatch, made.starts_at)
    assert browser.get(at("cancel", made)).headers["Location"] == at("booking", made)
    assert browser.get(at("cancelled", made)).headers["Location"] == at("booking", made)
    wrong = browser.post(at("cancel", made), {"cause": "nothing", "seen": "\x00"})
    assert wrong.status_code == 302


def test_a_wrong_answer_is_explained(made: Booking) -> None:
    answer = make.browser(made.guardian.user).post(at("cancel", made), {"cause": "x" * 70000, "seen": "\x00"})
    assert answer.status_code == 200
    assert "<title>エラー：" in body(answer)


def test_bookings_of_others_do_not_exist(made: Booking) -> None:
    browser = make.browser(make.family().user)
    assert browser.get(at("cancel", made)).status_code == 404
    assert browser.post(at("cancel", made), {"cause": "family"}).status_code == 404
    assert browser.get(at("cancelled", made)).status_code == 404
    assert browser.post(at("undo_cancel", made)).status_code == 404

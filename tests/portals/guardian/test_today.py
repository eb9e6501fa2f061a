"""One tap on the day: care first, then what it takes; the nursery's board knows at once."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daredemo.attendance.actions import staff
from daredemo.booking.models import Booking
from daredemo.config import clock
from tests import make

pytestmark = pytest.mark.django_db
HOME, BOARD = reverse("guardian:home"), reverse("facility:board")
TAP = "きょうは お休みします(体調)"


def body(response: Any) -> str:
    return str(response.content.decode())


def at(name: str, made: Booking) -> str:
    return reverse(f"guardian:{name}", args=[made.pk])


@pytest.fixture
def made() -> Booking:
    return make.booking(make.family(), make.facility(), "2026-04-13 09:00", minutes=120)


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Any:
    def stand(hour: str) -> None:
        monkeypatch.setattr(clock, "_source", lambda path: lambda: make.at(f"2026-04-13 {hour}"))

    return stand


def test_home_and_the_bookings_page_offer_it_on_the_day_only(made: Booking, stand: Any) -> None:
    browser = make.browser(made.guardian.user)
    for path in (HOME, at("booking", made)):
        assert TAP not in body(browser.get(path))
    stand("07:30")
    for path in (HOME, at("booking", made)):
        page = body(browser.get(path))
        assert TAP in page
        assert at("late", made) in page
        assert f'name="seen" value="{made.revision}"' in page


def test_one_tap_says_care_then_the_nursery_then_hours_and_yen(made: Booking, stand: Any) -> None:
    stand("07:30")
    browser = make.browser(made.guardian.user)
    answer = browser.post(at("stay_home", made), {"seen": "0"})
    assert answer.headers["Location"] == at("cancelled", made)
    page = body(browser.get(at("cancelled", made)))
    said = (
        "<h1>お大事に</h1>", "予約にもどす", "園に知らせました", "使ったことになります</b>(市のきまり)",
        "園のきまり", "600円", "netsu ga aru node",
    )  # fmt: skip
    for words in said:
        assert words in page
    assert page.index(said[0]) < page.index(said[2]) < page.index(said[3]) < page.index(said[4])
    assert browser.post(at("stay_home", made), {"seen": "0"}).headers["Location"] == at("cancelled", made)
    board = body(make.browser(make.member(made.facility).user).get(BOARD))
    assert "7:30に お休みの連絡" in board


@pytest.mark.parametrize("day", ["2026-04-06", "2026-04-12", "2026-04-14"])
def test_on_another_day_it_leads_to_the_page_that_tells_what_it_costs(
    made: Booking, monkeypatch: pytest.MonkeyPatch, day: str
) -> None:
    monkeypatch.setattr(clock, "_source", lambda path: lambda: make.at(f"{day} 07:30"))
    answer = make.browser(made.guardian.user).post(at("stay_home", made), {"seen": "0"})
    assert answer.headers["Location"] == at("cancel", made) + "?cause=illness"
    made.refresh_from_db()
    assert made.status == "booked"


def test_after_the_start_the_booking_itself_says_so_and_offers_the_way_back(
    made: Booking, stand: Any
) -> None:
    stand("09:10")
    browser = make.browser(made.guardian.user)
    page = body(browser.post(at("stay_home", made), {"seen": "0"}, follow=True))
    assert page.index("お大事に") < page.index("園に届いています") < page.index("使ったことになります")
    assert "やっぱり 行く(9:20まで)" in page
    assert TAP not in page
    assert ">お休み</span>" in page
    assert "これからの予約は ありません" in body(browser.get(HOME))
    page = body(browser.post(at("come_after_all", made), follow=True))
    assert "とりけしました" in page
    assert TAP in page


def test_the_way_back_ends(made: Booking, stand: Any) -> None:
    stand("09:10")
    browser = make.browser(made.guardian.user)
    browser.post(at("stay_home", made), {"seen": "0"})
    stand("09:21")
    assert "やっぱり 行く" not in body(browser.get(at("booking", made)))
    assert "もどせるのは 9:20 まで" in body(browser.post(at("come_after_all", made), follow=True))


def test_a_tap_without_its_state_or_with_an_old_one_does_nothing(made: Booking, stand: Any) -> None:
    stand("07:30")
    browser = make.browser(made.guardian.user)
    for sent, words in (({}, "画面を ひらきなおして"), ({"seen": "7"}, "状態が変わりました")):
        assert words in body(browser.post(at("stay_home", made), sent, follow=True))
    made.refresh_from_db()
    assert made.status == "booked"


def test_coming_late_is_one_tap_on_a_time_and_stands_on_the_board(made: Booking, stand: Any) -> None:
    stand("08:30")
    browser = make.browser(made.guardian.user)
    page = body(browser.get(at("late", made)))
    for words in ("9:15ごろ", "9:30ごろ", "10:00ごろ", "Sukoshi okurete ikimasu", "予約のままです"):
        assert words in page
    page = body(browser.post(at("late", made), {"what": "comes", "minutes": "30"}, follow=True))
    assert "9:30ごろ 着く" in page
    assert "9:30ごろ 着く" in body(browser.get(HOME))
    manager = make.browser(make.member(made.facility).user)
    assert "9:30ごろ来ます" in body(manager.get(BOARD))
    assert "9:30ごろ来ます" in body(manager.get(reverse("facility:visit", args=[made.pk])))
    browser.post(at("late", made), {"what": "comes", "minutes": "0"})
    assert "着く" not in body(browser.get(HOME))


def test_a_late_pick_up_says_the_grace_and_stands_on_the_board(made: Booking, stand: Any) -> None:
    stand("10:40")
    member = make.member(made.facility)
    staff.receive(
        booking=made, at=make.at("2026-04-13 09:00"), by=member.user, now=make.at("2026-04-13 10:40")
    )
    browser = make.browser(made.guardian.user)
    assert "おむかえが おくれます" in body(browser.get(HOME))
    page = body(browser.get(at("late", made)))
    for words in ("11:15ごろ", "12:00ごろ", "10分までは", "Omukae ga sukoshi okuremasu"):
        assert words in page
    browser.post(at("late", made), {"what": "here", "minutes": "15"})
    assert "11:15ごろ おむかえに行く" in body(browser.get(HOME))
    assert "おむかえ 11:15ごろ" in body(make.browser(member.user).get(BOARD))


def test_only_times_that_lie_ahead_are_offered_and_then_the_telephone(made: Booking, stand: Any) -> None:
    browser = make.browser(made.guardian.user)
    stand("09:20")
    page = body(browser.get(at("late", made)))
    assert "9:15ごろ" not in page
    assert "9:30ごろ" in page
    stand("10:30")
    assert "ここでは もう知らせられません" in body(browser.get(at("late", made)))


def test_a_refusal_is_said_on_the_page(made: Booking, stand: Any) -> None:
    stand("08:30")
    browser = make.browser(made.guardian.user)
    answer = browser.post(at("late", made), {"what": "here", "minutes": "15"})
    assert answer.status_code == 409
    assert "<title>エラー：" in body(answer)
    assert browser.post(at("late", made), {"what": "comes", "minutes": "7"}).status_code == 409


def test_on_another_day_the_way_leads_back(made: Booking) -> None:
    browser = make.browser(made.guardian.user)
    assert browser.get(at("late", made)).headers["Location"] == at("booking", made)


def test_what_is_told_costs_home_no_further_statement(made: Booking, stand: Any) -> None:
    stand("08:30")
    browser = make.browser(made.guardian.user)
    browser.get(HOME)
    with CaptureQueriesContext(
        connection,
    ) as before:
        browser.get(HOME)
    browser.post(at("late", made), {"what": "comes", "minutes": "30"})
    with CaptureQueriesContext(connection) as after:
        browser.get(HOME)
    assert len(after) == len(before)


def test_bookings_of_others_do_not_exist(made: Booking, stand: Any) -> None:
    stand("08:30")
    browser = make.browser(make.family().user)
    for name in ("stay_home", "come_after_all", "late"):
        assert browser.post(at(name, made), {"seen": "0"}).status_code == 404

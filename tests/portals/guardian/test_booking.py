"""A family chooses a time, checks, books: with every choice in the address and nothing lost on the way."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daredemo.booking.models import Booking
from daredemo.config import clock
from daredemo.facilities.models import Approval, Facility
from tests import make

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 4, 13)
HOSTILE = (
    "day=2026-02-30", "day=abc", "day=9999-12-31&from=0001-01-01", "day=%00", "day=2026-04-13&start=25:99",
    "day=2026-04-13&start=9:00&minutes=99999999999999999999", "minutes=-0&from=2026-13-01",
    "day=２０２６-04-13", "from=2099-12-31", "day=2026-04-13&start=%EF%BC%99:00&minutes=1",
    "day=" + "9" * 3000,
)  # fmt: skip


def world(children: int = 1, **fields: Any) -> tuple[make.Family, Facility, Client]:
    """A family whose interview ended well, and a nursery open for two weeks of April."""
    family, facility = make.family(children=children), make.facility(**fields)
    for child in family.children:
        make.accepted(child, facility)
    make.opened(facility, MONDAY, MONDAY + timedelta(days=11))
    return family, facility, make.browser(family.user)


def body(response: Any) -> str:
    return str(response.content.decode())


def choosing(facility: Facility, query: str = "") -> str:
    return reverse("guardian:book", args=[facility.pk]) + (f"?{query}" if query else "")


def checking(facility: Facility, query: str = "") -> str:
    return reverse("guardian:book_check", args=[facility.pk]) + (f"?{query}" if query else "")


def wish(family: make.Family, **more: object) -> dict[str, object]:
    chosen = {"child": family.child.pk, "day": "2026-04-13", "start": "9:00", "minutes": 120}
    return {**chosen, "request_key": uuid4(), **more}


def test_the_screen_opens_on_the_first_day_that_can_be_booked() -> None:
    _, facility, browser = world()
    page = body(browser.get(choosing(facility)))
    for words in (
        "2026年(令和8年)",
        "4月13日(月)の はじまり",
        "あと3人",
        "10時間",
        "4月13日(月) 空きあり",
    ):
        assert words in page
    assert "利用する時間" not in page


def test_each_choice_says_hours_before_and_after_yen_and_the_deadline() -> None:
    _, facility, browser = world()
    page = body(browser.get(choosing(facility, "day=2026-04-13&start=9:00&minutes=120")))
    for words in ("10時間", "8時間", "今回つかう 2時間", "600円", "9:00〜11:00", "おむかえは 11:00"):
        assert words in page
    assert "<b>4月10日(金)正午まで</b> 取り消せます" in page
    assert 'name="day" value="2026-04-13"' in page  # what the button sends is read in every language
    check = body(browser.get(checking(facility, "day=2026-04-13&start=9:00&minutes=120")))
    assert 'name="day" value="2026-04-13"' in check


def test_choosing_check_booked() -> None:
    family, facility, browser = world()
    check = body(browser.get(checking(facility, "day=2026-04-13&start=9:00&minutes=120")))
    for words in (
        "この内容で予約する",
        "10時間 → <b>8時間</b>",
        "4月10日(金)正午まで",
        "園にも電話",
        "育児相談",
    ):
        assert words in check
    sent = browser.post(checking(facility), wish(family, wants_advice="on"))
    made = Booking.objects.get()
    assert sent.headers["Location"] == reverse("guardian:booked", args=[made.pk])
    assert (made.minutes, made.yen, made.wants_advice, made.status) == (120, 600, True, "booked")
    page = body(browser.get(sent.headers["Location"]))
    for words in (
        "予約しました",
        made.number,
        "まちがえた",
        "4月10日(金)正午まで",
        "2時間を使ったことになります",
    ):
        assert words in page


def test_pressing_twice_makes_one_booking_and_shows_the_same_page() -> None:
    family, facility, browser = world()
    sent = wish(family)
    first, second = browser.post(checking(facility), sent), browser.post(checking(facility), sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert Booking.objects.count() == 1


def test_a_time_that_is_gone_leads_back_with_every_choice_and_alternatives() -> None:
    family, facility, browser = world(places=1)
    make.booking(make.family(), facility, "2026-04-13 09:00", minutes=120)
    lost = browser.post(checking(facility), wish(family), follow=True)
    page = body(lost)
    assert (lost.redirect_chain[0][1], lost.status_code) == (302, 409)
    assert "4月13日(月) 9:00〜11:00 は うまりました" in page
    assert "4月13日(月) 11:00" in page  # the same length, the same day
    assert "day=2026-04-13&amp;start=11%3A00&amp;minutes=120" in page
    assert not Booking.objects.filter(guardian=family.guardian).exists()
    seen = browser.get(checking(facility, "day=2026-04-13&start=9:00&minutes=120"))
    assert seen.status_code == 409


def test_without_a_start_the_button_explains() -> None:
    _, facility, browser = world()
    answer = browser.get(checking(facility, "day=2026-04-13&start=&minutes="))
    assert answer.status_code == 200
    assert "はじまりの時間を えらんでください。" in body(answer)


def test_within_ten_minutes_a_mistake_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    family, facility, browser = world()
    made = make.booking(family, facility, "2026-04-13 09:00")
    undo = reverse("guardian:undo_booking", args=[made.pk])
    back = browser.post(undo, follow=True)
    assert "予約を なかったことにしました" in body(back)
    made.refresh_from_db()
    assert (made.status, made.cause) == ("cancelled", "undone")
    late = make.booking(family, facility, "2026-04-13 09:00")
    later = make.NOW + timedelta(minutes=11)
    monkeypatch.setattr(clock, "_source", lambda path: lambda: later)
    page = body(browser.get(reverse("guardian:booked", args=[late.pk])))
    assert "まちがえた" not in page
    assert "もどせるのは 10:10 まででした" in body(
        browser.post(reverse("guardian:undo_booking", args=[late.pk]), follow=True)
    )


def test_a_nursery_that_answers_itself_says_until_when() -> None:
    family, facility, browser = world(approval=Approval.ON_REQUEST)
    assert "この内容で申しこむ" in body(
        browser.get(checking(facility, "day=2026-04-13&start=9:00&minutes=60"))
    )
    sent = browser.post(checking(facility), wish(family), follow=True)
    for words in ("申しこみました", "園の返事待ちです", "4月8日(水)24:00まで"):
        assert words in body(sent)


def test_a_booking_after_its_own_deadline_says_so_first(monkeypatch: pytest.MonkeyPatch) -> None:
    _, facility, browser = world()
    friday = datetime(2026, 4, 10, 13, tzinfo=make.NOW.tzinfo)
    monkeypatch.setattr(clock, "_source", lambda path: lambda: friday)
    page = body(browser.get(checking(facility, "day=2026-04-13&start=14:00&minutes=60")))
    assert "この予約は 取り消しの期限を すぎています" in page


def test_rules_that_changed_are_agreed_to_before_anything_is_booked() -> None:
    family, facility, browser = world()
    answer = browser.post(checking(facility), wish(family, agreed=uuid4()))
    assert answer.status_code == 200
    assert "きまりが変わりました" in body(answer)
    assert not Booking.objects.exists()


def test_the_calendar_entry_is_a_real_file() -> None:
    family, facility, browser = world()
    made = make.booking(family, facility, "2026-04-13 09:00")
    answer = browser.get(reverse("guardian:booking_ics", args=[made.pk]))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="booking-{made.number}.ics"'
    assert answer.content.startswith(b"BEGIN:VCALENDAR")


def test_with_one_pair_the_start_leads_straight_on() -> None:
    _, facility, browser = world()
    answer = browser.get(reverse("guardian:book_start"))
    assert answer.headers["Location"].startswith(choosing(facility))
    family = make.family(children=2)
    assert "まず" not in body(make.browser(family.user).get(reverse("guardian:book_start")))
    assert "予約のまえに、園で面談をします" in body(
        make.browser(family.user).get(reverse("guardian:book_start"))
    )


def test_several_children_are_switched_by_pills() -> None:
    family, facility, browser = world(children=2)
    assert body(browser.get(reverse("guardian:book_start"))).count(choosing(facility)) == 2
    page = body(browser.get(choosing(facility, f"child={family.children[1].pk}")))
    assert 'class="kids"' in page


def test_before_the_interview_the_reason_and_the_way_stand_there() -> None:
    family, facility = make.family(), make.facility()
    page = body(make.browser(family.user).get(choosing(facility)))
    assert "はじめて使うには、先に面談があります" in page
    assert reverse("guardian:interview_request", args=[facility.pk]) in page


def test_a_full_day_names_days_nearby() -> None:
    _, facility, browser = world(
        places=1, opens=make.at("2026-04-13 09:00").time(), closes=make.at("2026-04-13 10:00").time()
    )
    make.booking(make.family(), facility, "2026-04-13 09:00")
    page = body(browser.get(choosing(facility, "day=2026-04-13")))
    assert "4月13日(月)は 満員です" in page
    assert "4月14日(火)" in page


def test_when_the_hours_are_used_up_longer_uses_say_why() -> None:
    family, facility, browser = world()
    for day in (14, 15, 16):
        make.booking(family, facility, f"2026-04-{day} 09:00", minutes=180)
    page = body(browser.get(choosing(facility, "day=2026-04-13&start=9:00")))
    assert "2時間: のこり時間が たりません" in page
    assert "1時間 → " not in page.replace("のこり1時間", "")


@pytest.mark.parametrize("query", HOSTILE)
def test_odd_addresses_get_a_clear_page(query: str) -> None:
    _, facility, browser = world()
    for address in (choosing(facility, query), checking(facility, query)):
        answer = browser.get(address)
        assert answer.status_code in (200, 409), address
        assert "日時をえらぶ" in body(answer)
    if query != HOSTILE[-1]:
        assert browser.post(f"{checking(facility)}?{query}", {"day": query}).status_code == 200


def test_children_and_bookings_of_others_do_not_exist() -> None:
    _, facility, browser = world()
    other = make.family()
    made = make.booking(other, facility, "2026-04-13 09:00")
    assert browser.get(choosing(facility, f"child={other.child.pk}")).status_code == 404
    assert browser.get(choosing(facility, "child=nobody")).status_code == 404
    assert browser.post(checking(facility), wish(other)).status_code == 404
    for name in ("booked", "booking_ics"):
        assert browser.get(reverse(f"guardian:{name}", args=[made.pk])).status_code == 404
    assert browser.post(reverse("guardian:undo_booking", args=[made.pk])).status_code == 404
    assert browser.get(reverse("guardian:book", args=[uuid4()])).status_code == 404


@pytest.mark.parametrize("children", [1, 3])
@pytest.mark.parametrize("query", ["", "day=2026-04-13", "day=2026-04-13&start=9:00&minutes=60"])
def test_the_screen_asks_the_same_questions_whatever_is_chosen(children: int, query: str) -> None:
    """One look answers grid, starts and lengths alike."""
    _, facility, browser = world(children=children)
    browser.get(choosing(facility))  # rules are read once per process
    with CaptureQueriesContext(connection) as seen:
        browser.get(choosing(facility, query))
    assert len(seen) == 7, [str(one["sql"])[:90] for one in seen]


def test_a_full_time_names_other_nurseries_of_that_day_known_or_not() -> None:
    family, facility, browser = world(places=1)
    known, unknown = make.facility(name="しっている園"), make.facility(name="はじめての園")
    make.facility(name="あいていない園")
    make.accepted(family.child, known)
    for one in (known, unknown):
        make.opened(one, MONDAY)
    make.booking(make.family(), facility, "2026-04-13 09:00", minutes=120)
    page = body(browser.get(checking(facility, "day=2026-04-13&start=9:00&minutes=120")))
    assert "この日に あいている ほかの園" in page
    assert f'href="{reverse("guardian:book", args=[known.pk])}?child=' in page
    assert f'href="{reverse("guardian:facility", args=[unknown.pk])}"' in page
    assert "あいていない園" not in page

"""空き待ち on the screen: from a full day into the line, from an offer to a booking or to the next."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daredemo.booking import actions as booking
from daredemo.booking import sweeps
from daredemo.booking.models import Booking, Offer, Waiting
from daredemo.config import clock
from daredemo.facilities.models import Facility
from daredemo.families.models import Child
from daredemo.interviews.models import InterviewChild
from tests import make

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 4, 13)
WAITS = reverse("guardian:waits")


@pytest.fixture
def facility() -> Facility:
    """One place, from nine to three, taken until noon."""
    return make.facility(places=1)


@pytest.fixture
def taken(facility: Facility) -> Booking:
    return make.booking(make.family(), facility, "2026-04-13 09:00", minutes=180)


@pytest.fixture
def family(facility: Facility) -> make.Family:
    found = make.family()
    make.accepted(found.child, facility)
    return found


def body(response: Any) -> str:
    return str(response.content.decode())


def wait_at(facility: Facility, child: Child) -> str:
    return reverse("guardian:wait", args=[facility.pk]) + f"?child={child.pk}&day=2026-04-13"


def wish(child: Child, **more: str) -> dict[str, str]:
    said = {"since": "9:00", "until": "12:00", "minutes": "60"}
    return {"child": str(child.pk), "day": "2026-04-13", **said, **more}


def in_line(family: make.Family, facility: Facility) -> Waiting:
    if not InterviewChild.objects.filter(child=family.child, interview__facility=facility).exists():
        make.accepted(family.child, facility)
    nine = make.at("2026-04-13 09:00")
    return booking.join(
        guardian=family.guardian, child=family.child.pk, facility=facility.pk, since=nine,
        until=nine + timedelta(hours=3), minutes=60, by=family.user, now=make.NOW,
    )  # fmt: skip


def offered(family: make.Family, taken: Booking) -> Offer:
    entry = in_line(family, taken.facility)
    booking.cancel_by_facility(booking=taken, words="…", by=None, now=make.NOW)
    sweeps.offer_freed(make.NOW)
    return Offer.objects.get(waiting=entry)


def test_from_a_full_day_into_the_line(facility: Facility, family: make.Family) -> None:
    make.booking(make.family(), facility, "2026-04-13 09:00", minutes=180)
    make.booking(make.family(), facility, "2026-04-13 12:00", minutes=180)
    browser = make.browser(family.user)
    choosing = reverse("guardian:book", args=[facility.pk]) + f"?child={family.child.pk}&day=2026-04-13"
    page = body(browser.get(choosing))
    assert "満員です" in page
    assert wait_at(facility, family.child).replace("&", "&amp;") in page
    page = body(browser.get(wait_at(facility, family.child)))
    for words in (
        "空き待ちに入る",
        "1〜3番目",
        "72時間より前: <b>12時間</b>",
        "3時間前まで: <b>30分</b>",
        "21:00から",
    ):
        assert words in page
    sent = browser.post(reverse("guardian:wait", args=[facility.pk]), wish(family.child), follow=True)
    assert sent.redirect_chain == [(WAITS, 302)]
    page = body(sent)
    for words in ("空き待ちに 入りました", "4月13日(月)", "9:00〜12:00", "1〜3番目", "1時間から"):
        assert words in page


def test_a_full_start_leads_to_the_line_too(facility: Facility, family: make.Family, taken: Booking) -> None:
    choosing = reverse("guardian:book", args=[facility.pk]) + f"?child={family.child.pk}&day=2026-04-13"
    browser = make.browser(family.user)
    page = body(browser.get(choosing))
    assert "start=10%3A00" in page
    assert page.count("空き待ち") == 6  # from nine on, each half hour that is full
    chosen = body(browser.get(wait_at(facility, family.child) + "&start=10:00"))
    assert '<option value="10:00" selected>' in chosen


def test_what_is_free_or_wrong_is_said_and_stays_typed(
    facility: Facility, family: make.Family, taken: Booking
) -> None:
    browser, path = make.browser(family.user), reverse("guardian:wait", args=[facility.pk])
    page = body(browser.post(path, wish(family.child, until="15:00")))
    assert "は いま あいています" in page
    assert '<option value="15:00" selected>' in page
    assert "短すぎます" in body(browser.post(path, wish(family.child, until="10:00", minutes="120")))
    assert "エラー" in body(browser.post(path, wish(family.child, since="あさ")))
    browser.post(path, wish(family.child))
    again = body(browser.post(path, wish(family.child, minutes="120")))
    assert "もう入っています" in again
    assert Waiting.objects.count() == 1


def test_without_a_day_or_an_interview_the_way_leads_back_to_choosing(
    facility: Facility, family: make.Family, taken: Booking
) -> None:
    browser, path = make.browser(family.user), reverse("guardian:wait", args=[facility.pk])
    book = reverse("guardian:book", args=[facility.pk])
    for query in ("", f"?child={family.child.pk}", f"?child={family.child.pk}&day=2026-04-12"):
        assert browser.get(path + query)["Location"].startswith(book)
    stranger = make.family()
    assert make.browser(stranger.user).get(wait_at(facility, stranger.child))["Location"].startswith(book)
    assert browser.get(wait_at(facility, stranger.child)).status_code == 404


def test_the_line_can_be_left(facility: Facility, family: make.Family, taken: Booking) -> None:
    entry, browser = in_line(family, facility), make.browser(family.user)
    left = body(browser.post(reverse("guardian:wait_leave", args=[entry.pk]), follow=True))
    assert "空き待ちを やめました" in left
    assert "空き待ちは ありません" in left
    stranger = make.browser(make.family().user)
    assert stranger.post(reverse("guardian:wait_leave", args=[entry.pk])).status_code == 404


class TestOffer:
    @pytest.fixture
    def offer(self, family: make.Family, taken: Booking) -> Offer:
        return offered(family, taken)

    def test_home_shows_it_first_and_the_list_too(self, family: make.Family, offer: Offer) -> None:
        browser, at = make.browser(family.user), reverse("guardian:offer", args=[offer.pk])
        page = body(browser.get(reverse("guardian:home")))
        assert page.index("空き待ちの枠が あきました") < page.index("これからの予約は ありません")
        assert at in page
        assert "4月7日(火)8:00まで</b> とりおいています" in page
        assert at in body(browser.get(WAITS))

    def test_it_says_what_taking_it_means_and_looking_takes_nothing(
        self, family: make.Family, offer: Offer
    ) -> None:
        page = body(make.browser(family.user).get(reverse("guardian:offer", args=[offer.pk])))
        for words in (
            "9:00〜12:00",
            "10時間 → <b>7時間</b>",
            "900円",
            "4月10日(金)正午まで</b> 取り消せます",
        ):
            assert words in page
        assert Booking.objects.filter(status="booked").count() == 0

    def test_taken_it_is_a_booking_and_pressed_twice_it_is_one(
        self, family: make.Family, offer: Offer
    ) -> None:
        browser, key = make.browser(family.user), str(uuid4())
        take = reverse("guardian:offer_take", args=[offer.pk])
        first, second = (browser.post(take, {"request_key": key}) for _ in range(2))
        made = Booking.objects.get(status="booked")
        assert first["Location"] == second["Location"] == reverse("guardian:booked", args=[made.pk])
        there = browser.get(reverse("guardian:offer", args=[offer.pk]))
        assert there["Location"] == reverse("guardian:booking", args=[made.pk])

    def test_declined_the_next_is_asked_and_the_page_says_it_is_over(
        self, family: make.Family, offer: Offer
    ) -> None:
        browser = make.browser(family.user)
        decline = reverse("guardian:offer_decline", args=[offer.pk])
        assert "つぎの方に お知らせします" in body(browser.post(decline, follow=True))
        page = body(browser.post(decline, follow=True))
        assert "とりおきは おわりました" in page
        assert "いらないと お返事をいただきました" in page
        refused = body(
            browser.post(
                reverse("guardian:offer_take", args=[offer.pk]), {"request_key": str(uuid4())}, follow=True
            )
        )
        assert "おわりました" in refused

    def test_too_late_is_said_with_the_deadline(
        self, family: make.Family, offer: Offer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        late = offer.answer_by + timedelta(seconds=1)
        monkeypatch.setattr(clock, "_source", lambda path: lambda: late)
        browser = make.browser(family.user)
        page = body(browser.get(reverse("guardian:offer", args=[offer.pk])))
        assert "4月7日(火)8:00までの お返事が ありませんでした" in page
        assert "あいた枠を 見る" not in body(browser.get(reverse("guardian:home")))

    def test_what_the_law_refuses_is_said_and_can_still_be_declined(
        self, family: make.Family, offer: Offer
    ) -> None:
        there = make.facility(name="べつの園")
        make.booking(family, there, "2026-04-13 10:00")
        page = body(make.browser(family.user).get(reverse("guardian:offer", args=[offer.pk])))
        assert "いまは うけとれません" in page
        assert "もう予約があります" in page
        assert reverse("guardian:offer_decline", args=[offer.pk]) in page
        assert reverse("guardian:offer_take", args=[offer.pk]) not in page

    def test_nobody_else_finds_it(self, offer: Offer) -> None:
        browser = make.browser(make.family().user)
        at = [
            reverse(f"guardian:{name}", args=[offer.pk]) for name in ("offer", "offer_take", "offer_decline")
        ]
        assert [browser.get(at[0]).status_code, *(browser.post(one).status_code for one in at[1:])] == [
            404
        ] * 3


@pytest.mark.parametrize("path", [WAITS, reverse("guardian:home")])
def test_the_number_of_questions_does_not_grow(path: str, facility: Facility) -> None:
    """Children in line cost no query each."""

    def asked(children: int) -> int:
        family = make.family(children=children)
        for child in family.children:
            make.accepted(child, facility)
            entry = in_line(make.Family(family.guardian, (child,)), facility)
            Waiting.objects.filter(pk=entry.pk).update(status="waiting")
        browser = make.browser(family.user)
        browser.get(path)
        with CaptureQueriesContext(connection) as found:
            browser.get(path)
        return len(found)

    make.booking(make.family(), facility, "2026-04-13 09:00", minutes=180)
    assert asked(3) == asked(1)

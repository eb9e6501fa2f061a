"""Requests that no screen of ours sends: refused with the right reason; the rest is ignored."""

from uuid import uuid4

import pytest
from django.urls import reverse

from daredemo.booking import actions as booking
from daredemo.booking.models import Booking
from tests import make
from tests.portals.guardian.test_booking import MONDAY, body, checking, wish, world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"day": "2026-04-06", "start": "9:00"}, "4月6日(月) 9:00 は もうすぎました"),
        ({"day": "2026-04-14"}, "4月14日(火)は 園が お休みです"),
        ({"start": "8:00"}, "使えるのは 9:00〜15:00 です"),
        ({"start": "23:00"}, "1日のうちに おわる時間"),
        ({"start": "9:10"}, "9:10からは はじめられません"),
        ({"minutes": 90}, "1時間30分では 予約できません"),
        ({"minutes": 30}, "30分は 短すぎます"),
        ({"minutes": 0}, "はじまりの時間を えらんでください"),
        ({"minutes": -60}, "はじまりの時間を えらんでください"),
        ({"minutes": 240}, "1日に使えるのは 3時間まで"),
        ({"day": "2026-04-18"}, "4月18日(土)は 枠がありません"),
    ],
)
def test_what_cannot_be_is_refused_by_name(sent: dict[str, object], words: str) -> None:
    family, facility, browser = world()
    booking.close_day(facility=facility, day=MONDAY.replace(day=14), reason="…", by=None, now=make.NOW)
    answer = browser.post(checking(facility), wish(family, **sent), follow=True)
    assert not Booking.objects.exists()
    assert words in body(answer)


def test_price_age_and_who_books_are_not_the_forms_to_say() -> None:
    family, facility, browser = world()
    other = make.family()
    theirs = {
        "yen": 0, "tariff": 0, "lines": "[]", "age_group": 0, "status": "booked", "by": other.user.pk,
        "guardian": other.guardian.pk, "facility": uuid4(), "starts_at": "2026-04-20 09:00",
        "deadline_at": "2027-01-01", "cap_minutes": 9999, "offer": uuid4(),
    }  # fmt: skip
    sent = browser.post(checking(facility), wish(family, **theirs))
    made = Booking.objects.get()
    assert sent.headers["Location"] == reverse("guardian:booked", args=[made.pk])
    assert (made.yen, made.age_group, made.minutes, made.date) == (600, 1, 120, MONDAY)
    assert (made.guardian, made.booked_by, made.facility) == (family.guardian, family.user, facility)
    assert made.deadline_at == make.at("2026-04-10 12:00")


def test_rules_that_never_were_in_force_are_not_agreed_to() -> None:
    family, facility, browser = world()
    answer = browser.post(checking(facility), wish(family, agreed=uuid4()))
    assert answer.status_code == 200
    assert not Booking.objects.exists()

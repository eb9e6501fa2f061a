"""No screen is a dead end: each says what can be done next."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from daredemo.families import actions as families
from daredemo.municipalities.models import Programme
from daredemo.portals.guardian import steps
from tests import make

pytestmark = pytest.mark.django_db


def body(response: Any) -> str:
    return str(response.content.decode())


def test_the_first_page_leads_to_the_nurseries_and_who_is_logged_in_to_the_home() -> None:
    make.municipality()
    for path in ("/", f"/municipalities/{make.KAKEGAWA}/"):
        assert f'href="{reverse("guardian:facilities")}"' in body(Client().get(path))
    assert 'class="li" href="/login/"' in body(Client().get("/"))
    page = body(make.browser(make.family().user).get("/"))
    assert 'class="li" href="/home/"' in page
    assert 'class="li" href="/login/"' not in page


def test_the_name_at_the_top_leads_home() -> None:
    assert 'class="brand" href="/home/"' in body(make.browser(make.family().user).get("/bookings/"))
    assert 'class="brand" href="/"' in body(Client().get("/login/"))


def test_a_nursery_of_another_town_says_what_counts_there() -> None:
    family, near, far = make.family(), make.facility(), make.facility(city="342041")
    Programme.objects.update(facilities_public_from=make.OPENED, interviews_from=make.OPENED)
    for one in (near, far):
        make.interview_time(one)
    browser = make.browser(family.user)
    said = [body(browser.get(reverse("guardian:interview_request", args=[one.pk]))) for one in (near, far)]
    assert "ほかの市町村の園です" not in said[0]
    assert "掛川市の認定で、三原市の園も使えます" in said[1]


def test_where_no_interview_time_is_free_one_phones_or_looks_elsewhere() -> None:
    facility = make.facility()
    page = body(
        make.browser(make.family().user).get(reverse("guardian:interview_request", args=[facility.pk]))
    )
    assert f'href="tel:{facility.phone}"' in page
    assert "ほかの園をさがす" in page


def test_a_booking_can_be_told_to_the_family_by_mail() -> None:
    family = make.family()
    made = make.booking(family, make.facility(), "2026-04-13 09:00", minutes=120)
    page = body(make.browser(family.user).get(reverse("guardian:booked", args=[made.pk])))
    link = page.split('href="mailto:')[1].split('"')[0].replace("&amp;", "&")
    told = parse_qs(urlsplit(f"mailto:{link}").query)
    assert told["subject"] == ["こども誰でも通園の予約"]
    assert told["body"] == [
        "ひなたさんは 4月13日(月) 9:00〜11:00に ひだまりこども園へ行きます。園の電話 0537000000"
    ]


def test_a_guardian_is_not_offered_to_ask_for_a_child_only_helped() -> None:
    family, others, facility = make.family(), make.family(), make.facility()
    make.interview_time(facility)
    family_may = steps.way(family.guardian, facility, make.TODAY, make.NOW)
    families.answer_for(guardian=family.guardian, child=others.child, part="proxy", by=None, now=make.NOW)
    family.child.certificates.update(ended_on=make.TODAY - timedelta(days=1))
    helps = steps.way(family.guardian, facility, make.TODAY, make.NOW)
    assert (family_may.step, family_may.may_ask) == ("ask", True)
    assert (helps.step, helps.may_ask) == ("uncertified", False)

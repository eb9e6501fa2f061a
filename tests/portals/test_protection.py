"""支援措置: where a protected family lives, and which nursery it goes to, is told to nobody."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from daredemo.accounts import actions as accounts
from daredemo.accounts import queries as logins
from daredemo.booking import actions as bookings
from daredemo.booking import calendar
from daredemo.booking.models import Booking
from daredemo.certification import pdf
from daredemo.certification.models import Application
from daredemo.families import actions as families
from daredemo.families import queries
from daredemo.families.models import Guardian
from daredemo.interviews import actions as interviews
from daredemo.interviews.models import InterviewTime
from daredemo.notifications import mails
from daredemo.notifications.models import Message
from daredemo.rules.refusal import Reason, Refused
from tests import make
from tests.portals.matrix import routes
from tests.portals.matrix.calling import Walker, undone
from tests.portals.matrix.given import CANARIES
from tests.portals.matrix.test_matrix import ROUTES, rows_of, values_of
from tests.portals.matrix.world import NOW

pytestmark = pytest.mark.django_db
SECRET = (CANARIES["address"], CANARIES["phone"])


def protect(family: make.Family) -> None:
    families.protect(guardian=family.guardian, by=make.officer().user, now=NOW)
    family.guardian.refresh_from_db()
    for child in family.children:
        child.refresh_from_db()


def pages(walker: Walker, portal: str, *actors: str) -> Iterator[tuple[str, str]]:
    """Every page and paper of a portal that these actors reach, as text."""
    for route in (route for route in ROUTES if route.startswith(portal)):
        for row in rows_of(route, "GET"):
            for actor in actors if row.thing != "absent" else ():
                answer = walker.call(actor, "GET", routes.address(route, values_of(walker, row)))
                yield f"{actor} {route}", text_of(answer.response)


def text_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"%PDF"):
        return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return str(content.decode(errors="replace"))


def told(found: Iterator[tuple[str, str]]) -> set[str]:
    return {where for where, text in found for secret in SECRET if secret in text}


@pytest.mark.slow
def test_no_page_of_a_facility_tells_address_or_telephone(walker: Walker) -> None:
    actors = ("staff", "manage", "near", "far")
    assert told(pages(walker, "facility:", *actors)) != set()  # the control: unprotected, desks may call
    with undone():
        protect(walker.world.family)
        protect(walker.world.others)
        assert told(pages(walker, "facility:", *actors)) == set()


@pytest.mark.slow
def test_nobody_else_in_the_portal_of_families_is_told_either(walker: Walker) -> None:
    with undone():
        protect(walker.world.family)
        assert told(pages(walker, "guardian:", "second", "helper", "others", "anon")) == set()
        for actor in ("second", "helper"):
            assert walker.call(actor, "GET", "/home/").outcome == "in"


def test_everyone_else_is_out_and_nobody_is_let_in_until_it_ends() -> None:
    family = make.family()
    second = make.let_in(family)
    protect(family)
    assert queries.children_of(second) == []
    invite: dict[str, Any] = {
        "guardian": family.guardian, "children": family.children, "part": "proxy", "family_name": "山田",
        "given_name": "はな", "relation": "other", "email": "", "by": family.user, "now": NOW,
    }  # fmt: skip
    with pytest.raises(Refused) as no:
        families.invite(**invite)
    assert no.value.reason == Reason.ADDRESS_PROTECTED
    families.unprotect(guardian=family.guardian, by=family.user, now=NOW)
    assert families.invite(**invite).code


def test_a_second_guardian_can_be_the_one_who_is_protected() -> None:
    family = make.family()
    second = make.let_in(family)
    families.protect(guardian=second, by=make.officer().user, now=NOW)
    assert queries.children_of(family.guardian) == []
    assert queries.certified_with(second) == [family.child]
    families.unprotect(guardian=second, by=make.officer().user, now=NOW)
    child = make.child(second)
    families.protect(guardian=second, by=make.officer().user, now=NOW)
    child.refresh_from_db()
    assert child.protected_at == NOW


def test_who_helps_another_family_stays_the_one_it_let_in() -> None:
    family, others = make.family(), make.family()
    families.answer_for(
        guardian=family.guardian,
        child=others.child,
        part="proxy",
        invited_by=others.guardian,
        by=None,
        now=NOW,
    )
    protect(family)
    assert queries.invited_by(others.guardian, family.guardian.pk) == family.guardian
    others.child.refresh_from_db()
    assert others.child.protected_at is None


def test_browsers_and_calendar_of_the_protected_login_are_no_key_any_more() -> None:
    family = make.family()
    secret = bookings.open_feed(guardian=family.guardian, by=family.user, now=NOW)
    raw = accounts.trust_device(user=family.user, label="Safari", now=NOW)
    browser, feed = make.browser(family.user), reverse("guardian:calendar_feed", args=[secret])
    key = browser.session.session_key
    UserSession.objects.create(user=family.user, session_key=key, ip="127.0.0.1", user_agent="Safari")
    assert (browser.get("/home/").status_code, Client().get(feed).status_code) == (200, 200)
    bookings.protect(guardian=family.guardian, by=make.officer().user, now=NOW)
    assert (browser.get("/home/").status_code, Client().get(feed).status_code) == (302, 404)
    assert not logins.is_trusted(family.user, raw, NOW)


def test_a_desk_is_not_told_of_who_was_put_out() -> None:
    family, facility = make.family(), make.facility()
    second = make.let_in(family, family_name="ひみつ")
    second.phone = "09087654321"
    second.save(update_fields=["phone"])
    asked = make.interview(make.Family(second, family.children), facility)
    interviews.confirm(interview=asked, words="", by=make.member(facility).user, now=NOW)
    asked.children.update(outcome="accepted")
    made = make.booking(make.Family(second, family.children), facility, "2026-04-13 09:00")
    desk = make.browser(make.member(facility).user)
    pages = [reverse("facility:booking", args=[made.pk]), reverse("facility:interview", args=[asked.pk])]
    assert all("ひみつ" in desk.get(page).content.decode() for page in pages)
    protect(family)
    for page in pages:
        answer = desk.get(page)
        assert answer.status_code == 200
        assert not re.search("ひみつ|09087654321", answer.content.decode())
    row = render_to_string("facility/closure_family.html", {"one": Booking.objects.get(pk=made.pk)})
    assert family.child.called in row
    assert "ひみつ" not in row


def test_an_officer_does_what_the_page_said_or_sees_it_anew() -> None:
    family, desk = make.family(), make.browser(make.officer().user)
    certificate = family.child.certificates.get()
    page = reverse("city:protection", args=[certificate.pk, family.guardian.pk])
    moved = "ほかの職員が先に変えました"

    def press(do: str) -> tuple[bool, bool]:
        said = desk.post(page, {"do": do, "seen": "on"}).content.decode()
        family.guardian.refresh_from_db()
        return moved in said, family.guardian.protected_at is not None

    assert 'name="do" value="protect"' in desk.get(page).content.decode()
    assert press("unprotect") == (True, False)
    assert press("protect") == (False, True)
    assert press("protect") == (True, True)
    assert press("unprotect") == (False, False)


def test_a_child_that_comes_later_is_protected_too() -> None:
    family, child = make.family(), make.child()
    protect(family)
    families.answer_for(guardian=family.guardian, child=child, by=None, now=NOW)
    child.refresh_from_db()
    assert child.protected_at == NOW


def test_no_mail_and_no_calendar_names_the_nursery() -> None:
    facility = make.facility(phone="0537999999", address="静岡県掛川市ひみつ町")
    family = make.family()
    protect(family)
    facility_words = (facility.name, facility.phone, "ひみつ町")
    asked = make.interview(family, facility)
    interviews.confirm(interview=asked, words="", by=make.member(facility).user, now=NOW)
    asked.children.update(outcome="accepted")
    made = make.booking(family, facility, "2026-04-13 09:00")
    bookings.cancel(booking=made, by=family.user, now=NOW)
    letters = Message.objects.filter(to=family.user)
    assert {"interview_requested", "interview_confirmed", "booked", "booking_cancelled"} <= {
        one.kind for one in letters
    }
    for letter in letters:
        mail = mails.compose(letter, NOW)
        parts = [str(mail.subject), str(mail.body), str(mail.alternatives[0][0])]
        parts += [str(one.content).replace("\r\n ", "") for one in mail.attachments]
        assert [part for part in parts for word in facility_words if word in part] == [], letter.kind
        assert "園" in parts[1]
    entry = calendar.calendar(Booking.objects.get(pk=made.pk)).decode().replace("\r\n ", "")
    assert [word for word in facility_words if word in entry] == []
    assert InterviewTime.objects.exists()


def test_no_paper_tells_the_address() -> None:
    family = make.family()
    applied = Application.objects.filter(children__child=family.child).get()
    applied.guardian = family.guardian
    applied.address, applied.phone = SECRET
    paper = PdfReader(BytesIO(pdf.application_paper(applied, NOW))).pages[0].extract_text()
    assert CANARIES["phone"] in paper
    protect(family)
    applied.guardian = Guardian.objects.get(pk=family.guardian.pk)
    paper = PdfReader(BytesIO(pdf.application_paper(applied, NOW))).pages[0].extract_text()
    assert not [secret for secret in SECRET if secret in paper]

"""A family's bookings in its calendar: one entry for each, whatever becomes of it, by feed and by mail."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from daredemo.booking import actions as booking
from daredemo.booking import calendar, letters, sweeps
from daredemo.booking import queries as bookings
from daredemo.booking.models import Booking, Feed
from daredemo.certification.models import Certificate
from daredemo.facilities.models import Approval
from daredemo.families.models import Guardianship
from daredemo.interviews import actions as interviews
from daredemo.notifications.models import Message
from tests import make
from tests.booking import ics

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(minutes=30)


def feed(family: make.Family, now: Any = make.NOW) -> ics.Part:
    guardian = family.guardian
    all_of = bookings.bookings_in_feed(guardian, now), bookings.interviews_in_feed(guardian, now)
    return ics.read(calendar.feed(*all_of))


def booked(found: ics.Part) -> list[ics.Part]:
    return [event for event in found.all("VEVENT") if "/bookings/" in event.get("URL")]


def known(event: ics.Part) -> tuple[str, int, str]:
    return event.get("UID").partition("@")[0], int(event.get("SEQUENCE")), event.get("STATUS")


def mailed(*kinds: str) -> list[tuple[str, tuple[str, int, str]]]:
    """METHOD and entry of each mail, in the order of the promises."""
    found = []
    for message in Message.objects.filter(kind__in=kinds).order_by("created_at", "id"):
        [attached] = letters.entry(message)
        read = ics.read(attached.text.encode())
        assert attached.mimetype == f"text/calendar; method={read.get('METHOD')}"
        [event] = read.all("VEVENT")
        assert event.get("ORGANIZER").startswith("mailto:noreply@")
        found.append((read.get("METHOD"), known(event)))
    return found


def change(made: Booking, starts: str, now: Any = make.NOW) -> Booking:
    return booking.change(
        booking=made, guardian=made.guardian, starts_at=make.at(starts), minutes=60,
        by=made.booked_by, request_key=uuid4(), now=now,
    )  # fmt: skip


# ── one entry, from booking to cancelling ──────────────────────────────────────────────
def test_book_change_cancel_is_one_entry_that_grows() -> None:
    family, facility = make.family(), make.facility()
    made = make.booking(family, facility, "2026-04-13 09:00")
    make.opened(facility, date(2026, 4, 15))
    assert [known(event) for event in booked(feed(family))] == [(str(made.pk), 0, "CONFIRMED")]
    new = change(made, "2026-04-15 10:00")
    [event] = booked(feed(family))
    assert (known(event), event.get("DTSTART")) == ((str(made.pk), 1, "CONFIRMED"), "20260415T010000Z")
    booking.cancel(booking=new, by=family.user, now=LATER)
    [event] = booked(feed(family))
    assert known(event) == (str(made.pk), 2, "CANCELLED")
    assert event.all("VALARM") == []
    assert event.get("LAST-MODIFIED") == "20260406T013000Z"
    booking.undo_cancel(booking=new, by=family.user, now=LATER + timedelta(minutes=5))
    [event] = booked(feed(family))
    assert known(event) == (str(made.pk), 3, "CONFIRMED")
    assert event.get("LAST-MODIFIED") == "20260406T013500Z"


def test_mail_file_and_feed_speak_of_the_same_entry() -> None:
    family, facility = make.family(), make.facility()
    made = make.booking(family, facility, "2026-04-13 09:00")
    make.opened(facility, date(2026, 4, 15))
    new = change(made, "2026-04-15 10:00", now=LATER)
    [saved] = ics.read(calendar.calendar(new)).all("VEVENT")
    [fetched] = booked(feed(family))
    assert known(saved) == known(fetched) == (str(made.pk), 1, "CONFIRMED")
    booking.cancel(booking=new, by=family.user, now=LATER)
    assert mailed("booked", "booking_changed", "booking_cancelled") == [
        ("REQUEST", (str(made.pk), 0, "CONFIRMED")),
        ("REQUEST", (str(made.pk), 1, "CONFIRMED")),
        ("CANCEL", (str(made.pk), 2, "CANCELLED")),
    ]


def by_family(made: Booking) -> None:
    booking.cancel(booking=made, by=made.booked_by, now=LATER)


def by_facility(made: Booking) -> None:
    booking.cancel_by_facility(booking=made, words="停電", by=None, now=LATER)


def by_closing(made: Booking) -> None:
    booking.close_day(facility=made.facility, day=made.date, reason="台風", by=None, now=LATER)


def by_sweep(made: Booking) -> None:
    Certificate.objects.update(ended_on=date(2026, 4, 12))
    assert sweeps.end_uncertified(LATER) == 1


def taken_back(made: Booking) -> None:
    booking.undo_booking(booking=made, by=made.booked_by, now=make.NOW)


@pytest.mark.parametrize("end", [by_family, by_facility, by_closing, by_sweep, taken_back])
def test_whoever_ends_it_sends_cancel_with_a_higher_sequence(end: Callable[[Booking], None]) -> None:
    family = make.family()
    made = make.booking(family, make.facility(), "2026-04-13 09:00")
    end(made)
    assert mailed("booking_cancelled") == [("CANCEL", (str(made.pk), 1, "CANCELLED"))]
    assert [known(event) for event in booked(feed(family))] == [(str(made.pk), 1, "CANCELLED")]


def test_a_request_is_tentative_until_the_nursery_has_answered() -> None:
    family, facility = make.family(), make.facility(approval=Approval.ON_REQUEST)
    made = make.booking(family, facility, "2026-04-13 09:00")
    assert [known(event) for event in booked(feed(family))] == [(str(made.pk), 0, "TENTATIVE")]
    booking.answer_request(booking=made, approve=True, by=make.member(facility).user, now=LATER)
    assert [known(event) for event in booked(feed(family))] == [(str(made.pk), 1, "CONFIRMED")]
    declined = make.booking(family, facility, "2026-04-14 09:00")
    booking.answer_request(
        booking=declined, approve=False, ground="no_place", words="満員です", by=family.user, now=LATER
    )
    assert known(booked(feed(family))[1]) == (str(declined.pk), 1, "CANCELLED")


# ── what it says ───────────────────────────────────────────────────────────────────────
def test_alarms_at_the_last_free_moment_and_on_the_eve_say_what_happens_then() -> None:
    family = make.family()
    make.booking(family, make.facility(), "2026-04-13 09:00", minutes=120)
    [event] = booked(feed(family))
    free, eve = event.all("VALARM")
    said = "取り消せるのは 4月10日(金)正午までです。すぎると 2時間を使ったことになります。"
    assert (free.get("TRIGGER"), free.get("DESCRIPTION")) == ("20260410T020000Z", said)
    assert eve.get("TRIGGER") == "20260412T090000Z"
    assert eve.get("DESCRIPTION") == "あした 9:00〜11:00 ひだまりこども園(ひなた)"
    assert event.get("DESCRIPTION").endswith(said)


def test_no_full_name_and_no_text_breaks_out_of_its_line() -> None:
    family = make.family()
    name = "ひだまり; こども園, 本園\\A\nBEGIN:VALARM"
    make.booking(family, make.facility(name=name), "2026-04-13 09:00")
    source = calendar.feed(bookings.bookings_in_feed(family.guardian, make.NOW), [])
    [event] = booked(ics.read(source))
    assert event.get("SUMMARY") == f"{name}(ひなた)"
    assert len(event.all("VALARM")) == 2
    whole = source.replace(b"\r\n ", b"").decode()
    assert family.child.family_name not in whole
    assert family.guardian.family_name not in whole


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_in_the_familys_language_and_without_readings(language: str) -> None:
    family = make.family()
    make.booking(family, make.facility(), "2026-04-13 09:00", minutes=120)
    with translation.override(language):
        [event] = booked(feed(family))
    texts = [event.get("SUMMARY"), event.get("DESCRIPTION")]
    texts += [alarm.get("DESCRIPTION") for alarm in event.all("VALARM")]
    assert [text for text in texts if "](" in text] == []
    assert ("取り消せるのは" in texts[1]) is (language in ("ja", "ja-ruby"))


def test_programs_are_told_how_often_to_come() -> None:
    found = feed(make.family())
    assert ("REFRESH-INTERVAL", ";VALUE=DURATION", "PT1H") in found.lines
    assert found.get("X-PUBLISHED-TTL") == "PT1H"
    assert found.get("METHOD") == "PUBLISH"
    assert found.all("VEVENT") == []


def test_interviews_once_agreed_on_and_their_end() -> None:
    family, facility = make.family(), make.facility()
    asked = make.interview(family, facility, "2026-04-20 10:00")
    assert feed(family).all("VEVENT") == []
    interviews.confirm(interview=asked, words="", by=make.member(facility).user, now=LATER)
    [event] = feed(family).all("VEVENT")
    assert known(event) == (str(asked.pk), 1800, "CONFIRMED")
    assert event.get("SUMMARY") == "面談 ひだまりこども園(ひなた)"
    interviews.cancel(interview=asked, by=family.user, now=LATER + timedelta(minutes=1))
    [event] = feed(family).all("VEVENT")
    assert known(event) == (str(asked.pk), 1860, "CANCELLED")


# ── whose it is ────────────────────────────────────────────────────────────────────────
def test_a_feed_holds_the_family_and_nobody_else_and_ends_with_the_guardianship() -> None:
    facility, family, other = make.facility(), make.family(), make.family()
    made = make.booking(family, facility, "2026-04-13 09:00")
    make.booking(other, facility, "2026-04-13 09:00")
    assert [known(event)[0] for event in booked(feed(family))] == [str(made.pk)]
    Guardianship.objects.filter(guardian=family.guardian).update(ended_at=make.NOW)
    assert booked(feed(family)) == []


def test_a_year_back_and_no_further() -> None:
    family = make.family()
    make.booking(family, make.facility(), "2026-04-13 09:00")
    assert len(booked(feed(family, make.at("2027-04-13 09:00")))) == 1
    assert booked(feed(family, make.at("2027-04-15 09:00"))) == []


def test_as_many_questions_for_three_as_for_one() -> None:
    family, facility = make.family(), make.facility()
    counts = []
    for days in ((13,), (14, 15)):
        for day in days:
            make.booking(family, facility, f"2026-04-{day} 09:00")
        feed(family)
        with CaptureQueriesContext(connection) as asked:
            feed(family)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 4


# ── the secret ─────────────────────────────────────────────────────────────────────────
def test_only_the_hash_is_kept_and_a_new_address_ends_the_old() -> None:
    guardian = make.family().guardian
    first = booking.open_feed(guardian=guardian, by=guardian.user, now=make.NOW)
    assert len(first) == 43
    assert first not in str(Feed.objects.values_list())
    booking.note_fetch(feed=Feed.objects.get(), now=make.NOW)
    second = booking.open_feed(guardian=guardian, by=guardian.user, now=LATER)
    assert bookings.feed_by_token(first) is None
    found = bookings.feed_by_token(second)
    assert found is not None
    assert (found.guardian, found.created_at, found.fetched_at) == (guardian, LATER, None)
    for _ in range(2):
        booking.close_feed(guardian=guardian, by=guardian.user, now=LATER)
    assert bookings.feed_by_token(second) is None
    assert bookings.feed_of(guardian) is None


def test_a_closed_login_closes_its_feed() -> None:
    guardian = make.family().guardian
    token = booking.open_feed(guardian=guardian, by=guardian.user, now=make.NOW)
    type(guardian.user).objects.filter(pk=guardian.user.pk).update(is_active=False)
    assert bookings.feed_by_token(token) is None


def test_when_it_was_fetched_is_noted_to_the_minute() -> None:
    guardian = make.family().guardian
    booking.open_feed(guardian=guardian, by=guardian.user, now=make.NOW)
    found = Feed.objects.get()
    for seconds, noted in ((0, 0), (59, 0), (60, 60)):
        booking.note_fetch(feed=found, now=make.NOW + timedelta(seconds=seconds))
        assert Feed.objects.get().fetched_at == make.NOW + timedelta(seconds=noted)

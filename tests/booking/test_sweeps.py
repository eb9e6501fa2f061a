"""What time does to bookings, and the questions that must find nothing."""

from datetime import date, timedelta
from email import message_from_bytes
from typing import Any

import pytest
from django.db import connection
from icalendar import Calendar

from daredemo.booking import actions as booking
from daredemo.booking import calendar, invariants, letters, sweeps
from daredemo.booking.models import Booking, ChildMonth, OpenedDay, Reminder
from daredemo.certification.models import Certificate
from daredemo.interviews.models import InterviewChild
from daredemo.notifications import mails
from daredemo.notifications import sweeps as deliveries
from daredemo.notifications.models import Message
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Booking:
    return make.booking(make.family(), make.facility(belongings="タオル"), "2026-04-13 09:00", minutes=120)


def sent(kind: str) -> int:
    return Message.objects.filter(kind=kind).count()


def test_one_reminder_before_the_deadline_and_one_on_the_eve(made: Booking) -> None:
    for at, before, eve in (
        ("2026-04-09 17:59", 0, 0),
        ("2026-04-09 18:00", 1, 0),
        ("2026-04-09 18:01", 1, 0),
        ("2026-04-12 18:00", 1, 1),
        ("2026-04-13 08:00", 1, 1),
    ):
        sweeps.send_reminders(make.at(at))
        assert (sent("remind_deadline"), sent("remind_eve")) == (before, eve)


def test_never_in_quiet_hours_and_only_what_is_still_true_in_the_morning(made: Booking) -> None:
    Reminder.objects.update(due_at=make.at("2026-04-09 20:59"))
    assert sweeps.send_reminders(make.at("2026-04-09 21:00")) == 0
    assert sweeps.send_reminders(make.at("2026-04-10 06:59")) == 0
    assert sweeps.send_reminders(make.at("2026-04-10 12:01")) == 2  # looked at: the deadline has passed
    assert (sent("remind_deadline"), sent("remind_eve")) == (0, 1)


def test_a_reminder_waits_for_the_end_of_undo(made: Booking) -> None:
    booking.cancel(booking=made, by=made.booked_by, now=make.at("2026-04-09 17:58"))
    sweeps.send_reminders(make.at("2026-04-09 18:00"))
    booking.undo_cancel(booking=made, by=made.booked_by, now=make.at("2026-04-09 18:03"))
    sweeps.send_reminders(make.at("2026-04-09 18:04"))
    assert sent("remind_deadline") == 1


def test_a_reminder_that_comes_late_says_today(made: Booking) -> None:
    sweeps.send_reminders(make.at("2026-04-13 07:00"))
    promised = Message.objects.get(kind="remind_eve")
    assert "きょうは利用の日です" in mails.compose(promised, make.NOW).body
    assert letters.is_still_booked(promised, make.at("2026-04-13 07:01"))


def test_tomorrow_is_said_only_until_midnight(made: Booking) -> None:
    sweeps.send_reminders(make.at("2026-04-12 18:00"))
    promised = Message.objects.get(kind="remind_eve")
    assert "あしたは利用の日です" in mails.compose(promised, make.NOW).body
    assert not letters.is_still_booked(promised, make.at("2026-04-13 07:00"))


def test_a_booking_made_after_its_deadline_promises_no_free_cancelling() -> None:
    made = make.booking(
        make.family(), make.facility(), "2026-04-13 09:00", minutes=120, now=make.at("2026-04-11 10:00")
    )
    mail = mails.compose(Message.objects.get(kind="booked"), make.NOW)
    assert "まで取り消せます" not in mail.body
    assert "取り消しの期限(2026年4月10日(金)正午)はすぎています" in mail.body
    entry = calendar.calendar(made).decode()
    assert "まで取り消せます" not in entry.replace("\r\n ", "")
    assert entry.count("BEGIN:VALARM") == 1  # of the eve


def test_nobody_is_reminded_of_what_was_cancelled(made: Booking) -> None:
    sweeps.send_reminders(make.at("2026-04-09 18:00"))
    promised = Message.objects.get(kind="remind_deadline")
    assert letters.is_still_booked(promised, make.at("2026-04-09 18:05"))
    booking.cancel(booking=made, by=made.booked_by, now=make.at("2026-04-09 18:06"))
    assert not letters.is_still_booked(promised, make.at("2026-04-09 18:07"))
    sweeps.send_reminders(make.at("2026-04-12 18:00"))
    assert sent("remind_eve") == 0


def test_a_certificate_that_ends_takes_later_bookings_with_it(made: Booking) -> None:
    assert sweeps.end_uncertified(make.NOW) == 0
    Certificate.objects.update(ended_on=date(2026, 4, 12))
    assert sweeps.end_uncertified(make.NOW) == 1
    made.refresh_from_db()
    assert (made.status, made.cause, made.hours_consumed) == ("cancelled", "certificate", False)
    assert ChildMonth.objects.get().spent_minutes == 0


def test_a_closing_that_was_cut_off_is_finished(made: Booking) -> None:
    OpenedDay.objects.update(closed_at=make.NOW)
    assert sweeps.finish_closures(make.NOW) == 1
    made.refresh_from_db()
    assert made.cause == "facility"


def test_a_mail_brings_the_entry_as_it_was_promised(made: Booking) -> None:
    booking.cancel(booking=made, by=made.booked_by, now=make.at("2026-04-08 10:00"))
    [ics] = letters.entry(Message.objects.get(kind="booked"))
    event: Any = Calendar.from_ical(ics.text).walk("VEVENT")[0]
    assert (event["sequence"], str(event["status"])) == (0, "CONFIRMED")
    assert event["dtstamp"].dt == make.NOW


def test_the_calendar_entry_keeps_its_name_and_grows(made: Booking) -> None:
    event: Any = Calendar.from_ical(calendar.calendar(made)).walk("VEVENT")[0]
    assert str(event["uid"]).startswith(str(made.pk))
    assert (event["sequence"], event["dtstart"].dt) == (0, make.at("2026-04-13 09:00"))
    assert event["summary"] == "ひだまりこども園(ひなた)"
    assert b"DTSTART:20260413T000000Z" in calendar.calendar(made)
    alarm = event.walk("VALARM")[0]
    assert alarm["trigger"].dt == make.at("2026-04-10 11:00")
    assert alarm["trigger"].params["VALUE"] == "DATE-TIME"
    assert b"\xe5\xb1\xb1\xe7\x94\xb0" not in calendar.calendar(made)  # 山田
    ended = booking.cancel(booking=made, by=made.booked_by, now=make.at("2026-04-08 10:00"))
    [ics] = letters.entry(Message.objects.get(kind="booking_cancelled"))
    gone: Any = Calendar.from_ical(ics.text)
    assert (gone["method"], gone.walk("VEVENT")[0]["sequence"]) == ("CANCEL", ended.revision)


@pytest.mark.parametrize("kind", [*letters.FAMILY, *letters.REMINDERS])
def test_every_mail_says_when_where_and_until(made: Booking, kind: str) -> None:
    made.revision = 7  # of another step than the booking itself, which has told its own
    message = letters.tell(kind, made, now=make.NOW, words="おまちしています")
    mail = mails.compose(message, make.NOW)
    read = message_from_bytes(mail.message().as_bytes())
    text = mail.body
    for word in ("2026年4月13日(月)9:00〜11:00", "ひだまりこども園", "ひなたさん", made.number):
        assert word in text
    assert "山田" not in text
    if kind == "booked":
        assert "2026年4月10日(金)正午まで取り消せます" in text
        (entry,) = [part for part in read.walk() if part.get_content_type() == "text/calendar"]
        assert (entry.get_param("method"), entry.get_filename()) == ("REQUEST", "yoyaku.ics")
        inside: Any = entry.get_payload(decode=True)
        Calendar.from_ical(inside)


def broken_by(sql: str) -> set[str]:
    """Which invariants speak when somebody changes this behind the actions' back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")  # triggers and foreign keys look away
        cursor.execute(sql)
        cursor.execute("SET session_replication_role = origin")
    return set(invariants.broken())


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        (
            "more_than_offered",
            """ALTER TABLE booking_openedday DROP CONSTRAINT no_more_booked_than_offered;
               UPDATE booking_openedday SET offered[19] = 0""",
        ),
        (
            "more_than_offered",
            """ALTER TABLE booking_openedday DROP CONSTRAINT no_more_booked_a_day;
               UPDATE booking_openedday SET day_ceiling = 1, day_booked = 2""",
        ),
        (
            "month_above_its_cap",
            """ALTER TABLE booking_childmonth DROP CONSTRAINT no_more_than_the_cap;
               UPDATE booking_childmonth SET spent_minutes = 660""",
        ),
        ("day_differs_from_bookings", "UPDATE booking_openedday SET day_booked = 2"),
        ("conflict_differs_from_places", "UPDATE booking_openedday SET lawful[19] = 0"),
        ("places_differ_from_bookings", "UPDATE booking_openedday SET booked_1[25] = 1"),
        ("places_differ_from_bookings", "UPDATE booking_booking SET ends_at = ends_at + interval '1 hour'"),
        ("hours_differ_from_ledger", "UPDATE booking_childmonth SET spent_minutes = 60"),
        ("booking_without_its_hours", "DELETE FROM booking_ledgerentry WHERE kind = 'reserved'"),
        ("booking_without_certificate", f"DELETE FROM {Certificate._meta.db_table}"),
        ("booking_of_an_enrolled_child", "UPDATE families_child SET enrolled_from = '2026-04-13'"),
        ("booking_without_interview", f"UPDATE {InterviewChild._meta.db_table} SET outcome = 'declined'"),
    ],
)
def test_each_invariant_is_shown_red_once(made: Booking, name: str, sql: str) -> None:
    assert invariants.broken() == {}
    assert name in broken_by(sql)


def test_two_bookings_at_one_time_would_be_seen(made: Booking) -> None:
    make.booking(make.family(), make.facility(name="べつの園"), "2026-04-13 09:00")
    sql = (
        "ALTER TABLE booking_booking DROP CONSTRAINT one_child_in_one_place;"
        "ALTER TABLE booking_booking DROP CONSTRAINT booking_booking_request_key_key;"
        f"UPDATE booking_booking SET child_id = '{made.child_id}', request_key = '{made.request_key}'"
    )
    assert {"child_in_two_places", "request_key_twice"} <= broken_by(sql)


def test_a_promise_without_its_job_is_seen_after_a_minute_and_a_job_without_its_promise(
    made: Booking,
) -> None:
    later = make.NOW + timedelta(seconds=61)
    assert set(invariants.broken(later)) == {"message_without_job"}
    deliveries.queue(make.NOW)
    assert invariants.broken(later) == {}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET args = '{}'")
    assert set(invariants.broken(later)) == {"message_without_job", "job_without_message"}
    assert set(invariants.broken(make.NOW)) == {"job_without_message"}


def test_the_nightly_comparison_counts_what_it_finds(made: Booking) -> None:
    assert sweeps.sanity(make.NOW) == 0
    ChildMonth.objects.update(spent_minutes=60)
    assert sweeps.sanity(make.NOW) == 1

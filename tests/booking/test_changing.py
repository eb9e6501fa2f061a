"""A change of time: one step, free as long as cancelling is, and the old one stands where it is refused."""

from typing import Any
from uuid import uuid4

import pytest

from daredemo.booking import actions as booking
from daredemo.booking import invariants, letters
from daredemo.booking import queries as bookings
from daredemo.booking.models import Booking, ChildMonth, OpenedDay, Reminder
from daredemo.facilities.models import Approval, Facility
from daredemo.languages import words
from daredemo.notifications.models import Message
from daredemo.rules.refusal import Reason, Refused
from tests import make

pytestmark = pytest.mark.django_db


def change(made: Booking, starts: str, minutes: int = 60, **more: Any) -> Booking:
    return booking.change(
        booking=made, guardian=made.guardian, starts_at=make.at(starts), minutes=minutes,
        by=more.pop("by", made.booked_by), request_key=more.pop("key", None) or uuid4(),
        now=more.pop("now", make.NOW),
    )  # fmt: skip


def refused(reason: Reason, made: Booking, starts: str, **more: Any) -> None:
    with pytest.raises(Refused) as caught:
        change(made, starts, **more)
    assert caught.value.reason is reason
    made.refresh_from_db()
    assert made.status in ("booked", "requested")
    assert invariants.broken() == {}


def test_an_hour_later_on_the_same_day_although_the_spans_overlap_and_the_day_is_full() -> None:
    facility, family = make.facility(places=1), make.family()
    old = make.booking(family, facility, "2026-04-13 09:00", minutes=120)
    new = change(old, "2026-04-13 10:00", 120)
    old.refresh_from_db()
    assert (old.status, old.cause, old.hours_consumed, old.moved_to) == ("cancelled", "changed", False, new)
    assert (new.status, new.date) == ("booked", old.date)
    assert OpenedDay.objects.get().booked_1[17:25] == [0, 0, 0, 1, 1, 1, 1, 0]
    assert ChildMonth.objects.get().spent_minutes == 120
    assert invariants.broken() == {}


def test_the_last_hours_of_the_month_are_enough_to_move_them() -> None:
    facility, family = make.facility(), make.family()
    made = [make.booking(family, facility, f"2026-04-{day} 09:00", minutes=180) for day in (13, 14, 15)]
    make.opened(facility, make.at("2026-06-01 09:00").date())
    new = change(made[0], "2026-04-13 11:00", 180)
    assert ChildMonth.objects.get().spent_minutes == 540
    refused(Reason.WINDOW_NOT_OPEN, new, "2026-06-01 09:00")


def test_into_the_next_month_hours_return_to_the_one_and_are_taken_from_the_other() -> None:
    facility, family, now = make.facility(), make.family(), make.at("2026-04-20 10:00")
    old = make.booking(family, facility, "2026-04-30 09:00", now=now)
    make.opened(facility, make.at("2026-05-01 09:00").date())
    change(old, "2026-05-01 09:00", now=now)
    assert list(ChildMonth.objects.order_by("month").values_list("spent_minutes", flat=True)) == [0, 60]
    assert invariants.broken() == {}


def test_mail_and_calendar_entry_move_on_and_reminders_are_made_anew() -> None:
    facility, family = make.facility(), make.family()
    old = make.booking(family, facility, "2026-04-13 09:00")
    make.opened(facility, make.at("2026-04-15 09:00").date())
    new = change(old, "2026-04-15 10:00")
    message = Message.objects.get(kind="booking_changed")
    assert words.said(message.context["when"]) == "2026年4月15日(水)10:00〜11:00"
    assert words.said(message.context["was"]) == "2026年4月13日(月)9:00〜10:00"
    [ics] = letters.entry(message)
    assert f"UID:{old.pk}@" in ics.text.replace("\r\n ", "")
    assert "METHOD:REQUEST" in ics.text
    assert "SEQUENCE:1" in ics.text
    assert not Message.objects.filter(kind="booking_cancelled").exists()
    due = Reminder.objects.filter(booking=new).order_by("due_at").values_list("due_at", flat=True)
    assert list(due) == [make.at("2026-04-13 18:00"), make.at("2026-04-14 18:00")]
    again = change(new, "2026-04-15 09:00")
    assert (again.entry_id, again.revision) == (old.pk, 2)


def test_twice_sent_is_one_change() -> None:
    facility, family, key = make.facility(), make.family(), uuid4()
    old = make.booking(family, facility, "2026-04-13 09:00")
    new = change(old, "2026-04-13 10:00", key=key)
    assert change(old, "2026-04-13 10:00", key=key) == new
    assert Booking.objects.count() == 2


def test_after_the_free_deadline_it_is_refused_for_every_door() -> None:
    facility, family = make.facility(), make.family()
    old = make.booking(family, facility, "2026-04-13 09:00")
    make.opened(facility, make.at("2026-04-15 09:00").date())
    noon = make.at("2026-04-10 12:00")
    refused(Reason.CHANGE_TOO_LATE, old, "2026-04-15 09:00", now=make.at("2026-04-10 12:01"))
    by = make.member(facility).user
    refused(Reason.CHANGE_TOO_LATE, old, "2026-04-15 09:00", by=by, now=make.at("2026-04-10 12:01"))
    assert change(old, "2026-04-15 09:00", now=noon).status == "booked"


def test_where_the_new_time_is_not_possible_the_old_one_stands() -> None:
    facility = make.facility(places=1)
    old = make.booking(make.family(), facility, "2026-04-13 09:00")
    make.booking(make.family(), facility, "2026-04-13 11:00")
    refused(Reason.NO_PLACE, old, "2026-04-13 11:00")
    refused(Reason.OUTSIDE_HOURS, old, "2026-04-13 07:00")


def test_a_request_is_changed_freely_and_what_the_facility_answered_by_the_facility() -> None:
    facility = make.facility(approval=Approval.ON_REQUEST)
    family, by = make.family(), make.member(facility).user
    asked = change(make.booking(family, facility, "2026-04-13 09:00"), "2026-04-13 10:00")
    assert (asked.status, Facility.objects.get().approval) == ("requested", "on_request")
    answered = booking.answer_request(booking=asked, approve=True, by=by, now=make.NOW)
    refused(Reason.CHANGE_BY_PHONE, answered, "2026-04-13 11:00")
    assert change(answered, "2026-04-13 11:00", by=by).status == "booked"


def test_a_change_is_not_undone_but_changed_back() -> None:
    facility, family = make.facility(), make.family()
    old = make.booking(family, facility, "2026-04-13 09:00")
    new = change(old, "2026-04-13 10:00")
    assert bookings.undo_until(new) is None
    with pytest.raises(Refused) as caught:
        booking.undo_booking(booking=new, by=family.user, now=make.NOW)
    assert caught.value.reason is Reason.UNDO_OVER
    back = change(new, "2026-04-13 09:00")
    assert (back.starts_at, back.moved_from) == (old.starts_at, new)
    assert invariants.broken() == {}

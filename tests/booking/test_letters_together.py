"""One mail for what is booked in one go, to the family and to those who answer at the facility."""

from datetime import date, timedelta
from email import message_from_bytes
from typing import Any
from uuid import uuid4

import pytest
from icalendar import Calendar

from daredemo.booking import actions as booking
from daredemo.booking import letters_together
from daredemo.booking import queries as bookings
from daredemo.booking.models import Booking
from daredemo.facilities.models import Approval, Facility
from daredemo.languages import words
from daredemo.notifications import mails
from daredemo.notifications.models import Message, Status
from daredemo.rules.refusal import Refused
from tests import make

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 4, 13)
NINE = make.at("2026-04-13 09:00")
LATER = make.NOW + timedelta(minutes=2)


@pytest.fixture
def family() -> make.Family:
    return make.family()


def ready(family: make.Family, **fields: Any) -> Facility:
    facility = make.facility(places=1, **fields)
    make.accepted(family.child, facility)
    make.opened(facility, MONDAY, MONDAY + timedelta(days=21))
    return facility


def weekly(family: make.Family, facility: Facility, weeks: int = 3) -> list[Booking | Refused]:
    starts = [NINE + timedelta(weeks=week) for week in range(weeks)]
    return booking.book_each(
        guardian=family.guardian, facility=facility.pk, by=family.user, now=make.NOW,
        asked=bookings.asked_for([family.child.pk], starts, 60, uuid4()),
    )  # fmt: skip


def visits(kind: str) -> list[list[str]]:
    return [
        [words.said(one["when"]) for one in told.context["visits"]]
        for told in Message.objects.filter(kind=kind)
    ]


DAYS = ["2026年4月13日(月)9:00〜10:00", "2026年4月20日(月)9:00〜10:00", "2026年4月27日(月)9:00〜10:00"]


def test_a_series_is_one_mail_though_each_day_is_a_step_of_its_own(family: make.Family) -> None:
    weekly(family, ready(family))
    assert visits("booked_together") == [DAYS]
    assert not Message.objects.filter(kind="booked").exists()


def test_it_names_the_days_that_were_possible(family: make.Family) -> None:
    facility = ready(family)
    make.booking(make.family(), facility, "2026-04-20 09:00")
    weekly(family, facility)
    assert visits("booked_together") == [[DAYS[0], DAYS[2]]]


def test_it_waits_until_the_series_is_over_and_carries_an_entry_for_each_day(family: make.Family) -> None:
    weekly(family, ready(family))
    told = Message.objects.get(kind="booked_together")
    assert make.NOW < told.due_at < LATER
    mail = mails.compose(told, told.due_at)
    assert mail.subject == "予約が3件きまりました"
    assert [mail.body.count(day) for day in DAYS] == [1, 1, 1]
    read = message_from_bytes(mail.message().as_bytes())
    [part] = [one for one in read.walk() if one.get_content_type() == "text/calendar"]
    assert (part.get_param("method"), part.get_filename()) == ("PUBLISH", "yoyaku.ics")
    entries: Any = Calendar.from_ical(part.get_payload(decode=True).decode())  # type: ignore[union-attr]
    assert entries["METHOD"] == "PUBLISH"
    starts = [event["DTSTART"].dt for event in entries.walk("VEVENT")]
    assert starts == [NINE + timedelta(weeks=week) for week in range(3)]
    assert len({event["UID"] for event in entries.walk("VEVENT")}) == 3
    assert not any("ATTENDEE" in event for event in entries.walk("VEVENT"))


def test_what_was_cancelled_before_the_mail_left_says_so_in_its_entry(family: make.Family) -> None:
    made = weekly(family, ready(family))[1]
    assert isinstance(made, Booking)
    booking.cancel(booking=made, by=family.user, now=make.NOW)
    [calendar] = letters_together.entries(Message.objects.get(kind="booked_together"))
    events: Any = Calendar.from_ical(calendar.text)
    assert [str(event["STATUS"]) for event in events.walk("VEVENT")] == [
        "CONFIRMED",
        "CANCELLED",
        "CONFIRMED",
    ]


def test_what_comes_after_the_mail_has_left_is_told_by_another(family: make.Family) -> None:
    facility = ready(family)
    starts = [NINE, NINE + timedelta(weeks=1)]
    asked = bookings.asked_for([family.child.pk], starts, 60, uuid4())
    given: dict[str, Any] = {
        "guardian": family.guardian,
        "facility": facility.pk,
        "by": family.user,
        "now": make.NOW,
    }
    booking.book_each(asked=asked, **given)
    Message.objects.filter(kind="booked_together").update(status=Status.HANDED_OVER)
    more = bookings.Asked(family.child.pk, NINE + timedelta(weeks=2), 60, uuid4())
    booking.book_each(asked=[*asked, more], **given)
    assert sorted(visits("booked_together")) == sorted([DAYS[:2], DAYS[2:]])


def test_a_facility_that_answers_itself_is_asked_once(family: make.Family) -> None:
    facility = ready(family, approval=Approval.ON_REQUEST)
    managers = [make.member(facility), make.member(facility)]
    weekly(family, facility)
    assert visits("requested_together") == [DAYS]
    assert visits("asked_together") == [DAYS, DAYS]
    asked = Message.objects.filter(kind="asked_together")
    assert {one.to_id for one in asked} == {one.user_id for one in managers}
    assert mails.compose(asked[0], LATER).subject == "予約の申しこみが3件 届きました"


def test_one_booking_keeps_its_own_mail(family: make.Family) -> None:
    make.booking(family, ready(family), "2026-04-13 09:00")
    assert set(Message.objects.values_list("kind", flat=True)) == {"booked"}

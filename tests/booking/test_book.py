"""Booking a place: what is written, what is promised, and by what name it is refused."""

from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from daredemo.audit.models import Entry
from daredemo.booking import actions as booking
from daredemo.booking import invariants, letters
from daredemo.booking import queries as bookings
from daredemo.booking.models import Booking, ChildMonth, OpenedDay, Reminder, Wish
from daredemo.facilities.models import Approval, Facility
from daredemo.languages import words
from daredemo.notifications.models import Message
from daredemo.rules.refusal import Reason, Refused
from tests import make

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 4, 13)


@pytest.fixture
def family() -> make.Family:
    return make.family()


@pytest.fixture
def facility() -> Facility:
    return make.facility()


def refused(
    reason: Reason, family: make.Family, facility: Facility, starts: str, **fields: Any
) -> dict[str, Any]:
    with pytest.raises(Refused) as caught:
        make.booking(family, facility, starts, **fields)
    assert caught.value.reason is reason
    return caught.value.facts


def test_two_hours_on_monday_morning_hold_a_place_and_two_of_ten_hours(
    family: make.Family, facility: Facility
) -> None:
    made = make.booking(family, facility, "2026-04-13 09:00", minutes=120)
    assert (made.status, made.minutes, made.yen, made.age_group) == ("booked", 120, 600, 1)
    assert made.deadline_at == make.at("2026-04-10 12:00")  # Friday noon, for a Monday
    day = OpenedDay.objects.get()
    assert day.booked_1[17:23] == [0, 1, 1, 1, 1, 0]
    month = ChildMonth.objects.get()
    assert (month.cap_minutes, month.spent_minutes) == (600, 120)
    assert [(line.kind, line.minutes, line.effect) for line in bookings.passbook(family.child)] == [
        ("granted", 600, 600),
        ("reserved", 120, -120),
    ]
    assert invariants.broken() == {}


def test_a_booking_promises_its_mail_with_a_calendar_entry_and_two_reminders(
    family: make.Family, facility: Facility
) -> None:
    made = make.booking(family, facility, "2026-04-13 09:00", minutes=120)
    message = Message.objects.get(kind="booked")
    assert message.address == family.user.email
    assert words.said(message.context["when"]) == "2026年4月13日(月)9:00〜11:00"
    assert words.said(message.context["until"]) == "2026年4月10日(金)正午"
    [ics] = letters.entry(message)
    assert "BEGIN:VEVENT" in ics.text
    assert "山田" not in str(message.context) + ics.text
    assert list(Reminder.objects.order_by("due_at").values_list("kind", "due_at")) == [
        ("before_deadline", make.at("2026-04-09 18:00")),
        ("eve", make.at("2026-04-12 18:00")),
    ]
    entry = Entry.objects.get(action="booking.booked")
    assert entry.facts == {"child": str(made.child_id), "facility": str(facility.pk), "minutes": 120}


def test_the_same_request_twice_is_one_booking(family: make.Family, facility: Facility) -> None:
    key = uuid4()
    first = make.booking(family, facility, "2026-04-13 09:00", request_key=key)
    again = make.booking(family, facility, "2026-04-13 09:00", request_key=key)
    assert first.pk == again.pk
    assert (Booking.objects.count(), Message.objects.filter(kind="booked").count()) == (1, 1)


def test_a_key_of_another_child_opens_nothing(family: make.Family, facility: Facility) -> None:
    key = uuid4()
    make.booking(family, facility, "2026-04-13 09:00", request_key=key)
    refused(Reason.STATUS_MOVED, make.family(), facility, "2026-04-14 09:00", request_key=key)


def test_the_last_place_is_taken_once_and_the_next_family_hears_of_others() -> None:
    facility, family = make.facility(places=1), make.family()
    make.booking(make.family(), facility, "2026-04-13 09:00", minutes=120)
    make.opened(facility, MONDAY + timedelta(days=1))
    facts = refused(Reason.NO_PLACE, family, facility, "2026-04-13 10:00", minutes=120)
    assert facts["full_at"] == (make.at("2026-04-13 10:00"), make.at("2026-04-13 10:30"))
    assert bookings.other_starts(family.child, facility, make.at("2026-04-13 10:00"), 120, make.NOW) == (
        make.at("2026-04-13 11:00"),
        make.at("2026-04-13 11:30"),
        make.at("2026-04-13 12:00"),
        make.at("2026-04-14 09:00"),
    )


def test_a_refused_wish_is_kept_without_a_person(family: make.Family) -> None:
    facility = make.facility(places=1)
    make.booking(make.family(), facility, "2026-04-13 09:00")
    refused(Reason.NO_PLACE, family, facility, "2026-04-13 09:00")
    wish = Wish.objects.get()
    assert (wish.district, wish.date, wish.first_cell, wish.last_cell) == ("222135", MONDAY, 18, 19)
    assert (wish.age_group, wish.reason) == (1, "no_place")
    assert not {field.name for field in Wish._meta.fields} & {"child", "guardian", "by"}


def test_a_form_filled_in_wrongly_is_no_wish(family: make.Family, facility: Facility) -> None:
    refused(Reason.OFF_THE_GRID, family, facility, "2026-04-13 09:10")
    assert not Wish.objects.exists()


def test_ten_hours_a_month_over_all_facilities_and_not_one_more(
    family: make.Family, facility: Facility
) -> None:
    other = make.facility(name="べつの園")
    for day, where in ((13, facility), (14, other), (15, facility)):
        make.booking(family, where, f"2026-04-{day} 09:00", minutes=180)
    facts = refused(Reason.NO_HOURS_LEFT, family, other, "2026-04-16 09:00", minutes=120)
    assert (facts["left"], facts["minutes"], facts["cap"]) == (60, 120, 600)
    make.booking(family, other, "2026-04-16 09:00", minutes=60)
    assert ChildMonth.objects.get().spent_minutes == 600
    assert invariants.broken() == {}


def test_hours_belong_to_the_japanese_month() -> None:
    family = make.family()
    facility = make.facility(opens=time(8))
    now = make.at("2026-04-20 10:00")
    make.booking(family, facility, "2026-05-01 08:30", now=now)  # 2026-04-30 23:30 in UTC
    make.booking(family, facility, "2026-04-30 14:00", now=now)
    assert list(ChildMonth.objects.order_by("month").values_list("month", "spent_minutes")) == [
        (date(2026, 4, 1), 60),
        (date(2026, 5, 1), 60),
    ]


def test_a_child_is_in_one_place_at_a_time(family: make.Family, facility: Facility) -> None:
    other = make.facility(name="べつの園")
    make.booking(family, facility, "2026-04-13 09:00", minutes=120)
    refused(Reason.OVERLAPS_OWN_BOOKING, family, other, "2026-04-13 10:00")
    make.booking(family, other, "2026-04-13 11:00")  # spans that only touch


@pytest.mark.parametrize(
    ("starts", "minutes", "reason"),
    [
        ("2026-04-13 09:00", 90, Reason.NOT_WHOLE_HOURS),
        ("2026-04-13 09:00", 30, Reason.TOO_SHORT),
        ("2026-04-13 09:00", 0, Reason.WISH_BACKWARDS),
        ("2026-04-13 23:00", 120, Reason.NOT_ONE_DAY),
        ("2026-04-13 08:00", 60, Reason.OUTSIDE_HOURS),
        ("2026-04-13 09:00", 240, Reason.DAILY_LIMIT),
        ("2026-04-06 09:00", 60, Reason.IN_THE_PAST),
        ("2026-04-07 09:00", 60, Reason.WINDOW_CLOSED),
        ("2026-06-01 09:00", 60, Reason.WINDOW_NOT_OPEN),
        ("2026-04-18 09:00", 60, Reason.DAY_NOT_OPEN),
    ],
)
def test_by_name(family: make.Family, facility: Facility, starts: str, minutes: int, reason: Reason) -> None:
    day = make.at(starts).date()
    booking.publish_days(facility=facility, since=day, until=day, by=None, now=make.NOW)
    make.accepted(family.child, facility)
    with pytest.raises(Refused) as caught:
        booking.book(
            child=family.child.pk, facility=facility.pk, starts_at=make.at(starts), minutes=minutes,
            guardian=family.guardian, by=family.user, request_key=uuid4(), now=make.NOW,
        )  # fmt: skip
    assert caught.value.reason is reason


def test_only_where_the_interview_ended_well(family: make.Family, facility: Facility) -> None:
    make.opened(facility, MONDAY)
    with pytest.raises(Refused) as caught:
        bookings.quote(family.child, facility, make.at("2026-04-13 09:00"), 60, make.NOW)
    assert caught.value.reason is Reason.INTERVIEW_MISSING


def test_only_with_a_certificate_on_the_day_of_use(facility: Facility) -> None:
    family = make.family(certified=False)
    refused(Reason.NOT_CERTIFIED, family, facility, "2026-04-13 09:00")
    make.certificate(family.child, valid_from=date(2026, 4, 14))
    facts = refused(Reason.CERTIFICATE_NOT_VALID_ON_DAY, family, facility, "2026-04-13 09:00")
    assert facts["valid_from"] == date(2026, 4, 14)
    make.booking(family, facility, "2026-04-14 09:00")


def test_staff_book_by_phone_on_the_day_itself(family: make.Family, facility: Facility) -> None:
    member = make.member(facility)
    made = make.booking(family, facility, "2026-04-06 13:00", by=member.user)
    assert made.status == "booked"
    assert made.deadline_at == make.at("2026-04-03 12:00")  # passed already, and so it was said
    assert Reminder.objects.count() == 0


def test_an_age_the_facility_does_not_take(facility: Facility) -> None:
    facility.youngest_months, facility.oldest_age = 12, 2
    facility.save(update_fields=["youngest_months", "oldest_age"])
    refused(Reason.AGE_NOT_TAKEN, make.family(born=date(2025, 8, 20)), facility, "2026-04-13 09:00")


def test_other_rules_than_those_the_family_saw_are_shown_again(
    family: make.Family, facility: Facility
) -> None:
    refused(Reason.CONSENT_MISSING, family, facility, "2026-04-13 09:00", agreed=uuid4())
    make.opened(facility, MONDAY)
    agreed = bookings.quote(family.child, facility, make.at("2026-04-13 09:00"), 60, make.NOW).agreed
    assert make.booking(family, facility, "2026-04-13 09:00", agreed=agreed).policy_id == agreed


def test_where_the_facility_answers_itself_a_request_holds_place_and_hours(family: make.Family) -> None:
    facility = make.facility(places=1, approval=Approval.ON_REQUEST)
    make.member(facility)
    made = make.booking(family, facility, "2026-04-13 09:00")
    assert (made.status, made.expires_at) == ("requested", make.at("2026-04-09 00:00"))  # two business days
    refused(Reason.NO_PLACE, make.family(), facility, "2026-04-13 09:00")
    assert bookings.meter(family.child, MONDAY, make.NOW).booked == 60
    assert set(Message.objects.values_list("kind", flat=True)) == {"booking_requested", "booking_asked"}


def test_elsewhere_lengths_follow_the_facility_and_home_counts() -> None:
    """広域: 90 minutes in a city of half hours take two hours of 掛川市's allowance, and cost 90 minutes."""
    family, facility = make.family(), make.facility(city="342041")
    made = make.booking(family, facility, "2026-04-13 09:00", minutes=90)
    assert (made.minutes, made.yen, made.home_id) == (120, 450, "222135")
    assert made.policy_id != made.place_policy_id
    local = make.booking(make.family(city="342041"), facility, "2026-04-13 09:00", minutes=90)
    assert local.minutes == 90

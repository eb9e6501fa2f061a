"""What a facility says of its own booking: from when, until when, which lengths."""

from datetime import date, time, timedelta

import pytest

from daredemo.booking import queries as bookings
from daredemo.booking import sweeps
from daredemo.booking.models import OpenedDay
from daredemo.rules.refusal import Reason, Refused
from tests import make

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 4, 13)
SESSIONS = ["09:00-11:00", "13:00-15:00"]


def test_fixed_sessions_are_the_only_starts_and_lengths() -> None:
    family, facility = make.family(), make.facility(sessions=SESSIONS, longest_minutes=60)
    make.accepted(family.child, facility)
    make.opened(facility, MONDAY)
    starts = bookings.starts_on(family.child, facility, MONDAY, make.NOW)
    assert [(f"{one.starts_at:%H:%M}", one.lengths) for one in starts] == [
        ("09:00", (120,)),
        ("13:00", (120,)),
    ]
    offered = bookings.lengths(family.child, facility, make.at("2026-04-13 09:00"), make.NOW)
    assert [(one.minutes, one.reason) for one in offered] == [(120, None)]
    assert make.booking(family, facility, "2026-04-13 09:00", minutes=120).minutes == 120


def test_another_time_than_a_session_is_refused_with_the_sessions() -> None:
    family, facility = make.family(), make.facility(sessions=SESSIONS)
    with pytest.raises(Refused) as refused:
        make.booking(family, facility, "2026-04-13 10:00", minutes=120)
    assert refused.value.reason is Reason.NOT_A_SESSION
    assert refused.value.possible == {"sessions": ("9:00〜11:00", "13:00〜15:00")}
    others = bookings.other_starts(family.child, facility, make.at("2026-04-13 10:00"), 120, make.NOW)
    assert others == (make.at("2026-04-13 09:00"), make.at("2026-04-13 13:00"))


def test_a_session_that_meets_the_childs_own_booking_is_left_out() -> None:
    family, facility = make.family(), make.facility(sessions=SESSIONS)
    make.booking(family, make.facility(name="べつの園"), "2026-04-13 14:00")
    make.accepted(family.child, facility)
    make.opened(facility, MONDAY)
    starts = bookings.starts_on(family.child, facility, MONDAY, make.NOW)
    assert [f"{one.starts_at:%H:%M}" for one in starts] == ["09:00"]


def test_booking_may_open_so_many_days_before_and_close_on_an_earlier_day() -> None:
    family = make.family()
    facility = make.facility(window_days_before=10, window_closes_days=2, window_closes_time=time(17))
    make.accepted(family.child, facility)
    make.opened(facility, make.TODAY, make.TODAY + timedelta(days=13))
    days = bookings.days_of(family.child, facility, make.TODAY, make.TODAY + timedelta(days=13), make.NOW)
    able = [day.date.day for day in days if day.state == "ok"]
    assert able == [8, 9, 10, 13, 14, 15, 16]  # Monday the 6th at 10:00: until 17:00 the 8th is open
    (late,) = bookings.days_of(family.child, facility, date(2026, 4, 17), date(2026, 4, 17), make.NOW)
    assert (late.reason, late.facts["opens_at"]) == (Reason.WINDOW_NOT_OPEN, make.at("2026-04-07 09:00"))


def test_families_from_elsewhere_wait() -> None:
    facility = make.facility(window_days_before=10, residents_first_days=3)
    here, away = make.family(), make.family(city="342041")
    make.booking(here, facility, "2026-04-16 09:00")
    with pytest.raises(Refused) as refused:
        make.booking(away, facility, "2026-04-16 09:00")
    assert refused.value.possible == {"opens_at": make.at("2026-04-09 09:00")}


def test_days_are_kept_open_as_far_as_they_can_be_booked() -> None:
    make.facility(window_days_before=90)
    sweeps.open_next_window(make.NOW)
    assert OpenedDay.objects.latest("date").date == date(2026, 7, 3)  # 90 days from 6 April is a Sunday

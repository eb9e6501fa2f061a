"""What a family's phone may say at the door, and when."""

import pytest

from daredemo.attendance.actions import door, staff
from daredemo.attendance.models import Visit
from daredemo.booking import actions as bookings
from daredemo.facilities import actions as facilities
from daredemo.facilities.models import PosterCode
from daredemo.rules.refusal import Reason, Refused
from tests import make
from tests.attendance.conftest import Morning


def arrive(morning: Morning, clock: str) -> Visit:
    return door.say_arrived(
        booking=morning.booking, code=morning.code, by=morning.family.user, now=morning.at(clock)
    )


def leave(morning: Morning, clock: str) -> Visit:
    return door.say_leaving(
        booking=morning.booking, code=morning.code, by=morning.family.user, now=morning.at(clock)
    )


def test_the_door_opens_a_quarter_of_an_hour_before_the_start(morning: Morning) -> None:
    with pytest.raises(Refused) as no:
        arrive(morning, "08:44")
    assert no.value.reason == Reason.TOO_EARLY_TO_CHECK_IN
    assert no.value.facts["opens_at"] == morning.at("08:45")
    assert arrive(morning, "08:45").state == "arrived"


def test_nobody_arrives_after_the_booked_end(morning: Morning) -> None:
    with pytest.raises(Refused) as no:
        arrive(morning, "11:00")
    assert no.value.reason == Reason.TOO_LATE_TO_CHECK_IN


def test_scanning_twice_keeps_the_first_time(morning: Morning) -> None:
    first = arrive(morning, "08:52")
    again = arrive(morning, "08:58")
    assert (again.pk, again.said_arrived_at) == (first.pk, morning.at("08:52"))
    assert Visit.objects.count() == 1


def test_a_scan_says_and_does_not_move_the_child(morning: Morning) -> None:
    visit = arrive(morning, "08:52")
    assert visit.received_at is None
    with pytest.raises(Refused) as no:
        leave(morning, "10:00")
    assert no.value.reason == Reason.NOT_RECEIVED


def test_leaving_is_said_once_and_only_after_coming(morning: Morning) -> None:
    with pytest.raises(Refused) as no:
        leave(morning, "10:00")
    assert no.value.reason == Reason.NOT_CHECKED_IN
    staff.receive(booking=morning.booking, by=morning.member.user, now=morning.at("09:01"))
    leave(morning, "10:55")
    assert leave(morning, "10:58").said_leaving_at == morning.at("10:55")


def test_a_replaced_poster_opens_nothing(morning: Morning) -> None:
    facilities.issue_code(facility=morning.facility, by=None, now=morning.at("08:00"))
    old = PosterCode.objects.get(pk=morning.code.pk)
    with pytest.raises(Refused) as no:
        door.say_arrived(booking=morning.booking, code=old, by=morning.family.user, now=morning.at("09:00"))
    assert no.value.reason == Reason.CODE_REVOKED


def test_the_code_of_another_facility_says_where_the_booking_is(morning: Morning) -> None:
    other = facilities.issue_code(facility=make.facility(name="みどりの丘"), by=None, now=make.NOW)
    with pytest.raises(Refused) as no:
        door.say_arrived(booking=morning.booking, code=other, by=morning.family.user, now=morning.at("09:00"))
    assert no.value.reason == Reason.NOT_TODAY_HERE
    assert no.value.facts == {"facility": "ひだまりこども園", "start": morning.at("09:00")}


def test_a_cancelled_booking_opens_nothing(morning: Morning) -> None:
    bookings.cancel(booking=morning.booking, by=morning.family.user, now=morning.at("08:00"))
    with pytest.raises(Refused) as no:
        arrive(morning, "09:00")
    assert no.value.reason == Reason.STATUS_MOVED

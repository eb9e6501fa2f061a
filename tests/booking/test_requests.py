"""承認制: a request ends as a booking, or is declined, left unanswered or withdrawn at no cost."""

import pytest

from daredemo.booking import actions as booking
from daredemo.booking import invariants, sweeps
from daredemo.booking.models import Booking, ChildMonth, OpenedDay, Wish
from daredemo.facilities.models import Approval, Facility
from daredemo.notifications.models import Message
from daredemo.rules.refusal import Reason, Refused
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def facility() -> Facility:
    return make.facility(places=1, approval=Approval.ON_REQUEST)


@pytest.fixture
def asked(facility: Facility) -> Booking:
    return make.booking(make.family(), facility, "2026-04-13 09:00", minutes=120)


def spent() -> int:
    return ChildMonth.objects.get().spent_minutes


def places() -> int:
    return sum(OpenedDay.objects.get().booked_1)


def abandoned() -> list[tuple[object, ...]]:
    """What demand statistics learn of a request that did not become a booking."""
    return list(Wish.objects.values_list("reason", "district", "first_cell", "last_cell", "age_group"))


def test_yes_makes_it_a_booking(facility: Facility, asked: Booking) -> None:
    by = make.member(facility).user
    answered = booking.answer_request(booking=asked, approve=True, by=by, now=make.NOW)
    assert answered.status == "booked"
    assert Message.objects.filter(kind="booked").count() == 1
    assert answered.reminders.count() == 2


def test_no_needs_a_ground_and_a_sentence_and_gives_everything_back(
    facility: Facility, asked: Booking
) -> None:
    by = make.member(facility).user
    with pytest.raises(Refused) as caught:
        booking.answer_request(booking=asked, approve=False, words="ごめんなさい", by=by, now=make.NOW)
    assert caught.value.reason is Reason.REASON_MISSING
    answered = booking.answer_request(
        booking=asked,
        approve=False,
        ground="no_place_or_staff",
        words="職員が足りません",
        by=by,
        now=make.NOW,
    )
    assert (answered.status, spent(), places()) == ("declined", 0, 0)
    assert abandoned() == [("request_declined", "222135", 18, 21, 1)]
    assert invariants.broken() == {}


def test_without_an_answer_it_ends_after_two_business_days(asked: Booking) -> None:
    assert sweeps.expire_requests(make.at("2026-04-09 00:00")) == 0
    with pytest.raises(Refused) as caught:
        booking.answer_request(
            booking=asked, approve=True, by=asked.booked_by, now=make.at("2026-04-09 00:00:01")
        )
    assert caught.value.reason is Reason.REQUEST_EXPIRED
    assert sweeps.expire_requests(make.at("2026-04-09 00:00:01")) == 1
    asked.refresh_from_db()
    assert (asked.status, spent(), places()) == ("expired", 0, 0)
    assert abandoned() == [("request_unanswered", "222135", 18, 21, 1)]


def test_withdrawing_is_free_at_any_time(asked: Booking) -> None:
    withdrawn = booking.withdraw_request(booking=asked, by=asked.booked_by, now=make.NOW)
    assert (withdrawn.status, withdrawn.hours_consumed, spent()) == ("cancelled", False, 0)
    assert abandoned() == [("request_withdrawn", "222135", 18, 21, 1)]
    with pytest.raises(Refused) as caught:
        booking.answer_request(booking=asked, approve=True, by=asked.booked_by, now=make.NOW)
    assert caught.value.reason is Reason.STATUS_MOVED

"""Requests at once: two answers, an answer and the clock, two for the last place; each with its control."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from daredemo.audit.models import Entry
from daredemo.booking import actions as booking
from daredemo.booking import invariants
from daredemo.booking.models import Booking
from daredemo.facilities.models import Approval
from tests import make
from tests.races import test_booking as races
from tests.races.at_once import ROUNDS, at_once, done, reasons, without

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
SOME = max(ROUNDS, 3)
BELTS = ("no_more_booked_than_offered", "no_more_booked_a_day")
Calls = list[Callable[[], Any]]


def asked() -> Booking:
    """A request that waits for its answer."""
    return make.booking(make.family(), make.facility(approval=Approval.ON_REQUEST), "2026-04-13 09:00")


def yes(request: Booking, **about: Any) -> Callable[[], Any]:
    by = make.member(request.facility).user
    return partial(
        booking.answer_request, **{"booking": request, "approve": True, "by": by, "now": make.NOW, **about}
    )


def no(request: Booking) -> Callable[[], Any]:
    return yes(request, approve=False, ground="no_place_or_staff", words="職員が足りません")


def answers_written(request: Booking) -> set[str]:
    """What the audit says became of it."""
    written = Entry.objects.filter(subject_id=str(request.pk)).values_list("action", flat=True)
    return {action.removeprefix("booking.") for action in written} - {"requested"}


class TestTwoAnswers:
    def test_yes_and_no_are_one_of_them(self) -> None:
        for _ in range(SOME):
            request = asked()
            answers = at_once([yes(request), no(request)])
            assert (len(done(answers)), len(answers_written(request))) == (1, 1)
            assert reasons(answers) == {"status_moved"}
            assert invariants.broken() == {}

    def test_control_without_the_lock_it_is_both(self, monkeypatch: pytest.MonkeyPatch) -> None:
        request = asked()
        races.without_any_lock(2, monkeypatch)
        at_once([yes(request), no(request)])
        assert answers_written(request) == {"approve", "decline"}


class TestAnswerAndExpiry:
    """The last instant in which a request can be answered, and the first in which it cannot."""

    def calls(self, request: Booking) -> Calls:
        ends = request.expires_at
        assert ends
        expire = partial(booking.expire, booking=request, now=ends + timedelta(microseconds=1))
        return [yes(request, now=ends), expire]

    def test_approved_or_expired(self) -> None:
        for _ in range(SOME):
            request = asked()
            approved, expired = at_once(self.calls(request))
            assert isinstance(approved, Booking) is not expired
            assert len(answers_written(request)) == 1
            request.refresh_from_db()
            assert request.status == ("expired" if expired else "booked")
            assert invariants.broken() == {}

    def test_control_without_the_lock_it_is_approved_and_its_place_is_gone(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        request = asked()
        races.without_any_lock(2, monkeypatch)
        at_once(self.calls(request))
        assert answers_written(request) == {"approve", "expire"}


class TestTwoRequestsForOnePlace:
    def wishes(self) -> Calls:
        facility = make.facility(places=1, approval=Approval.ON_REQUEST)
        make.opened(facility, races.MONDAY)
        return [races.wish(races.granted(one), facility) for one in races.families(2, facility)]

    def approvals(self, requests: list[Booking]) -> Calls:
        return [yes(request) for request in requests]

    def test_a_request_holds_its_place_so_that_no_two_can_be_approved(self) -> None:
        for _ in range(SOME):
            made = at_once(self.wishes())
            assert (len(done(made)), reasons(made)) == (1, {"no_place"})
            approved = at_once(self.approvals(done(made)) * 2)
            assert (len(done(approved)), reasons(approved)) == (1, {"status_moved"})
            assert invariants.broken() == {}

    def test_control_without_lock_and_seat_belt_both_are_approved(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wishes = self.wishes()
        races.take_away(2, monkeypatch, races.without_days)
        with without("booking_openedday", "no_more_booked_than_offered"):
            approved = at_once(self.approvals(done(at_once(wishes))))
            assert [one.status for one in done(approved)] == ["booked", "booked"]
            assert "more_than_offered" in invariants.broken()

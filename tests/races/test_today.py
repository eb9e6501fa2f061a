"""A parent says that the child stays home while it is being received at the door: one of both is true."""

from collections.abc import Callable
from copy import deepcopy
from functools import partial
from typing import Any

import pytest

from daredemo.attendance.actions import staff, today
from daredemo.attendance.models import Visit
from daredemo.booking import invariants, queries
from daredemo.booking.models import Booking
from daredemo.notifications.models import Message
from tests import make
from tests.races.at_once import ROUNDS, at_once, reasons
from tests.races.test_booking import unheld

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
BEFORE, AFTER = make.at("2026-04-13 08:55"), make.at("2026-04-13 09:05")
SOME = max(ROUNDS, 3)


def sides(moment: Any) -> tuple[Booking, list[Callable[[], Any]]]:
    """Two taps of the family and two of the staff."""
    family, facility = make.family(), make.facility()
    made = make.booking(family, facility, "2026-04-13 09:00", minutes=120)
    member = make.member(facility)
    member.user.email = "encho@example.jp"
    member.user.save(update_fields=["email"])
    home = partial(today.stay_home, booking=made, seen=made.revision, by=family.user, now=moment)
    receive = partial(staff.receive, booking=made, by=member.user, now=moment)
    return made, [home, receive, home, receive]


@pytest.mark.parametrize("moment", [BEFORE, AFTER])
def test_at_home_or_here_and_never_both(moment: Any) -> None:
    for _ in range(SOME):
        made, calls = sides(moment)
        answers = at_once(calls)
        made.refresh_from_db()
        visit = Visit.objects.filter(booking=made).first()
        at_home = made.status == "cancelled" or (visit is not None and visit.state == "absent")
        assert at_home is (made.begun_at is None)
        assert reasons(answers) <= {"already_checked_in", "status_moved"}
        told = Message.objects.filter(kind="family_told", key__startswith=f"absent:{made.pk}")
        assert at_home <= told.count() <= 1  # staff may receive whoever comes all the same
        assert invariants.broken() == {}


def test_control_without_the_lock_both_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have read before either writes."""
    made, (home, receive, *_) = sides(BEFORE)
    read = unheld(made.pk)
    monkeypatch.setattr(queries, "hold_booking", lambda pk, with_day=False: deepcopy(read))
    home()
    receive()
    made.refresh_from_db()
    assert made.status == "cancelled"
    assert Visit.objects.get(booking=made).state == "here"

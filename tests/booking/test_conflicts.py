"""More is booked than lawful: a conflict opens for its owner and takes nobody more in; nobody must go."""

from datetime import time, timedelta
from functools import partial
from uuid import uuid4

import pytest

from daredemo.audit.models import Entry
from daredemo.booking import actions as booking
from daredemo.booking import invariants, letters_conflict, sweeps
from daredemo.booking import queries as bookings
from daredemo.booking.models import Booking, Conflict
from daredemo.facilities import actions as facilities
from daredemo.facilities.models import Facility, Kind
from daredemo.notifications import mails
from daredemo.notifications.models import Message
from daredemo.rules.refusal import Refused
from tests import make
from tests.staffing import INFANT, MONDAY, NINE, NOON, change, fill, free, off, open_conflict, opened, staffed

pytestmark = pytest.mark.django_db


@pytest.fixture
def facility() -> Facility:
    return make.facility(places=20)


def test_it_opens_for_its_owner_and_takes_nobody_more_in(facility: Facility) -> None:
    ill = staffed(facility, qualified=3)[0]
    make.opened(facility, MONDAY)
    made = fill(facility, 7)
    member = make.member(facility)
    booking.change_roster(
        facility=facility, verb=facilities.set_duty, carer=ill, day=MONDAY, by=member.user, now=make.NOW
    )
    (conflict,) = bookings.conflicts(member, make.NOW)
    assert (conflict.cells, conflict.limits, conflict.owner) == ([NINE, NINE + 1], ["staff"], member)
    assert (opened().offered[NINE], opened().lawful[NINE], free(opened())) == (14, 12, (0, 0, 0))
    assert bookings.affected(conflict) == made
    assert {one.status for one in Booking.objects.all()} == {"booked"}
    assert free(opened(), NOON) == (6, 12, 12)
    assert invariants.broken() == {}


def test_it_ends_when_staff_come_or_a_family_stays_away(facility: Facility) -> None:
    ill = staffed(facility, qualified=3)[0]
    make.opened(facility, MONDAY)
    made = fill(facility, 7)
    off(ill)
    change(facility, facilities.clear_duty, carer=ill, day=MONDAY)
    first = Conflict.objects.get()
    assert (first.outcome, open_conflict()) == ("settled", None)
    off(ill)
    booking.undo_booking(booking=made[0], by=made[0].booked_by, now=make.NOW)
    first, second = Conflict.objects.order_by("id")
    assert (first.outcome, second.outcome) == ("settled", "settled")
    assert (opened().offered[NINE], free(opened())) == (12, (0, 0, 0))
    assert invariants.broken() == {}
    Conflict.objects.filter(pk=second.pk).update(resolved_at=None)
    assert set(invariants.broken()) == {"conflict_differs_from_places"}


def test_a_place_that_comes_free_while_it_lasts_is_not_offered_again(facility: Facility) -> None:
    ill = staffed(facility, qualified=3)[0]
    make.opened(facility, MONDAY)
    made = fill(facility, 9)
    off(ill)
    ended = booking.cancel_by_facility(booking=made[0], words="", by=None, now=make.NOW)
    assert (ended.hours_consumed, ended.fee_charged) == (False, "no")
    assert (opened().offered[NINE], free(opened())) == (16, (0, 0, 0))
    assert open_conflict() is not None
    assert invariants.broken() == {}


def test_who_stays_away_cannot_change_their_mind_while_it_lasts(facility: Facility) -> None:
    ill = staffed(facility, qualified=3)[0]
    make.opened(facility, MONDAY)
    first = fill(facility, 7)[0]
    off(ill)
    booking.cancel(booking=first, by=first.booked_by, now=make.NOW)
    again = partial(
        booking.book, child=first.child_id, facility=facility.pk, starts_at=first.starts_at, minutes=60,
        guardian=first.guardian, by=first.booked_by, request_key=uuid4(),
    )  # fmt: skip
    with pytest.raises(Refused, match="no_place"):
        again(now=make.NOW)
    assert sweeps.release_cancelled(make.NOW + timedelta(minutes=11)) == 1
    assert open_conflict() is None
    with pytest.raises(Refused, match="no_place"):
        again(now=make.NOW + timedelta(minutes=12))


def test_its_half_hours_follow(facility: Facility) -> None:
    ill = staffed(facility, qualified=3)[0]
    make.opened(facility, MONDAY)
    fill(facility, 7, minutes=120)
    off(ill)
    assert open_conflict().cells == [18, 19, 20, 21]  # type: ignore[union-attr]
    off(ill, starts=time(8), ends=time(10))
    assert open_conflict().cells == [20, 21]  # type: ignore[union-attr]
    assert Conflict.objects.count() == 1
    assert invariants.broken() == {}


def test_more_enrolled_than_there_is_room_for() -> None:
    facility = make.facility(places=20, kind=Kind.SPARE)
    staffed(facility, qualified=8, capacity=10, enrolled=(2, 2, 2))
    make.opened(facility, MONDAY)
    fill(facility, 4)
    change(facility, facilities.set_enrolled, week={0: (3, 3, 3)}, valid_from=MONDAY)
    assert open_conflict().limits == ["capacity"]  # type: ignore[union-attr]
    # One may stay: the others' places are lawful no more.
    assert (opened().lawful[NINE], opened().offered[NINE], opened().ceiling_all[NINE]) == (2, 8, 4)
    assert invariants.broken() == {}


def test_too_many_in_the_day(facility: Facility) -> None:
    staffed(facility, qualified=3)
    make.opened(facility, MONDAY)
    made = [*fill(facility, 2), *fill(facility, 1, "13:00")]
    change(facility, facilities.describe_premises, most_a_day=2)
    conflict = open_conflict()
    assert conflict is not None
    assert (conflict.cells, conflict.limits) == ([], ["day"])
    assert bookings.affected(conflict) == made
    assert free(opened(), NOON) == (0, 0, 0)
    booking.undo_booking(booking=made[2], by=made[2].booked_by, now=make.NOW)
    assert open_conflict() is None
    assert (opened().day_ceiling, free(opened(), NOON)) == (2, (0, 0, 0))
    assert invariants.broken() == {}


def test_a_closed_day_has_none_and_a_day_that_is_over_keeps_its_history(facility: Facility) -> None:
    ill = staffed(facility, qualified=3)[0]
    make.opened(facility, MONDAY, MONDAY + timedelta(days=1))
    fill(facility, 7)
    off(ill)
    tomorrow = make.at("2026-04-14 00:10")
    assert sweeps.pass_conflicts(make.at("2026-04-13 23:00")) == 0
    assert (sweeps.pass_conflicts(tomorrow), sweeps.pass_conflicts(tomorrow)) == (1, 0)
    assert Conflict.objects.get().outcome == "passed"
    assert invariants.broken() == {}
    for _ in range(7):
        make.booking(make.family(born=INFANT), facility, "2026-04-14 09:00")
    off(ill, MONDAY + timedelta(days=1))
    booking.close_day(facility=facility, day=MONDAY + timedelta(days=1), reason="…", by=None, now=make.NOW)
    assert Conflict.objects.latest("id").outcome == "closed"
    assert invariants.broken() == {}


def test_somebody_takes_it_on(facility: Facility) -> None:
    ill = staffed(facility, qualified=3)[0]
    make.opened(facility, MONDAY)
    fill(facility, 7)
    manager, member = make.member(facility), make.member(facility, name="職員 ふみ")
    off(ill)
    conflict = bookings.conflicts(member, make.NOW).get()
    assert conflict.owner == manager
    booking.take_on(conflict=conflict, member=member, by=member.user, now=make.NOW)
    assert bookings.conflict_of(member, conflict.pk).owner == member
    assert Entry.objects.filter(action__startswith="conflict.").count() == 2


def test_nobody_sees_another_facilitys(facility: Facility) -> None:
    ill = staffed(facility, qualified=3)[0]
    make.opened(facility, MONDAY)
    fill(facility, 7)
    off(ill)
    stranger = make.member(make.facility(name="べつの園"))
    assert not bookings.conflicts(stranger, make.NOW)
    with pytest.raises(Conflict.DoesNotExist):
        bookings.conflict_of(stranger, Conflict.objects.get().pk)


def test_its_owner_is_told_once_and_only_if_it_still_stands(facility: Facility) -> None:
    ill, other, _ = staffed(facility, qualified=3)
    make.opened(facility, MONDAY)
    fill(facility, 7)
    manager = make.member(facility).user
    off(ill)
    told = Message.objects.get(kind="conflict_opened")
    assert (told.to_id, told.due_at) == (manager.pk, make.NOW + timedelta(minutes=10))
    mail = mails.compose(told, make.NOW)
    assert "2026年4月13日(月)の予約が多くなりました" in mail.subject
    assert f"/facility/conflicts/{Conflict.objects.get().pk}/" in mail.body
    off(other)  # the same conflict, only worse
    change(facility, facilities.set_duty, carer=other, day=MONDAY)
    sweeps.open_next_window(make.NOW)
    assert Message.objects.filter(kind="conflict_opened").count() == 1
    assert letters_conflict.is_still_open(told, make.NOW)
    for one in (ill, other):
        change(facility, facilities.clear_duty, carer=one, day=MONDAY)
    assert not letters_conflict.is_still_open(told, make.NOW)

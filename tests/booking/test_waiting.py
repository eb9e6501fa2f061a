"""The waiting list: entering a full day's line, and being offered a place."""

from datetime import date, timedelta

import pytest

from daredemo.audit.models import Entry
from daredemo.booking import actions as booking
from daredemo.booking import invariants, sweeps
from daredemo.booking.models import Booking, ChildMonth, Offer, OpenedDay, Waiting, Wish
from daredemo.certification.models import Certificate
from daredemo.facilities.models import Approval, Facility
from daredemo.interviews.models import InterviewChild
from daredemo.notifications.models import Message
from daredemo.rules.refusal import Reason
from tests import make
from tests.booking.in_line import DEADLINE, LATER, MONDAY, NINE, free, offered, refused, take, wait

pytestmark = pytest.mark.django_db


@pytest.fixture
def facility() -> Facility:
    """One place, taken from nine until three."""
    return make.facility(places=1)


@pytest.fixture
def taken(facility: Facility) -> Booking:
    return make.booking(make.family(), facility, "2026-04-13 09:00", minutes=180)


class TestEntering:
    def test_a_full_day_is_waited_for_and_the_wish_is_remembered(
        self, facility: Facility, taken: Booking
    ) -> None:
        entry = wait(facility)
        assert (entry.status, entry.date, entry.day_id) == ("waiting", MONDAY, taken.day_id)
        assert Entry.objects.filter(action="waiting.join").count() == 1
        wish = Wish.objects.get()
        assert (wish.reason, wish.first_cell, wish.last_cell, wish.age_group) == ("no_place", 22, 23, 1)
        assert invariants.broken() == {}

    def test_what_is_free_is_booked_not_waited_for(self, facility: Facility, taken: Booking) -> None:
        until = NINE + timedelta(hours=4)
        facts = refused(Reason.PLACE_FREE, wait, facility, until=until)
        assert facts == {"start": NINE + timedelta(hours=3), "end": until}

    def test_nobody_waits_for_what_would_be_refused_anyway(self, facility: Facility, taken: Booking) -> None:
        stranger, old = make.family(), make.family(born=date(2023, 4, 14))
        refused(
            Reason.INTERVIEW_MISSING, booking.join, guardian=stranger.guardian, child=stranger.child.pk,
            facility=facility.pk, since=NINE, until=NINE + timedelta(hours=3), minutes=60, by=stranger.user,
            now=make.NOW,
        )  # fmt: skip
        refused(Reason.TOO_OLD, wait, facility, old)
        refused(Reason.TOO_SHORT, wait, facility, minutes=240)
        refused(Reason.WISH_BACKWARDS, wait, facility, until=NINE)
        refused(Reason.TOO_LATE_TO_WAIT, wait, facility, now=NINE)
        later = NINE + timedelta(days=1)
        refused(Reason.DAY_NOT_OPEN, wait, facility, since=later, until=later + timedelta(hours=3))
        assert not Waiting.objects.exists()

    def test_one_entry_for_a_child_and_day(self, facility: Facility, taken: Booking) -> None:
        family = make.family()
        entry = wait(facility, family)
        assert wait(facility, family) == entry
        assert refused(Reason.ALREADY_WAITING, wait, facility, family, minutes=120) == {"day": MONDAY}
        booking.leave(entry=entry, by=family.user, now=make.NOW)
        assert wait(facility, family, minutes=120) != entry

    def test_another_familys_child_does_not_exist(self, facility: Facility, taken: Booking) -> None:
        family, other = make.family(), make.family()
        with pytest.raises(type(family.child).DoesNotExist):
            booking.join(
                guardian=other.guardian, child=family.child.pk, facility=facility.pk, since=NINE,
                until=NINE + timedelta(hours=3), minutes=60, by=other.user, now=make.NOW,
            )  # fmt: skip


class TestOffering:
    def test_nothing_is_offered_while_the_cancellation_can_be_undone(
        self, facility: Facility, taken: Booking
    ) -> None:
        wait(facility)
        booking.cancel(booking=taken, by=taken.booked_by, now=make.NOW)
        assert sweeps.offer_freed(make.NOW + timedelta(minutes=9)) == 0
        booking.undo_cancel(booking=taken, by=taken.booked_by, now=make.NOW + timedelta(minutes=9))
        assert sweeps.offer_freed(LATER) == 0

    def test_the_first_in_line_is_offered_the_longest_that_fits_and_nobody_else(
        self, facility: Facility, taken: Booking
    ) -> None:
        first, second = wait(facility), wait(facility)
        free(taken)
        assert sweeps.offer_freed(LATER) == 1
        assert sweeps.offer_freed(LATER) == 0
        offer = offered(first)
        assert (offer.starts_at, offer.ends_at) == (NINE, NINE + timedelta(hours=3))
        assert offer.answer_by == DEADLINE
        day = OpenedDay.objects.get()
        assert (day.day_booked, day.booked_1[17:25]) == (1, [0, 1, 1, 1, 1, 1, 1, 0])
        second.refresh_from_db()
        assert second.status == "waiting"
        assert Message.objects.filter(kind="place_offered").count() == 1
        # Hours are not kept.
        assert sum(ChildMonth.objects.values_list("spent_minutes", flat=True)) == 0
        assert invariants.broken() == {}

    def test_nobody_else_can_book_what_is_kept(self, facility: Facility, taken: Booking) -> None:
        wait(facility)
        free(taken)
        sweeps.offer_freed(LATER)
        refused(Reason.NO_PLACE, make.booking, make.family(), facility, "2026-04-13 10:00", now=LATER)

    def test_who_cannot_use_it_is_passed_over_and_keeps_the_place_in_line(
        self, facility: Facility, taken: Booking
    ) -> None:
        spent, ended, declined, elsewhere, able = (wait(facility) for _ in range(5))
        ChildMonth.objects.filter(child=spent.child).delete()
        other = make.facility(name="べつの園")
        family = make.Family(spent.guardian, (spent.child,))
        for day in ("2026-04-14", "2026-04-15", "2026-04-16"):
            make.booking(family, other, f"{day} 09:00", minutes=180)
        make.booking(family, other, "2026-04-17 09:00", minutes=60)
        Certificate.objects.filter(child=ended.child).update(ended_on=MONDAY - timedelta(days=1))
        InterviewChild.objects.filter(child=declined.child).update(outcome="declined")
        there = make.Family(elsewhere.guardian, (elsewhere.child,))
        make.booking(there, other, "2026-04-13 09:00", minutes=180)
        free(taken)
        assert sweeps.offer_freed(LATER) == 1
        assert Offer.objects.get().waiting == able
        assert set(Waiting.objects.exclude(pk=able.pk).values_list("status", flat=True)) == {"waiting"}
        Certificate.objects.filter(child=ended.child).update(ended_on=None)
        booking.decline(offer=offered(able), by=able.guardian.user, now=LATER)
        sweeps.offer_freed(LATER)
        assert Offer.objects.get(status="open").waiting == ended

    def test_two_free_places_go_to_two_of_three(self) -> None:
        facility = make.facility(places=2)
        both = [make.booking(make.family(), facility, "2026-04-13 09:00", minutes=180) for _ in range(2)]
        line = [wait(facility) for _ in range(3)]
        for one in both:
            booking.cancel(booking=one, by=one.booked_by, now=make.NOW)
        sweeps.release_cancelled(LATER)
        assert sweeps.offer_freed(LATER) == 2
        assert set(Offer.objects.values_list("waiting", flat=True)) == {line[0].pk, line[1].pk}

    def test_one_place_for_two_short_visits_goes_to_two(self, facility: Facility, taken: Booking) -> None:
        early = wait(facility, until=NINE + timedelta(hours=1))
        late = wait(facility, since=NINE + timedelta(hours=2))
        free(taken)
        assert sweeps.offer_freed(LATER) == 2
        assert offered(early).ends_at <= offered(late).starts_at

    def test_a_child_in_two_lines_is_kept_one_place_at_a_time(
        self, facility: Facility, taken: Booking
    ) -> None:
        other = make.facility(name="べつの園", places=1)
        full = make.booking(make.family(), other, "2026-04-13 09:00", minutes=180)
        family = make.family()
        wait(facility, family)
        there = wait(other, family)
        for one in (taken, full):
            booking.cancel(booking=one, by=one.booked_by, now=make.NOW)
        sweeps.release_cancelled(LATER)
        assert sweeps.offer_freed(LATER) == 1
        open_ = Offer.objects.get()
        booking.decline(offer=open_, by=family.user, now=LATER)
        assert sweeps.offer_freed(LATER) == 1
        assert {one.waiting.facility_id for one in Offer.objects.all()} == {facility.pk, other.pk}
        assert offered(there if open_.waiting_id != there.pk else Waiting.objects.get(facility=facility))

    def test_every_way_a_place_becomes_free_is_found(self, facility: Facility, taken: Booking) -> None:
        entry = wait(facility)
        booking.cancel_by_facility(booking=taken, words="…", by=None, now=make.NOW)
        assert sweeps.offer_freed(make.NOW) == 1
        booking.decline(offer=offered(entry), by=entry.guardian.user, now=make.NOW)
        again = make.booking(make.family(), facility, "2026-04-13 09:00", minutes=180)
        wait(facility)
        booking.undo_booking(booking=again, by=again.booked_by, now=make.NOW)
        assert sweeps.offer_freed(make.NOW) == 1

    def test_a_declined_request_and_more_places_are_found(self) -> None:
        facility = make.facility(places=1, approval=Approval.ON_REQUEST)
        asked = make.booking(make.family(), facility, "2026-04-13 09:00", minutes=180)
        first, second = wait(facility), wait(facility)
        booking.answer_request(
            booking=asked, approve=False, ground="care_not_safe", words="…", by=make.member(facility).user,
            now=make.NOW,
        )  # fmt: skip
        sweeps.offer_freed(make.NOW)
        assert Offer.objects.get().waiting == first
        facility.patterns.update(places=2)
        make.opened(facility, MONDAY)
        sweeps.offer_freed(make.NOW)
        assert offered(second)
        made = take(offered(second), now=make.NOW)
        assert (made.status, made.expires_at is None) == ("requested", False)

    def test_at_night_the_place_is_kept_and_the_mail_waits_for_the_morning(
        self, facility: Facility, taken: Booking
    ) -> None:
        entry = wait(facility)
        night = make.at("2026-04-06 23:30")
        booking.cancel(booking=taken, by=taken.booked_by, now=night - timedelta(hours=1))
        sweeps.release_cancelled(night)
        sweeps.offer_freed(night)
        assert offered(entry).answer_by == make.at("2026-04-07 19:00")
        assert Message.objects.get(kind="place_offered").due_at == make.at("2026-04-07 07:00")

    def test_nothing_is_offered_under_three_hours(self, facility: Facility, taken: Booking) -> None:
        wait(facility, until=NINE + timedelta(hours=1))
        booking.cancel_by_facility(booking=taken, words="…", by=None, now=make.NOW)
        morning = make.at("2026-04-12 20:59")
        assert sweeps.offer_freed(make.at("2026-04-12 21:00")) == 0  # seven in the morning is too late
        assert sweeps.offer_freed(morning) == 1
        assert Offer.objects.get().answer_by == make.at("2026-04-13 07:29")

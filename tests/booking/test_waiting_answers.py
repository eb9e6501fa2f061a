"""The waiting list: taking what is offered, declining it, letting it pass; and what is seen of it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from daredemo.booking import actions as booking
from daredemo.booking import invariants, letters_waiting, sweeps
from daredemo.booking import queries as bookings
from daredemo.booking.models import Booking, Offer, OpenedDay, Waiting, Wish
from daredemo.certification.models import Certificate
from daredemo.facilities.models import Facility
from daredemo.notifications import mails
from daredemo.notifications.models import Message
from daredemo.rules.refusal import Reason
from tests import make
from tests.booking.in_line import DEADLINE, LATER, MONDAY, NINE, free, offered, refused, take, wait
from tests.booking.test_sweeps import broken_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def facility() -> Facility:
    """One place, taken from nine until three."""
    return make.facility(places=1)


@pytest.fixture
def taken(facility: Facility) -> Booking:
    return make.booking(make.family(), facility, "2026-04-13 09:00", minutes=180)


class TestAnswering:
    @pytest.fixture
    def offer(self, facility: Facility, taken: Booking) -> Offer:
        entry = wait(facility)
        free(taken)
        sweeps.offer_freed(LATER)
        return offered(entry)

    def test_taking_it_is_one_booking_and_the_place_is_counted_once(self, offer: Offer) -> None:
        made = take(offer)
        assert (made.status, made.minutes, made.starts_at) == ("booked", 180, NINE)
        offer.refresh_from_db()
        assert (offer.status, offer.booking, offer.waiting.status) == ("taken", made, "booked")
        assert OpenedDay.objects.get().day_booked == 1
        assert Message.objects.filter(kind="booked", key__contains=str(made.pk)).count() == 1
        assert invariants.broken() == {}
        assert sweeps.expire_offers(DEADLINE + timedelta(days=1)) == 0

    def test_the_same_request_twice_is_one_booking_and_another_is_refused(self, offer: Offer) -> None:
        key = uuid4()
        assert take(offer, request_key=key) == take(offer, request_key=key)
        refused(Reason.OVERLAPS_OWN_BOOKING, take, offer)
        assert Booking.objects.filter(status="booked").count() == 1

    def test_until_the_last_instant_and_not_after(self, offer: Offer) -> None:
        late = DEADLINE + timedelta(microseconds=1)
        assert refused(Reason.OFFER_OVER, take, offer, now=late) == {"expired_at": DEADLINE}
        assert not Wish.objects.filter(reason="offer_over").exists()
        assert take(offer, now=DEADLINE).status == "booked"

    def test_what_the_law_refuses_passes_at_once_to_the_next_in_line(
        self, facility: Facility, offer: Offer
    ) -> None:
        second = wait(facility, now=LATER)
        Certificate.objects.filter(child=offer.child).update(ended_on=MONDAY - timedelta(days=1))
        for _ in range(2):
            refused(Reason.CERTIFICATE_NOT_VALID_ON_DAY, take, offer)
        offer.refresh_from_db()
        assert (offer.status, offer.waiting.status) == ("dropped", "waiting")
        assert offered(second).answer_by == DEADLINE
        asked = Message.objects.filter(kind="place_offered", to=second.guardian.user)
        assert asked.count() == 1
        told = mails.compose(Message.objects.get(kind="place_passed"), LATER).body
        assert "きまりに合わなくなっていた" in told
        assert "空き待ちはつづいています" in told
        assert (OpenedDay.objects.get().day_booked, invariants.broken()) == (1, {})

    def test_hours_that_were_spent_meanwhile_leave_the_shorter_use(self, offer: Offer) -> None:
        family = make.Family(offer.waiting.guardian, (offer.child,))
        other = make.facility(name="べつの園")
        for day, minutes in (("14", 180), ("15", 180), ("16", 120)):
            make.booking(family, other, f"2026-04-{day} 09:00", minutes=minutes, now=LATER)
        refused(Reason.NO_HOURS_LEFT, take, offer)
        assert offered(offer.waiting).ends_at == NINE + timedelta(hours=2)
        assert take(offered(offer.waiting)).minutes == 120

    def test_new_rules_are_read_first_and_the_place_is_kept(self, offer: Offer) -> None:
        refused(Reason.CONSENT_MISSING, take, offer, agreed=uuid4())
        offer.refresh_from_db()
        assert offer.status == "open"
        assert take(offer).minutes == 180

    def test_the_window_may_have_closed(self, facility: Facility, taken: Booking) -> None:
        entry = wait(facility)
        evening = make.at("2026-04-12 17:00")
        booking.cancel_by_facility(booking=taken, words="…", by=None, now=evening)
        sweeps.offer_freed(evening)
        refused(Reason.NO_PLACE, make.booking, make.family(), facility, "2026-04-13 09:00", now=make.NOW)
        assert take(offered(entry), now=evening).status == "booked"

    def test_declining_gives_it_to_the_next(self, facility: Facility, offer: Offer) -> None:
        # A day that is kept for somebody is full for everybody else.
        second = wait(facility, now=LATER)
        booking.decline(offer=offer, by=offer.waiting.guardian.user, now=LATER)
        assert sweeps.offer_freed(LATER) == 1
        assert offered(second)
        refused(Reason.OFFER_OVER, booking.decline, offer=offer, by=offer.waiting.guardian.user, now=LATER)
        refused(Reason.OFFER_OVER, take, offer)
        assert Message.objects.filter(kind="place_passed").count() == 0

    def test_leaving_the_line_gives_it_back_too(self, offer: Offer) -> None:
        by = offer.waiting.guardian.user
        for _ in range(2):
            booking.leave(entry=offer.waiting, by=by, now=LATER)
        assert (OpenedDay.objects.get().day_booked, invariants.broken()) == (0, {})

    def test_letting_it_pass_is_told_once_and_the_next_is_asked(
        self, facility: Facility, offer: Offer
    ) -> None:
        second = wait(facility, now=LATER)
        assert sweeps.expire_offers(DEADLINE) == 0
        late = DEADLINE + timedelta(seconds=1)
        assert sweeps.expire_offers(late) == 1
        assert sweeps.expire_offers(late) == 0
        offer.refresh_from_db()
        assert (offer.status, offer.waiting.status) == ("expired", "expired")
        passed = Message.objects.get(kind="place_passed")
        assert "お返事がなかった" in mails.compose(passed, late).body
        assert sweeps.offer_freed(late) == 1
        assert offered(second)
        assert invariants.broken() == {}

    def test_a_child_that_is_elsewhere_then_gives_the_place_back_and_stays_in_line(
        self, facility: Facility, offer: Offer
    ) -> None:
        family = make.Family(offer.waiting.guardian, (offer.child,))
        make.booking(family, make.facility(name="べつの園"), "2026-04-13 10:00", now=LATER)
        assert set(invariants.broken()) == {"place_kept_for_a_child_elsewhere"}
        assert sweeps.expire_offers(LATER) == 1
        offer.refresh_from_db()
        assert (offer.status, offer.waiting.status) == ("dropped", "waiting")
        assert invariants.broken() == {}
        sweeps.offer_freed(LATER)
        # The hour before that other visit would still do.
        assert offered(offer.waiting).ends_at == NINE + timedelta(hours=1)

    def test_closing_the_day_ends_what_is_kept_and_the_line(self, facility: Facility, offer: Offer) -> None:
        second = wait(facility, now=LATER)
        for _ in range(2):
            booking.close_day(facility=facility, day=MONDAY, reason="台風", by=None, now=LATER)
        refused(Reason.FACILITY_CLOSED, take, offer)
        offer.refresh_from_db()
        second.refresh_from_db()
        assert (offer.status, offer.waiting.status, second.status) == ("dropped", "closed", "closed")
        told = Message.objects.filter(kind="waiting_closed")
        assert {one.to for one in told} == {offer.waiting.guardian.user, second.guardian.user}
        assert (told.count(), Message.objects.filter(kind="place_passed").count()) == (2, 0)
        assert "園から: 台風" in mails.compose(told[0], LATER).body
        assert (sweeps.expire_offers(LATER), sweeps.offer_freed(LATER)) == (0, 0)
        assert bookings.waits_of(offer.waiting.guardian, LATER) == []
        assert invariants.broken() == {}

    def test_the_mail_says_until_when_and_is_not_sent_when_it_is_too_late(self, offer: Offer) -> None:
        message = Message.objects.get(kind="place_offered")
        mail = mails.compose(message, LATER)
        assert str(mail.subject) == "枠があきました。2026年4月7日(火)8時11分までお返事ください"
        for said in ("2026年4月13日(月)9:00〜12:00", "3時間", "900円", f"/offers/{offer.pk}/"):
            assert said in mail.body
        assert "予約番号" not in mail.body
        assert letters_waiting.is_still_kept(message, DEADLINE)
        assert not letters_waiting.is_still_kept(message, DEADLINE + timedelta(seconds=1))
        booking.decline(offer=offer, by=offer.waiting.guardian.user, now=LATER)
        assert not letters_waiting.is_still_kept(message, LATER)


class TestSeeing:
    def test_a_family_sees_its_own_place_in_line(self, facility: Facility, taken: Booking) -> None:
        wait(facility)
        family = make.family()
        entry = wait(facility, family, now=make.NOW + timedelta(minutes=1))
        wait(facility, now=make.NOW + timedelta(minutes=2))
        assert [(one.entry, one.place) for one in bookings.waits_of(family.guardian, make.NOW)] == [
            (entry, 2)
        ]
        other = make.guardian()
        with pytest.raises(Waiting.DoesNotExist):
            bookings.waiting_of(other, entry.pk)
        assert bookings.waits_of(other, make.NOW) == []
        assert bookings.waits_of(family.guardian, make.at("2026-04-13 11:00")) == []

    def test_an_offer_is_seen_by_its_family_only_and_while_it_stands(
        self, facility: Facility, taken: Booking
    ) -> None:
        entry = wait(facility)
        free(taken)
        sweeps.offer_freed(LATER)
        offer = offered(entry)
        assert list(bookings.open_offers(entry.guardian, LATER)) == [offer]
        assert list(bookings.open_offers(entry.guardian, DEADLINE + timedelta(seconds=1))) == []
        assert list(bookings.open_offers(make.guardian(), LATER)) == []
        with pytest.raises(Offer.DoesNotExist):
            bookings.offer_of(make.guardian(), offer.pk)
        quote = bookings.quote_offer(offer, LATER)
        assert (quote.terms.left_after, quote.terms.bill.total) == (420, 900)

    def test_a_facility_sees_how_many_by_age_and_nobody_elses(
        self, facility: Facility, taken: Booking
    ) -> None:
        wait(facility)
        wait(facility)
        wait(facility, make.family(born=date(2025, 6, 1)))
        (seen,) = bookings.waiters_at(make.member(facility), MONDAY, MONDAY, make.NOW).items()
        assert seen == (MONDAY, bookings.Waiters((1, 2, 0)))
        assert seen[1].count == 3
        assert bookings.waiters_at(make.member(make.facility()), MONDAY, MONDAY, make.NOW) == {}


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        ("offer_without_its_entry", "UPDATE booking_waiting SET status = 'waiting'"),
        ("offer_taken_without_booking", "UPDATE booking_offer SET status = 'taken'"),
        ("day_differs_from_bookings", "UPDATE booking_offer SET status = 'declined'"),
        ("places_differ_from_bookings", "UPDATE booking_offer SET starts_at = starts_at + interval '1 hour'"),
        (
            "places_kept_twice",
            """ALTER TABLE booking_offer DROP CONSTRAINT one_place_kept_at_a_time;
               DROP INDEX one_offer_at_a_time;
               INSERT INTO booking_offer (id, waiting_id, child_id, day_id, date, starts_at, ends_at,
                                          age_group, status, offered_at, answer_by)
               SELECT gen_random_uuid(), waiting_id, child_id, day_id, date, starts_at, ends_at,
                      age_group, status, offered_at, answer_by FROM booking_offer""",
        ),
    ],
)
def test_each_invariant_is_shown_red_once(facility: Facility, taken: Booking, name: str, sql: str) -> None:
    wait(facility)
    free(taken)
    sweeps.offer_freed(LATER)
    assert invariants.broken() == {}
    assert name in broken_by(sql)

"""What a process of the chaos does with several bookings at once, and in the waiting list."""

from datetime import timedelta
from uuid import UUID, uuid4

from bench.parts.deeds import Deeds, unlock
from bench.parts.doer import Answer, Deed, Nothing, Verb, now
from bench.parts.mob import Person, Told
from daredemo.booking import actions as booking
from daredemo.booking import queries
from daredemo.booking.models import HOLDING, IN_LINE, Booking, Offer, Waiting
from daredemo.families.models import Guardian
from daredemo.rules.refusal import Refused

Asking = tuple[queries.Asked, ...]


class Together(Deeds):
    def verbs(self) -> list[Verb]:
        """What there is to do, the more often the more often it is named."""
        if self.scene.without_locks:
            unlock()
            return [self.book, self.by_phone]
        return [
            *[self.book] * 8, *[self.by_phone] * 2, *[self.cancel] * 4, self.undo_cancel, self.undo_booking,
            *[self.answer] * 2, self.cancel_by_facility, *[self.use] * 2, self.note_a_call, self.correct,
            self.close, *[self.time_passes] * 4, self.cancel_by_phone, *[self.siblings] * 2,
            *[self.series] * 2, *[self.change] * 2, *[self.join] * 4, *[self.accept] * 4, self.decline,
            self.leave,
        ]  # fmt: skip

    def asked(self, person: Person, children: list[UUID], days: int) -> tuple[Guardian, Asking]:
        first = self.start()
        starts = [first + n * timedelta(days=1) for n in range(days)]
        guardian = Guardian.objects.select_related("user").get(pk=person.guardian)
        return guardian, queries.asked_for(children, starts, 60, uuid4())

    def siblings(self) -> Deed:
        """Two children at one time: both, or none."""
        person = self.person()
        if person.sibling is None:
            raise Nothing
        guardian, asked = self.asked(person, [person.child, person.sibling], 1)

        def deed() -> Answer:
            made = booking.book_all(
                guardian=guardian, facility=person.facility, asked=asked, by=guardian.user, now=now()
            )
            return self.answered(*map(booked, made))

        return deed

    def series(self) -> Deed:
        """Three days in a row: those that are possible."""
        person = self.person()
        guardian, asked = self.asked(person, [person.child], 3)

        def deed() -> Answer:
            found = booking.book_each(
                guardian=guardian, facility=person.facility, asked=asked, by=guardian.user, now=now()
            )
            made = [one for one in found if not isinstance(one, Refused)]
            return self.answered(*map(booked, made)) if made else ("refused",)

        return deed

    def change(self) -> Deed:
        made, starts, key = self.one(*HOLDING), self.start(), uuid4()
        by = self.dice.choice([made.guardian.user, self.staff[made.facility_id]])

        def deed() -> Answer:
            moved = booking.change(
                booking=made,
                guardian=made.guardian,
                starts_at=starts,
                minutes=60,
                by=by,
                request_key=key,
                now=now(),
            )
            return self.answered(booked(moved))

        return deed

    # ── 空き待ち ──────────────────────────────────────────────────────────────────
    def join(self) -> Deed:
        """For a time at which somebody is there."""
        held = self.one(*HOLDING)
        person = self.dice.choice([one for one in self.scene.people if one.facility == held.facility_id])
        guardian = Guardian.objects.select_related("user").get(pk=person.guardian)

        def deed() -> Answer:
            entry = booking.join(
                guardian=guardian, child=person.child, facility=person.facility, since=held.starts_at,
                until=held.starts_at + timedelta(hours=2), minutes=60, by=guardian.user, now=now(),
            )  # fmt: skip
            return self.answered(("waiting.join", str(entry.pk), ""))

        return deed

    def offer(self) -> Offer:
        open_ = Offer.objects.filter(status="open").select_related("waiting__guardian__user")
        latest = list(open_.order_by("-offered_at")[:40])
        if not latest:
            raise Nothing
        return self.dice.choice(latest)

    def accept(self) -> Deed:
        offer, key = self.offer(), uuid4()
        guardian = offer.waiting.guardian

        def deed() -> Answer:
            made = booking.accept(
                offer=offer, guardian=guardian, by=guardian.user, request_key=key, now=now()
            )
            return self.answered(booked(made))

        return deed

    def decline(self) -> Deed:
        offer = self.offer()
        by = offer.waiting.guardian.user
        return self.told("waiting.decline", offer.waiting, booking.decline, offer=offer, by=by)

    def leave(self) -> Deed:
        """Whoever is in line no more has nothing to leave, and nothing is written down."""
        latest = (
            Waiting.objects.filter(status__in=IN_LINE)
            .select_related("guardian__user")
            .order_by("-created_at")
        )
        entries = list(latest[:40])
        if not entries:
            raise Nothing
        entry = self.dice.choice(entries)

        def deed() -> Answer:
            booking.leave(entry=entry, by=entry.guardian.user, now=now())
            return self.answered()

        return deed


def booked(made: Booking) -> Told:
    return "book", str(made.pk), str(made.request_key)

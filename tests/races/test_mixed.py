"""Every door at once: families book, undo, cancel and take back; staff fall ill, close and reopen."""

import os
import random
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest

from daredemo.booking import actions as booking
from daredemo.booking import invariants, sweeps
from daredemo.booking.models import HOLDING, Booking, Offer, Waiting
from daredemo.facilities import actions as facilities
from daredemo.facilities.models import Approval, ClosedHours, Facility
from daredemo.rules.cancel import Event
from daredemo.rules.refusal import Refused
from tests import make, staffing
from tests.races.at_once import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
OPERATIONS = int(os.environ.get("DAREDEMO_MIXED_OPERATIONS", "200"))  # a nightly run asks for more
SEEDS = int(os.environ.get("DAREDEMO_MIXED_SEEDS", "1"))
MONDAY = date(2026, 4, 13)


class Town:
    """A few families, two facilities, one week: small enough that everybody stands in everybody's way."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.facilities = [make.facility(places=2), make.facility(places=1, approval=Approval.ON_REQUEST)]
        self.families = [make.family() for _ in range(5)]
        self.staff = [make.member(facility).user for facility in self.facilities]
        self.carers = staffing.staffed(self.facilities[0])
        for facility in self.facilities:
            make.opened(facility, MONDAY, MONDAY + timedelta(days=4))
            for family in self.families:
                make.accepted(family.child, facility)

    def operation(self, number: int) -> Callable[[], str]:
        """One deed of one seed and number; its name, and how it ended."""

        def act() -> str:
            dice = random.Random(self.seed * 1_000_003 + number)
            others = [self.cancel, self.undo, self.answer, self.settle, self.close, self.time, self.roster]
            others += [self.close_hours, self.reopen_hours]
            line = [self.wait, self.wait, self.take, self.leave]
            deed = dice.choice([self.book] * 6 + others + line)
            try:
                deed(dice)
            except Refused as refused:
                return f"{deed.__name__}: {refused.reason}"
            except (Booking.DoesNotExist, Offer.DoesNotExist, Waiting.DoesNotExist):
                return f"{deed.__name__}: nothing to do"
            return deed.__name__

        return act

    def book(self, dice: random.Random) -> None:
        family, facility = dice.choice(self.families), dice.choice(self.facilities)
        later = timedelta(days=dice.randrange(5), minutes=30 * dice.randrange(6))
        starts_at = make.at("2026-04-13 09:00") + later
        booking.book(
            child=family.child.pk, facility=facility.pk, starts_at=starts_at, minutes=dice.choice([60, 120]),
            guardian=family.guardian, by=family.user, request_key=uuid4(), now=make.NOW,
        )  # fmt: skip

    def one(self, dice: random.Random, *statuses: str) -> Booking:
        """One that was in such a state a moment ago."""
        found = list(Booking.objects.filter(status__in=statuses).select_related("booked_by"))
        if not found:
            raise Booking.DoesNotExist
        return dice.choice(found)

    def cancel(self, dice: random.Random) -> None:
        made = self.one(dice, *HOLDING)
        deed = dice.choice([booking.cancel, booking.undo_booking, booking.withdraw_request])
        deed(booking=made, by=made.booked_by, now=make.NOW)

    def undo(self, dice: random.Random) -> None:
        made = self.one(dice, "cancelled")
        booking.undo_cancel(booking=made, by=made.booked_by, now=make.NOW)

    def answer(self, dice: random.Random) -> None:
        made = self.one(dice, "requested")
        booking.answer_request(
            booking=made, approve=dice.random() < 0.5, ground="care_not_safe", words="…",
            by=self.staff[1], now=make.NOW,
        )  # fmt: skip

    def settle(self, dice: random.Random) -> None:
        made = self.one(dice, "booked")
        event = dice.choice([None, *Event])
        booking.begin_use(booking=made, by=self.staff[0], now=make.NOW)
        booking.settle_use(booking=made, event=event, ended_at=made.ends_at, by=None, now=make.NOW)
        if dice.random() < 0.5:
            booking.reopen_use(booking=made, reason="まちがい", by=self.staff[0], now=make.NOW)

    def close(self, dice: random.Random) -> None:
        facility: Facility = dice.choice(self.facilities)
        day = MONDAY + timedelta(days=dice.randrange(5))
        booking.close_day(facility=facility, day=day, reason="…", by=None, now=make.NOW)
        booking.reopen_day(facility=facility, day=day, by=self.staff[0], now=make.NOW)

    def close_hours(self, dice: random.Random) -> None:
        """They stay closed until somebody opens them again."""
        starts_at = make.at("2026-04-13 09:00") + timedelta(days=dice.randrange(5), hours=dice.randrange(3))
        booking.close_hours(
            facility=dice.choice(self.facilities), starts_at=starts_at, reason="…", by=None, now=make.NOW,
            ends_at=starts_at + timedelta(hours=1),
        )  # fmt: skip

    def reopen_hours(self, dice: random.Random) -> None:
        closed = ClosedHours.objects.order_by("?").first()
        if closed is not None:
            booking.reopen_hours(closed=closed, by=self.staff[0], now=make.NOW)

    def roster(self, dice: random.Random) -> None:
        """One of two is away: where children are booked now stands a conflict, until somebody is back."""
        given = {"carer": dice.choice(self.carers), "day": MONDAY + timedelta(days=dice.randrange(5))}
        verb = dice.choice([facilities.set_duty, facilities.clear_duty])
        booking.change_roster(facility=self.facilities[0], verb=verb, by=self.staff[0], now=make.NOW, **given)

    def wait(self, dice: random.Random) -> None:
        family, facility = dice.choice(self.families), dice.choice(self.facilities)
        since = make.at("2026-04-13 09:00") + timedelta(days=dice.randrange(5))
        until = since + timedelta(hours=dice.choice([1, 2]))
        booking.join(
            guardian=family.guardian, child=family.child.pk, facility=facility.pk, since=since, until=until,
            minutes=60, by=family.user, now=make.NOW,
        )  # fmt: skip

    def take(self, dice: random.Random) -> None:
        """Whoever is offered a place takes it or does not."""
        open_ = list(Offer.objects.filter(status="open").select_related("waiting__guardian__user"))
        if not open_:
            raise Offer.DoesNotExist
        offer = dice.choice(open_)
        guardian = offer.waiting.guardian
        if dice.random() < 0.3:
            booking.decline(offer=offer, by=guardian.user, now=make.NOW)
        else:
            booking.accept(
                offer=offer, guardian=guardian, by=guardian.user, request_key=uuid4(), now=make.NOW
            )

    def leave(self, dice: random.Random) -> None:
        entry = Waiting.objects.filter(status__in=["waiting", "offered"]).order_by("?").first()
        if entry is None:
            raise Waiting.DoesNotExist
        booking.leave(entry=entry, by=entry.guardian.user, now=make.NOW)

    def time(self, dice: random.Random) -> None:
        now = make.NOW + timedelta(minutes=dice.choice([5, 11]))
        sweeps.release_cancelled(now)
        sweeps.expire_offers(now)
        sweeps.offer_freed(now)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_whatever_meets_nothing_breaks_and_nobody_waits_for_ever(seed: int) -> None:
    """No error, so no deadlock either; and when undo has ended, every derived number equals its source."""
    town = Town(seed)
    done = Counter(at_once([town.operation(number) for number in range(OPERATIONS)]))
    sweeps.finish_closures(make.NOW)  # what was taken back after it was cancelled for a closing
    sweeps.release_cancelled(make.NOW + timedelta(hours=1))
    sweeps.expire_offers(make.NOW + timedelta(hours=1))
    sweeps.offer_freed(make.NOW + timedelta(hours=1))
    assert invariants.broken() == {}
    assert done["book"] > 5
    assert sum(done.values()) == OPERATIONS

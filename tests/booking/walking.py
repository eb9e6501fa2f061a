"""The town of the random walk, in the database beside the model, and how the two are compared."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from daredemo.booking import invariants, sweeps
from daredemo.booking.models import Booking, ChildMonth, Offer, OpenedDay, Waiting
from daredemo.facilities.models import Approval
from daredemo.rules.refusal import Refused
from tests import make
from tests.booking import oracle_line
from tests.booking.oracle_stay import Stay

# Thursday: the deadline of the first of three days is tomorrow at noon.
BEGINS, MONDAY = make.at("2026-04-09 10:00"), make.at("2026-04-13 00:00")
DAYS = [MONDAY.date() + timedelta(days=n) for n in range(3)]
SWEEPS = (
    sweeps.follow_certificates, sweeps.end_uncertified, sweeps.end_unaccepted, sweeps.finish_closures,
    sweeps.expire_requests, sweeps.release_cancelled, sweeps.expire_offers, sweeps.offer_freed,
)  # fmt: skip


class Town:
    """The same town in the database: made once, put back after every way."""

    def __init__(self) -> None:
        here, there = make.family(children=2), make.family(city="142182")
        self.children = [here.children[0], there.child, here.children[1]]
        self.parents = [here.guardian, there.guardian, here.guardian]
        officers = [make.officer(city) for city in (make.KAKEGAWA, "142182")]
        self.officers = [officers[0], officers[1], officers[0]]
        self.facilities = [make.facility(places=1), make.facility(places=1, approval=Approval.ON_REQUEST)]
        self.staff = [make.member(facility).user for facility in self.facilities]
        for facility in self.facilities:
            make.opened(facility, DAYS[0], DAYS[-1])
            for child in self.children:
                make.accepted(child, facility)


class Beside(RuleBasedStateMachine):
    """A way through the town, in the database and in the model at once."""

    town: Town
    done: Counter[str]  # how often what was done, over all ways

    def __init__(self) -> None:
        super().__init__()
        self.way = transaction.atomic()
        self.way.__enter__()
        self.model = oracle_line.Town(now=BEGINS, places=[1, 1])
        self.made: list[Any] = []  # ids of bookings, in the model's order
        self.joined: list[Any] = []  # … and of entries in line

    def teardown(self) -> None:
        try:
            self.model.now += timedelta(hours=1)
            self.let_sweeps_run()
            self.same()
            assert invariants.broken() == {}
        finally:
            transaction.set_rollback(True)
            self.way.__exit__(None, None, None)

    @property
    def now(self) -> datetime:
        return self.model.now

    def does(self, expected: set[str], action: Any, **given: Any) -> Any:
        """The action does what the model did, or is refused for a reason the model knows."""
        try:
            done = action(**given, now=self.now)
        except Refused as refused:
            done, said = None, refused.reason.value
        else:
            said = "done"
        assert said in (expected or {"done"})
        self.done[action.__name__] += said == "done"
        return done

    def one(self, pick: int) -> tuple[Stay, Booking]:
        index = len(self.made) - 1 - pick % len(self.made)
        return self.model.stays[index], Booking.objects.select_related("booked_by").get(pk=self.made[index])

    @rule()
    def let_sweeps_run(self) -> None:
        self.model.sweep()
        for sweep in SWEEPS:
            sweep(self.now)

    # ── after every step ──────────────────────────────────────────────────────────
    @invariant()
    def same(self) -> None:
        assert (len(self.made), len(self.joined)) == (len(self.model.stays), len(self.model.line))
        kept = {
            one.pk: (one.status, one.hours_consumed, one.released_at is not None, one.begun_at is not None,
                     one.settled_at is not None)
            for one in Booking.objects.all()
        }  # fmt: skip
        told = {
            key: (one.status, one.consumed, one.released, one.begun, one.settled)
            for key, one in zip(self.made, self.model.stays, strict=True)
        }
        assert kept == told, [(kept.get(key), told[key]) for key in told if kept.get(key) != told[key]]
        months = dict(ChildMonth.objects.exclude(cap_minutes=0).values_list("child", "spent_minutes"))
        assert months == {
            self.town.children[child].pk: self.model.spent[child] for child in self.model.opened
        }
        self.same_line()
        taken = self.model.booked()
        for day in OpenedDay.objects.all():
            place = [facility.pk for facility in self.town.facilities].index(day.facility_id)
            for cell in range(18, 30):
                half = MONDAY + timedelta(days=(day.date - DAYS[0]).days, minutes=30 * cell)
                assert day.booked_1[cell] == taken[place, half], f"{day.date} {half:%H:%M} at {place}"
                if day.closed_at is None:
                    offered = 0 if self.model.is_shut(place, half) else self.model.places[place]
                    most = max(offered, taken[place, half])
                    assert day.offered[cell] == most, f"offered on {day.date} {half:%H:%M} at {place}"

    def same_line(self) -> None:
        entries = dict(Waiting.objects.values_list("pk", "status"))
        assert entries == {key: one.status for key, one in zip(self.joined, self.model.line, strict=True)}
        keys = {id(one): key for key, one in zip(self.joined, self.model.line, strict=True)}
        offers = Offer.objects.values_list("waiting", "starts_at", "ends_at", "answer_by", "status")
        told = Counter(
            (keys[id(one.entry)], one.stay.starts, one.stay.ends, one.answer_by, one.status)
            for one in self.model.kept
        )
        assert Counter(offers) == told, [Counter(offers) - told, told - Counter(offers)]

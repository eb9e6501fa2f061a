"""Several times or children at one facility: decided in turn, each with those before it counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from daredemo.booking.models import Booking, BookingStatus
from daredemo.booking.queries import choosing, reading
from daredemo.booking.queries.situation import Situation
from daredemo.rules import booking as rules
from daredemo.rules import hours
from daredemo.rules.refusal import Refused

Situations = Mapping[UUID, Situation]  # by child


@dataclass(frozen=True, slots=True)
class Asked:
    """One booking that is wanted; the same key never makes a second one."""

    child: UUID
    starts_at: datetime
    minutes: int
    key: UUID

    @property
    def wish(self) -> rules.Wish:
        return choosing.wished(self.starts_at, self.minutes)

    @property
    def day(self) -> date:
        return hours.day_of(self.starts_at)


@dataclass(frozen=True, slots=True)
class Decided:
    """One of them with its terms, and the situation it was decided in."""

    asked: Asked
    seen: Situation
    facts: rules.Facts
    terms: rules.Terms


@dataclass(frozen=True, slots=True)
class Not:
    """One of them that is not possible, and why."""

    asked: Asked
    refused: Refused


def asked_for(
    children: Iterable[UUID], starts: Iterable[datetime], minutes: int, key: UUID
) -> tuple[Asked, ...]:
    """Each child at each time; its key is derived from that of the form, so that a repeat makes nothing."""
    kids = tuple(children)
    return tuple(
        Asked(child, start, minutes, uuid5(key, f"{child} {start.timestamp():.0f}"))
        for start in sorted(set(starts))
        for child in kids
    )


def look_at_all(
    facility: UUID,
    asked: Sequence[Asked],
    now: datetime,
    *,
    guardian: UUID | None = None,
    days: Sequence[date] = (),
) -> Situations:
    """One look for each child, around all the days that are asked for and those given."""
    around = [*days, *(one.day for one in asked)]
    keys: dict[UUID, list[UUID]] = {}
    for one in asked:
        keys.setdefault(one.child, []).append(one.key)
    since, until = min(around), max(around)
    return {
        child: reading.look(child, facility, since, until, now, guardian=guardian, requests=own)
        for child, own in keys.items()
    }


def decide(seen: Situations, asked: Sequence[Asked], *, by_staff: bool = False) -> list[Decided]:
    """All of them; Refused by the first that is not possible (`which`)."""
    found: list[Decided] = []
    for which, one in enumerate(asked):
        try:
            found.append(_decided(seen, one, by_staff))
        except Refused as no:
            no.which = which
            raise
        if which + 1 < len(asked):
            seen = _after(seen, found[-1])
    return found


def possible(seen: Situations, asked: Sequence[Asked], *, by_staff: bool = False) -> list[Decided | Not]:
    """Each of them, counted on only where it is possible; siblings only together."""
    found: list[Decided | Not] = []
    for at_once in by_time(asked):
        try:
            decided = decide(seen, at_once, by_staff=by_staff)
        except Refused as no:
            found += [Not(one, no) for one in at_once]
            continue
        found += decided
        for one in decided:
            seen = _after(seen, one)
    return found


def by_time(asked: Sequence[Asked]) -> list[tuple[Asked, ...]]:
    """Those of one time together, in order."""
    times = sorted({one.starts_at for one in asked})
    return [tuple(one for one in asked if one.starts_at == time) for time in times]


def _decided(seen: Situations, one: Asked, by_staff: bool) -> Decided:
    here, wish = seen[one.child], one.wish
    facts = here.facts(wish, by_staff=by_staff)
    return Decided(one, here, facts, choosing.check(here, wish, facts))


def _after(seen: Situations, one: Decided) -> Situations:
    """What is known of the family's children once this one is booked."""
    wish, terms, day = one.asked.wish, one.terms, one.asked.day
    stands = Booking(
        child_id=one.asked.child, facility=one.seen.facility, date=day, day=one.seen.counted.days[day],
        starts_at=wish.start,
        ends_at=wish.end, minutes=terms.minutes, age_group=terms.age, status=BookingStatus.BOOKED,
    )  # fmt: skip
    was_there = one.seen.is_there(day)
    return {child: each.after(stands, terms.buckets, was_there=was_there) for child, each in seen.items()}

"""Choosing a time: the two-week grid, the starts of a day, the lengths from a start, the terms."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Literal
from uuid import UUID

from daredemo.booking import cells
from daredemo.booking.models import HOLDING, Offer
from daredemo.booking.queries import reading
from daredemo.booking.queries.situation import Situation
from daredemo.facilities.models import Approval, Facility
from daredemo.families.models import Child
from daredemo.rules import booking as rules
from daredemo.rules import cancel, hours, window
from daredemo.rules.refusal import Reason, Refused

State = Literal["ok", "few", "full", "closed", "mine", "past"]
DAY = timedelta(days=1)
NOON = 12 * 60
FEW_STARTS = 2
LOOK_AHEAD = 14
# Reasons that mean "too late" on the grid; every other one means that the day cannot be chosen.
TOO_LATE = (Reason.IN_THE_PAST, Reason.WINDOW_CLOSED)
# What other times can help with.
HELPED_BY_ANOTHER_TIME = (
    Reason.NO_PLACE,
    Reason.OUTSIDE_HOURS,
    Reason.FACILITY_CLOSED,
    Reason.HOURS_CLOSED,
    Reason.DAY_NOT_OPEN,
    Reason.WINDOW_CLOSED,
    Reason.OVERLAPS_OWN_BOOKING,
    Reason.OFF_THE_GRID,
    Reason.NOT_A_SESSION,
)


@dataclass(frozen=True, slots=True)
class Day:
    """One date of the grid. `places` counts the starts to choose from; `reason` says why there are none."""

    date: date
    state: State
    places: int = 0
    reason: Reason | None = None
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Start:
    """One start: children who still fit for the shortest length, and the lengths (minutes) that fit."""

    starts_at: datetime
    state: Literal["ok", "few", "full"]
    places: int
    lengths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Length:
    """One length from a start: its terms, or why not."""

    minutes: int
    ends_at: datetime
    terms: rules.Terms | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """What a family agrees to on the check page; `agreed` goes back into `book`."""

    child: Child
    facility: Facility
    starts_at: datetime
    ends_at: datetime
    terms: rules.Terms
    on_request: bool
    expires_at: datetime | None
    agreed: UUID | None
    late_fee: str
    late_words: str


def days_of(
    child: Child,
    facility: Facility,
    since: date,
    until: date,
    now: datetime,
    *,
    seen: Situation | None = None,
) -> Iterator[Day]:
    """Every date of a span, both ends included, one after the other; no more queries for many than for one.

    Like the two below it asks nothing where `seen` is a situation already read around these dates: a screen
    that looks once never shows a day as free and then as full.
    """
    seen = seen or reading.look(child.pk, facility.pk, since, until, now)
    return (_day(seen, since + DAY * n) for n in range((until - since).days + 1))


def starts_on(
    child: Child, facility: Facility, day: date, now: datetime, *, seen: Situation | None = None
) -> list[Start]:
    """The starts of a day that a family may choose or wait for, in order."""
    return _starts(seen or reading.look(child.pk, facility.pk, day, day, now), day)


def starts_in(seen: Situation, start: datetime) -> list[Start]:
    """That start in a situation already read, if it can be chosen: none or one."""
    return [one for one in _starts(seen, hours.day_of(start)) if one.starts_at == start]


def lengths(
    child: Child, facility: Facility, starts_at: datetime, now: datetime, *, seen: Situation | None = None
) -> list[Length]:
    """Every length offered here from this start, each with its terms or the reason against it."""
    day = hours.day_of(starts_at)
    seen = seen or reading.look(child.pk, facility.pk, day, day, now)
    return [_length(seen, starts_at, minutes) for minutes in seen.lengths(starts_at)]


def quote(
    child: Child,
    facility: Facility,
    starts_at: datetime,
    minutes: int,
    now: datetime,
    *,
    offer: Offer | None = None,
    instead_of: UUID | None = None,
) -> Quote:
    """The terms of one wish; Refused where it cannot be booked.

    The place of an offer is kept for it; a booking whose time is changed counts as given back.
    """
    day = hours.day_of(starts_at)
    seen = replace(reading.look(child.pk, facility.pk, day, day, now), kept=offer)
    seen = seen.without(instead_of)
    wish = wished(starts_at, minutes)
    facts = seen.facts(wish)
    terms = check(seen, wish, facts)
    on_request = facility.approval == Approval.ON_REQUEST
    return Quote(
        child=child,
        facility=facility,
        starts_at=wish.start,
        ends_at=wish.end,
        terms=terms,
        on_request=on_request,
        expires_at=rules.request_expires_at(wish, terms, facts) if on_request else None,
        agreed=seen.versions.get(seen.home_code(day)),
        late_fee=fee_word(cancel.late_fee(facts.here.cancelling)),
        late_words=facility.late_cancel_words,
    )


def wished(starts_at: datetime, minutes: int) -> rules.Wish:
    """The span of a wish on the Japanese clock."""
    start = hours.in_japan(starts_at)
    return rules.Wish(start, start + timedelta(minutes=minutes))


def check(seen: Situation, wish: rules.Wish, facts: rules.Facts) -> rules.Terms:
    """The law, and this facility's own longest use unless it has sessions; staff may go beyond it."""
    terms = rules.check(wish, facts)
    minutes, longest = hours.span_minutes(wish.start, wish.end), seen.facility.longest_minutes
    if minutes > longest and not (facts.by_staff or seen.facility.sessions):
        day = hours.day_of(wish.start)
        raise Refused(Reason.DAILY_LIMIT, day=day, minutes=minutes, left=longest, limit=longest)
    return terms


def fee_word(fee: bool | str) -> str:
    """False, True, "facility" → no, yes, facility."""
    return fee if isinstance(fee, str) else ("no", "yes")[fee]


def other_starts(
    child: Child, facility: Facility, starts_at: datetime, minutes: int, now: datetime
) -> tuple[datetime, ...]:
    """Starts of the same length: up to three on that day, and the first of up to three days after."""
    day, wanted = hours.day_of(starts_at), hours.in_japan(starts_at)
    around = reading.look(child.pk, facility.pk, day, day + DAY * LOOK_AHEAD, now)
    fitting = {
        date_: [start.starts_at for start in _starts(around, date_) if minutes in start.lengths]
        for date_ in sorted(around.counted.days)
    }
    same_day = [start for start in fitting.pop(day, []) if start != wanted]
    nearest = sorted(same_day, key=lambda start: (abs(start - wanted), start))[:3]
    days_after = [found[0] for found in fitting.values() if found]
    return (*sorted(nearest), *days_after[:3])


def _day(seen: Situation, day: date) -> Day:
    if any(booking.date == day and booking.status in HOLDING for booking in seen.counted.bookings):
        return Day(day, "mine")
    if day < hours.day_of(seen.now):
        return Day(day, "past", reason=Reason.IN_THE_PAST)
    offered = _offered(seen, day)
    if not offered:
        return _why_not(seen, day, NOON)
    ahead, free = offered[_first_ahead(seen, day, offered) :], seen.free_bits(day)
    able = [minute for minute, span in ahead if free & span == span]
    if not able:
        return Day(day, "full", reason=Reason.NO_PLACE) if ahead else _why_not(seen, day, offered[-1][0])
    refused = _why_not(seen, day, able[-1])
    if refused.reason is not None:
        return refused
    return Day(day, "few" if len(able) <= FEW_STARTS else "ok", places=len(able))


def _why_not(seen: Situation, day: date, minute: int) -> Day:
    """Ask the law about the shortest use from this start; a Day without a reason if it has none."""
    shortest = seen.uses.get(minute, (seen.here.hours.unit.minimum,))[0]
    wish = wished(_at(day, minute), shortest)
    try:
        rules.allow(wish, seen.facts(wish))
    except Refused as refused:
        state: State = "past" if refused.reason in TOO_LATE else "closed"
        return Day(day, state, reason=refused.reason, facts=refused.facts)
    return Day(day, "ok")


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(*divmod(minute, 60)), hours.JST)


def _fits(free: int, minute: int, length: int) -> bool:
    wanted = cells.span_bits(minute, length)
    return free & wanted == wanted


def _offered(seen: Situation, day: date) -> list[tuple[int, int]]:
    """Those of `Situation.shortest` that lie within the hours of the day, whatever is booked."""
    opened = seen.counted.days.get(day)
    if opened is None or opened.closed_at is not None or day in seen.closures:
        return []
    open_bits = cells.bits(opened.offered)
    return [(minute, span) for minute, span in seen.shortest if open_bits & span == span]


def _first_ahead(seen: Situation, day: date, offered: Sequence[tuple[int, int]]) -> int:
    """How many of these starts are over, or too near to be booked."""
    first = window.first_start(seen.now, seen.here.window)
    if day != hours.day_of(first):
        return len(offered) if day < hours.day_of(first) else 0
    gone = (minute for minute, _ in offered if not seen.now < _at(day, minute) >= first)
    return sum(1 for _ in gone)


def grid(seen: Situation, day: date) -> list[datetime]:
    """Every start within the hours offered, whatever is booked."""
    return [_at(day, minute) for minute, _ in _offered(seen, day)]


def _starts(seen: Situation, day: date) -> list[Start]:
    """What may still be booked by time; a start that overlaps the child's own booking is left out."""
    offered = _offered(seen, day)
    ahead = offered[_first_ahead(seen, day, offered) :]
    if not ahead:
        return []
    own, free, places = seen.spent(day).spans, seen.free_bits(day), seen.free(day)
    found = []
    for minute, _ in ahead:
        start, lengths = _at(day, minute), seen.uses[minute]
        alone = [n for n in lengths if not _meets(own, start, n)]
        if not alone or alone[0] != lengths[0]:
            continue
        few = cells.least(places, cells.cells_of(start, start + timedelta(minutes=lengths[0])))
        state: Literal["ok", "few", "full"] = "full" if few < 1 else "few" if few == 1 else "ok"
        found.append(Start(start, state, few, tuple(n for n in alone if _fits(free, minute, n))))
    return found


def _meets(spans: Iterable[rules.Span], start: datetime, length: int) -> bool:
    end = start + timedelta(minutes=length)
    return any(begin < end and start < until for begin, until in spans)


def _length(seen: Situation, starts_at: datetime, minutes: int) -> Length:
    wish = wished(starts_at, minutes)
    try:
        return Length(minutes, wish.end, terms=check(seen, wish, seen.facts(wish)))
    except Refused as refused:
        return Length(minutes, wish.end, reason=refused.reason)

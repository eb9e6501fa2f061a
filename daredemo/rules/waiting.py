"""空き待ち: for whom a freed place is kept, and for how long. No text speaks of it; everything here is [I].

Places go by the time of entry, to one family at a time. Who waits says from when until when it could come and
how short a use would still do; it is offered the longest use that fits.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from daredemo.rules import hours
from daredemo.rules.booking import Span, Terms, Wish
from daredemo.rules.policy_waiting import WaitingList
from daredemo.rules.refusal import Reason, Refused

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
Decide = Callable[[Wish], Terms]  # Terms, or Refused


def clock_runs_from(now: datetime, rule: WaitingList) -> datetime:
    """When the clock of an offer made now begins to run: at once, at night only in the morning."""
    moment = hours.in_japan(now)
    today = moment.date()
    morning = hours.at_clock(today, rule.quiet_until)
    if moment < morning:
        return morning
    if moment >= hours.at_clock(today, rule.quiet_from):
        return hours.at_clock(today + DAY, rule.quiet_until)
    return moment


def hold(start: datetime, now: datetime, rule: WaitingList) -> timedelta | None:
    """How long a place is kept: 12 hours more than 72 ahead, 2 more than 24, 30 minutes from 3 on, else None.

    Counted from when the clock runs: a place that becomes free at 22:00 for 9:00 cannot be answered in time.
    """
    ahead = hours.in_japan(start) - clock_runs_from(now, rule)
    for one in rule.holds:
        distance = one.hours_ahead * HOUR
        if ahead > distance or (ahead == distance and not one.beyond):
            return one.minutes * hours.MINUTE
    return None


def answer_by(start: datetime, now: datetime, rule: WaitingList) -> datetime | None:
    """The last instant to accept, never after the start; None where nothing is offered any more.

    2 hours offered at 20:00 run until 8:00: the clock stands still from 21:00 until 7:00.
    """
    left = hold(start, now, rule)
    if left is None:
        return None
    moment = clock_runs_from(now, rule)
    evening = hours.at_clock(moment.date(), rule.quiet_from)
    while moment + left > evening:
        left -= evening - moment
        next_day = moment.date() + DAY
        moment, evening = (
            hours.at_clock(next_day, rule.quiet_until),
            hours.at_clock(next_day, rule.quiet_from),
        )
    return min(moment + left, hours.in_japan(start))


def offered_until(start: datetime, rule: WaitingList) -> datetime:
    """Until when a place for this start may still be offered by day: three hours before it."""
    return hours.in_japan(start) - rule.holds[-1].hours_ahead * HOUR


def band(place: int, rule: WaitingList) -> tuple[int, int | None]:
    """Where the n-th in line stands, roughly: (1, 3), (4, 10), (11, None)."""
    first = 1
    for last in rule.bands:
        if place <= last:
            return first, last
        first = last + 1
    return first, None


def wishes(
    span: Span, minimum: int, starts: Iterable[datetime], lengths: Callable[[datetime], Iterable[int]]
) -> list[Wish]:
    """Every use that would do for a family, the longest first, of equally long ones the earliest.

    `lengths` gives the minutes that are offered from a start.
    """
    since, until = span
    uses = (
        Wish(start, start + minutes * hours.MINUTE)
        for start in starts
        for minutes in lengths(start)
        if minutes >= minimum and start >= since
    )
    return sorted((use for use in uses if use.end <= until), key=lambda use: (use.start - use.end, use.start))


def usable(uses: Iterable[Wish], decide: Decide) -> tuple[Wish, Terms] | None:
    """The first of these uses that can be booked by the law of a booking, with its terms; None: none can."""
    for wish in uses:
        try:
            return wish, decide(wish)
        except Refused:
            continue
    return None


def check_entry(span: Span, minimum: int, uses: Sequence[Wish], now: datetime, rule: WaitingList) -> None:
    """A wish that a freed place could meet: forwards, long enough, and early enough to be offered."""
    since, until = span
    if until <= since:
        raise Refused(Reason.WISH_BACKWARDS, start=since, end=until)
    if not uses:
        raise Refused(Reason.TOO_SHORT, minutes=hours.span_minutes(since, until), minimum=minimum)
    latest = max(use.start for use in uses)
    if hold(latest, now, rule) is None:
        raise Refused(Reason.TOO_LATE_TO_WAIT, closed_at=offered_until(latest, rule))


def check_full(uses: Iterable[Wish], decide: Decide) -> None:
    """Nothing but a place is missing: what is free is booked, what is refused anyway is not waited for."""
    refused = []
    for wish in uses:
        try:
            decide(wish)
        except Refused as no:
            refused.append(no)
        else:
            raise Refused(Reason.PLACE_FREE, start=wish.start, end=wish.end)
    if refused and not any(no.reason is Reason.NO_PLACE for no in refused):
        raise refused[0]

"""What a family could book next where its child went last: the same again, and what uses up the month."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from daredemo.booking.models import Booking
from daredemo.booking.queries import reading
from daredemo.booking.queries.choosing import starts_in
from daredemo.booking.queries.situation import Situation
from daredemo.facilities.models import Facility
from daredemo.families.models import Child
from daredemo.prepared import rows, statements
from daredemo.rules import hours

DAY, WEEK = timedelta(days=1), timedelta(days=7)
SUGGEST_WEEKS = 5
MOST_VISITS = 5
LATEST = """
SELECT row_to_json(b), row_to_json(f) FROM booking_booking b
JOIN facilities_facility f ON f.id = b.facility_id
WHERE b.child_id = %s AND b.status = 'booked' ORDER BY b.starts_at DESC LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The same place, weekday, time and length as before, where there is room."""

    facility: Facility
    starts_at: datetime
    minutes: int  # of the span


@dataclass(frozen=True, slots=True)
class Advice:
    """Visits that use up exactly what is left of a month: on one weekday where that is possible."""

    facility: Facility
    starts: tuple[datetime, ...]
    minutes: int  # of each


@dataclass(frozen=True, slots=True)
class Usual:
    """The latest booking of a child, and what is booked and free at its facility around the next weeks."""

    last: Booking
    seen: Situation
    now: datetime

    @property
    def minutes(self) -> int:
        return hours.span_minutes(self.last.starts_at, self.last.ends_at)


def usual(child: Child, now: datetime, until: date) -> Usual | None:
    """Two statements; None without a booking. `until` the month is looked at, for `advice`."""
    found = statements.ask(LATEST, [child.pk])
    if not found:
        return None
    last = rows.made(Booking, found[0][0])
    last.facility = rows.made(Facility, found[0][1])
    end = max(until, hours.day_of(_next(last.starts_at, now) + WEEK * SUGGEST_WEEKS))
    return Usual(last, reading.look(child.pk, last.facility_id, hours.day_of(now), end, now), now)


def _next(starts_at: datetime, now: datetime) -> datetime:
    """The same weekday and time, ahead of now."""
    first = hours.in_japan(starts_at)
    return first + WEEK * ((now - first) // WEEK + 1) if first <= now else first


def rebook_suggestions(known: Usual) -> list[Suggestion]:
    """Up to two weeks on which the latest booking can be repeated; none without room."""
    first = _next(known.last.starts_at, known.now)
    wished = [first + WEEK * n for n in range(SUGGEST_WEEKS)]
    free = (one for one in wished if one != known.last.starts_at and known.minutes in _fitting(known, one))
    return [Suggestion(known.last.facility, one, known.minutes) for one, _ in zip(free, "12", strict=False)]


def _fitting(known: Usual, start: datetime) -> frozenset[int]:
    """The lengths that can be booked from here."""
    return frozenset(n for one in starts_in(known.seen, start) for n in one.lengths)


def advice(known: Usual, left: int, until: date) -> Advice | None:
    """How the minutes left until a day of this month could be used up, at the usual time of day.

    Of the ways to share them out the one whose visits are most like the latest; one weekday before several,
    and of weekdays the usual one. None where nothing fits.
    """
    first = hours.in_japan(known.last.starts_at)
    days = [hours.day_of(known.now) + DAY * n for n in range(1, (until - hours.day_of(known.now)).days + 1)]
    times = [first.replace(year=day.year, month=day.month, day=day.day) for day in days]
    fits = {time: _fitting(known, time) for time in times} if left else {}
    counts = [count for count in range(1, MOST_VISITS + 1) if left and left % count == 0]
    for count in sorted(counts, key=lambda count: abs(left // count - known.minutes)):
        able = [time for time, lengths in fits.items() if left // count in lengths]
        if chosen := _together(able, count, first.weekday()):
            return Advice(known.last.facility, chosen, left // count)
    return None


def _together(able: list[datetime], count: int, usual: int) -> tuple[datetime, ...]:
    """So many of these times: of the usual weekday, of another, else the first ones."""
    by_weekday: dict[int, list[datetime]] = defaultdict(list)
    for time in able:
        by_weekday[time.weekday()].append(time)
    for weekday in sorted(by_weekday, key=lambda weekday: (weekday != usual, by_weekday[weekday][0])):
        if len(by_weekday[weekday]) >= count:
            return tuple(by_weekday[weekday][:count])
    return tuple(able[:count]) if len(able) >= count else ()

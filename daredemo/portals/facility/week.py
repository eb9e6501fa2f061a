"""What a change of the weekly pattern does to the next four weeks, before it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from daredemo.booking import queries as bookings
from daredemo.facilities import queries as facilities
from daredemo.facilities.actions import Span
from daredemo.rules.hours import in_japan

if TYPE_CHECKING:
    from daredemo.booking.models import Booking
    from daredemo.facilities.models import ClosedHours, Facility, Member, WeeklyPattern

WEEK = timedelta(days=7)
WEEKS = 4


@dataclass(frozen=True, slots=True)
class Weekday:
    """One weekday of the pattern: in force today, and what is decided for later."""

    number: int
    name: str
    now: "list[WeeklyPattern]"
    later: "list[WeeklyPattern]"
    ends_on: date | None  # the last day of what is in force, where nothing follows


def weekdays(facility: "Facility", day: date) -> list[Weekday]:
    """Monday to Sunday: one query."""
    by_day: dict[int, list[WeeklyPattern]] = {number: [] for number in range(7)}
    for pattern in facilities.patterns_from(facility, day):
        by_day[pattern.weekday].append(pattern)
    return [_weekday(number, patterns, day) for number, patterns in by_day.items()]


def _weekday(number: int, patterns: "list[WeeklyPattern]", day: date) -> Weekday:
    now = [pattern for pattern in patterns if pattern.valid_from <= day]
    later = [pattern for pattern in patterns if pattern.valid_from > day]
    ends = [pattern.valid_until for pattern in now if pattern.valid_until]
    return Weekday(number, str(WEEKDAYS[number]), now, later, max(ends) if ends and not later else None)


@dataclass(frozen=True, slots=True)
class Change:
    """One date: what it offers, what it would offer, and whom that leaves without a place in the pattern."""

    on: date
    before: "list[WeeklyPattern]"
    after: Sequence[Span]
    off: str  # why it is closed, if it is
    closed: "list[ClosedHours]"
    booked: int
    over: "list[Booking]"

    @property
    def differs(self) -> bool:
        was = [_shape(one.starts, one.ends, one.places, one.places_age_0, one.places_age_1, one.places_age_2)
               for one in self.before]  # fmt: skip
        return was != [_shape(one.starts, one.ends, one.places, *one.by_age) for one in self.after]


def _shape(starts: time, ends: time, places: int, *by_age: int | None) -> tuple[object, ...]:
    return (starts, ends, places, *by_age)


def changes(member: "Member", weekday: int, spans: Sequence[Span], since: date) -> list[Change]:
    """The next four dates of a weekday from a day on; a closed one offers nothing. Five queries."""
    first = since + timedelta(days=(weekday - since.weekday()) % 7)
    dates = [first + WEEK * n for n in range(WEEKS)]
    patterns = facilities.patterns_between(member.facility, dates[0], dates[-1])
    off = bookings.days_off(member.facility, dates[0], dates[-1])
    closed = list(facilities.closed_hours_between(member.facility, dates[0], dates[-1]))
    held = [
        booking
        for booking in bookings.bookings_at(member, dates[0], dates[-1])
        if booking.status in ("booked", "requested")
    ]
    return [
        Change(
            on=day,
            before=[one for one in patterns if day not in off and _covers(one, day)],
            after=() if day in off else spans,
            off=off_words(off.get(day)),
            closed=[one for one in closed if one.date == day],
            booked=sum(booking.date == day for booking in held),
            over=over([booking for booking in held if booking.date == day], spans),
        )
        for day in dates
    ]


def _covers(pattern: "WeeklyPattern", day: date) -> bool:
    in_force = pattern.valid_from <= day and (pattern.valid_until is None or day <= pattern.valid_until)
    return in_force and pattern.weekday == day.weekday()


def off_words(off: bookings.Off | None) -> str:
    """祝日 憲法記念日; empty where the day is open."""
    if off is None:
        return ""
    words = {"holiday": _("祝日"), "city": _("市のお休み"), "own": _("休園日")}
    return f"{words[off.kind]} {off.name}".strip()


def over(held: "list[Booking]", spans: Sequence[Span]) -> "list[Booking]":
    """Bookings that lie outside the spans, or of which there are more at once than places."""
    return [booking for booking in held if not _fits(booking, held, spans)]


def _fits(booking: "Booking", held: "list[Booking]", spans: Sequence[Span]) -> bool:
    starts, ends = in_japan(booking.starts_at).time(), in_japan(booking.ends_at).time()
    span = next((one for one in spans if one.starts <= starts and ends <= one.ends), None)
    if span is None:
        return False
    at_once = [one for one in held if one.starts_at < booking.ends_at and booking.starts_at < one.ends_at]
    same_age = [one for one in at_once if one.age_group == booking.age_group]
    most_of_age = span.by_age[booking.age_group]
    return len(at_once) <= span.places and (most_of_age is None or len(same_age) <= most_of_age)

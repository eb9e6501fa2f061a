"""What a nursery closes: whole days, and hours of a day; what is booked there ends, one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.booking.oracle_stay import HALF, Stay, must_be

CLOSES = 15  # o'clock
Hours = tuple[int, datetime, datetime]  # of a nursery


@dataclass(kw_only=True)
class Shut:
    now: datetime
    stays: list[Stay] = field(default_factory=list)
    closed: set[tuple[int, date]] = field(default_factory=set)
    hours: set[Hours] = field(default_factory=set)

    def close(self, place: int, day: date, *, at_most: int | None = None) -> None:
        """With `at_most` it breaks off after so many; the next sweep goes on."""
        self.closed.add((place, day))
        self._end_within(place, [one for one in self.stays if one.day == day], at_most)

    def close_hours(self, place: int, since: datetime, until: datetime) -> None:
        self.hours.add((place, since, until))
        there = [one for one in self.stays if one.starts < until and one.ends > max(since, self.now)]
        self._end_within(place, there, None)

    def _end_within(self, place: int, there: list[Stay], at_most: int | None) -> None:
        stand = [one for one in there if one.stands and one.place == place]
        for one in sorted(stand, key=lambda one: one.starts)[:at_most]:
            self.cancel_by_facility(one)

    def cancel_by_facility(self, one: Stay) -> set[str]:
        if why := must_be(one, "booked", "requested"):
            return why
        return {"already_started"} if one.begun or one.settled else self._end(one, "cancelled")

    def _end(self, one: Stay, status: str) -> set[str]:
        raise NotImplementedError

    def finish_closing(self) -> None:
        """What is left there, where closing broke off."""
        for one in self.stays:
            if one.stands and not one.begun and one.ends > self.now and set(self.why_shut(one)):
                self.cancel_by_facility(one)

    def is_shut(self, place: int, half: datetime) -> bool:
        """That half hour of a day that is open otherwise."""
        hours = (one for one in self.hours if one[0] == place)
        return any(since < half + HALF and half < until for _, since, until in hours)

    def why_shut(self, wish: Stay) -> Iterator[str]:
        if (wish.place, wish.day) in self.closed:
            yield "facility_closed"
        if any(self.is_shut(wish.place, half) for half in wish.halves):
            yield "hours_closed"

    def has_room(self, place: int, since: datetime, until: datetime, minutes: int) -> bool:
        """Whether so many minutes in a row are open between two times."""
        length = timedelta(minutes=minutes)
        starts = (since + HALF * n for n in range(int((until - since - length) / HALF) + 1))
        halves = [HALF * n for n in range(minutes // 30)]
        return any(not any(self.is_shut(place, start + half) for half in halves) for start in starts)

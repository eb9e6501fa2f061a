"""What booking must do, once more in plain Python: no Django, no database, none of the law's own functions.

Two families, two nurseries, three days of one week. Every verb returns the reasons for which it must be
refused (any of them may be the one that is said); none means that it is done, and the town has changed.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

DAY, UNDO, HALF = timedelta(days=1), timedelta(minutes=10), timedelta(minutes=30)
CAPS = (600, 360)  # 掛川市 10 hours, 綾瀬市 6
STEPS = (60, 30)  # of counting, after the first hour
# What stays consumed of a booking by what really happened (both cities alike); `used` counts the real time.
ALL, NOTHING, USED = "all", "nothing", "used"
EVENTS = {
    None: ALL, "sick_told": ALL, "fever_at_door": ALL, "no_show": ALL, "sent_home_ill": ALL,
    "staff_missing": NOTHING, "warning": NOTHING, "bereavement": NOTHING, "facility_ends_early": USED,
}  # fmt: skip


@dataclass
class Stay:
    """One booking as a family would tell of it."""

    child: int
    place: int
    starts: datetime
    minutes: int
    status: str
    made: datetime
    deadline: datetime
    expires: datetime | None = None
    cancelled: datetime | None = None
    consumed: bool | None = None
    released: bool = False
    begun: bool = False
    settled: bool = False
    given_back: int = 0  # by settling

    @property
    def day(self) -> date:
        return self.starts.date()

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(minutes=self.minutes)

    @property
    def stands(self) -> bool:
        return self.status in ("requested", "booked")

    @property
    def holds(self) -> bool:
        """It keeps place and hours."""
        return self.stands or self.waits

    @property
    def waits(self) -> bool:
        """Cancelled, but it may still be taken back."""
        return self.status == "cancelled" and not self.released

    @property
    def halves(self) -> list[datetime]:
        return [self.starts + HALF * n for n in range(self.minutes // 30)]

    @property
    def undo_until(self) -> datetime:
        assert self.cancelled
        return min(self.cancelled + UNDO, self.starts)


@dataclass
class Town:
    now: datetime
    places: list[int]  # children at once, by nursery; the second answers each request itself
    stays: list[Stay] = field(default_factory=list)
    spent: list[int] = field(default_factory=lambda: [0, 0])
    opened: set[int] = field(default_factory=set)  # children whose month was granted
    closed: set[tuple[int, date]] = field(default_factory=set)
    last_day: dict[int, tuple[date, bool]] = field(default_factory=dict)  # of a certificate; after a move?
    enrolled: dict[int, date] = field(default_factory=dict)
    refused: set[tuple[int, int]] = field(default_factory=set)  # interviews whose outcome is a no

    # ── what can be seen ──────────────────────────────────────────────────────────
    def booked(self) -> Counter[tuple[int, datetime]]:
        """Children by nursery and half hour."""
        return Counter((one.place, half) for one in self.stays if one.holds for half in one.halves)

    def left(self, child: int) -> int:
        return CAPS[child] - self.spent[child] if child in self.opened else 0

    def _deadline(self, place: int, day: date) -> datetime:
        """Noon of the last day before on which somebody answers the telephone."""
        before = day - DAY
        while before.weekday() > 4 or (place, before) in self.closed:
            before -= DAY
        return self.now.replace(year=before.year, month=before.month, day=before.day, hour=12, minute=0)

    def _expires(self, place: int, starts: datetime, deadline: datetime) -> datetime:
        day, left = self.now.date(), 2
        while left:
            day += DAY
            left -= day.weekday() < 5 and ((place, day) not in self.closed or day > starts.date())
        ends = self.now.replace(month=day.month, day=day.day, hour=0, minute=0) + DAY
        return min(ends, starts if self.now >= deadline else deadline)

    # ── a family ──────────────────────────────────────────────────────────────────
    def book(self, child: int, place: int, starts: datetime, minutes: int, *, by_staff: bool) -> set[str]:
        wish = Stay(child, place, starts, minutes, "", self.now, self._deadline(place, starts.date()))
        if why := set(self._why_not(wish, by_staff=by_staff)):
            return why
        for one in self.stays:
            if one.child == child and one.waits:
                self._release(one)
        asks = place == 1 and not by_staff  # what its own staff write down is agreed already
        wish.status = "requested" if asks else "booked"
        if asks:
            wish.expires = self._expires(place, starts, wish.deadline)
        self.spent[child] += minutes
        self.opened.add(child)
        self.stays.append(wish)
        return set()

    def _why_not(self, wish: Stay, *, by_staff: bool) -> Iterator[str]:
        own = [one for one in self.stays if one.child == wish.child]
        back = sum(one.minutes for one in own if one.waits and not one.consumed)
        taken = self.booked() - Counter((one.place, half) for one in own if one.waits for half in one.halves)
        if wish.starts <= self.now:
            yield "in_the_past"
        if wish.day > self.last_day.get(wish.child, (wish.day, False))[0]:
            yield "certificate_not_valid_on_day"
        if wish.day >= self.enrolled.get(wish.child, wish.day + DAY):
            yield "enrolled"
        if (wish.child, wish.place) in self.refused:
            yield "interview_declined"
        if (wish.place, wish.day) in self.closed:
            yield "facility_closed"
        if not by_staff and self.now > wish.starts - DAY:
            yield "window_closed"
        if any(one.stands and one.starts < wish.ends and wish.starts < one.ends for one in own):
            yield "overlaps_own_booking"
        if wish.minutes > CAPS[wish.child] - self.spent[wish.child] + back:
            yield "no_hours_left"
        if any(taken[wish.place, half] >= self.places[wish.place] for half in wish.halves):
            yield "no_place"

    def cancel(self, one: Stay) -> set[str]:
        if why := _must_be(one, "booked") or self._begun(one):
            return why
        one.status, one.cancelled, one.consumed = "cancelled", self.now, self.now > one.deadline
        return set()

    def undo_cancel(self, one: Stay) -> set[str]:
        if one.status == "booked":
            return set()
        if one.status != "cancelled":
            return {"status_moved"}
        if one.released or self.now > one.undo_until:
            return {"undo_over"}
        if why := self._begun(one):
            return why
        one.status, one.cancelled, one.consumed = "booked", None, None
        return set()

    def undo_booking(self, one: Stay) -> set[str]:
        if why := _must_be(one, "booked", "requested"):
            return why
        if self.now > one.made + UNDO:
            return {"undo_over"}
        return self._begun(one) or self._end(one, "cancelled")

    def withdraw(self, one: Stay) -> set[str]:
        return _must_be(one, "requested") or self._end(one, "cancelled")

    # ── a nursery ─────────────────────────────────────────────────────────────────
    def approve(self, one: Stay) -> set[str]:
        if one.status != "requested":
            return {"status_moved"}
        if one.expires and self.now > one.expires:
            return {"request_expired"}
        one.status = "booked"
        return set()

    def decline(self, one: Stay) -> set[str]:
        return _must_be(one, "requested") or self._end(one, "declined")

    def cancel_by_facility(self, one: Stay) -> set[str]:
        if why := _must_be(one, "booked", "requested"):
            return why
        return {"already_started"} if one.begun or one.settled else self._end(one, "cancelled")

    def close(self, place: int, day: date) -> None:
        self.closed.add((place, day))
        for one in self.stays:
            if (one.place, one.day) == (place, day):
                self.cancel_by_facility(one)

    def note_call(self, one: Stay, called: datetime) -> set[str]:
        if one.status != "cancelled" or one.cancelled is None:
            return {"status_moved"}
        if one.consumed and min(called, one.cancelled) <= one.deadline:
            if one.released:
                self._give_back(one.child, one.minutes)
            one.consumed = False
        return set()

    def receive(self, one: Stay) -> set[str]:
        if why := _must_be(one, "booked"):
            return why
        one.begun = True
        return set()

    def take_back(self, one: Stay) -> set[str]:
        if why := _must_be(one, "booked"):
            return why
        if one.settled:
            return {"status_moved"}
        one.begun = False
        return set()

    def settle(self, one: Stay, event: str | None, real: int) -> set[str]:
        """`real`: after how many minutes the child left."""
        if why := _must_be(one, "booked"):
            return why
        if not one.settled:
            step = STEPS[one.child]
            used = 60 + -(-max(0, real - 60) // step) * step if real else 0
            kept = {ALL: one.minutes, NOTHING: 0, USED: min(one.minutes, used)}[EVENTS[event]]
            one.settled, one.consumed = True, kept > 0
            one.given_back = self._give_back(one.child, one.minutes - kept)
        return set()

    def reopen(self, one: Stay) -> set[str]:
        if why := _must_be(one, "booked"):
            return why
        if one.settled:
            if one.given_back > self.left(one.child):
                return {"no_hours_left"}
            self.spent[one.child] += one.given_back
            one.settled, one.consumed, one.given_back = False, None, 0
        return set()

    # ── an office ─────────────────────────────────────────────────────────────────
    def correct(self, child: int, minutes: int) -> set[str]:
        """Give minutes back, or take some; what bookings hold comes back by itself."""
        held = sum(one.minutes for one in self.stays if one.child == child and one.holds and not one.settled)
        if -minutes > self.left(child) or minutes > self.spent[child] - held:
            return {"no_hours_left"}
        self.spent[child] -= minutes
        return set()

    # ── time ──────────────────────────────────────────────────────────────────────
    def sweep(self) -> None:
        """What is due, one after the other."""
        for one in self.stays:
            last, moved = self.last_day.get(one.child, (one.day, False))
            may_wait = moved and self.now <= one.deadline
            ahead = one.stands and not one.begun and not one.settled and one.starts > self.now
            gone = one.day > last and not may_wait
            enrolled = one.day >= self.enrolled.get(one.child, one.day + DAY)
            if ahead and (gone or enrolled or (one.child, one.place) in self.refused):
                self._end(one, "cancelled")
        for one in self.stays:
            if one.status == "requested" and one.expires and self.now > one.expires:
                self._end(one, "expired")
            elif one.waits and self.now > one.undo_until:
                self._release(one)

    # ── among themselves ──────────────────────────────────────────────────────────
    def _begun(self, one: Stay) -> set[str]:
        return {"already_started"} if one.begun or one.settled or self.now >= one.starts else set()

    def _end(self, one: Stay, status: str) -> set[str]:
        """It comes to nothing, at no cost."""
        one.status, one.cancelled, one.consumed = status, self.now, False
        self._release(one)
        return set()

    def _release(self, one: Stay) -> None:
        one.released = True
        if not one.consumed:
            self._give_back(one.child, one.minutes)

    def _give_back(self, child: int, minutes: int) -> int:
        """Never more than was spent: a correction may have given some back before."""
        minutes = min(minutes, self.spent[child])
        self.spent[child] -= minutes
        return minutes


def _must_be(one: Stay, *expected: str) -> set[str]:
    if one.status in expected:
        return set()
    return {"already_cancelled" if one.status == "cancelled" else "status_moved"}

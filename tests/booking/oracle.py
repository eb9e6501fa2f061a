"""What booking must do, once more in plain Python: no Django, no database, none of the law's own functions.

Three children of two families (the third is a sibling of the first), two nurseries, three days of one week;
`oracle_line` adds the waiting list. Every verb returns the reasons for which it must be refused (any of them
may be the one that is said); none means that it is done, and the town has changed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tests.booking.oracle_shut import CLOSES, Shut
from tests.booking.oracle_stay import DAY, UNDO, Stay, must_be

CAPS = (600, 360, 600)  # 掛川市 10 hours, 綾瀬市 6
STEPS = (60, 30, 60)  # of counting, after the first hour
# What stays consumed of a booking by what really happened (both cities alike); `used` counts the real time.
ALL, NOTHING, USED = "all", "nothing", "used"
EVENTS = {
    None: ALL, "sick_told": ALL, "fever_at_door": ALL, "no_show": ALL, "sent_home_ill": ALL,
    "staff_missing": NOTHING, "warning": NOTHING, "bereavement": NOTHING, "facility_ends_early": USED,
}  # fmt: skip


@dataclass
class Town(Shut):
    places: list[int]  # children at once, by nursery; the second answers each request itself
    spent: list[int] = field(default_factory=lambda: [0, 0, 0])
    opened: set[int] = field(default_factory=set)  # children whose month was granted
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
    def book(
        self, children: Sequence[int], place: int, starts: datetime, minutes: int, *, by_staff: bool
    ) -> set[str]:
        """All of them at one time, or none. What one of them could give back is not there for the next."""
        wishes = [self._wish(child, place, starts, minutes) for child in children]
        for n, wish in enumerate(wishes):
            if why := set(self._why_not(wish, by_staff=by_staff, beside=wishes[:n])):
                return why
        for wish in wishes:
            self._stand(wish, by_staff=by_staff)
        return set()

    def change(self, one: Stay, starts: datetime, minutes: int, *, by_staff: bool) -> set[str]:
        if not one.holds:
            return {"status_moved"}
        if why := must_be(one, "requested", "booked") or self._begun(one):
            return why
        if one.status == "booked" and self.now > one.deadline:
            return {"change_too_late"}
        if one.status == "booked" and one.place == 1 and not by_staff:
            return {"change_by_phone"}
        wish = self._wish(one.child, one.place, starts, minutes)
        if why := set(self._why_not(wish, by_staff=by_staff, old=one)):
            return why
        self._end(one, "cancelled")
        self._stand(wish, by_staff=by_staff)
        wish.moved = True
        return set()

    def _wish(self, child: int, place: int, starts: datetime, minutes: int) -> Stay:
        return Stay(child, place, starts, minutes, "", self.now, self._deadline(place, starts.date()))

    def _stand(self, wish: Stay, *, by_staff: bool) -> None:
        """Booking something else ends what could still be taken back."""
        for one in self.stays:
            if one.child == wish.child and one.waits:
                self._release(one)
        asks = wish.place == 1 and not by_staff  # what its own staff write down is agreed already
        wish.status = "requested" if asks else "booked"
        if asks:
            wish.expires = self._expires(wish.place, wish.starts, wish.deadline)
        self.spent[wish.child] += wish.minutes
        self.opened.add(wish.child)
        self.stays.append(wish)

    def _free(
        self, wish: Stay, back: Sequence[Stay], beside: Sequence[Stay], kept: Iterable[datetime]
    ) -> bool:
        """Whether every half hour has a place, with what the child gives back, unless the day is too full."""
        booked, most = self.booked(), self.places[wish.place]
        here = {
            half: n for (place, half), n in booked.items() if (place, half.date()) == (wish.place, wish.day)
        }
        lawful = all(n <= (0 if self.is_shut(wish.place, half) else most) for half, n in here.items())
        given = back if lawful else []
        less = Counter((one.place, half) for one in given for half in one.halves)
        less += Counter((wish.place, half) for half in kept)
        more = Counter((one.place, half) for one in beside for half in one.halves)
        return all((booked - less + more)[wish.place, half] < most for half in wish.halves)

    def _shut(self, wish: Stay) -> Iterator[str]:
        yield from self.why_shut(wish)
        if wish.ends > wish.starts.replace(hour=CLOSES, minute=0):
            yield "outside_hours"

    def _why_not(
        self, wish: Stay, *, by_staff: bool = False, is_offered: bool = False, surely: bool = False,
        beside: Sequence[Stay] = (), old: Stay | None = None, kept: Iterable[datetime] = (),
    ) -> Iterator[str]:  # fmt: skip
        """`surely`: what can still be taken back keeps its place and hours; `kept` are its own half hours."""
        own = [one for one in self.stays if one.child == wish.child]
        back = [] if surely else [one for one in own if one.waits or one is old]
        if wish.starts <= self.now:
            yield "in_the_past"
        if wish.day > self.last_day.get(wish.child, (wish.day, False))[0]:
            yield "certificate_not_valid_on_day"
        if wish.day >= self.enrolled.get(wish.child, wish.day + DAY):
            yield "enrolled"
        if (wish.child, wish.place) in self.refused:
            yield "interview_declined"
        yield from self._shut(wish)
        if not (by_staff or is_offered) and self.now > wish.starts - DAY:
            yield "window_closed"
        if any(one.overlaps(wish) for one in own if one.stands and one is not old):
            yield "overlaps_own_booking"
        hours_back = sum(one.minutes for one in back if not one.consumed)
        if wish.minutes > CAPS[wish.child] - self.spent[wish.child] + hours_back:
            yield "no_hours_left"
        if not self._free(wish, back, beside, kept):
            yield "no_place"

    def cancel(self, one: Stay, called: datetime | None = None) -> set[str]:
        """With `called` staff write down a call from before."""
        told = min(self.now, called or self.now)
        if why := must_be(one, "booked") or self._begun(one, told):
            return why
        one.status, one.cancelled, one.consumed = "cancelled", self.now, told > one.deadline
        return set()

    def undo_cancel(self, one: Stay) -> set[str]:
        if one.status == "booked":
            return set()
        if one.status != "cancelled":
            return {"status_moved"}
        if one.released or self.now > one.undo_until:
            return {"undo_over"}
        if why := self._begun(one) or set(self.why_shut(one)):
            return why
        one.status, one.cancelled, one.consumed = "booked", None, None
        return set()

    def undo_booking(self, one: Stay) -> set[str]:
        if why := must_be(one, "booked", "requested"):
            return why
        if one.moved or self.now > one.made + UNDO:
            return {"undo_over"}
        return self._begun(one) or self._end(one, "cancelled")

    def withdraw(self, one: Stay) -> set[str]:
        return must_be(one, "requested") or self._end(one, "cancelled")

    # ── a nursery ─────────────────────────────────────────────────────────────────
    def approve(self, one: Stay) -> set[str]:
        if one.status != "requested":
            return {"status_moved"}
        if one.expires and self.now > one.expires:
            return {"request_expired"}
        one.status = "booked"
        return set()

    def decline(self, one: Stay) -> set[str]:
        return must_be(one, "requested") or self._end(one, "declined")

    def note_call(self, one: Stay, called: datetime) -> set[str]:
        if one.status != "cancelled" or one.cancelled is None:
            return {"status_moved"}
        if one.consumed and min(called, one.cancelled) <= one.deadline:
            if one.released:
                self._give_back(one.child, one.minutes)
            one.consumed = False
        return set()

    def receive(self, one: Stay) -> set[str]:
        if why := must_be(one, "booked"):
            return why
        one.begun = True
        return set()

    def take_back(self, one: Stay) -> set[str]:
        if why := must_be(one, "booked"):
            return why
        if one.settled:
            return {"status_moved"}
        one.begun = False
        return set()

    def settle(self, one: Stay, event: str | None, real: int) -> set[str]:
        """`real`: after how many minutes the child left."""
        if why := must_be(one, "booked"):
            return why
        if not one.settled:
            step = STEPS[one.child]
            used = 60 + -(-max(0, real - 60) // step) * step if real else 0
            kept = {ALL: one.minutes, NOTHING: 0, USED: min(one.minutes, used)}[EVENTS[event]]
            one.settled, one.consumed = True, kept > 0
            one.given_back = self._give_back(one.child, one.minutes - kept)
        return set()

    def reopen(self, one: Stay) -> set[str]:
        if why := must_be(one, "booked"):
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
        if -minutes > CAPS[child] - self.spent[child] or minutes > self.spent[child] - held:
            return {"no_hours_left"}
        self.opened.add(child)
        self.spent[child] -= minutes
        return set()

    # ── time ──────────────────────────────────────────────────────────────────────
    def sweep(self) -> None:
        for one in self.stays:
            last, moved = self.last_day.get(one.child, (one.day, False))
            may_wait = moved and self.now <= one.deadline
            ahead = one.stands and not one.begun and not one.settled and one.starts > self.now
            gone = one.day > last and not may_wait
            enrolled = one.day >= self.enrolled.get(one.child, one.day + DAY)
            if ahead and (gone or enrolled or (one.child, one.place) in self.refused):
                self._end(one, "cancelled")
        self.finish_closing()
        for one in self.stays:
            if one.status == "requested" and one.expires and self.now > one.expires:
                self._end(one, "expired")
            elif one.waits and self.now > one.undo_until:
                self._release(one)

    # ── among themselves ──────────────────────────────────────────────────────────
    def _begun(self, one: Stay, at: datetime | None = None) -> set[str]:
        begun = one.begun or one.settled or (at or self.now) >= one.starts
        return {"already_started"} if begun else set()

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

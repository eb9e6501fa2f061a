"""The waiting list once more in plain Python, beside the bookings of `oracle`."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.booking import oracle
from tests.booking.oracle_stay import DAY, Stay

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NIGHT, MORNING = 21, 7
Use = tuple[datetime, int]  # start, minutes


@dataclass(eq=False)
class Entry:
    """A child in line: a use of so many minutes at least, between two times. The same wish may come again."""

    child: int
    place: int
    since: datetime
    until: datetime
    minutes: int
    made: datetime
    status: str = "waiting"

    @property
    def waits(self) -> bool:
        return self.status in ("waiting", "offered")


@dataclass(eq=False)
class Kept:
    """A place that is kept for it."""

    entry: Entry
    stay: Stay  # the use as it would be booked
    answer_by: datetime
    status: str = "open"


def awake(moment: datetime) -> datetime:
    """The moment, or seven in the morning after it."""
    if moment.hour >= NIGHT:
        moment += DAY
    elif moment.hour >= MORNING:
        return moment
    return moment.replace(hour=MORNING, minute=0)


def minutes_to_answer(start: datetime, now: datetime) -> int:
    """0: it is too late to offer anything."""
    ahead = start - awake(now)
    if ahead > 72 * HOUR:
        return 12 * 60
    if ahead > 24 * HOUR:
        return 2 * 60
    return 30 if ahead >= 3 * HOUR else 0


def answer_by(start: datetime, now: datetime) -> datetime:
    """Counted minute by minute; none of the night counts."""
    moment = awake(now)
    for _ in range(minutes_to_answer(start, now)):
        moment = awake(moment) + MINUTE
    return min(moment, start)


@dataclass
class Town(oracle.Town):
    line: list[Entry] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)

    def booked(self) -> Counter[tuple[int, datetime]]:
        held = [one.stay for one in self.kept if one.status == "open"]
        return super().booked() + Counter((one.place, half) for one in held for half in one.halves)

    # ── a family ──────────────────────────────────────────────────────────────────
    def join(self, entry: Entry) -> set[str]:
        uses = list(self._uses(entry))
        if minutes_to_answer(max(start for start, _ in uses), self.now) == 0:
            return {"too_late_to_wait"}
        shortest = [start for start, minutes in uses if minutes == entry.minutes]
        whys = [
            set(self._why_not(self._use(entry, (start, entry.minutes)), is_offered=True))
            for start in shortest
        ]
        if set() in whys:
            return {"place_free"}
        if {"no_place"} not in whys:
            return set.union(*whys)
        there = (entry.child, entry.place, entry.since.date())
        for one in self.line:
            if one.waits and (one.child, one.place, one.since.date()) == there:
                same = (one.since, one.until, one.minutes) == (entry.since, entry.until, entry.minutes)
                return set() if same else {"already_waiting"}
        self.line.append(entry)
        return set()

    def accept(self, kept: Kept) -> set[str]:
        over = {"offer_over"} if kept.status != "open" or self.now > kept.answer_by else set()
        wish = self._use(kept.entry, (kept.stay.starts, kept.stay.minutes))
        why = set(self._why_not(wish, is_offered=True, kept=wish.halves))
        if why and not over:
            self._pass_on(kept)
        if why or over:
            return why | over
        kept.status, kept.entry.status = "taken", "booked"
        self._stand(wish, by_staff=False)
        return set()

    def turn_down(self, kept: Kept) -> set[str]:
        if kept.status != "open" or self.now > kept.answer_by:
            return {"offer_over"}
        kept.status = kept.entry.status = "declined"
        return set()

    def leave(self, entry: Entry) -> None:
        if entry.waits:
            for one in self._kept_for(entry.child):
                if one.entry is entry:
                    one.status = "declined"
            entry.status = "left"

    def _pass_on(self, kept: Kept) -> None:
        """The law says no when it is taken: the next in line is asked at once."""
        kept.status, kept.entry.status = "dropped", "waiting"
        there = (kept.entry.place, kept.stay.day)
        self._walk([one for one in self.line if (one.place, one.since.date()) == there])

    # ── a nursery ─────────────────────────────────────────────────────────────────
    def close(self, place: int, day: date, *, at_most: int | None = None) -> None:
        for entry in self.line:
            if (entry.place, entry.since.date()) == (place, day):
                self._wait_no_more(entry)
        super().close(place, day, at_most=at_most)

    def close_hours(self, place: int, since: datetime, until: datetime) -> None:
        self.hours.add((place, since, until))
        for entry in self.line:
            if entry.place == place and not self.has_room(place, entry.since, entry.until, entry.minutes):
                self._wait_no_more(entry)
        for kept in self.kept:
            stay = kept.stay
            if kept.status == "open" and stay.place == place and stay.starts < until and since < stay.ends:
                late = self.now > kept.answer_by
                kept.status, kept.entry.status = ("expired",) * 2 if late else ("dropped", "waiting")
        super().close_hours(place, since, until)

    def _wait_no_more(self, entry: Entry) -> None:
        if entry.waits and entry.until > self.now + entry.minutes * MINUTE:
            for one in self.kept:
                if one.entry is entry and one.status == "open":
                    one.status = "dropped"
            entry.status = "closed"

    # ── time ──────────────────────────────────────────────────────────────────────
    def sweep(self) -> None:
        super().sweep()
        for kept in self.kept:
            if kept.status == "open":
                self._look_at(kept)
        self._walk(self.line)

    def _walk(self, line: list[Entry]) -> None:
        """Each day in the order of entry; the two nurseries of a day one after the other."""
        for entry in sorted(line, key=lambda one: (one.since.date(), one.place, one.made)):
            if entry.status == "waiting" and entry.until > self.now + entry.minutes * MINUTE:
                self._offer(entry)

    def _look_at(self, kept: Kept) -> None:
        closed = (kept.entry.place, kept.stay.day) in self.closed
        own = (one for one in self.stays if one.child == kept.entry.child and one.stands)
        if self.now > kept.answer_by:
            kept.status = kept.entry.status = "expired"
        elif closed or any(one.overlaps(kept.stay) for one in own):
            kept.status, kept.entry.status = "dropped", "waiting"

    def _offer(self, entry: Entry) -> None:
        """The longest use that fits, the earliest of equally long ones."""
        for use in self._uses(entry):
            stay = self._use(entry, use)
            elsewhere = any(one.stay.overlaps(stay) for one in self._kept_for(entry.child))
            never = elsewhere or not minutes_to_answer(stay.starts, self.now)
            if not never and not set(self._why_not(stay, is_offered=True, surely=True)):
                self.kept.append(Kept(entry, stay, answer_by(stay.starts, self.now)))
                entry.status = "offered"
                return

    # ── among themselves ──────────────────────────────────────────────────────────
    def _uses(self, entry: Entry) -> Iterator[Use]:
        span = int((entry.until - entry.since) / MINUTE)
        for minutes in range(span // 60 * 60, entry.minutes - 1, -60):
            for later in range(0, span - minutes + 1, 30):
                yield entry.since + later * MINUTE, minutes

    def _use(self, entry: Entry, use: Use) -> Stay:
        return self._wish(entry.child, entry.place, *use)

    def _kept_for(self, child: int) -> list[Kept]:
        return [one for one in self.kept if one.entry.child == child and one.status == "open"]

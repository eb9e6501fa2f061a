"""Several days, a weekly series, siblings: from the address to what is possible, day by day."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from daredemo.booking import queries as bookings
from daredemo.portals.guardian import asking
from daredemo.portals.shared.answers import Answer, Line, answer
from daredemo.rules.hours import day_of

if TYPE_CHECKING:
    from daredemo.facilities.models import Facility
    from daredemo.families.models import Child

DAY = timedelta(days=1)
WEEKS = (2, 3, 4, 6, 8)
AHEAD = 35  # days that are shown one by one
MOST = 40  # days at once


@dataclass(frozen=True, slots=True)
class Plan:
    """What an address asks for: these children, this time and length, on these days.

    A check page that was looked at says which days could be ticked (`could`) and which are (`take`).
    """

    facility: "Facility"
    children: "tuple[Child, ...]"
    time: datetime  # on the first of the days
    minutes: int
    days: tuple[date, ...]
    could: frozenset[date] = frozenset()
    take: frozenset[date] = frozenset()

    @property
    def ticked(self) -> "Plan":
        """Only the days that are ticked; all of them where there was nothing to tick."""
        return self._only(self.take if self.could else frozenset(self.days))

    @property
    def wanted(self) -> "Plan":
        """… and those that are not possible, so that it is said why they were not booked."""
        return self._only(frozenset(self.days) - (self.could - self.take))

    def _only(self, days: frozenset[date]) -> "Plan":
        kept = tuple(day for day in self.days if day in days)
        return replace(self, days=kept, could=frozenset(), take=frozenset())

    @property
    def ends_at(self) -> datetime:
        return self.time + timedelta(minutes=self.minutes)

    @property
    def to_time(self) -> str:
        """Back to choosing the time."""
        return asking.address(self.facility, self.children[0], start=self.time, minutes=self.minutes)

    @property
    def back(self) -> str:
        """From the check page: to the days where there are several, else to the time."""
        return self.address("guardian:book_several") if len(self.days) > 1 else self.to_time

    @property
    def starts(self) -> list[datetime]:
        moved = (asking.moved(self.time, day) for day in self.days)
        return [start for start in moved if start is not None]

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """Children, time and length as hidden fields."""
        first, *rest = self.children
        time = asking.sent(first, self.time, minutes=self.minutes)
        return [*time.items(), *(("also", str(one.pk)) for one in rest)]

    @property
    def fields(self) -> list[tuple[str, str]]:
        """… and the days."""
        return [*self.chosen, *(("on", day.isoformat()) for day in self.days)]

    def address(self, to: str, **more: object) -> str:
        query = urlencode([*self.fields, *((name, str(value)) for name, value in more.items())])
        return f"{reverse(to, args=[self.facility.pk])}?{query}"

    def asked(self, key: UUID) -> tuple[bookings.Asked, ...]:
        return bookings.asked_for([one.pk for one in self.children], self.starts, self.minutes, key)


def read(asked: QueryDict, facility: "Facility", able: "list[Child]", child: "Child") -> Plan | None:
    """?child=…&also=…&day=2026-04-13&start=9:00&minutes=120&weekday=0&weeks=4&on=2026-04-15; None: no time.

    404 where `also` names a child that cannot come.
    """
    choice = asking.read({name: asked.get(name) for name in ("day", "start", "minutes")})
    also = set(asked.getlist("also")) - {str(child.pk)}
    rest = [one for one in able if str(one.pk) in also]
    if len(rest) != len(also):
        raise Http404
    if choice.start is None or choice.minutes is None or child not in able:
        return None
    days = tuple(sorted(_picked(asked, "on") | _weekly(asked, day_of(choice.start)))[:MOST])
    could, take = (frozenset(_picked(asked, name)) for name in ("could", "take"))
    return Plan(facility, (child, *rest), choice.start, choice.minutes, days, could, take)


def _picked(asked: QueryDict, name: str) -> set[date]:
    found = (asking.read({"day": text}).day for text in asked.getlist(name)[:MOST])
    return {day for day in found if day is not None}


def _weekly(asked: QueryDict, first: date) -> set[date]:
    """These weekdays, for so many weeks from the week of the first day on."""
    weekdays = [int(text) for text in asked.getlist("weekday") if text in list("0123456")]
    weeks = next((count for count in WEEKS if asked.get("weeks") == str(count)), 0)
    monday = first - DAY * first.weekday()
    wanted = (monday + DAY * (7 * week + weekday) for week in range(weeks) for weekday in weekdays)
    return {day for day in wanted if day >= first}


def free_days(plan: Plan, now: datetime) -> list[date]:
    """The days of the next weeks on which the first child can come at that time for so long.

    Where the chosen day lies further ahead they begin there.
    """
    today, chosen, child = day_of(now), day_of(plan.time), plan.children[0]
    since = chosen if chosen > today + DAY * AHEAD else today
    seen = bookings.look(child.pk, plan.facility.pk, since, since + DAY * AHEAD, now)
    starts = (asking.moved(plan.time, since + DAY * n) for n in range(AHEAD + 1))
    return [
        day_of(start)
        for start in starts
        if start and any(plan.minutes in one.lengths for one in bookings.starts_in(seen, start))
    ]


def told(plan: Plan, key: UUID, guardian: UUID, now: datetime) -> Answer:
    """The plan day by day, those that are not wanted among them."""
    asked, length = plan.wanted.asked(key), timedelta(minutes=plan.minutes)
    found = answer(plan.facility.pk, plan.children, asked, now, guardian=guardian) if asked else Answer([])
    wanted = {one.starts_at for one in asked}
    off = [
        Line(child, start, start + length, off=True)
        for start in plan.starts
        for child in plan.children
        if start not in wanted
    ]
    return replace(found, lines=sorted([*found.lines, *off], key=lambda one: one.starts_at))

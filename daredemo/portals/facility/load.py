"""The load of a day on its board: children against staff, from each change on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from daredemo.attendance import queries as asked
from daredemo.booking import cells
from daredemo.booking import queries as bookings
from daredemo.facilities import queries as facilities
from daredemo.rules.places import AGES

if TYPE_CHECKING:
    from daredemo.booking.models import OpenedDay
    from daredemo.facilities.models import ClosedHours, Member


@dataclass(frozen=True, slots=True)
class Load:
    """So many children from a moment on; `look` is full, shut or over, `staff` how many are on duty then."""

    at: datetime
    children: int
    look: str
    staff: int | None  # None where no roster decides


def closed(member: "Member", day: date) -> "list[ClosedHours]":
    """The hours of a day that the member's facility closed."""
    return list(facilities.closed_hours_between(member.facility, day, day))


def of_day(member: "Member", day: date, rows: list[asked.Row], shut: "Sequence[ClosedHours]") -> list[Load]:
    """Every change of the day; the fewest staff until the next one."""
    steps = asked.load_by_change(rows)
    if not steps:
        return []
    opened = bookings.opened_between(member.facility, day, day).first()
    by_roster = facilities.premises_of(member.facility).by_roster(day)
    staff = facilities.roster_between(member.facility, day, day).staff(day) if by_roster else []
    ends = [*(at for at, _ in steps[1:]), steps[-1][0]]
    off = {cell for one in shut for cell in cells.cells_of(one.starts_at, one.ends_at)}
    found = []
    for (at, children), end in zip(steps, ends, strict=True):
        span = cells.cells_of(at, end)
        there = [staff[cell].count for cell in span] if staff else []
        found.append(Load(at, children, _look(opened, span, off), min(there, default=None)))
    return found


def _look(opened: "OpenedDay | None", span: Sequence[int], off: set[int]) -> str:
    if opened is None or not span:
        return ""
    if off & set(span):  # a child that was there already stays, and is nobody's conflict
        return "shut"
    if set(cells.over(opened)) & set(span):
        return "over"
    free = [cells.free(opened, age) for age in AGES]
    return "full" if any(not any(of_age[cell] for of_age in free) for cell in span) else ""

"""Several bookings at once on a screen: each day and child with its terms, or why not; hours by month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from daredemo.booking import queries as bookings
from daredemo.portals.shared.forms import sentence

if TYPE_CHECKING:
    from daredemo.booking.models import Booking
    from daredemo.families.models import Child
    from daredemo.rules.booking import Terms


@dataclass(frozen=True, slots=True)
class Line:
    """One child on one day: its terms, or the sentence that says why not; `made` once it is booked.

    `off`: the family does not want it, and nothing was looked at.
    """

    child: "Child"
    starts_at: datetime
    ends_at: datetime
    terms: "Terms | None" = None
    why: str = ""
    made: "Booking | None" = None
    off: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """Minutes left to a child in a month, before and after."""

    child: "Child"
    month: date
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The list of a check page, or of what was made."""

    lines: list[Line]
    months: list[Month] = field(default_factory=list)
    agreed: UUID | None = None

    @property
    def able(self) -> list[Line]:
        return [one for one in self.lines if one.terms]

    @property
    def not_able(self) -> list[Line]:
        return [one for one in self.lines if one.why]

    @property
    def off(self) -> list[Line]:
        return [one for one in self.lines if one.off]

    @property
    def left(self) -> list[Line]:
        """What was not booked, though it may be possible by now."""
        return [one for one in self.lines if not one.made]

    @property
    def made(self) -> list["Booking"]:
        return [one.made for one in self.lines if one.made]

    @property
    def yen(self) -> int:
        return sum(one.terms.bill.total for one in self.lines if one.terms)

    @property
    def yen_made(self) -> int:
        return sum(one.yen for one in self.made)


def answer(
    facility: UUID,
    children: "Iterable[Child]",
    asked: "Sequence[bookings.Asked]",
    now: datetime,
    *,
    guardian: UUID,
    by_staff: bool = False,
    instead_of: UUID | None = None,
) -> Answer:
    """Each child on each day, with what an earlier press of the button has made already.

    `instead_of` is a booking whose time is changed: it counts as given back.
    """
    seen = bookings.look_at_all(facility, asked, now, guardian=guardian)
    seen = {child: each.without(instead_of) for child, each in seen.items()}
    made = {one.request_key: one for each in seen.values() for one in each.earlier}
    rest = [one for one in asked if one.key not in made]
    found = bookings.possible(seen, rest, by_staff=by_staff)
    told, kids = {one.asked.key: one for one in found}, {one.pk: one for one in children}
    lines = [_line(kids[one.child], one, told.get(one.key), made.get(one.key)) for one in asked]
    able = [one for one in found if isinstance(one, bookings.Decided)]
    versions = [one.seen.versions.get(one.seen.home_code(one.asked.day)) for one in able]
    return Answer(lines, _months(able, kids), next(iter(versions), None))


def _line(
    child: "Child",
    asked: bookings.Asked,
    found: "bookings.Decided | bookings.Not | None",
    made: "Booking | None",
) -> Line:
    wish = asked.wish
    if isinstance(found, bookings.Not):
        return Line(child, wish.start, wish.end, why=sentence(found.refused))
    return Line(child, wish.start, wish.end, terms=found.terms if found else None, made=made)


def _months(able: "list[bookings.Decided]", children: "dict[UUID, Child]") -> list[Month]:
    """What the whole list takes from each month of each child."""
    found: dict[tuple[UUID, date], Month] = {}
    for one in able:
        place = (one.asked.child, one.terms.month)
        before = found[place].before if place in found else one.terms.left_after + one.terms.minutes
        found[place] = Month(children[one.asked.child], one.terms.month, before, one.terms.left_after)
    return [found[place] for place in sorted(found, key=lambda place: (place[1], str(place[0])))]

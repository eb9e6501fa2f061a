"""枠より予約が多い: a conflict in words, for the banner of several pages and for its own."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from daredemo.booking import cells
from daredemo.booking import queries as bookings
from daredemo.portals.facility.staffing import over_words

if TYPE_CHECKING:
    from daredemo.booking.models import Conflict
    from daredemo.facilities.models import Member


@dataclass(frozen=True, slots=True)
class Clash:
    """A conflict with its times (none: only the day has too many) and what is overstepped."""

    conflict: "Conflict"
    spans: list[tuple[datetime, datetime]]
    words: str


def clash(conflict: "Conflict") -> Clash:
    spans = cells.spans_of(conflict.day.date, conflict.cells)
    return Clash(conflict, spans, over_words(conflict.limits))


def clashes(member: "Member", now: datetime) -> list[Clash]:
    """What waits to be settled; one query."""
    return [clash(one) for one in bookings.conflicts(member, now)]

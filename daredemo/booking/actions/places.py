"""The places of a day: counted in the database, so that the constraint is a seat belt under the lock."""

from functools import cache

from daredemo.booking import cells
from daredemo.booking.models import Booking, Offer, OpenedDay
from daredemo.prepared import rows, statements


def counted(booking: Booking | Offer, children: int) -> rows.Change:
    """So many children more in every half hour of it; whoever carries it out holds the day.

    Added to what stands there, not to what was read: a lost lock breaks the constraint, never the count.
    """
    span = cells.cells_of(booking.starts_at, booking.ends_at)
    places = [value for cell in span for value in (cell + 1, cell + 1, children)]
    return _count(booking.age_group, len(span)), (children, *places, booking.day_id)


@cache
def _count(age: int, cells_: int) -> str:
    more = f", booked_{age:d}[%s] = booked_{age:d}[%s] + %s" * cells_
    return f"UPDATE booking_openedday SET day_booked = day_booked + %s{more} WHERE id = %s"  # noqa: S608


def give_back(day: OpenedDay, booking: Booking | Offer) -> None:
    """One child less; the caller holds the day."""
    text, values = counted(booking, -1)
    statements.ask(f"{text} RETURNING id", values)
    day.day_booked -= 1
    taken = cells.booked(day)[booking.age_group]
    for cell in cells.cells_of(booking.starts_at, booking.ends_at):
        taken[cell] -= 1

"""The places of a day: counted in the database, so that the constraint is a seat belt under the lock."""

from functools import cache

from daredemo.booking import cells
from daredemo.booking.models import Booking, Offer, OpenedDay
from daredemo.booking.queries.reading import HOLDS
from daredemo.prepared import rows, statements

# A child counts once a day, however often it comes: nothing is added or taken while it holds another place
# of that day. Read under the lock of the day, behind which every place of it is taken and given back.
CHILDREN = f"""CASE WHEN
    EXISTS (SELECT FROM booking_booking b
        WHERE b.child_id = %s AND b.date = %s AND b.day_id = %s AND b.id <> %s AND {HOLDS})
    OR EXISTS (SELECT FROM booking_offer o
        WHERE o.child_id = %s AND o.day_id = %s AND o.id <> %s AND o.status = 'open')
    THEN 0 ELSE %s END"""  # noqa: S608  a constant


def counted(booking: Booking | Offer, children: int) -> rows.Change:
    """So many children more in every half hour of it, and in the day; whoever carries it out holds the day.

    Added to what stands there, not to what was read: a lost lock breaks the constraint, never the count.
    """
    span = cells.cells_of(booking.starts_at, booking.ends_at)
    places = [value for cell in span for value in (cell + 1, cell + 1, children)]
    child, day, own = booking.child_id, booking.day_id, booking.pk
    others = (child, booking.date, day, own, child, day, own)
    return _count(booking.age_group, len(span)), (*others, children, *places, day)


@cache
def _count(age: int, cells_: int) -> str:
    more = f", booked_{age:d}[%s] = booked_{age:d}[%s] + %s" * cells_
    return f"UPDATE booking_openedday SET day_booked = day_booked + {CHILDREN}{more} WHERE id = %s"  # noqa: S608


def give_back(day: OpenedDay, booking: Booking | Offer) -> None:
    """One child less; the caller holds the day."""
    text, values = counted(booking, -1)
    [(day.day_booked,)] = statements.ask(f"{text} RETURNING day_booked", values)
    taken = cells.booked(day)[booking.age_group]
    for cell in cells.cells_of(booking.starts_at, booking.ends_at):
        taken[cell] -= 1

"""The places of a day: counted in the database, so that the constraint is a seat belt under the lock."""

from daredemo.booking import cells
from daredemo.booking.models import Booking, OpenedDay
from daredemo.prepared import rows, statements

# Added to what stands there, not to what was read: a lost lock breaks the constraint, never the count.
COUNT = {
    age: f"""UPDATE booking_openedday SET day_booked = day_booked + %s, booked_{age}[%s:%s] = ARRAY(
        SELECT n + %s FROM unnest(booked_{age}[%s:%s]) WITH ORDINALITY AS cells(n, cell) ORDER BY cell)
    WHERE id = %s"""  # noqa: S608  three constants
    for age in (0, 1, 2)
}


def counted(booking: Booking, children: int) -> rows.Change:
    """So many children more in every half hour of the booking; whoever carries it out holds the day."""
    span = cells.cells_of(booking.starts_at, booking.ends_at)
    first, last = span.start + 1, span.stop
    return COUNT[booking.age_group], (children, first, last, children, first, last, booking.day_id)


def give_back(day: OpenedDay, booking: Booking) -> None:
    """One child less; the caller holds the day."""
    text, values = counted(booking, -1)
    statements.ask(f"{text} RETURNING id", values)
    day.day_booked -= 1
    taken = cells.booked(day)[booking.age_group]
    for cell in cells.cells_of(booking.starts_at, booking.ends_at):
        taken[cell] -= 1

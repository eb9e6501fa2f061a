"""The places of a day: counted in the database, so that the constraint is a seat belt under the lock."""

from django.db import connection

from daredemo.booking import cells
from daredemo.booking.models import Booking, OpenedDay


def take(day: OpenedDay, booking: Booking) -> None:
    """One child more in every half hour of the booking; the caller holds the day."""
    _count(day, booking, 1)


def give_back(day: OpenedDay, booking: Booking) -> None:
    """One child less; the caller holds the day."""
    _count(day, booking, -1)


def _count(day: OpenedDay, booking: Booking, children: int) -> None:
    """Add to what stands there, not to what was read: a lost lock breaks the constraint, never the count."""
    day.day_booked += children
    taken = cells.booked(day)[booking.age_group]
    column = f"booked_{booking.age_group:d}"
    changes = [f"day_booked = day_booked + {children:d}"]
    for cell in cells.cells_of(booking.starts_at, booking.ends_at):
        taken[cell] += children
        changes.append(f"{column}[{cell + 1}] = {column}[{cell + 1}] + {children:d}")
    with connection.cursor() as cursor:
        # Whole numbers of our own make the text; the only value from outside is the id.
        cursor.execute(f"UPDATE booking_openedday SET {', '.join(changes)} WHERE id = %s", [day.pk])  # noqa: S608

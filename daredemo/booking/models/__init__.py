"""What booking keeps: days with their places, bookings, the ledger of hours."""

from daredemo.booking.models.bookings import (
    HOLDING,
    NOT_THE_FAMILY,
    Booking,
    BookingStatus,
    Cause,
    ChildMonth,
    LedgerEntry,
    LedgerKind,
    Reminder,
    ReminderKind,
    Wish,
)
from daredemo.booking.models.days import (
    CELLS,
    FITS,
    FREE,
    Conflict,
    OpenedDay,
    Outcome,
    no_floor,
    no_places,
    one_each,
)

__all__ = [
    "CELLS", "FITS", "FREE", "HOLDING", "NOT_THE_FAMILY", "Booking", "BookingStatus", "Cause", "ChildMonth",
    "Conflict", "LedgerEntry", "LedgerKind", "OpenedDay", "Outcome", "Reminder", "ReminderKind", "Wish",
    "no_floor", "no_places", "one_each",
]  # fmt: skip

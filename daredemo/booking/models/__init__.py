"""What booking keeps: days with their places, bookings, the ledger of hours, the waiting list."""

from daredemo.booking.models.bookings import (
    HOLDING,
    NOT_THE_FAMILY,
    Abandoned,
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
from daredemo.booking.models.feeds import Feed
from daredemo.booking.models.waiting import IN_LINE, Offer, OfferStatus, Waiting, WaitingStatus

__all__ = [
    "CELLS",
    "FITS",
    "FREE",
    "HOLDING",
    "IN_LINE",
    "NOT_THE_FAMILY",
    "Abandoned",
    "Booking",
    "BookingStatus",
    "Cause",
    "ChildMonth",
    "Conflict",
    "Feed",
    "LedgerEntry",
    "LedgerKind",
    "Offer",
    "OfferStatus",
    "OpenedDay",
    "Outcome",
    "Reminder",
    "ReminderKind",
    "Waiting",
    "WaitingStatus",
    "Wish",
    "no_floor",
    "no_places",
    "one_each",
]

"""What may be asked about places, bookings and hours."""

from daredemo.booking.calendar import calendar
from daredemo.booking.queries.bookings import (
    Suggestion,
    affected_by_closing,
    bookable,
    booking_at,
    booking_of,
    bookings_at,
    bookings_of,
    day_list,
    kept_open_until,
    next_visit,
    next_visits,
    not_called,
    opened_between,
    past,
    rebook_suggestions,
    requests_of,
    upcoming,
)
from daredemo.booking.queries.choosing import (
    HELPED_BY_ANOTHER_TIME,
    Day,
    Length,
    Quote,
    Start,
    days_of,
    fee_word,
    lengths,
    other_starts,
    quote,
    starts_in,
    starts_on,
)
from daredemo.booking.queries.conflicts import affected, conflict_of, conflicts, conflicts_past
from daredemo.booking.queries.elsewhere import other_places
from daredemo.booking.queries.ending import (
    check_change,
    closed_days,
    consequence,
    may_undo,
    must_be,
    not_begun,
    undo_ends_at,
    undo_time,
    undo_until,
    waits_for_a_call,
)
from daredemo.booking.queries.hours import (
    Hours,
    certifying_policy,
    held_minutes,
    home_policy,
    left_by_bucket,
    meter,
    months_of,
    net_of,
    next_month,
    overrun_of,
    passbook,
    place_policy,
    sums_of,
)
from daredemo.booking.queries.locks import (
    Held,
    HeldWaiting,
    hold,
    hold_booking,
    hold_days,
    hold_days_of,
    hold_facility,
    hold_months,
    hold_waiting,
)
from daredemo.booking.queries.reading import count, look
from daredemo.booking.queries.searching import Found, Wanted, free_places, wanted, wanted_for
from daredemo.booking.queries.several import Asked, Decided, Not, asked_for, look_at_all, possible
from daredemo.booking.queries.sources import Sources, sources
from daredemo.booking.queries.staffing import StaffedDay, Stretch, staffing
from daredemo.booking.queries.waiting import (
    Wait,
    Waitable,
    Waiters,
    fitting,
    kept_spans,
    line,
    may_fit,
    offer_of,
    offers_over,
    open_offers,
    quote_offer,
    rule_of,
    stands,
    waitable,
    waiters_at,
    waiting_of,
    waits_of,
    wished_uses,
)

__all__ = [
    "HELPED_BY_ANOTHER_TIME", "Asked", "Day", "Decided", "Found", "Held", "HeldWaiting", "Hours", "Length",
    "Not", "Quote", "Sources", "StaffedDay", "Start", "Stretch", "Suggestion", "Wait", "Waitable",
    "Waiters", "Wanted", "affected", "affected_by_closing", "asked_for", "bookable", "booking_at",
    "booking_of", "bookings_at", "bookings_of", "calendar", "certifying_policy", "check_change",
    "closed_days", "conflict_of", "conflicts", "conflicts_past", "consequence", "count", "day_list",
    "days_of", "fee_word", "fitting", "free_places", "held_minutes", "hold", "hold_booking", "hold_days",
    "hold_days_of", "hold_facility", "hold_months", "hold_waiting", "home_policy", "kept_open_until",
    "kept_spans", "left_by_bucket", "lengths", "line", "look", "look_at_all", "may_fit", "may_undo",
    "meter", "months_of", "must_be", "net_of", "next_month", "next_visit", "next_visits", "not_begun",
    "not_called", "offer_of", "offers_over", "open_offers", "opened_between", "other_places",
    "other_starts", "overrun_of", "passbook", "past", "place_policy", "possible", "quote", "quote_offer",
    "rebook_suggestions", "requests_of", "rule_of", "sources", "staffing", "stands", "starts_in",
    "starts_on", "sums_of", "undo_ends_at", "undo_time", "undo_until", "upcoming", "waitable", "waiters_at",
    "waiting_of", "waits_for_a_call", "waits_of", "wanted", "wanted_for", "wished_uses",
]  # fmt: skip

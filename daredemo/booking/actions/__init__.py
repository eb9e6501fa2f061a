"""What booking does: one verb, one transaction."""

from daredemo.booking.actions.answering import answer_request
from daredemo.booking.actions.booking import book, book_all, book_each
from daredemo.booking.actions.changing import change
from daredemo.booking.actions.closing import close_day, close_hours, reopen_day, reopen_hours
from daredemo.booking.actions.conflicts import let_pass, take_on
from daredemo.booking.actions.ending import (
    cancel,
    cancel_by_facility,
    expire,
    record_call,
    release_cancelled,
    undo_booking,
    undo_cancel,
    withdraw_request,
)
from daredemo.booking.actions.feeding import close_feed, note_fetch, open_feed, protect
from daredemo.booking.actions.following import follow_certificate
from daredemo.booking.actions.hours import consume_overrun, correct_hours
from daredemo.booking.actions.opening import publish_days
from daredemo.booking.actions.reminding import remind
from daredemo.booking.actions.roster import change_roster
from daredemo.booking.actions.settling import begin_use, reopen_use, settle_use, unbegin_use
from daredemo.booking.actions.waiting import accept, decline, expire_offer, join, leave, offer_along, offer_to

__all__ = [
    "accept",
    "answer_request",
    "begin_use",
    "book",
    "book_all",
    "book_each",
    "cancel",
    "cancel_by_facility",
    "change",
    "change_roster",
    "close_day",
    "close_feed",
    "close_hours",
    "consume_overrun",
    "correct_hours",
    "decline",
    "expire",
    "expire_offer",
    "follow_certificate",
    "join",
    "leave",
    "let_pass",
    "note_fetch",
    "offer_along",
    "offer_to",
    "open_feed",
    "protect",
    "publish_days",
    "record_call",
    "release_cancelled",
    "remind",
    "reopen_day",
    "reopen_hours",
    "reopen_use",
    "settle_use",
    "take_on",
    "unbegin_use",
    "undo_booking",
    "undo_cancel",
    "withdraw_request",
]

"""From 「面談を申し込む」 to the outcome: `from daredemo.interviews import actions as interviews`."""

from daredemo.interviews.actions.answering import (
    confirm,
    decline,
    let_pass,
    note_missed,
    propose,
    record_outcome,
)
from daredemo.interviews.actions.asking import accept_proposal, cancel, request
from daredemo.interviews.actions.times import offer_times, withdraw_time

__all__ = [
    "accept_proposal",
    "cancel",
    "confirm",
    "decline",
    "let_pass",
    "note_missed",
    "offer_times",
    "propose",
    "record_outcome",
    "request",
    "withdraw_time",
]

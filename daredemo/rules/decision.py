"""The clock of an application (審査) and how long an interview holds."""

from datetime import date, datetime, timedelta

from daredemo.rules.hours import MINUTE, in_japan
from daredemo.rules.policy import Decisions, Interviews


def link_expires_at(handed_over_at: datetime, decisions: Decisions) -> datetime:
    """利用申請URL: one day from receipt, counted from the moment the mail server took the message."""
    return in_japan(handed_over_at) + timedelta(hours=decisions.link_hours)


def decide_by(received_on: date, decisions: Decisions) -> date:
    """The last day for a decision, else a 延期通知 with its reason."""
    return received_on + timedelta(days=decisions.decide_within_days)


def postponement_from(received_on: date, decisions: Decisions) -> date:
    """From this day on the queue offers the 延期通知."""
    return received_on + timedelta(days=decisions.remind_at_day)


def notice_leaves_at(decided_at: datetime, decisions: Decisions) -> datetime:
    """決裁済・通知前: undo is free until the message leaves."""
    return in_japan(decided_at) + decisions.undo_minutes * MINUTE


def offers_new_interview(last_here_on: date, day: date, interviews: Interviews) -> bool:
    """After six months without use a new interview is offered; it blocks only if the facility says so."""
    months = (day.year - last_here_on.year) * 12 + day.month - last_here_on.month
    return months - (day.day < last_here_on.day) >= interviews.new_after_months

"""What time does to promises."""

from datetime import datetime

from daredemo.notifications import actions


def queue(now: datetime) -> int:
    """Give every promise that is due its job."""
    total = 0
    while count := actions.queue(now=now):
        total += count
    return total


def requeue(now: datetime) -> int:
    """Find messages whose job was lost and promise them again."""
    return actions.requeue(now=now)

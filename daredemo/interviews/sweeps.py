"""What time does to interviews: each sweep may run at any moment, twice, or after a crash."""

from datetime import datetime, timedelta

from daredemo.interviews import actions
from daredemo.interviews.models import UNANSWERED, Interview

# A nursery that met the family after a telephone call has a day to say so.
PATIENCE = timedelta(days=1)
BATCH = 500


def pass_unanswered(now: datetime) -> int:
    """Requests and proposals whose time went by without an answer."""
    late = Interview.objects.filter(status__in=UNANSWERED, time__ends_at__lt=now - PATIENCE)
    return sum(actions.let_pass(interview=one, now=now) for one in late.order_by("time__ends_at")[:BATCH])

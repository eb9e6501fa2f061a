"""The demo's clock: the machine's time and one offset row. Forward only, so that nothing happens twice."""

from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.utils import timezone

from daredemo.demo.models import Clock

KEEP_SECONDS = 0.5

_read_at = float("-inf")
_ahead = timedelta()


def now() -> datetime:
    """This instant as the demo has it. The row is read at most twice a second in each process."""
    global _read_at, _ahead  # noqa: PLW0603  one clock per process
    if monotonic() - _read_at > KEEP_SECONDS:
        _ahead = lead()
        _read_at = monotonic()
    return timezone.now() + _ahead


def lead() -> timedelta:
    """How far the demo runs ahead."""
    found = Clock.objects.filter(pk=1).values_list("ahead", flat=True).first()
    return found or timedelta()


@transaction.atomic
def move_to(instant: datetime) -> datetime:
    """Move the clock forward to an instant; one that has passed already changes nothing."""
    global _read_at  # noqa: PLW0603
    Clock.objects.get_or_create(pk=1, defaults={"ahead": timedelta()})
    row = Clock.objects.select_for_update().get(pk=1)
    row.ahead = max(row.ahead, instant - timezone.now())
    row.save(update_fields=["ahead"])
    _read_at = float("-inf")
    ahead: timedelta = row.ahead
    return timezone.now() + ahead

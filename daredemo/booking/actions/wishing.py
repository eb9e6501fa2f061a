"""What families wanted and did not get, kept without a person: what demand statistics are made of."""

from datetime import datetime

from uuid_utils.compat import uuid7

from daredemo.booking import cells
from daredemo.booking.models import Abandoned, Booking, Wish
from daredemo.booking.queries.situation import Situation
from daredemo.prepared import statements
from daredemo.rules import booking as rules
from daredemo.rules.age import age_group
from daredemo.rules.hours import day_of
from daredemo.rules.refusal import Reason

# A form filled in wrongly is no wish for a place.
NO_WISH = (
    Reason.WISH_BACKWARDS,
    Reason.NOT_ONE_DAY,
    Reason.IN_THE_PAST,
    Reason.OFF_THE_GRID,
    Reason.CONSENT_MISSING,
    Reason.STATUS_MOVED,
    Reason.OFFER_OVER,
)
# A statistic: a family that was refused does not wait for the disk.
KEEP = """
WITH quickly AS (SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO booking_wish (id, facility_id, district, date, first_cell, last_cell, age_group, reason, at)
SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s FROM quickly RETURNING id"""


def keep(seen: Situation, wish: rules.Wish, reason: Reason) -> None:
    """Remember a refused wish, after the transaction that refused it is over."""
    if reason in NO_WISH:
        return
    day, (first, last) = day_of(wish.start), _cells(wish.start, wish.end)
    home, age = seen.home_code(day), age_group(seen.child.born, day)
    statements.ask(KEEP, (uuid7(), seen.facility.pk, home, day, first, last, age, str(reason), seen.now))


def keep_abandoned(request: Booking, how: Abandoned, now: datetime) -> None:
    """Remember a request that became no booking, in the transaction that ends it."""
    first, last = _cells(request.starts_at, request.ends_at)
    Wish.objects.create(
        facility=request.facility, district=request.home_id, date=request.date, first_cell=first,
        last_cell=last, age_group=request.age_group, reason=how, at=now,
    )  # fmt: skip


def _cells(start: datetime, end: datetime) -> tuple[int, int]:
    """The first and the last half hour; a wish of no length has one."""
    span = cells.cells_of(start, end)
    return span.start, max(span.start, span.stop - 1)

"""What families wanted and did not get, kept without a person: what demand statistics are made of."""

from uuid import UUID

from uuid_utils.compat import uuid7

from daredemo.booking import cells
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
# A statistic: the family that was refused does not wait for the disk.
KEEP = """
WITH quickly AS (SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO booking_wish (id, facility_id, district, date, first_cell, last_cell, age_group, reason, at)
SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s FROM quickly RETURNING id"""


def keep(seen: Situation, wish: rules.Wish, reason: Reason) -> None:
    """Remember a refused wish, after the transaction that refused it is over."""
    if reason in NO_WISH:
        return
    day, span = day_of(wish.start), cells.cells_of(wish.start, wish.end)
    key: UUID = uuid7()
    values = (
        key, seen.facility.pk, seen.home_code(day), day, span.start, max(span.start, span.stop - 1),
        age_group(seen.child.born, day), str(reason), seen.now,
    )  # fmt: skip
    statements.ask(KEEP, values)

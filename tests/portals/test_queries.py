"""No page asks the database the same thing for each of its rows, or very often at all."""

import re
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.portals.matrix import routes
from tests.portals.matrix.calling import WRITTEN, Walker
from tests.portals.matrix.test_matrix import ROUTES, doer, rows_of, values_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MOST, ALIKE = 30, 3
# Session, login and guardian of every page, and a look: four, alike only because their text is not told.
PREPARED = 5
OURS = ("SAVEPOINT", "RELEASE", "ROLLBACK", WRITTEN.strip()[:30])
ALLAUTHS = ("mfa_", "account_")  # its second factors ask again and again whether there are any


@pytest.mark.parametrize("route", [route for route in ROUTES if not route.startswith(ALLAUTHS)])
def test_a_page_asks_once_for_all_its_rows(walker: Walker, route: str) -> None:
    """The family has four children and seven bookings, the desk and the office several of everything."""
    for row in rows_of(route, "GET"):
        if row.thing != "absent":
            with CaptureQueriesContext(connection) as asked:
                walker.call(doer(row), "GET", routes.address(route, values_of(walker, row)))
            # Of a prepared statement Django does not tell the text.
            said = [(one["sql"] or "prepared").strip() for one in asked.captured_queries]
            shapes = Counter(re.sub(r"'[^']*'|\d+", "?", one) for one in said if not one.startswith(OURS))
            assert shapes.total() <= MOST
            assert not {one for one, n in shapes.items() if n > (PREPARED if one == "prepared" else ALIKE)}

"""No page asks the database the same thing for each of its rows, or very often at all."""

import re
from collections import Counter
from functools import partial
from typing import Any

import pytest
from django.db import connection

from tests.portals.matrix import routes
from tests.portals.matrix.calling import WRITTEN, Walker
from tests.portals.matrix.test_matrix import ROUTES, doer, rows_of, values_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MOST, ALIKE = 30, 3
OURS = ("SAVEPOINT", "RELEASE", "ROLLBACK", WRITTEN.strip()[:30])
ALLAUTHS = ("mfa_", "account_")  # its second factors ask again and again whether there are any


@pytest.mark.parametrize("route", [route for route in ROUTES if not route.startswith(ALLAUTHS)])
def test_a_page_asks_once_for_all_its_rows(walker: Walker, route: str) -> None:
    """The family has four children and seven bookings, the desk and the office several of everything."""
    for row in rows_of(route, "GET"):
        if row.thing != "absent":
            said: list[str] = []
            with connection.execute_wrapper(partial(heard, said)):
                walker.call(doer(row), "GET", routes.address(route, values_of(walker, row)))
            shapes = Counter(re.sub(r"'[^']*'|\d+", "?", one) for one in said if not one.startswith(OURS))
            assert shapes.total() <= MOST
            assert not {one for one, n in shapes.items() if n > ALIKE}


def heard(said: list[str], execute: Any, sql: str, *rest: Any) -> Any:
    """Prepared statements too, whose text Django does not write down."""
    said.append(sql.strip())
    return execute(sql, *rest)

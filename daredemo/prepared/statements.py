"""One statement, planned once for each connection, on Django's own connection and inside its transaction.

Django sends every query with its values in the text, so that the server plans each of them anew, and the ORM
writes the text anew as well. That is right nearly everywhere; what many people do at the same moment takes
this door instead. The text must not change from call to call: the server keeps a hundred plans.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor


def ask(text: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """The rows that a statement gives; `%s` or `%(name)s` stands for a value. Raises Django's errors."""
    connection.ensure_connection()
    # Django's wrapping counts it among the queries of a test, and turns psycopg's errors into Django's.
    bare: Any = ServerBindingCursor(connection.connection)  # type: ignore[call-arg]
    with connection._prepare_cursor(bare) as cursor:  # type: ignore[attr-defined]
        cursor.execute(text, values)
        return list(cursor.fetchall())

"""One statement, planned once for each connection, on Django's own connection and inside its transaction.

Django sends every query with its values in the text, so that the server plans each of them anew, and the ORM
writes the text anew as well. That is right nearly everywhere; what many people do at the same moment takes
this door instead. The text must not change from call to call: the server keeps a hundred plans.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor


def ask(text: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """The rows that a statement gives; `%s` or `%(name)s` stands for a value. Raises Django's errors."""
    connection.ensure_connection()
    line: Any = connection.connection
    if connection.queries_logged or connection.execute_wrappers:
        # A test counts what is asked, which Django's own wrapping knows how to do.
        with connection._prepare_cursor(ServerBindingCursor(line)) as watched:  # type: ignore[attr-defined,call-arg]
            watched.execute(text, values)
            return list(watched.fetchall())
    with connection.wrap_database_errors:
        cursor = psycopg.Cursor(line)
        cursor.execute(text, values)
        return cursor.fetchall()

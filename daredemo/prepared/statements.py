"""One statement, planned once for each connection, on Django's own connection and inside its transaction.

Django sends every query with its values in the text, so that the server plans each of them anew, and the ORM
writes the text anew as well. That is right nearly everywhere; what many people do at the same moment takes
this door instead. The text must not change from call to call: the server keeps a hundred plans.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import ServerBindingCursor


def ask(text: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """The rows that a statement gives; `%s` or `%(name)s` stands for a value. Raises Django's errors."""
    line: Any = connections[DEFAULT_DB_ALIAS]
    line.ensure_connection()
    if line.queries_logged or line.execute_wrappers:
        # A test counts what is asked, which Django's own wrapping knows how to do.
        with line._prepare_cursor(ServerBindingCursor(line.connection)) as watched:  # type: ignore[call-arg]
            watched.execute(text, values)
            return list(watched.fetchall())
    with line.wrap_database_errors:
        cursor = psycopg.Cursor(line.connection)
        cursor.execute(text, values)
        return cursor.fetchall()

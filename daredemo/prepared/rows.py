"""Rows of models as JSON: many tables are read by one statement, and written by one.

A query builds JSON from whole rows (`SELECT row_to_json(t) …`), `made` turns them into instances that look
as if the ORM had read them. `insert` goes the other way.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.base import ModelState

from daredemo.prepared import statements
from daredemo.sealed.fields import Sealed

Model = TypeVar("Model", bound=models.Model)
Row = dict[str, Any]
Change = tuple[str, Sequence[Any]]  # an UPDATE and its values
READ: dict[str, Callable[[Any], Any]] = {
    "BinaryField": lambda text: Sealed(bytes.fromhex(text[2:])),
    "DateField": date.fromisoformat,
    "DateTimeField": datetime.fromisoformat,
    "TimeField": time.fromisoformat,
    "UUIDField": UUID,
}


@cache
def _columns(model: type[models.Model]) -> tuple[tuple[str, str, Callable[[Any], Any] | None], ...]:
    """Attribute, column, and how to read it from JSON; None where JSON has the value itself."""
    return tuple(
        (field.attname, str(field.column), READ.get(_kind(field))) for field in model._meta.concrete_fields
    )


def _kind(field: "models.Field[Any, Any]") -> str:
    return _kind(field.target_field) if isinstance(field, models.ForeignKey) else field.get_internal_type()


def made(model: type[Model], row: Row) -> Model:
    """An instance from a whole row; a column that is not there is deferred."""
    one = model.__new__(model)
    one._state = ModelState()
    one._state.adding, one._state.db = False, DEFAULT_DB_ALIAS
    # What `from_db` does by way of `__init__` and one descriptor for each field, at a tenth of its cost.
    known = one.__dict__
    for name, column, read in _columns(model):
        if column in row:
            value = row[column]
            known[name] = value if value is None or read is None else read(value)
    return one


def all_made(model: type[Model], rows: Iterable[Row]) -> tuple[Model, ...]:
    return tuple(made(model, row) for row in rows)


def insert(rows: Iterable[models.Model], *changes: Change) -> None:
    """Insert instances of any models and carry out the changes, all in one statement.

    Every part sees the tables as they were before it; no two changes may touch the same row. Nothing to
    write asks nothing.
    """
    tables: dict[type[models.Model], list[Row]] = {}
    for one in rows:
        tables.setdefault(type(one), []).append(_plain(one))
        one._state.adding, one._state.db = False, DEFAULT_DB_ALIAS
    if not (tables or changes):
        return
    text = _insertion(tuple(tables), tuple(change for change, _ in changes))
    values = [json.dumps(each, default=_told, ensure_ascii=False) for each in tables.values()]
    statements.ask(text, [*values, *(value for _, more in changes for value in more)])


@cache
def _insertion(tables: tuple[type[models.Model], ...], changes: tuple[str, ...]) -> str:
    """Names of tables and columns are the models' own; every value is a parameter."""
    parts = []
    for model in tables:
        table = model._meta.db_table
        columns = ", ".join(f'"{field.column}"' for field in _written(model))
        parts.append(
            f'INSERT INTO "{table}" ({columns}) SELECT {columns}'  # noqa: S608
            f' FROM json_populate_recordset(NULL::"{table}", %s::json)'
        )
    parts += changes
    named = (f"part_{number} AS ({part})" for number, part in enumerate(parts))
    return f"WITH {', '.join(named)} SELECT 1"


def _plain(one: models.Model) -> Row:
    """What `save` would write, by column."""
    return {str(field.column): field.pre_save(one, add=True) for field in _written(type(one))}


@cache
def _written(model: type[models.Model]) -> tuple["models.Field[Any, Any]", ...]:
    """Every column but those that the database makes itself."""
    return tuple(field for field in model._meta.concrete_fields if not field.generated)


def _told(value: Any) -> str:
    """What JSON has no word for."""
    if isinstance(value, Sealed):
        return f"\\x{value.data.hex()}"
    return value.isoformat() if isinstance(value, date | time) else str(value)

"""Many rows at once: what Django would insert one by one, through COPY."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def without_triggers() -> Iterator[None]:
    """No foreign keys looked up, no history written: the rows come from one generator that fits together."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("RESET session_replication_role")


def copy(rows: Sequence[models.Model]) -> None:
    """Insert instances of one model; sealed columns are sealed as `save` would."""
    if not rows:
        return
    meta, line = rows[0]._meta, connections[DEFAULT_DB_ALIAS]
    made = (models.AutoField, models.GeneratedField)
    fields = [field for field in meta.concrete_fields if not isinstance(field, made)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with line.cursor() as cursor, cursor.copy(f'COPY "{meta.db_table}" ({columns}) FROM STDIN') as stream:
        for row in rows:
            stream.write_row([_value(field, row, line) for field in fields])


def _value(field: "models.Field[Any, Any]", row: models.Model, line: BaseDatabaseWrapper) -> Any:
    value = field.pre_save(row, add=True)
    if isinstance(field, ArrayField) and not isinstance(field.base_field, models.CharField):
        return "{" + ",".join(map(str, value)) + "}"  # numbers: what Django would convert one by one
    return field.get_db_prep_save(value, line)

"""What a call changed, as facts that can be compared: sealed values opened, random values named alike."""

import re
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models

from tests.portals.matrix.calling import KEEPING

RANDOM = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "<id>"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<hash>"),
    (re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])"), "<token>"),
    (re.compile(r"<[^@<>]*@[^@<>]*>"), "<message>"),
    (re.compile(r"'(code|number|login_id)': '[^']*'"), "<code>"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00:00"), "<machine's time>"),
)
# Numbers drawn by lot, salted hashes, secrets.
DRAWN = {"number", "login_id", "password", "data", "message_id"}
Facts = dict[tuple[str, str], dict[str, str]]


def facts(tables: Iterable[str]) -> Facts:
    """Every row of these tables, as text."""
    found: Facts = {}
    by_table = {model._meta.db_table: model for model in apps.get_models()}
    for table in set(tables) - KEEPING:
        for row in by_table[table]._default_manager.all() if table in by_table else ():
            found[table, str(row.pk)] = {
                field.attname: text(row, field) for field in row._meta.concrete_fields
            }
    return found


def text(row: models.Model, field: Any) -> str:
    if field.attname in DRAWN or isinstance(field, models.AutoField):
        return "<drawn>"
    value = getattr(row, field.attname)
    return bytes(value).hex() if isinstance(value, memoryview) else str(value)


def changes(before: Facts, after: Facts) -> list[str]:
    """One line for each row that was made, changed or removed; ids that are new are named alike."""
    known = {pk for _, pk in before}
    lines = []
    for key in before.keys() | after.keys():
        old, new = before.get(key, {}), after.get(key, {})
        if old != new:
            told = {
                name: new.get(name, "") for name in old.keys() | new.keys() if old.get(name) != new.get(name)
            }
            what = f"changed {key[1]}" if old else "made"
            lines.append(alike(f"{key[0]} {what} {sorted(told.items())}", known))
    return sorted(lines)


def alike(line: str, known: set[str]) -> str:
    """The line without what is random in it."""
    for pattern, name in RANDOM:
        line = pattern.sub(lambda found, name=name: found[0] if found[0] in known else name, line)  # type: ignore[misc]
    return line

"""Re-seal what an old key sealed, in small transactions while everything runs.

1. Put the new key first in `ENCRYPTION_KEYS` and restart; new values use it at once.
2. `rotate()` and `rotate_files()` until both return 0.
3. Take the old key out of the ring, or rename it `index` if it was the oldest one (`keys.stable`).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from psycopg import sql

from daredemo.sealed import files, keys
from daredemo.sealed.fields import SealedJSON, SealedText

Field = SealedText | SealedJSON


def sealed_fields(model: type[models.Model]) -> list[Field]:
    return [field for field in model._meta.local_fields if isinstance(field, SealedText | SealedJSON)]


def sealed_models() -> Iterator[type[models.Model]]:
    """Every model with sealed columns, history included."""
    for model in apps.get_models():
        if model._meta.managed and not model._meta.proxy and sealed_fields(model):
            yield model


def rotate(batch: int = 500) -> int:
    """Re-seal up to `batch` rows of each table under the active key; how many. 0 means done."""
    return sum(_rotate_table(model, batch) for model in sealed_models())


@transaction.atomic
def _rotate_table(model: type[models.Model], batch: int) -> int:
    fields = sealed_fields(model)
    stale = _stale(model, fields, batch)
    # History is append-only and changes are recorded: a new seal is neither a change nor a rewriting.
    with pgtrigger.ignore():
        for row in stale:
            _reseal(model, fields, row)
    return len(stale)


def _stale(model: type[models.Model], fields: list[Field], batch: int) -> list[models.Model]:
    """Rows with a value under another key, locked; rows somebody holds wait for the next round."""
    start = keys.prefix(keys.active())
    wrong: Any = sql.SQL("(length({0}) > 0 AND substring({0} from 1 for {1}) <> {2})")
    old = sql.SQL(" OR ").join(
        [wrong.format(sql.Identifier(str(field.column)), len(start), start) for field in fields]
    )
    query = sql.SQL("SELECT {pk} FROM {table} WHERE {old} ORDER BY {pk} LIMIT {batch} FOR UPDATE SKIP LOCKED")
    with connection.cursor() as cursor:
        cursor.execute(
            query.format(
                pk=sql.Identifier(str(model._meta.pk.column)),
                table=sql.Identifier(model._meta.db_table),
                old=old,
                batch=batch,
            )
        )
        ids = [row[0] for row in cursor.fetchall()]
    return list(model._base_manager.filter(pk__in=ids))


def _reseal(model: type[models.Model], fields: list[Field], row: Any) -> None:
    """One UPDATE of the ciphertext alone."""
    new = {field.name: field.pre_save(row, add=False) for field in fields if row.__dict__[field.attname]}
    model._base_manager.filter(pk=row.pk).update(**new)


def rotate_files(batch: int = 500) -> int:
    """Re-seal up to `batch` files; how many. 0 means done."""
    done = 0
    for path in Path(settings.SEALED_ROOT).glob("??/*"):
        name = f"{path.parent.name}/{path.name}"
        if done == batch or not files.NAME.fullmatch(name):
            continue
        try:
            sealed = path.read_bytes()
            if keys.key_id_of(sealed) != keys.active():
                files.write(name, keys.seal(files.read(name), purpose=files.PURPOSE, place=name))
                done += 1
        except FileNotFoundError:  # erased meanwhile
            continue
    return done

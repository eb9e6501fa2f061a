"""Several real connections at once on a real database, and how to take a protection away."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection

from daredemo.rules.refusal import Refused

T = TypeVar("T")
CLIENTS = 16  # connections; a request waits for a free one as it does in a web process
ROUNDS = int(os.environ.get("DAREDEMO_RACE_ROUNDS", "1"))  # a nightly run asks for 200


def at_once(calls: Sequence[Callable[[], T]]) -> list[T | Refused]:
    """Run the calls on real threads that start together; what each returned or was refused by.

    Anything but a refusal is an error of ours and is raised.
    """
    answers: list[Any] = [None] * len(calls)
    waiting = list(enumerate(calls))
    start = threading.Barrier(min(CLIENTS, len(calls)))

    def client() -> None:
        try:
            connection.ensure_connection()
            start.wait()
            while waiting:
                try:
                    index, call = waiting.pop()
                except IndexError:
                    return
                try:
                    answers[index] = call()
                except Exception as error:  # noqa: BLE001  told to the test below
                    answers[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=client) for _ in range(start.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for answer in answers:
        if isinstance(answer, Exception) and not isinstance(answer, Refused):
            raise answer
    return answers


def done(answers: Sequence[T | Refused]) -> list[T]:
    return [answer for answer in answers if not isinstance(answer, Refused)]


def reasons(answers: Sequence[T | Refused]) -> set[str]:
    return {answer.reason.value for answer in answers if isinstance(answer, Refused)}


@contextmanager
def without(table: str, *constraints: str) -> Iterator[None]:
    """The table without its seat belts; afterwards it is emptied and they are fastened again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),"
            " format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,"
            "        pg_get_constraintdef(oid))"
            " FROM pg_constraint WHERE conrelid = %s::regclass AND conname = ANY(%s)"
            " UNION ALL SELECT format('DROP INDEX %%I', i.indexname), i.indexdef FROM pg_indexes i"
            " WHERE i.tablename = %s AND i.indexname = ANY(%s)"
            " AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)",
            [table, list(constraints), table, list(constraints)],
        )
        kept = cursor.fetchall()
        assert len(kept) == len(constraints), f"{table} has {kept}"
        for take_off, _ in kept:
            cursor.execute(take_off)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")
            for _, fasten in kept:
                cursor.execute(fasten)

"""Chain what was written, within a minute."""

import os
from datetime import date, datetime
from pathlib import Path

import structlog
from django.conf import settings
from django.db import connection, transaction

from daredemo.audit import chain as links
from daredemo.audit.models import ChainDay, Entry
from daredemo.rules.hours import JST

log = structlog.get_logger("daredemo.audit")

BATCH = 1000
LOCK = 0x61756469  # one chainer at a time; the number is "audi" in ASCII


def chain(now: datetime) -> int:
    """Give every entry not yet chained its place in its day's chain; how many."""
    total = 0
    while count := _chain_batch():
        total += count
    return total


@transaction.atomic
def _chain_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    entries = list(Entry.objects.filter(seq=None).order_by("at", "pk")[:BATCH])
    if not entries:
        return 0
    day = ChainDay.objects.order_by("-day").first()
    for entry in entries:
        born = entry.at.astimezone(JST).date()
        if day is None or born > day.day:
            _close(day)
            day = _open(born, day)
        _append(entry, day)
    _write(entries)
    _close(day)
    transaction.on_commit(lambda: _anchor(day))
    return len(entries)


def _open(born: date, before: ChainDay | None) -> ChainDay:
    """A day begins where the one before ended. An entry that comes late goes to the latest day."""
    start = bytes(before.head) if before else links.START
    return ChainDay(day=born, before=start, head=start, count=0)


def _append(entry: Entry, day: ChainDay) -> None:
    day.count += 1
    day.head = links.link(bytes(day.head), entry, day.day, day.count)
    entry.chain_day, entry.seq, entry.hash = day.day, day.count, day.head


def _write(entries: list[Entry]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE audit_entry SET chain_day = place.day, seq = place.seq, hash = place.hash
               FROM unnest(%s::uuid[], %s::date[], %s::int[], %s::bytea[]) place(id, day, seq, hash)
               WHERE audit_entry.id = place.id""",
            [
                [entry.pk for entry in entries],
                [entry.chain_day for entry in entries],
                [entry.seq for entry in entries],
                [entry.hash for entry in entries],
            ],
        )


def _close(day: ChainDay | None) -> None:
    if day is not None:
        ChainDay.objects.update_or_create(
            day=day.day,
            defaults={"before": day.before, "count": day.count, "head": day.head, "seal": links.seal(day)},
        )


def _anchor(day: ChainDay | None) -> None:
    """Tell the end of the chain outside the database, so that cutting it off is seen."""
    if day is None:
        return
    end = f"{day.day} {day.count} {bytes(day.head).hex()}"
    log.info("audit_chained", day=str(day.day), count=day.count, head=bytes(day.head).hex())
    if path := getattr(settings, "AUDIT_ANCHOR", ""):
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(f".{os.getpid()}")
        draft.write_text(end + "\n")
        draft.replace(target)

"""When everybody has gone: what is due is done, and then nothing may be wrong."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import OperationalError, connection

from bench.parts.mob import Told
from daredemo.booking import invariants
from daredemo.rules.hours import JST
from daredemo.worker import sweeping

UNDO = timedelta(minutes=11)
DRAIN_TIMES, PATIENCE = 20, 60
LOST = {
    "book": """SELECT count(*) FROM unnest(%s::text[], %s::text[]) AS told(id, key) WHERE NOT EXISTS (
        SELECT FROM booking_booking b WHERE b.id = told.id::uuid AND b.request_key = told.key::uuid)""",
    "cancel": """SELECT count(*) FROM unnest(%s::text[], %s::text[]) AS told(id, key) WHERE NOT EXISTS (
        SELECT FROM audit_entry e WHERE e.subject_id = told.id
        AND e.action IN ('booking.cancel', 'booking.withdraw'))""",
}
AUDITED = """SELECT count(*) FROM unnest(%s::text[], %s::text[]) AS told(id, key) WHERE NOT EXISTS (
    SELECT FROM audit_entry e WHERE e.subject_id = told.id AND e.action = %s)"""


def settle_and_ask(told: Sequence[Told]) -> dict[str, int]:
    """Every invariant with its count, those of the chaos's own log among them."""
    wait_for_database()
    later = datetime.now(JST) + UNDO
    for _ in range(DRAIN_TIMES):
        changed = sweeping.run_due(later)
        if not any(changed[name] for name in changed if name.startswith("booking.")):
            break
    sweeping.run_due(later)
    found = invariants.broken(later)
    counts = {name: len(found.get(name, ())) for name in invariants.QUERIES}
    keys: dict[str, set[str]] = {}
    for name, subject, key in told:
        if name == "book":
            keys.setdefault(key, set()).add(subject)
    counts["one_key_two_effects"] = sum(len(ids) > 1 for ids in keys.values())
    counts["acknowledged_without_effect"] = lost(told)
    return counts


def wait_for_database() -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            connection.close()
            connection.ensure_connection()
        except OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)
        else:
            return


def lost(told: Sequence[Told]) -> int:
    """What was acknowledged and is not there."""
    missing = 0
    with connection.cursor() as cursor:
        for name in {name for name, _, _ in told}:
            pairs = {(subject, key) for told_name, subject, key in told if told_name == name}
            values: list[Any] = [[one for one, _ in pairs], [key for _, key in pairs]]
            cursor.execute(LOST.get(name, AUDITED), values if name in LOST else [*values, name])
            missing += cursor.fetchone()[0]
    return missing


def deadlocks(data: Path) -> int:
    """From the server's own words, which a kill does not wipe out."""
    return (data / "postgres" / "postgres.log").read_text(errors="replace").count("deadlock detected")


def text(figures: dict[str, Any], errors: Sequence[str]) -> str:
    lines = [
        "{operations:,} operations of {processes} processes in {seconds} s.".format(**figures),
        "{acknowledged:,} acknowledged, {lost} of them lost.".format(**figures),
        "{deadlocks} deadlocks; {lock_waits} waited for a lock for 3 s.".format(**figures),
        "{busy} answers 503 with Retry-After.".format(**figures),
    ]
    lines.append("Done: " + ", ".join(f"{name} {n}" for name, n in figures["done"].items()) + ".")
    if figures["away"]:
        lines.append("{away:,} found nobody there and came again, not counted above.".format(**figures))
    if figures["killed"]:
        lines.append("Killed: " + ", ".join(f"{name} {n}" for name, n in figures["killed"].items()) + ".")
    lines += [f"{count:6} {name}" for name, count in figures["invariants"].items()]
    lines += [f"ERROR {error}" for error in sorted(set(errors))[:10]]
    return "\n".join(lines)

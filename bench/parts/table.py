"""The numbers of a run, for people and as one JSON object."""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from statistics import median, quantiles

from bench.parts.rounds import Pair, Window

COLUMNS: dict[str, Callable[[Pair], float]] = {
    "bookings/s": lambda pair: pair.web.per_s,
    "p50": lambda pair: percentile(pair.web, 50),
    "p95": lambda pair: percentile(pair.web, 95),
    "p99": lambda pair: percentile(pair.web, 99),
    "web": lambda pair: pair.web.cpu_ms("web"),
    "db": lambda pair: pair.web.cpu_ms("database"),
    "worker": lambda pair: pair.web.cpu_ms("worker", "worker database"),
    "backgr.": lambda pair: pair.web.cpu_ms("background"),
    "client": lambda pair: pair.web.cpu_ms("client"),
    "others": lambda pair: pair.web.others,
    "pgbench/s": lambda pair: pair.pgbench.per_s,
    "its db": lambda pair: pair.pgbench.cpu_ms("pgbench database"),
    "its others": lambda pair: pair.pgbench.others,
    "ratio": lambda pair: pair.ratio,
    "rush": lambda pair: pair.rush_ratio,
    "refusal": lambda pair: pair.refused.cpu_ms("web"),
}
LEGEND = """\
p50, p95, p99: milliseconds until the answer.
web, db, worker, backgr., client, its db: milliseconds of processor time for one booking: web processes, their
database connections, the worker with its own, PostgreSQL's background processes, the load generator,
pgbench's database connections.
rush: bookings/s when everybody wants the same fifty days, by bookings/s.
refusal: milliseconds of the web's processor time for one request whose place is taken.
others: cores that programs outside this run used meanwhile."""


def percentile(window: Window, of_hundred: int) -> float:
    if len(window.latencies) < 2:
        return 0.0
    return quantiles(window.latencies, n=100, method="inclusive")[of_hundred - 1]


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def middle(pairs: Sequence[Pair], name: str) -> float:
    return median(COLUMNS[name](pair) for pair in pairs)


def figures(
    pairs: Sequence[Pair], *, clients: int, seconds: int, broken: int, deadlocks: int
) -> dict[str, float | int]:
    """Medians over the windows; the ratio is that of the two medians."""
    per_s, pgbench = middle(pairs, "bookings/s"), middle(pairs, "pgbench/s")
    return {
        "bookings_per_s": round(per_s, 1),
        "pgbench_per_s": round(pgbench, 1),
        "ratio": round(per_s / pgbench, 4),
        "web_cpu_ms": round(middle(pairs, "web"), 2),
        "db_cpu_ms": round(middle(pairs, "db"), 2),
        "worker_cpu_ms": round(middle(pairs, "worker"), 2),
        "pgbench_db_cpu_ms": round(middle(pairs, "its db"), 2),
        "p50_ms": round(middle(pairs, "p50"), 1),
        "p95_ms": round(middle(pairs, "p95"), 1),
        "p99_ms": round(middle(pairs, "p99"), 1),
        "refusal_web_cpu_ms": round(middle(pairs, "refusal"), 2),
        "refusals_per_s": round(median(pair.refused.per_s for pair in pairs), 1),
        "rush_ratio": round(middle(pairs, "rush"), 3),
        "deadlocks": deadlocks,
        "clients": clients,
        "seconds": seconds,
        "windows": len(pairs),
        "others_cores": round(middle(pairs, "others"), 2),
        "bookings": sum(pair.web.bookings + pair.rush.bookings for pair in pairs),
        "errors": sum(len(one.errors) + one.lost for pair in pairs for one in asked(pair)),
        "invariants_broken": broken,
        "cores": cores(),
    }


def asked(pair: Pair) -> tuple[Window, ...]:
    """The windows in which families asked."""
    return pair.web, pair.rush, pair.refused


def text(pairs: Sequence[Pair]) -> str:
    """A line for each pair of windows, then their medians."""
    lines = ["  ".join(["window", *(f"{title:>5}" for title in COLUMNS)])]
    rows = [(str(n), [column(pair) for column in COLUMNS.values()]) for n, pair in enumerate(pairs, start=1)]
    rows.append(("median", [middle(pairs, name) for name in COLUMNS]))
    for name, values in rows:
        cells = [
            f"{shown(value):>{max(5, len(title))}}" for value, title in zip(values, COLUMNS, strict=True)
        ]
        lines.append("  ".join([f"{name:>6}", *cells]))
    return "\n".join([*lines, "", LEGEND])


def shown(value: float) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 0.1 else 3
    return f"{value:.{digits}f}"


def verdict(pairs: Sequence[Pair], broken: dict[str, list[tuple[object, ...]]]) -> str:
    """Whether every booking that was acknowledged is right."""
    bookings = sum(pair.web.bookings + pair.rush.bookings for pair in pairs)
    wrong = [words for pair in pairs for one in asked(pair) for words in one.errors]
    lost = sum(one.lost for pair in pairs for one in asked(pair))
    lines = [
        f"{bookings:,} bookings acknowledged, {lost} of them not in the database, {len(wrong)} other answers."
    ]
    lines += [f"  {count} x {words}" for words, count in Counter(wrong).most_common(5)]
    lines += [f"  INVARIANT BROKEN {name}: {len(rows)} rows" for name, rows in broken.items()]
    if not broken:
        lines.append("booking.invariants: every query returns 0 rows.")
    return "\n".join(lines)

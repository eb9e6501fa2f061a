"""`python3 run.py bench booking`: what a booking costs, beside pgbench doing the same in one call.

Everything is real: server and worker as `run.py` starts them, a durable PostgreSQL, logged-in browsers with
CSRF tokens and request keys. docs/performance.md says what the numbers mean.
"""

import argparse
import json
import sys
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path

from bench.parts import command
from daredemo.rules.hours import JST


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py bench booking", description="What a booking costs.")
    parser.add_argument("--clients", type=int, default=16, help="how many book at the same time (16)")
    parser.add_argument("--seconds", type=int, default=10, help="length of a window (10)")
    parser.add_argument("--windows", type=int, default=3, help="how many windows of each kind (3)")
    parser.add_argument("--folder", type=Path, help="where the database is put (the temporary folder)")
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    return parser.parse_args(arguments)


def measure(wish: argparse.Namespace, stack: ExitStack) -> int:
    """Everything from an empty folder to the table; 1 where a booking was not right."""
    from bench.parts import pgbench

    program = pgbench.find()
    place = command.prepared(wish.folder, stack)
    from bench.parts import rounds, table, yardstick
    from daredemo.booking import invariants

    size = {"clients": wish.clients, "seconds": wish.seconds}
    stick = yardstick.Yardstick(program, place.house.socket, place.data / "pgbench.sql", wish.clients)
    bench = rounds.Rounds(place.house, stick, **size, windows=wish.windows)
    bench.fill(datetime.now(JST))
    with bench.running(place.surroundings):
        pairs = bench.measure()
        broken, deadlocks = invariants.broken(), bench.deadlocks()
    figures = table.figures(pairs, **size, broken=len(broken), deadlocks=deadlocks)
    print(table.text(pairs))
    print(
        f"\n{bench.filled}; {wish.clients} clients, windows of {wish.seconds} s, {figures['cores']} cores;"
        f" one forced write takes {place.sync_ms:.2f} ms.\n{table.verdict(pairs, broken)}"
    )
    if wish.json:
        print(json.dumps(figures))
    return 1 if figures["errors"] or broken or deadlocks else 0


if __name__ == "__main__":
    raise SystemExit(command.run(partial(measure, parse(sys.argv[1:]))))

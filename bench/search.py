"""`python3 run.py bench search`: what looking for a free place costs over a nation of nurseries.

The database is asked by the query of the page itself; pages are read from the server that `run.py` starts,
by logged-in families: their home, the finder, and the calendar of one nursery. docs/performance.md says what
the numbers mean.
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
    parser = argparse.ArgumentParser(
        prog="run.py bench search", description="What looking for a place costs."
    )
    parser.add_argument("--facilities", type=int, default=20_000, help="nurseries of the nation (20000)")
    parser.add_argument("--days", type=int, default=60, help="opened days of each (60)")
    parser.add_argument("--searches", type=int, default=300, help="how many different searches (300)")
    parser.add_argument("--clients", type=int, default=4, help="how many read at the same time (4)")
    parser.add_argument("--seconds", type=int, default=10, help="length of a window (10)")
    parser.add_argument("--folder", type=Path, help="where the database is put (the temporary folder)")
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    return parser.parse_args(arguments)


def measure(wish: argparse.Namespace, stack: ExitStack) -> int:
    """Everything from an empty folder to the table; 1 where a page was not right."""
    place = command.prepared(wish.folder, stack)
    from bench.parts import reading

    bench = reading.Reading(place.house, clients=wish.clients, seconds=wish.seconds, searches=wish.searches)
    bench.fill(datetime.now(JST), facilities=wish.facilities, days=wish.days)
    asked = bench.ask()
    with bench.running(place.surroundings):
        pages = bench.read()
    figures = reading.figures(asked, pages)
    print(reading.text(asked, pages))
    print(f"\n{bench.filled}; {wish.clients} clients, windows of {wish.seconds} s, {figures['cores']} cores.")
    if wish.json:
        print(json.dumps(figures))
    return 1 if figures["errors"] else 0


if __name__ == "__main__":
    raise SystemExit(command.run(partial(measure, parse(sys.argv[1:]))))

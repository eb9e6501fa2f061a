"""`python3 run.py bench chaos`: everybody does everything at once, while programs are killed.

Server, worker and database as `run.py` starts them, with a durable PostgreSQL; processes that book and
cancel through the web and do everything else through the actions, each thing twice, a tenth with the line
cut. At the end what is due is done, and every invariant is asked. docs/reliability.md has the figures.
"""

import argparse
import json
import logging
import os
import signal
import sys
from collections import Counter
from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import NoReturn

from daredemo.launcher.binaries import Trouble
from daredemo.rules.hours import JST

MOST_WAITS = 0.001  # of all operations may wait for a lock for three seconds, and are told to come back


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="run.py bench chaos", description="Everybody does everything at once."
    )
    parser.add_argument("--seed", type=int, default=1, help="which chain of events (1)")
    parser.add_argument("--minutes", type=float, default=1.0, help="for how long at most (1)")
    parser.add_argument("--processes", type=int, default=8, help="how many at a time (8)")
    parser.add_argument("--operations", type=int, default=0, help="stop after so many (no limit)")
    parser.add_argument(
        "--kill", action="store_true",
        help="kill -9 a web worker each second, the job worker each half second, the database each 15 s",
    )  # fmt: skip
    parser.add_argument(
        "--without-locks", action="store_true",
        help="control: with locks and constraints taken away it must report violations",
    )  # fmt: skip
    parser.add_argument("--folder", type=Path, help="where the database is put (the temporary folder)")
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    return parser.parse_args(arguments)


def run(wish: argparse.Namespace, stack: ExitStack) -> int:
    """Everything from an empty folder to the verdict; 1 where anything is wrong."""
    from bench.parts import house

    data = stack.enter_context(house.own_folder(wish.folder))
    benched = house.Benched(data)
    surroundings = stack.enter_context(benched.with_database())
    # Our processes wait for locks as long as a web process does.
    os.environ.update(surroundings, PGAPPNAME=house.OURS, PGOPTIONS="-c lock_timeout=3s")
    import django

    django.setup()
    logging.getLogger("daredemo").setLevel(logging.CRITICAL)
    from bench.parts import after, killing, mob, town

    port = benched.wish.port
    scenes = town.build(
        datetime.now(JST), port, processes=wish.processes, seed=wish.seed, kill=wish.kill,
        operations=wish.operations, seconds=wish.minutes * 60, without_locks=wish.without_locks,
    )  # fmt: skip
    with benched.serving(surroundings) as (web, worker):
        rage: AbstractContextManager[Counter[str]] = nullcontext(Counter())
        if wish.kill:
            rage = killing.killing(benched, web, worker)
        done = mob.let_loose(scenes, rage)
        benched.wait_until_ready()
        broken = after.settle_and_ask(done.told)
    deadlocks = after.deadlocks(data)
    figures = {
        "seed": wish.seed,
        "processes": wish.processes,
        "seconds": round(done.seconds, 1),
        "cores": os.cpu_count(),
        "operations": done.operations,
        "acknowledged": len(done.told),
        "lost": broken.pop("acknowledged_without_effect"),
        "away": done.outcomes["away"],
        "busy": done.outcomes["busy"],
        "lock_waits": done.outcomes["waited"],
        "deadlocks": deadlocks,
        "killed": dict(done.killed),
        "outcomes": dict(sorted(done.outcomes.items())),
        "done": dict(sorted(done.verbs.items())),
        "errors": len(done.errors),
        "invariants": broken,
    }
    print(after.text(figures, done.errors))
    if wish.json:
        print(json.dumps(figures))
    wrong = figures["lost"] or deadlocks or done.errors or any(broken.values()) or not done.told
    return 1 if wrong or done.outcomes["waited"] > MOST_WAITS * done.operations else 0


def leave(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def main(arguments: list[str]) -> int:
    wish = parse(arguments)
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, leave)
    try:
        with ExitStack() as stack:
            return run(wish, stack)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

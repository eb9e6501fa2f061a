"""One program with the demo's surroundings and its database running: `run.py manage …`, `serve-city …`.

    python -m daredemo.launcher.within [--made] [--data DIR] program.py argument…

In production, or with DATABASE_URL, the surroundings stay as they are.
"""

import argparse
import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

from daredemo.config import environment
from daredemo.launcher import places
from daredemo.launcher.binaries import Trouble
from daredemo.launcher.postgres import Postgres
from daredemo.launcher.serve import demo_surroundings


def parse(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """What is said to us, wherever it stands, and the program with what is said to it."""
    parser = argparse.ArgumentParser(prog="run.py", add_help=False, allow_abbrev=False)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--made", action="store_true", help="only where a database was made before")
    return parser.parse_known_args(arguments)


def main(arguments: list[str]) -> int:
    wish, command = parse(arguments)
    demo, given = environment.mode() == "demo", os.environ.get("DATABASE_URL", "")
    embedded = demo and not given
    data, _wanted = places.choose(wish.data, embedded=embedded)
    if wish.made and embedded and not any((data / "postgres").glob("cluster-??")):
        raise Trouble(f"There is no database in {data} yet: start `python3 run.py` on it once.")
    places.prepare(data)
    with Postgres(data / "postgres").running() if embedded else nullcontext(given) as database:
        port = environment.number("DAREDEMO_PORT", places.port_of(data) or 8000)
        own = {"DAREDEMO_DATA": str(data), **(demo_surroundings(data, database, port) if demo else {})}
        return subprocess.run([sys.executable, *command], env={**os.environ, **own}, check=False).returncode


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except Trouble as trouble:
        sys.exit(str(trouble))
    except KeyboardInterrupt:
        sys.exit(130)

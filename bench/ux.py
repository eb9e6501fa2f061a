"""`python3 run.py bench ux`: the checks of how the guardian's portal looks and behaves, as a table.

They are tests (tests/journeys); here they run together, with what is measured by the clock.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from daredemo.launcher import chromium
from daredemo.launcher.places import ROOT
from tests.journeys.ux import CHECKS

TESTS = (
    *(f"tests/journeys/test_ux_{part}.py" for part in ("screens", "ways", "times")),
    "tests/journeys/test_journeys.py::test_without_scripts",
    "tests/journeys/test_journeys.py::test_with_the_keyboard_alone",
    "tests/portals/guardian/test_deadlines.py",
)
AT_LEAST = {9: 40}  # so many times a check must have told of itself


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py bench ux", description="How the guardian's portal behaves.")
    parser.add_argument("--json", action="store_true", help="print a list of check, passed, value last")
    return parser.parse_args(arguments)


def results(file: Path) -> list[dict[str, Any]]:
    """For each check whether all that it told is good, and what it told."""
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []
    found = []
    for check, title in CHECKS.items():
        own = [line for line in lines if line["check"] == check]
        passed = len(own) >= AT_LEAST.get(check, 1) and all(line["passed"] for line in own)
        values = [line["value"] for line in own]
        value = f"{len(values)} dates" if check in AT_LEAST else "; ".join(values) or "not told"
        found.append({"check": f"{check} {title}", "passed": passed, "value": value})
    return found


def main(arguments: list[str]) -> int:
    wish = parse(arguments)
    with tempfile.TemporaryDirectory(prefix="daredemo-ux-") as folder:
        file = Path(folder) / "results.jsonl"
        surroundings = {**os.environ, "UX_RESULTS": str(file), "UX_TIMES": "1", "CHROMIUM": chromium.ensure()}
        command = [sys.executable, "-m", "pytest", "-q", *TESTS]
        out = sys.stderr if wish.json else None
        subprocess.run(command, cwd=ROOT, env=surroundings, stdout=out, check=False)
        found = results(file)
    for one in found:
        print(f"{'ok  ' if one['passed'] else 'FAIL'} {one['check']}\n       {one['value']}")
    if wish.json:
        print(json.dumps(found, ensure_ascii=False))
    return 0 if all(one["passed"] for one in found) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""`screenshots`: a picture of every screen that the journeys come by, in four widths.

python3 run.py screenshots [--into DIR]     into screenshots/, which nobody commits
python3 run.py screenshots --readme         only the three pictures of the README, into docs/images/
python3 run.py screenshots --at ADDRESS     of a demo that runs already; its clock will be moved
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Which tests take them, and the variable that tells them where to put them.
EVERYTHING = (["tests/journeys/test_journeys.py", "-k", "not harm"], "JOURNEYS_PICTURES")
README = (["tests/journeys/test_pictures.py", "-k", "readme"], "README_PICTURES")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py screenshots", description="Pictures of the screens.")
    parser.add_argument("--into", type=Path, help="the folder of the pictures")
    parser.add_argument("--readme", action="store_true", help="only the three of the README")
    parser.add_argument("--at", help="the address of a running demo")
    given = parser.parse_args(arguments)
    into = (given.into or ROOT / ("docs/images" if given.readme else "screenshots")).absolute()
    wanted, name = README if given.readme else EVERYTHING
    surroundings = {**os.environ, name: str(into)} | ({"JOURNEYS_AT": given.at} if given.at else {})
    command = [sys.executable, "-m", "pytest", "-q", *wanted]
    failed = subprocess.run(command, cwd=ROOT, env=surroundings, check=False).returncode
    print(f"The pictures are in {into}.")
    return failed


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

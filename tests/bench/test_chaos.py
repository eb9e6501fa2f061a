"""Everybody at once, and programs killed: nothing acknowledged is lost and nothing is wrong afterwards.

`DAREDEMO_CHAOS` is for how many minutes each run goes on (1 here; 20,000 operations end it earlier).
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.launcher.house import clean, left_after

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc"),
    pytest.mark.slow,
    pytest.mark.timeout(3600),
]
MINUTES = os.environ.get("DAREDEMO_CHAOS", "1")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A place that the database's user can reach."""
    with tempfile.TemporaryDirectory(prefix="daredemo-test-chaos-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def bench(name: str, folder: Path, *more: str) -> tuple[int, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{name}", *more, "--folder", str(folder), "--json"],
        cwd=ROOT, env={**clean(), "PYTHONPATH": str(ROOT)}, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr
    assert left_after(folder, 5) == {}
    print(done.stdout)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return done.returncode, figures


def test_nothing_is_wrong_when_everybody_has_gone(folder: Path) -> None:
    code, figures = bench("chaos", folder, "--minutes", MINUTES, "--operations", "20000")
    assert {name: count for name, count in figures["invariants"].items() if count} == {}
    assert (figures["lost"], figures["deadlocks"], figures["errors"], code) == (0, 0, 0, 0)
    assert figures["acknowledged"] > 20


def test_nothing_acknowledged_is_lost_while_programs_are_killed(folder: Path) -> None:
    code, figures = bench("chaos", folder, "--minutes", MINUTES, "--kill", "--seed", "2")
    assert {name: count for name, count in figures["invariants"].items() if count} == {}
    assert (figures["lost"], figures["deadlocks"], figures["errors"], code) == (0, 0, 0, 0)
    assert figures["killed"].keys() >= {"web", "worker"}


def test_control_without_locks_and_constraints_it_reports_what_is_wrong(folder: Path) -> None:
    code, figures = bench("chaos", folder, "--minutes", "0.5", "--without-locks")
    assert any(figures["invariants"].values())
    assert code == 1


def test_the_site_is_ready_beside_slow_readers(folder: Path) -> None:
    """A reader keeps its page for hours: who had to wait for one would wait for longer than this."""
    code, figures = bench("readers", folder, "--seconds", "5", "--within", "25")
    assert figures["asked"] > 0
    assert code == 0

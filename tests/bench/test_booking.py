"""The bench of a booking runs from an empty folder to its numbers, and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.launcher.house import left_after

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc"),
    pytest.mark.slow,
]
KEYS = {
    "bookings_per_s", "pgbench_per_s", "ratio", "web_cpu_ms", "db_cpu_ms", "p50_ms", "p95_ms", "p99_ms",
    "refusal_web_cpu_ms", "rush_ratio",
}  # fmt: skip


SHORT = ("--seconds", "1", "--windows", "1", "--clients", "4")


def test_a_short_run_prints_its_numbers_last(
    folder: Path, start: Callable[..., subprocess.Popen[str]]
) -> None:
    bench = start("booking", *SHORT)
    said, troubles = bench.communicate(timeout=250)
    assert bench.returncode == 0, troubles
    numbers = json.loads(said.splitlines()[-1])
    assert {key for key in KEYS if numbers[key] > 0} == KEYS
    assert (numbers["clients"], numbers["seconds"], numbers["windows"]) == (4, 1, 1)
    assert (numbers["errors"], numbers["invariants_broken"], numbers["deadlocks"]) == (0, 0, 0)
    assert numbers["cores"] >= 1
    assert "booking.invariants: every query returns 0 rows." in said
    assert list(folder.iterdir()) == []
    assert left_after(folder, 5) == {}


def test_ctrl_c_in_the_middle_leaves_nothing(
    folder: Path, start: Callable[..., subprocess.Popen[str]]
) -> None:
    bench = start("booking", *SHORT)
    assert bench.stderr is not None
    while "Filled" not in (line := bench.stderr.readline()):
        assert line, "it ended before the database was filled"
    time.sleep(3)  # server, worker and clients are there or on their way
    os.killpg(bench.pid, signal.SIGINT)
    said, troubles = bench.communicate(timeout=60)
    assert (bench.returncode, said, troubles) == (130, "", "Stopped.\n")
    assert list(folder.iterdir()) == []
    assert left_after(folder, 5) == {}

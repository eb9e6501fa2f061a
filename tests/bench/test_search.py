"""The bench of a search runs from an empty folder to its numbers, and leaves nothing behind."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.launcher.house import left_after

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc"),
    pytest.mark.slow,
]
SHORT = ("--facilities", "300", "--days", "21", "--searches", "20", "--clients", "2", "--seconds", "1")
KEYS = {
    "search_db_ms", "search_db_p95_ms", "search_page_p50_ms", "search_page_p95_ms", "search_page_web_cpu_ms",
    "month_page_p50_ms", "month_page_p95_ms", "month_page_web_cpu_ms",
}  # fmt: skip


def test_a_short_run_prints_its_numbers_last(
    folder: Path, start: Callable[..., subprocess.Popen[str]]
) -> None:
    bench = start("search", *SHORT)
    said, troubles = bench.communicate(timeout=280)
    assert bench.returncode == 0, troubles
    numbers = json.loads(said.splitlines()[-1])
    assert {key for key in KEYS if numbers[key] > 0} == KEYS
    assert (numbers["searches"], numbers["errors"]) == (20, 0)
    assert numbers["searches_without_result"] < 20
    assert "300 nurseries with 21 days each" in said
    assert list(folder.iterdir()) == []
    assert left_after(folder, 5) == {}

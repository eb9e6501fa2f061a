"""A bench as somebody starts it: a process of its own, in a folder of its own."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.launcher.house import clean


@pytest.fixture
def folder() -> Iterator[Path]:
    """A place that the database's user can reach."""
    with tempfile.TemporaryDirectory(prefix="daredemo-test-bench-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def start(folder: Path) -> Callable[..., subprocess.Popen[str]]:
    """start("booking", "--seconds", "1", …)"""

    def started(name: str, *short: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", f"bench.{name}", *short, "--folder", str(folder), "--json"],
            cwd=ROOT, env={**clean(), "PYTHONPATH": str(ROOT)}, text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    return started

"""One prepared folder for all tests here; each gets its own copy."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import run
from tests.launcher.house import House, left_after


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """A folder that the database's user may pass through; pytest's own are closed."""
    folder = Path(tempfile.mkdtemp(prefix="daredemo-house-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template(open_folder: Path) -> Path:
    """A data folder after a first start without the demo city and a clean stop."""
    marked = run.MARK.read_text() if run.MARK.exists() else ""
    assert marked == run.fingerprint("dev"), "run.py has not made this .venv: use `python3 run.py test`"
    data = open_folder / "template"
    with House(data, "--empty") as house:
        print(f"\nfirst start without the demo city: {house.until_ready():.2f} s")
    assert left_after(data, 15) == {}
    return data


@pytest.fixture
def data(template: Path) -> Iterator[Path]:
    """A copy of the prepared folder, owners and all."""
    copy = Path(tempfile.mkdtemp(prefix="data-", dir=template.parent))
    subprocess.run(["cp", "-a", f"{template}/.", copy], check=True)
    yield copy
    shutil.rmtree(copy, ignore_errors=True)

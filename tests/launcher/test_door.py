"""`run.py` before `.venv` is there: it makes it, repairs it, and says what it needs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

SETTING_UP = "Setting up .venv"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose locks are empty, so that no network is needed, and whose launcher says one word."""
    shutil.copy(ROOT / "run.py", tmp_path)
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / lock).write_text("# nothing\n")
    launcher = tmp_path / "daredemo" / "launcher"
    launcher.mkdir(parents=True)
    (launcher / "serve.py").write_text("import sys\nprint('served', *sys.argv[1:])\n")
    (launcher / "check.py").write_text("print('checked')\n")
    return tmp_path


def door(checkout: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(checkout / "run.py"), *words]
    # Without uv on the path: the way of a machine that has Python and nothing else.
    surroundings = {"PATH": "/usr/bin:/bin", "HOME": os.environ.get("HOME", "/")}
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False, cwd="/")


@pytest.mark.slow
def test_it_sets_up_once_and_again_when_the_lock_changes_or_the_work_was_cut_off(checkout: Path) -> None:
    first = door(checkout, "--port", "8001")
    assert (first.returncode, first.stdout) == (0, "served --port 8001\n")
    assert SETTING_UP in first.stderr

    assert SETTING_UP not in door(checkout).stderr

    (checkout / "requirements.lock").write_text("# nothing new\n")
    assert SETTING_UP in door(checkout).stderr
    assert SETTING_UP not in door(checkout).stderr

    (checkout / ".venv" / "daredemo-set-up").unlink()
    (checkout / ".venv" / "bin" / "python").unlink()
    assert door(checkout).stdout == "served\n"

    assert SETTING_UP in door(checkout, "check").stderr  # the tests' parts come on top …
    assert SETTING_UP not in door(checkout).stderr  # … and contain the others


def test_an_old_python_gets_a_sentence() -> None:
    pretend = (
        "import runpy, sys\n"
        "sys.version_info, sys.version = (3, 10, 4), '3.10.4 (main)'\n"
        f"runpy.run_path({str(ROOT / 'run.py')!r}, run_name='__main__')\n"
    )
    done = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "daredemo needs Python 3.11 or newer; this is 3.10.4.\n")


def test_an_unknown_command_lists_the_known_ones(checkout: Path) -> None:
    done = door(checkout, "fly")
    assert done.returncode == 1
    assert "There is no command 'fly'." in done.stderr
    assert "python3 run.py test" in done.stderr


def test_help_needs_no_set_up(checkout: Path) -> None:
    done = door(checkout, "help")
    assert "python3 run.py check" in done.stdout
    assert not (checkout / ".venv").exists()

"""Stands between `run.py` and one of its programs, so that nothing is left behind.

    python -m daredemo.launcher.watch [--behind] -- program argument…

Its standard input is a pipe that `run.py` holds open. When the pipe closes, because the end was asked for or
`run.py` was killed, or on SIGTERM, the program and its group get SIGTERM, ten seconds, then SIGKILL.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import FrameType

from daredemo.launcher.keeper import die_with_parent

GRACE_SECONDS = 10
STEPS_BACK = 10  # of nice(1)


class EndAsked(Exception):
    """Somebody wants the program to end."""


def end(_number: int, _frame: FrameType | None) -> None:
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)
    raise EndAsked


def wait_for_eof() -> None:
    with contextlib.suppress(OSError):
        while os.read(0, 1024):
            pass
    os.kill(os.getpid(), signal.SIGTERM)


def step_back() -> None:
    """Let others go first on a busy machine. Linux shares it out by session first, so ours steps back too."""
    os.nice(STEPS_BACK)
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(STEPS_BACK))


def watch(command: list[str]) -> int:
    """Run the program to its end, or to ours; its exit code."""
    program = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        process_group=0,
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509  no second thread yet
    )
    try:
        for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(sign, end)
        threading.Thread(target=wait_for_eof, daemon=True).start()
        return program.wait()
    except EndAsked:
        program.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            return program.wait(GRACE_SECONDS)
        return -signal.SIGKILL
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(program.pid, signal.SIGKILL)
        program.wait()


if __name__ == "__main__":
    break_ = sys.argv.index("--")
    if "--behind" in sys.argv[:break_]:
        step_back()
    raise SystemExit(abs(watch(sys.argv[break_ + 1 :])))

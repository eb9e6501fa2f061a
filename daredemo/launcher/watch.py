"""Stands between `run.py` and one of its programs, so that nothing is left behind.

    python -m daredemo.launcher.watch -- program argument…

Its standard input is a pipe that `run.py` holds open. When the pipe closes, because the end was asked for or
`run.py` was killed, or on SIGTERM, the program and its group get SIGTERM, ten seconds, then SIGKILL.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from types import FrameType

from daredemo.launcher.keeper import die_with_parent

GRACE_SECONDS = 10


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
    raise SystemExit(abs(watch(sys.argv[2:])))

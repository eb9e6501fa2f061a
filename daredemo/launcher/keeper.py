"""The process that keeps one PostgreSQL server for everybody who uses its folder.

    python -m daredemo.launcher.keeper HOME CLUSTER UID GID -- postgres -D …

Users hold a shared lock on `users.lock` as long as they live; the kernel takes it away from a user that dies,
however it dies. The keeper asks ten times a second whether anybody is left, stops the server when not, and
starts it again (crash recovery) when it fell while somebody was there.
"""

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

TICK = 0.1
STOP_SECONDS = 10
PR_SET_PDEATHSIG = 1
QUICK_DEATHS = 25


@contextlib.contextmanager
def held(path: Path, *, shared: bool = False, wait: bool = True) -> Iterator[IO[bytes] | None]:
    """A file lock for the length of the block; gives None at once where it is taken and `wait` is off."""
    with path.open("ab") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield None
        else:
            yield file


def die_with_parent(death: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: on Linux the child gets this signal when its parent is gone."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, death)


class Server:
    """PostgreSQL under a user of its own."""

    def __init__(self, command: list[str], uid: int, gid: int) -> None:
        self.command, self.uid, self.gid = command, uid, gid
        self.process: subprocess.Popen[bytes] | None = None
        self.deaths = 0

    def start(self) -> None:
        root = os.geteuid() == 0
        self.process = subprocess.Popen(
            self.command,
            user=self.uid if root else None,
            group=self.gid if root else None,
            extra_groups=[] if root else None,
            cwd="/",
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=die_with_parent(signal.SIGINT),  # noqa: PLW1509  one thread, one call
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"},
        )

    def fallen(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def stop(self) -> None:
        """Fast shutdown; immediate after ten seconds; then the hard way."""
        if self.process is None:
            return
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
                return


def keep(home: Path, server: Server) -> int:
    """Run the server until nobody needs it; the exit code says whether that went well."""
    asked: list[int] = []
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, lambda number, _frame: asked.append(number))
    server.start()
    while not asked:
        # Only who comes or goes holds start.lock, so the answer cannot change between the two questions.
        with (
            held(home / "start.lock", wait=False) as quiet,
            held(home / "users.lock", wait=False) as nobody,
        ):
            if quiet and nobody:
                server.stop()
                return 0
        if server.fallen():
            server.deaths += 1
            if server.deaths > QUICK_DEATHS:
                return 1
            time.sleep(0.2)  # what is left of a killed server lets go of its memory
            server.start()
        time.sleep(TICK)
    server.stop()
    return 0


def main(arguments: list[str]) -> int:
    home, uid, gid = Path(arguments[0]), int(arguments[1]), int(arguments[2])
    with held(home / "server.lock", wait=False) as mine:
        if mine is None:
            return 0
        (home / "keeper.pid").write_text(str(os.getpid()))
        return keep(home, Server(arguments[4:], uid, gid))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

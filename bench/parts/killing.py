"""kill -9: a web worker each second, the job worker each half second, the database each fifteen."""

import contextlib
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import psutil  # type: ignore[import-untyped]

from bench.parts.house import Benched
from daredemo.launcher.children import Child
from daredemo.launcher.postgres import Postgres

WEB, WORKER, DATABASE = 1.0, 0.5, 15.0
TICK = 0.05


class Killer:
    """Kills and lets everything stand up again, until it has had enough; `counts` says how often whom."""

    def __init__(self, house: Benched, web: Child, worker: Child) -> None:
        self.house, self.children = house, (web, worker)
        self.postgres = Postgres(house.data / "postgres")
        self.enough, self.counts = threading.Event(), Counter[str]()
        self.victims: dict[str, tuple[float, Callable[[], list[int]]]] = {
            "web": (WEB, lambda: below(web, 2)),
            "worker": (WORKER, lambda: below(worker, 1)),
            "database": (DATABASE, lambda: [self.house.postmaster()]),
        }

    def rage(self) -> None:
        due = {name: time.monotonic() + every for name, (every, _) in self.victims.items()}
        while not self.enough.wait(TICK):
            for name, (every, whom) in self.victims.items():
                if time.monotonic() >= due[name]:
                    due[name] += every
                    self.kill(name, whom)
            self.revive()

    def kill(self, name: str, whom: Callable[[], list[int]]) -> None:
        with contextlib.suppress(OSError, ValueError, psutil.Error):  # it is just standing up
            pids = whom()
            if pids:
                os.kill(random.choice(pids), signal.SIGKILL)
                self.counts[name] += 1

    def revive(self) -> None:
        for child in self.children:
            child.early = 0  # it does not fall by itself
            child.revive()
        self.postgres.revive()


def below(child: Child, depth: int) -> list[int]:
    """The processes so many steps under a child; the child itself is launcher.watch, which only waits."""
    found: list[Any] = [psutil.Process(child.process.pid)] if child.process else []
    for _ in range(depth):
        found = [one for parent in found for one in parent.children()]
    return [one.pid for one in found]


@contextlib.contextmanager
def killing(house: Benched, web: Child, worker: Child) -> Iterator[Counter[str]]:
    """For the length of the block; at its end everything stands again."""
    killer = Killer(house, web, worker)
    thread = threading.Thread(target=killer.rage, daemon=True)
    thread.start()
    try:
        yield killer.counts
    finally:
        killer.enough.set()
        thread.join()
        killer.revive()

"""Who used how much processor time: user and system of every process, added up by what it works for."""

import contextlib
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Self

import psutil  # type: ignore[import-untyped]
import psycopg

from bench.parts import pgbench
from bench.parts.house import OURS, WEB
from daredemo.launcher.children import Child

EVERY = 0.5
GROUPS = (
    "web",
    "database",
    "pgbench database",
    "worker",
    "worker database",
    "background",
    "client",
    "machine",
)
BY_NAME = {WEB: "database", pgbench.NAME: "pgbench database", OURS: "client"}
ASK = "SELECT pid, application_name FROM pg_stat_activity WHERE backend_type = 'client backend'"


class Meter:
    """Looks twice a second, so that what ends in between is counted up to its last half second."""

    def __init__(
        self, database: str, *, web: Child, worker: Child, postmaster: int, clients: Sequence[int]
    ) -> None:
        self.line = psycopg.connect(database, autocommit=True, application_name=OURS)
        self.roots = {"web": web, "worker": worker}
        self.postmaster, self.clients = postmaster, tuple(clients)
        self.seen: dict[tuple[int, float], tuple[str, float]] = {}
        self.turn = threading.Lock()

    def read(self) -> dict[str, float]:
        """Seconds of processor time since each process began, by group; `machine` is everything on it."""
        with self.turn:
            for name, process in self._processes():
                with contextlib.suppress(psutil.Error):
                    used = process.cpu_times()
                    self.seen[process.pid, process.create_time()] = (name, used.user + used.system)
            sums: dict[str, float] = defaultdict(float)
            for name, seconds in self.seen.values():
                sums[name] += seconds
            times = psutil.cpu_times()
            sums["machine"] = sum(times) - times.idle - times.iowait - times.guest - times.guest_nice
            return sums

    def _processes(self) -> "Iterator[tuple[str, psutil.Process]]":
        for name, child in self.roots.items():
            if child.process is not None:
                # The process itself is launcher.watch, which only waits.
                for process in psutil.Process(child.process.pid).children(recursive=True):
                    yield name, process
        names = {pid: BY_NAME.get(name, "worker database") for pid, name in self.line.execute(ASK)}
        for process in psutil.Process(self.postmaster).children():
            # A connection that came after the question is asked for the next time.
            known = self.seen.get((process.pid, process.create_time()))
            yield names.get(process.pid) or (known[0] if known else "background"), process
        for pid in self.clients:
            yield "client", psutil.Process(pid)

    @contextlib.contextmanager
    def over(self) -> Iterator[dict[str, float]]:
        """The seconds of a block, by group, filled in when it ends."""
        used: dict[str, float] = {}
        stop = threading.Event()
        before = self.read()
        looking = threading.Thread(target=self._look, args=(stop,), daemon=True)
        looking.start()
        try:
            yield used
        finally:
            stop.set()
            looking.join()
            after = self.read()
            used.update({name: after.get(name, 0.0) - before.get(name, 0.0) for name in GROUPS})

    def _look(self, stop: threading.Event) -> None:
        while not stop.wait(EVERY):
            self.read()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.line.close()

"""The real thing, as `run.py` serves it: database, web and worker, in a folder that is thrown away."""

import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from daredemo.launcher import places, serve
from daredemo.launcher.binaries import Trouble
from daredemo.launcher.children import Child
from daredemo.launcher.postgres import Postgres

WEB, OURS = "bench-web", "bench"  # names of database connections, so that their processor time is told apart


class Benched(serve.House):
    """A house that is started in two steps: the database first, then everything else."""

    def __init__(self, data: Path) -> None:
        super().__init__(serve.Wish(port=serve.free_port(), bind=serve.LOOPBACK, data=data, empty=True))
        if not self.demo:
            raise Trouble("A bench runs on its own demo; take DAREDEMO_MODE=production away.")
        self.data = data
        self.socket = Postgres(data / "postgres").socket

    @contextlib.contextmanager
    def with_database(self) -> Iterator[dict[str, str]]:
        """An empty prepared database; gives the surroundings of its programs."""
        with Postgres(self.data / "postgres").running() as database:
            surroundings = self.surroundings(self.data, database)
            try:
                self.run_once([sys.executable, "-m", "daredemo.launcher.prepare"], surroundings)
            finally:
                self.stop()
            yield surroundings

    @contextlib.contextmanager
    def serving(self, surroundings: dict[str, str], *, rests: bool = False) -> Iterator[tuple[Child, Child]]:
        """Web and worker, until the end of the block; a worker that rests is not started."""
        web, worker = self.programs(self.data, surroundings)
        web.environment = {**web.environment, "PGAPPNAME": WEB}
        self.children = [web] if rests else [web, worker]
        try:
            for child in self.children:
                child.start()
            self.wait_until_ready()
            yield web, worker
        finally:
            self.stop()

    def stop(self) -> None:
        for child in self.children:
            child.stop()
        self.children = []

    @contextlib.contextmanager
    def without(self, worker: Child) -> Iterator[None]:
        """The worker rests; at the end of the block it has started again and run its first sweeps."""
        worker.stop()
        starts = ready_lines(worker)
        try:
            yield
        finally:
            worker.start()
        until = time.monotonic() + serve.READY_SECONDS
        while ready_lines(worker) == starts:
            if time.monotonic() > until:
                raise Trouble(f"The worker does not start again. {worker.last_words()}")
            time.sleep(0.1)
        time.sleep(1)

    def postmaster(self) -> int:
        (note,) = (self.data / "postgres").glob("cluster-*/postmaster.pid")
        return int(note.read_text().split("\n")[0])


@contextlib.contextmanager
def own_folder(below: Path | None) -> Iterator[Path]:
    """A data folder that the database's user can reach; nothing of it stays."""
    if below is None:
        below = Path(tempfile.gettempdir())
    made = Path(tempfile.mkdtemp(prefix="daredemo-bench-", dir=below))
    made.chmod(0o711)
    data, wanted = places.choose(made)
    if not wanted:
        print(f"The database's user (nobody) cannot enter {below}; the data are kept in {data}.", flush=True)
    try:
        places.prepare(data)
        yield data
    finally:
        for folder in {made, data}:
            shutil.rmtree(folder, ignore_errors=True)


def ready_lines(worker: Child) -> int:
    return worker.log.read_text(errors="replace").count("worker_ready") if worker.log else 0


def sync_ms(folder: Path, times: int = 100) -> float:
    """What one forced write costs here: durable commits wait for it."""
    place = folder / "sync"
    with place.open("wb") as file:
        began = os.times().elapsed
        for _ in range(times):
            file.write(bytes(8192))
            file.flush()
            os.fsync(file.fileno())
        took = os.times().elapsed - began
    place.unlink()
    return took / times * 1000

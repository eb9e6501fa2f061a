"""Run the sweeps: one failing sweep stops no other, each run that did something is one log line."""

import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from time import monotonic, perf_counter, time

import structlog
from django.db import close_old_connections
from django.utils.module_loading import import_string

from daredemo.config import clock
from daredemo.rules.hours import JST
from daredemo.worker.table import TABLE, Sweep

log = structlog.get_logger("daredemo.worker")

JUMP_SECONDS = 2.0


def run(sweep: Sweep, now: datetime) -> int | None:
    """One run of one sweep; how many it changed, None when it failed."""
    began = perf_counter()
    try:
        function: Callable[[datetime], int] = import_string(sweep.path)
        count = function(now)
    except Exception:
        log.exception("sweep_failed", sweep=sweep.name, ms=_since(began))
        return None
    if count:
        log.info("sweep", sweep=sweep.name, count=count, ms=_since(began))
    return count


def run_due(now: datetime, table: Iterable[Sweep] = TABLE) -> dict[str, int | None]:
    """Every sweep once, in the order of the road: what changed by name."""
    return {sweep.name: run(sweep, now) for sweep in table}


def _since(began: float) -> int:
    return round((perf_counter() - began) * 1000)


class Lane:
    """A thread's own timetable. A sweep is due at the start, after its interval, past its time of day,
    and whenever our clock moved against the computer's."""

    def __init__(self, sweeps: Iterable[Sweep]) -> None:
        self.sweeps = tuple(sweeps)
        self.last: dict[str, datetime] = {}
        self.offset: float | None = None

    def turn(self, now: datetime, offset: float) -> int:
        """Run what is due; how many sweeps ran. `offset` is our clock less the computer's, in seconds."""
        if self.offset is not None and abs(offset - self.offset) > JUMP_SECONDS:
            log.info("clock_moved", seconds=round(offset - self.offset))
            self.last.clear()
        self.offset = offset
        due = [sweep for sweep in self.sweeps if self._is_due(sweep, now)]
        for sweep in due:
            self.last[sweep.name] = now
            run(sweep, now)
        return len(due)

    def _is_due(self, sweep: Sweep, now: datetime) -> bool:
        last = self.last.get(sweep.name)
        if last is None:
            return True
        if sweep.every is not None:
            # Half a step of tolerance keeps "each second" from becoming each other second.
            return now - last >= sweep.every - timedelta(milliseconds=500)
        local = now.astimezone(JST)
        moment = datetime.combine(local.date(), sweep.at or local.time(), JST)
        return last < moment <= now

    def loop(self, stop: threading.Event) -> None:
        """Once a second until told to stop; a database that went away is asked again."""
        while not stop.is_set():
            began = monotonic()
            try:
                close_old_connections()
                now = clock.now()
                self.turn(now, now.timestamp() - time())
            except Exception:
                log.exception("lane_failed")
            stop.wait(max(0.05, 1 - (monotonic() - began)))
        close_old_connections()


def lanes() -> list[Lane]:
    names = dict.fromkeys(sweep.lane for sweep in TABLE)
    return [Lane(sweep for sweep in TABLE if sweep.lane == name) for name in names]

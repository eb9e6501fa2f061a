"""The worker's life: threads for the sweeps, one event loop for the jobs, an orderly end."""

import asyncio
import os
import signal
import threading
from contextlib import ExitStack
from typing import Any

import structlog
from django.conf import settings
from django.utils.module_loading import import_string
from procrastinate import App
from procrastinate.contrib.django import DjangoApp, app

from daredemo.worker import stalled, sweeping
from daredemo.worker.table import DEMO_COMPANIONS

CONCURRENCY = 4
GRACE_SECONDS = 8
log = structlog.get_logger("daredemo.worker")


def jobs_app() -> App:
    """The same tasks over a direct connection. What they defer goes through Django's own transaction."""
    connector: Any = app.connector
    direct: App = DjangoApp(connector=connector.get_worker_connector())
    direct.tasks = app.tasks
    return direct


async def work_jobs(stop: asyncio.Event) -> None:
    """Work off jobs; when the database went away, start anew each second until it is back."""
    ended: asyncio.Future[Any] = asyncio.ensure_future(stop.wait())
    while not stop.is_set():
        try:
            await work_until(ended)
        except Exception:
            log.exception("jobs_interrupted")
        if not stop.is_set():
            await asyncio.wait({ended}, timeout=1)


async def work_until(ended: asyncio.Future[Any]) -> None:
    direct = jobs_app()
    async with direct.open_async():
        worker: asyncio.Future[Any] = asyncio.ensure_future(
            direct.run_worker_async(
                concurrency=CONCURRENCY,
                install_signal_handlers=False,
                delete_jobs="successful",
                shutdown_graceful_timeout=GRACE_SECONDS,
                update_heartbeat_interval=stalled.HEARTBEAT_SECONDS,
                stalled_worker_timeout=stalled.STALL_SECONDS,
            )
        )
        await asyncio.wait({worker, ended}, return_when=asyncio.FIRST_COMPLETED)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)


def start_companions(stack: ExitStack) -> None:
    for path in DEMO_COMPANIONS if settings.DEMO else ():
        try:
            stack.callback(import_string(path)())
        except Exception:
            log.exception("companion_failed", companion=path)


async def main() -> None:
    stop, halt = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def end() -> None:
        halt.set()
        loop.call_soon_threadsafe(stop.set)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    with ExitStack() as stack:
        start_companions(stack)
        threads = [
            threading.Thread(target=lane.loop, args=(halt,), daemon=True, name=f"lane {index}")
            for index, lane in enumerate(sweeping.lanes())
        ]
        for thread in threads:
            thread.start()
        log.info("worker_ready", pid=os.getpid())
        await work_jobs(stop)
    for thread in threads:
        thread.join(timeout=1)
    log.info("worker_ended")

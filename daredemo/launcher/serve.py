"""`python3 run.py`: database, web, worker; until somebody says stop.

The order of stopping is web, worker, database. Whatever happens to this process, its children end: they watch
a pipe to it, and the database counts its users.
"""

import argparse
import contextlib
import errno
import fcntl
import hashlib
import http.client
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from daredemo.config import environment
from daredemo.launcher import places, prepare
from daredemo.launcher.binaries import Trouble
from daredemo.launcher.children import Child
from daredemo.launcher.postgres import Postgres

LOOPBACK = "127.0.0.1"
READY_SECONDS = 60
TICK, WATCH_TICK = 0.05, 0.2
PORT_SECONDS = 2  # the web process of a killed run.py lets go of its port within this time
WEB_WORKERS, WEB_THREADS, WEB_CONNECTIONS = 2, 8, 3


class Leave(Exception):
    """Somebody pressed Ctrl-C or sent a signal."""


class Wish(NamedTuple):
    """What the command line asks for."""

    port: int
    bind: str
    data: Path | None
    empty: bool


def parse(arguments: list[str]) -> Wish:
    parser = argparse.ArgumentParser(prog="run.py", description="Run daredemo: database, web and worker.")
    parser.add_argument("--port", type=int, default=8000, help="the web port (8000)")
    parser.add_argument("--data", type=Path, help="the data folder (.data in the project)")
    parser.add_argument("--empty", action="store_true", help="no demo city")
    parser.add_argument("--bind", default=LOOPBACK, help="production only: the address to listen on")
    given = parser.parse_args(arguments)
    return Wish(given.port, given.bind, given.data, given.empty)


def say(words: str) -> None:
    """A line on the terminal, if there still is one."""
    with contextlib.suppress(OSError, ValueError):
        print(words, flush=True)


class House:
    """Everything that runs, from the data folder up."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.demo = environment.mode() == "demo"
        self.embedded = self.demo and not os.environ.get("DATABASE_URL")
        self.children: list[Child] = []
        self.leaving = False

    # ── the folder ────────────────────────────────────────────────────────────────
    def choose_folder(self) -> Path:
        data, wanted = places.choose(self.wish.data, embedded=self.embedded)
        if not wanted:
            say(f"The database's user (nobody) cannot enter the folder; the data are kept in {data}.")
        places.prepare(data)
        return data

    @contextlib.contextmanager
    def folder_lock(self, data: Path) -> Iterator[IO[str]]:
        """One running system for one folder."""
        with (data / "run.lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                raise Trouble(f"daredemo already runs on {data}: {file.read().strip()}") from None
            file.truncate(0)
            file.write(f"{self.address} (process {os.getpid()})")
            file.flush()
            yield file

    @property
    def address(self) -> str:
        return f"http://localhost:{self.wish.port}/"

    # ── the surroundings of the children ──────────────────────────────────────────
    def surroundings(self, data: Path, database: str) -> dict[str, str]:
        common = {
            "DJANGO_SETTINGS_MODULE": "daredemo.config.settings",
            "DAREDEMO_DATA": str(data),
            "DAREDEMO_STATIC": "collected",
        }
        if not self.demo:
            return {**os.environ, **common}
        return {**os.environ, **common, **demo_surroundings(data, database, self.wish.port)}

    def prepare(self, data: Path, surroundings: dict[str, str]) -> None:
        """Migrate, collect, load; skipped where the note says that nothing has changed."""
        which = os.environ.get("DAREDEMO_PG_BIN" if self.embedded else "DATABASE_URL", "")
        note = data / "postgres" / f"prepared-{hashlib.sha256(which.encode()).hexdigest()[:8]}.json"
        noted = json.loads(note.read_text()) if note.exists() else {}
        now = prepare.what_decides()
        loaded, wanted = bool(noted.get("demo")), self.demo and not self.wish.empty
        if self.embedded and noted.get("for") == now and (loaded or not wanted):
            return
        words = ["--demo"] if wanted and not loaded else []
        if loaded or wanted:
            words += ["--logins", str(data / "logins.txt")]
        say("Preparing the database (only when something is new) …")
        self.run_once([sys.executable, "-m", "daredemo.launcher.prepare", *words], surroundings)
        note.parent.mkdir(exist_ok=True)
        note.write_text(json.dumps({"for": now, "demo": loaded or wanted}))

    def run_once(self, command: list[str], surroundings: dict[str, str]) -> None:
        """A program that has to end well before anything goes on."""
        child = Child("preparing", command, surroundings, None)
        self.children.append(child)
        child.start()
        while (code := child.code()) is None:
            self.rest()
        self.children.remove(child)
        if code:
            raise SystemExit(code)

    def programs(self, data: Path, surroundings: dict[str, str]) -> list[Child]:
        logs = data / "log" if self.demo else None
        web = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--http", "1",
            "--host", self.wish.bind, "--port", str(self.wish.port), "--respawn-failed-workers",
            "--workers", str(WEB_WORKERS), "--workers-kill-timeout", "3",
            "--blocking-threads", str(WEB_THREADS),
            "--log-level", "warning", "daredemo.config.wsgi:application",
        ]  # fmt: skip
        for_web = {"DAREDEMO_DB_POOL": str(WEB_CONNECTIONS), **surroundings}
        worker = [sys.executable, "-m", "daredemo.worker"]
        return [
            Child("web", web, for_web, logs / "web.log" if logs else None),
            # A family that waits for a page comes before a mail.
            Child("worker", worker, surroundings, logs / "worker.log" if logs else None, behind=True),
        ]

    # ── the life of it ────────────────────────────────────────────────────────────
    def rest(self, seconds: float = TICK) -> None:
        time.sleep(seconds)
        if self.leaving:
            raise Leave

    def run(self) -> None:
        """Until Leave or Trouble; everything is down when this returns."""
        began = time.monotonic()
        if not self.demo and self.wish.bind == LOOPBACK:
            say(f"Listening on {LOOPBACK} only; --bind opens it to a proxy on another machine.")
        if self.demo and self.wish.bind != LOOPBACK:
            raise Trouble("--bind is for production: the demo has known passwords and stays on this machine.")
        free_or_trouble(self.wish.bind, self.wish.port)
        data = self.choose_folder()
        postgres = Postgres(data / "postgres") if self.embedded else None
        with (
            self.folder_lock(data),
            postgres.running() if postgres else contextlib.nullcontext("") as database,
        ):
            try:
                surroundings = self.surroundings(data, database or os.environ.get("DATABASE_URL", ""))
                self.prepare(data, surroundings)
                for child in self.programs(data, surroundings):
                    self.children.append(child)
                    child.start()
                    if child.name == "web":
                        self.wait_until_ready()  # two programs that load at once are both late
                self.greet(data, time.monotonic() - began)
                while True:
                    for child in self.children:
                        child.revive()
                    if postgres:
                        postgres.revive()
                    self.rest(WATCH_TICK)
            finally:
                for child in self.children:
                    child.stop()

    def wait_until_ready(self) -> None:
        until = time.monotonic() + READY_SECONDS
        while not answers(self.wish.bind, self.wish.port):
            if time.monotonic() > until:
                raise Trouble(f"The web process does not answer. {self.children[0].last_words()}")
            for child in self.children:
                child.revive()
            self.rest()

    def greet(self, data: Path, seconds: float) -> None:
        if not self.demo:
            say(f"Ready in {seconds:.1f} s on {self.wish.bind}:{self.wish.port}.")
            return
        say(
            f"\nReady in {seconds:.1f} s. Data: {data}   Logs: {data / 'log'}   Stop: Ctrl-C\n\n"
            f"  保護者 guardians      {self.address}\n"
            f"  施設   nurseries      {self.address}facility/\n"
            f"  市町村 municipality   {self.address}city/\n"
            f"  メール mailbox        {self.address}demo/mailbox\n"
        )
        logins = data / "logins.txt"
        if logins.exists():
            say(logins.read_text(encoding="utf-8"))


def demo_surroundings(data: Path, database: str, port: int) -> dict[str, str]:
    """What the demo's programs are told."""
    return {
        "DAREDEMO_MODE": "demo",
        "DAREDEMO_PORT": str(port),
        "DAREDEMO_SMTP_PORT": str(free_port()),
        "DATABASE_URL": database,
        **places.demo_secrets(data),
    }


def free_port() -> int:
    with socket.socket() as line:
        line.bind((LOOPBACK, 0))
        number: int = line.getsockname()[1]
        return number


def free_or_trouble(bind: str, port: int) -> None:
    """Granian shares a port silently with another granian, so look before."""
    until = time.monotonic() + PORT_SECONDS
    while (wrong := why_not(bind, port)) and wrong.errno == errno.EADDRINUSE and time.monotonic() < until:
        time.sleep(TICK)
    if wrong and wrong.errno == errno.EADDRINUSE:
        raise Trouble(f"Port {port} is in use by another program; choose another one with --port.")
    if wrong:
        raise Trouble(f"Port {port} on {bind} cannot be used: {wrong}.")


def why_not(bind: str, port: int) -> OSError | None:
    with socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind((bind, port))
        except OSError as wrong:
            return wrong
        except OverflowError as wrong:
            return OSError(str(wrong))
    return None


def answers(bind: str, port: int) -> bool:
    host = {"0.0.0.0": LOOPBACK, "::": "::1"}.get(bind, bind)  # noqa: S104
    line = http.client.HTTPConnection(host, port, timeout=5)
    try:
        line.request("GET", "/live", headers={"Host": "localhost"})
        line.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
    return True


def main(arguments: list[str]) -> int:
    house = House(parse(arguments))
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if sign != signal.SIGHUP or signal.getsignal(sign) != signal.SIG_IGN:  # nohup means what it says
            signal.signal(sign, lambda _number, _frame: setattr(house, "leaving", True))
    try:
        house.run()
    except Leave:
        say("Stopped.")
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

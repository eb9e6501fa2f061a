"""Start `run.py` as a person would, on a folder of its own, and look for what is left of it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Self

from tests.conftest import PRODUCTION_ONLY, ROOT

SECONDS = 90
OURS = ("DATABASE_URL", "SECRET_KEY", "ENCRYPTION_KEYS", *PRODUCTION_ONLY)


def clean() -> dict[str, str]:
    """The surroundings of somebody who has just logged in."""
    return {
        k: v for k, v in os.environ.items() if k not in OURS and not k.startswith(("DAREDEMO_", "PYTEST_"))
    }


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        number: int = line.getsockname()[1]
        return number


def processes(data: Path) -> dict[int, str]:
    """Every process that knows this data folder, by its command line or its surroundings."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes()
            known = os.fsencode(data) in words + (entry / "environ").read_bytes()
        except OSError:
            continue
        if known and words and int(entry.name) != os.getpid():
            found[int(entry.name)] = words.replace(b"\0", b" ").decode(errors="replace")
    return found


def left_after(data: Path, seconds: float) -> dict[int, str]:
    """What is still there once this time is up; empty as soon as nothing is."""
    until = time.monotonic() + seconds
    while (found := processes(data)) and time.monotonic() < until:
        time.sleep(0.1)
    return found


class House:
    """One `run.py`."""

    def __init__(
        self, data: Path, *words: str, port: int | None = None, surroundings: dict[str, str] | None = None
    ) -> None:
        self.data, self.port = data, port or free_port()
        self.out = data.parent / f"{data.name}.out"
        command = [
            sys.executable,
            str(ROOT / "run.py"),
            "--data",
            str(data),
            "--port",
            str(self.port),
            *words,
        ]
        self.began = time.monotonic()
        with self.out.open("wb") as out:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
                env={**clean(), **(surroundings or {})},
            )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(SECONDS)

    @property
    def said(self) -> str:
        return self.out.read_text(encoding="utf-8", errors="replace")

    def until_ready(self) -> float:
        """Seconds from the first key press to the sentence that it is ready."""
        while "Ready in" not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() - self.began < SECONDS, self.said
            time.sleep(0.02)
        return time.monotonic() - self.began

    def until_end(self) -> int:
        return self.process.wait(SECONDS)

    def send(self, sign: signal.Signals) -> None:
        """As a terminal does: to the whole process group."""
        os.killpg(self.process.pid, sign)

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://localhost:{self.port}{path}", timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError:
            return 0

    def until_status(self, path: str, wanted: int) -> None:
        until = time.monotonic() + SECONDS
        while (got := self.status(path)) != wanted:
            assert time.monotonic() < until, f"{path}: {got}\n{self.said}"
            time.sleep(0.1)

    def pid_of(self, pattern: str, *, other_than: int = 0) -> int:
        """The first process of this house whose command line fits, waiting for it."""
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            fit = [pid for pid, words in processes(self.data).items() if re.match(pattern, words)]
            if found := [pid for pid in fit if pid != other_than]:
                return min(found)
            time.sleep(0.1)
        raise AssertionError(f"nothing runs as {pattern}: {processes(self.data)}")

"""The programs of a running system: each in its own session, each watched, started again when one falls."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from daredemo.launcher.binaries import Trouble
from daredemo.launcher.places import ROOT

STOP_SECONDS = 15  # `watch` kills after ten
EARLY_SECONDS = 5
EARLY_DEATHS = 3


class Child:
    """One program behind its watcher. Without a log file its words go where ours go.

    `behind`: on a busy machine it steps back for the others.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        log: Path | None,
        *,
        behind: bool = False,
    ) -> None:
        self.name, self.command, self.environment, self.log = name, command, environment, log
        self.options = ["--behind"] if behind else []
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.early = 0

    def start(self) -> None:
        if self.log:
            self.log.parent.mkdir(parents=True, exist_ok=True)
        output = self.log.open("ab") if self.log else None
        self.process = subprocess.Popen(
            [sys.executable, "-m", "daredemo.launcher.watch", *self.options, "--", *self.command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env=dict(self.environment),
            cwd=ROOT,
        )
        self.started = time.monotonic()
        if output:
            output.close()

    def code(self) -> int | None:
        """The exit code, or None while it runs."""
        return self.process.poll() if self.process else None

    def revive(self) -> None:
        """Start it again when it fell; give up on one that cannot stand."""
        if self.code() is None:
            return
        self.early = self.early + 1 if time.monotonic() - self.started < EARLY_SECONDS else 0
        if self.early >= EARLY_DEATHS:
            raise Trouble(f"The {self.name} process ends as soon as it starts. {self.last_words()}")
        self.start()

    def last_words(self) -> str:
        if not self.log:
            return ""
        lines = self.log.read_text(errors="replace").strip().splitlines()[-15:]
        return f"{self.log} ends with:\n" + "\n".join(lines)

    def stop(self) -> None:
        """Close the pipe, which asks for the end, and wait for it."""
        if self.process is None:
            return
        if self.process.stdin:
            self.process.stdin.close()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

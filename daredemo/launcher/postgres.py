"""The embedded PostgreSQL: nothing to install, no open port, nothing left behind.

* The server runs as an ordinary user: ours, or `nobody` when we are root.
* It listens on a socket only. The socket's folder is closed (0700) to everybody but that user and root: that
  folder is the guard, so connections inside it need no password (`trust`); there is no TCP at all.
* Several programs may use one folder at the same time: a shared file lock counts them, the last one stops it.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.parse import quote

from daredemo.launcher import binaries
from daredemo.launcher.binaries import Trouble
from daredemo.launcher.keeper import held

ROLE = "daredemo"
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_LIMIT = 100  # sun_path is 104 bytes on macOS and 108 on Linux
READY_SECONDS = 60
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "max_connections": "150",
    "jit": "off",
    "log_line_prefix": "%m [%p] ",
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}


class Postgres:
    """One cluster below `home`. `fast` gives up durability: for tests only."""

    def __init__(self, home: Path, *, fast: bool = False) -> None:
        self.home, self.fast = home, fast
        self.owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        self.mine: IO[bytes] | None = None

    @property
    def socket(self) -> Path:
        """The socket's folder: below `home`, or below /tmp where that name would be too long for a socket."""
        folder = self.home / "socket"
        if len(os.fsencode(folder / SOCKET_NAME)) < SOCKET_LIMIT:
            return folder
        return Path("/tmp") / f"daredemo-{hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]}"  # noqa: S108

    def url(self, database: str = ROLE) -> str:
        """`postgres://daredemo@/daredemo?host=/…/socket`."""
        return f"postgres://{ROLE}@/{database}?host={quote(str(self.socket))}"

    @contextlib.contextmanager
    def running(self) -> Iterator[str]:
        """The server's address for the length of the block."""
        self.enter()
        try:
            yield self.url()
        finally:
            self.leave()

    def enter(self) -> None:
        """Become one of the server's users; start it when nobody has."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.home.chmod(0o711)  # locks, log and programs are ours; only cluster and socket are the server's
        self.own_folder(self.socket)
        with held(self.home / "start.lock"):
            self.mine = (self.home / "users.lock").open("ab")
            fcntl.flock(self.mine, fcntl.LOCK_SH)
            with held(self.home / "server.lock", wait=False) as free:
                stopped = free is not None
            try:
                self.start() if stopped else self.wait_until_ready(None)
            except BaseException:
                self.mine.close()
                self.mine = None
                raise

    def revive(self) -> None:
        """Start it again when even its keeper was killed; for users that stay."""
        with held(self.home / "start.lock"):
            with held(self.home / "server.lock", wait=False) as free:
                stopped = free is not None
            if stopped:
                self.start()

    def leave(self) -> None:
        """No longer a user; whoever is the last waits until the server is down."""
        if self.mine is None:
            return
        with held(self.home / "start.lock"), self.mine, contextlib.suppress(BlockingIOError):
            fcntl.flock(self.mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.stop()
        self.mine = None

    def stop(self) -> None:
        """Tell the keeper, if there is one, and wait until it has gone."""
        with held(self.home / "server.lock", wait=False) as free:
            if free:
                return
        with contextlib.suppress(OSError, ValueError):
            os.kill(int((self.home / "keeper.pid").read_text()), signal.SIGTERM)
        with held(self.home / "server.lock"):
            pass
        if self.socket.parent != self.home:
            with contextlib.suppress(OSError):
                self.socket.rmdir()

    def own_folder(self, folder: Path) -> None:
        """A folder that only the server's user (and root) may enter."""
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.chown(folder, self.owner.pw_uid, self.owner.pw_gid)
        if folder.is_symlink() or folder.stat().st_uid != self.owner.pw_uid:
            raise Trouble(f"{folder} belongs to somebody else; choose another folder with --data.")
        folder.chmod(0o700)

    def start(self) -> None:
        programs = binaries.ready(self.home)
        cluster = self.home / f"cluster-{programs.major}"
        if not cluster.is_dir():
            self.make_cluster(programs, cluster)
        self.clear_away(cluster)
        with (self.home / "postgres.log").open("ab") as log:
            keeper = subprocess.Popen(
                [
                    sys.executable, "-m", "daredemo.launcher.keeper", self.home,
                    str(self.owner.pw_uid), str(self.owner.pw_gid), "--", *self.command(programs, cluster),
                ],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                cwd=Path(__file__).parent.parent.parent,
            )  # fmt: skip
        self.wait_until_ready(keeper)

    def command(self, programs: binaries.Binaries, cluster: Path) -> list[str]:
        settings = SETTINGS | {"unix_socket_directories": str(self.socket)} | (FAST if self.fast else {})
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(programs.folder / "postgres"), "-D", str(cluster), *options]

    def as_owner(self, command: list[str | Path], words: str = "") -> None:
        """One of PostgreSQL's programs, run by the server's user."""
        root = os.geteuid() == 0
        done = subprocess.run(
            command,
            input=words,
            user=self.owner.pw_uid if root else None,
            group=self.owner.pw_gid if root else None,
            extra_groups=[] if root else None,
            cwd="/",
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Trouble(f"{Path(command[0]).name} failed: {done.stderr.strip() or done.stdout.strip()}")

    def make_cluster(self, programs: binaries.Binaries, cluster: Path) -> None:
        """initdb into a fresh folder, then one rename: a cluster is whole or it is not there."""
        for half_made in self.home.glob(f"{cluster.name}.new-*"):
            shutil.rmtree(half_made, ignore_errors=True)
        fresh = self.home / f"{cluster.name}.new-{uuid.uuid4().hex[:8]}"
        locale = ["--locale-provider=builtin"] if programs.major >= 17 else []
        self.own_folder(fresh)
        command: list[str | Path] = [
            programs.folder / "initdb", "-D", fresh, "-U", ROLE, "--auth-local=trust", "--auth-host=reject",
            "--encoding=UTF8", *locale, "--locale=C.UTF-8", *(["--no-sync"] if self.fast else []),
        ]  # fmt: skip
        self.as_owner(command)
        alone: list[str | Path] = [programs.folder / "postgres", "--single", "-D", fresh, "template1"]
        self.as_owner(alone, f"CREATE DATABASE {ROLE}\n")
        fresh.rename(cluster)

    def clear_away(self, cluster: Path) -> None:
        """No keeper, but traces of a server: stop the orphan, or take away the note of one long gone."""
        note = cluster / "postmaster.pid"
        try:
            pid = int(note.read_text().split("\n")[0])
        except (OSError, ValueError):
            return
        if not is_postgres(pid, cluster):
            note.unlink(missing_ok=True)
            return
        os.kill(pid, signal.SIGINT)
        until = time.monotonic() + READY_SECONDS
        while note.exists() and is_postgres(pid, cluster) and time.monotonic() < until:
            time.sleep(0.05)

    def wait_until_ready(self, keeper: subprocess.Popen[bytes] | None) -> None:
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            if any(says_ready(cluster, self.socket) for cluster in self.home.glob("cluster-??")):
                return
            if keeper and keeper.poll() is not None:
                break
            time.sleep(0.01)
        log = self.home / "postgres.log"
        last = log.read_text(errors="replace").strip().splitlines()[-5:]
        raise Trouble(f"PostgreSQL does not start; {log} ends with:\n" + "\n".join(last))


def says_ready(cluster: Path, folder: Path) -> bool:
    """The server writes its state into the eighth line of its note; an old note has nobody behind it."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        if len(lines) < 8 or lines[7].strip() != "ready":
            return False
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(folder / SOCKET_NAME))
    except OSError:
        return False
    return True


def is_postgres(pid: int, cluster: Path) -> bool:
    """Whether this process is the server of this cluster (a pid may have gone to another program)."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        answer = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, check=False)
        words = answer.stdout
    return os.fsencode(cluster) in words

"""The embedded server: who owns it, who may reach it, who turns it off."""

import os
import pwd
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from daredemo.launcher import binaries, places
from daredemo.launcher.binaries import Trouble
from daredemo.launcher.postgres import Postgres, is_postgres

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc")


@pytest.fixture(scope="module")
def home(open_folder: Path) -> Path:
    return open_folder / "postgres"


@pytest.fixture
def server(home: Path) -> Iterator[Postgres]:
    yield Postgres(home, fast=True)
    if (home / "server.lock").exists():
        Postgres(home).stop()


def ask(url: str, sql: str) -> object:
    with psycopg.connect(url.replace("postgres://", "postgresql://"), autocommit=True) as line:
        row = line.execute(sql.encode()).fetchone()
        return row[0] if row else None


def postmaster(home: Path) -> int | None:
    note = next(home.glob("cluster-*/postmaster.pid"), None)
    return int(note.read_text().split("\n")[0]) if note else None


def test_it_speaks_through_a_closed_folder_and_has_no_port(server: Postgres) -> None:
    with server.running() as url:
        assert ask(url, "SHOW listen_addresses") == ""
        assert server.socket.stat().st_mode & 0o777 == 0o700
        assert server.socket.stat().st_uid == server.owner.pw_uid
        assert ask(url, "SELECT datcollate FROM pg_database WHERE datname = 'daredemo'") == "C.UTF-8"
        if os.geteuid() == 0:
            pid = postmaster(server.home)
            assert Path(f"/proc/{pid}").stat().st_uid == pwd.getpwnam("nobody").pw_uid
    assert postmaster(server.home) is None


def test_the_last_of_several_users_turns_it_off(server: Postgres) -> None:
    other = Postgres(server.home, fast=True)
    with server.running():
        with other.running() as url:
            first = postmaster(server.home)
            assert ask(url, "SELECT 1") == 1
        assert postmaster(server.home) == first
        assert ask(url, "SELECT 1") == 1
    assert postmaster(server.home) is None


def test_a_user_that_is_killed_does_not_keep_it_alive(server: Postgres) -> None:
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from daredemo.launcher.postgres import Postgres\n"
        "Postgres(Path(sys.argv[1]), fast=True).enter()\n"
        "print('in', flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, server.home],
        cwd=places.ROOT,
        stdout=subprocess.PIPE,
    ) as user:
        assert user.stdout
        assert user.stdout.readline() == b"in\n"
        assert postmaster(server.home)
        user.kill()
    until = time.monotonic() + 15
    while postmaster(server.home) and time.monotonic() < until:
        time.sleep(0.05)
    assert postmaster(server.home) is None


def test_an_orphan_is_turned_off_before_a_new_one_starts(server: Postgres) -> None:
    with server.running() as url:
        before = postmaster(server.home)
        os.kill(int((server.home / "keeper.pid").read_text()), signal.SIGKILL)
        time.sleep(0.5)
        with Postgres(server.home, fast=True).running():
            assert postmaster(server.home) != before
            assert ask(url, "SELECT 1") == 1


def test_a_note_left_by_a_dead_server_is_taken_away(server: Postgres) -> None:
    with server.running():
        pass
    cluster = next(server.home.glob("cluster-??"))
    (cluster / "postmaster.pid").write_text(f"{os.getpid()}\n")  # alive, but no PostgreSQL
    assert not is_postgres(os.getpid(), cluster)
    with server.running() as url:
        assert ask(url, "SELECT 1") == 1


def test_a_half_made_cluster_is_never_used(server: Postgres) -> None:
    half_made = server.home / "cluster-18.new-dead"
    half_made.mkdir(exist_ok=True)
    for cluster in server.home.glob("cluster-??"):
        cluster.rename(server.home / "aside")
    with server.running() as url:
        assert ask(url, "SELECT 1") == 1
    assert [path.name for path in server.home.glob("cluster-*.new-*")] == []


@pytest.mark.slow
def test_a_log_tells_why_it_does_not_start(server: Postgres) -> None:
    with server.running():
        pass
    cluster = next(server.home.glob("cluster-??"))
    hidden = cluster / "PG_VERSION"
    words = hidden.read_text()
    hidden.write_text("8.1\n")
    with pytest.raises(Trouble, match="PostgreSQL does not start"):
        server.enter()
    hidden.write_text(words)


def test_a_named_folder_without_postgres_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAREDEMO_PG_BIN", str(home))
    with pytest.raises(Trouble, match=re.escape(f"DAREDEMO_PG_BIN is {home}")):
        binaries.ready(home)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_a_folder_below_a_closed_home_is_exchanged(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (one, wanted), (other, _) = (places.choose(closed / name, tmp_path) for name in ("one", "other"))
    assert not wanted
    assert one.parent == other.parent == tmp_path
    assert one != other


def test_the_folder_is_the_wanted_one_else_the_named_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAREDEMO_DATA", str(tmp_path / "named"))
    assert places.choose(None, embedded=False) == (tmp_path / "named", True)
    assert places.choose(tmp_path / "wanted", embedded=False) == (tmp_path / "wanted", True)
    monkeypatch.delenv("DAREDEMO_DATA")
    assert places.choose(None, embedded=False) == (places.ROOT / ".data", True)


def test_secrets_are_made_once_and_closed(tmp_path: Path) -> None:
    made = places.demo_secrets(tmp_path)
    assert places.demo_secrets(tmp_path) == made
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600

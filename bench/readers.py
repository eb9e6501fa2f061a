"""`python3 run.py bench readers`: does the site answer while many read its pages very slowly?

Server, worker and database as `run.py` starts them; so many connections ask for pages and read one byte a
second; beside them `/ready` is asked again and again.
"""

import argparse
import json
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from bench.parts import command
from daredemo.launcher.binaries import Trouble

PAGES = ("/", "/facilities/", "/static/shared/app.css")
SMALL, PAUSE = 2048, 0.1  # bytes of a slow reader's buffer; seconds between asking


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="run.py bench readers", description="Is it ready beside slow readers?"
    )
    parser.add_argument("--readers", type=int, default=20, help="how many read slowly (20)")
    parser.add_argument("--seconds", type=int, default=15, help="for how long (15)")
    parser.add_argument(
        "--within", type=float, default=1.0, help="seconds in which each answer must be there (1)"
    )
    parser.add_argument("--folder", type=Path, help="where the database is put (the temporary folder)")
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    return parser.parse_args(arguments)


@contextmanager
def slow_readers(port: int, many: int) -> Iterator[list[socket.socket]]:
    """Connections that have asked for a page and have not read a byte of it yet."""
    lines = []
    try:
        for n in range(many):
            line = socket.socket()
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
            line.connect(("127.0.0.1", port))
            page = PAGES[n % len(PAGES)]
            line.sendall(f"GET {page} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
            line.setblocking(False)
            lines.append(line)
        yield lines
    finally:
        for line in lines:
            line.close()


def ready(port: int) -> float:
    """Seconds until `/ready` said yes on a connection of its own; Trouble where it said anything else."""
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), 30) as line:
        line.sendall(f"GET /ready HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n".encode())
        first = line.recv(64)
    if not first.startswith(b"HTTP/1.1 200"):
        raise Trouble(f"/ready answers {first[:40]!r}")
    return time.perf_counter() - began


def watch(port: int, many: int, seconds: int) -> list[float]:
    """How long each answer took while the readers read one byte a second."""
    took, bite = [], time.monotonic()
    with slow_readers(port, many) as lines:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            took.append(ready(port))
            if time.monotonic() >= bite:
                bite += 1
                for line in lines:
                    try:
                        line.recv(1)
                    except BlockingIOError:  # its page is not there yet
                        continue
            time.sleep(PAUSE)
    return sorted(took)


def run(wish: argparse.Namespace, stack: ExitStack) -> int:
    """Everything from an empty folder to the verdict; 1 where it was not ready in time."""
    from bench.parts import house

    benched = house.Benched(stack.enter_context(house.own_folder(wish.folder)))
    surroundings = stack.enter_context(benched.with_database())
    stack.enter_context(benched.serving(surroundings))
    port = benched.wish.port
    alone, beside = watch(port, 0, 3), watch(port, wish.readers, wish.seconds)
    figures = {
        "readers": wish.readers,
        "seconds": wish.seconds,
        "asked": len(beside),
        "alone_ms": round(alone[len(alone) // 2] * 1000, 1),
        "median_ms": round(beside[len(beside) // 2] * 1000, 1),
        "worst_ms": round(beside[-1] * 1000, 1),
    }
    print(
        "/ready beside {readers} slow readers, asked {asked} times in {seconds} s:"
        " median {median_ms} ms, worst {worst_ms} ms; without them {alone_ms} ms.".format(**figures)
    )
    if wish.json:
        print(json.dumps(figures))
    return 0 if beside[-1] < wish.within else 1


if __name__ == "__main__":
    raise SystemExit(command.run(partial(run, parse(sys.argv[1:]))))

"""Browsers without a screen: processes that send prepared requests over kept-alive connections.

A process of its own holds up to 16 clients in one thread; each sends its next request when the answer to the
last one is complete. It knows nothing of Django, so that it costs little of the machine it shares.
"""

import multiprocessing
import selectors
import signal
import socket
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from daredemo.launcher.binaries import Trouble

CLIENTS_EACH = 16
BITE = 1 << 16
PATIENCE = 30.0
SPAWN = multiprocessing.get_context("spawn")


@dataclass(slots=True)
class Answer:
    """What came back for one request: its number in the list, the status, where to, and how long it took."""

    request: int
    status: int
    location: str
    seconds: float


@dataclass(slots=True)
class Round:
    """Everything a crowd did in one window."""

    seconds: float
    answers: list[Answer]


@dataclass(slots=True)
class Client:
    """One kept-alive connection and what it waits for."""

    line: socket.socket
    request: int = -1
    sent: float = 0.0
    got: bytearray = field(default_factory=bytearray)


def complete(got: bytearray) -> tuple[bytes, int] | None:
    """The head of an answer and its whole length, once everything is there."""
    end = got.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(got[:end])
    lower = head.lower()
    if b"transfer-encoding: chunked" in lower:
        last = got.find(b"\r\n0\r\n\r\n", end)
        return (head, last + 7) if last >= 0 else None
    at = lower.find(b"content-length:")
    length = int(lower[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
    whole = end + 4 + length
    return (head, whole) if len(got) >= whole else None


def located(head: bytes) -> str:
    at = head.lower().find(b"\r\nlocation:")
    return head[at + 11 :].split(b"\r\n", 1)[0].strip().decode() if at >= 0 else ""


def drive(pipe: "Connection[object, object]", port: int, clients: int) -> None:
    """The life of a process: a list of requests and a length in seconds come in, answers go out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            work = pipe.recv()
            assert isinstance(work, tuple)
            requests, seconds = work
            with connected(port, clients) as lines:
                pipe.send("ready")
                pipe.recv()
                pipe.send(window(lines, deque(enumerate(requests)), seconds))
        except (EOFError, BrokenPipeError):  # nobody asks any more
            return


@contextmanager
def connected(port: int, clients: int) -> Iterator[list[Client]]:
    """Kept-alive connections for one window: the server closes those that rest between two."""
    with ExitStack() as stack:
        lines = []
        for _ in range(clients):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE))
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            lines.append(Client(line))
        yield lines


def window(lines: Sequence[Client], waiting: "deque[tuple[int, bytes]]", seconds: float) -> Round:
    """Keep every client busy until the time is up; what is under way is waited for."""
    answers: list[Answer] = []
    with selectors.DefaultSelector() as selector:
        for client in lines:
            selector.register(client.line, selectors.EVENT_READ, client)
        began = time.perf_counter()
        until = began + seconds
        busy = sum(send(client, waiting) for client in lines)
        while busy:
            ready = selector.select(PATIENCE)
            if not ready:
                raise TimeoutError(f"no answer within {PATIENCE:.0f} s")
            for key, _ in ready:
                if (answer := receive(key.data)) is None:
                    continue
                answers.append(answer)
                if time.perf_counter() >= until or not send(key.data, waiting):
                    busy -= 1
        return Round(time.perf_counter() - began, answers)


def send(client: Client, waiting: "deque[tuple[int, bytes]]") -> bool:
    """Send the next request of the list; False where there is none."""
    if not waiting:
        return False
    client.request, request = waiting.popleft()
    client.sent = time.perf_counter()
    client.line.sendall(request)
    return True


def receive(client: Client) -> Answer | None:
    """What has come; the answer once it is whole."""
    bite = client.line.recv(BITE)
    if not bite:
        raise ConnectionError("the server closed a connection")
    client.got += bite
    found = complete(client.got)
    if found is None:
        return None
    head, length = found
    seconds = time.perf_counter() - client.sent
    del client.got[:length]
    return Answer(client.request, int(head[9:12]), located(head), seconds)


class Crowd:
    """All processes together."""

    def __init__(self, members: Sequence[tuple[SpawnProcess, "Connection[object, object]"]]) -> None:
        self.members = members

    @property
    def pids(self) -> list[int]:
        return [process.pid for process, _ in self.members if process.pid]

    def run(self, requests: Sequence[bytes], seconds: float) -> Round:
        """One window. The answers name the requests by their place in the list."""
        count = len(self.members)
        try:
            for n, (_, pipe) in enumerate(self.members):
                pipe.send((requests[n::count], seconds))
            for _, pipe in self.members:
                pipe.recv()
            for _, pipe in self.members:
                pipe.send("go")
            parts = [pipe.recv() for _, pipe in self.members]
        except (EOFError, OSError):
            raise Trouble("The clients ended: the server refused or broke their connections.") from None
        whole = Round(0.0, [])
        for n, part in enumerate(parts):
            assert isinstance(part, Round)
            whole.seconds = max(whole.seconds, part.seconds)
            for answer in part.answers:
                answer.request = answer.request * count + n
            whole.answers += part.answers
        return whole


@contextmanager
def gathered(port: int, clients: int) -> Iterator[Crowd]:
    """The processes, connected; they end with the block."""
    members: list[tuple[SpawnProcess, Connection[object, object]]] = []
    try:
        for first in range(0, clients, CLIENTS_EACH):
            mine, theirs = SPAWN.Pipe()
            share = min(CLIENTS_EACH, clients - first)
            process = SPAWN.Process(target=drive, args=(theirs, port, share), daemon=True)
            # Ctrl-C is for whoever started the crowd; a member that is still waking up must not hear it.
            before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            process.start()
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            theirs.close()
            members.append((process, mine))
        yield Crowd(members)
    finally:
        for process, pipe in members:
            pipe.close()
            process.join(2)
            process.kill()

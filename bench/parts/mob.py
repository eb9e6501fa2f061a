"""The processes of the chaos: each does one thing after the other until time or operations are over."""

import multiprocessing
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from multiprocessing.connection import Connection
from uuid import UUID

from daredemo.launcher.binaries import Trouble

SPAWN = multiprocessing.get_context("spawn")
PATIENCE = 60
Told = tuple[str, str, str]  # what was acknowledged: the action, its subject, the key of the request


@dataclass(frozen=True)
class Person:
    """A family's browser, and whose it is."""

    user: UUID
    guardian: UUID
    child: UUID
    facility: UUID
    session: str
    secret: str
    token: str


@dataclass(frozen=True)
class Scene:
    """What one process is told."""

    number: int
    seed: int
    port: int
    operations: int  # 0: no limit
    seconds: float
    kill: bool
    without_locks: bool
    policy: UUID
    days: tuple[date, ...]
    people: tuple[Person, ...]
    staff: tuple[tuple[UUID, UUID], ...]  # facility, user


@dataclass
class Done:
    """What one process, or all of them, did."""

    operations: int = 0
    seconds: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    told: list[Told] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def live(pipe: "Connection[object, object]", scene: Scene) -> None:
    """The life of a process."""
    import django

    django.setup()
    from bench.parts.deeds import Doer

    doer = Doer(scene)
    pipe.send("ready")
    pipe.recv()
    pipe.send(doer.live())


def let_loose(scenes: Sequence[Scene]) -> Done:
    """All processes together, from a common start."""
    members = []
    try:
        for scene in scenes:
            mine, theirs = SPAWN.Pipe()
            process = SPAWN.Process(target=live, args=(theirs, scene), daemon=True)
            process.start()
            theirs.close()
            members.append((process, mine))
        for _, pipe in members:
            pipe.recv()
        began = time.monotonic()
        for _, pipe in members:
            pipe.send("go")
        whole = Done()
        for process, pipe in members:
            if not pipe.poll(scenes[0].seconds + PATIENCE):
                raise Trouble(f"Process {process.pid} hangs.")
            part = pipe.recv()
            assert isinstance(part, Done)
            whole.operations += part.operations
            whole.outcomes += part.outcomes
            whole.told += part.told
            whole.errors += part.errors
        whole.seconds = time.monotonic() - began
    except EOFError:
        raise Trouble("A process of the chaos ended before its time.") from None
    finally:
        for process, pipe in members:
            pipe.close()
            process.join(2)
            process.kill()
    return whole

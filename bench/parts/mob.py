"""The processes of the chaos: each does one thing after the other until time or operations are over."""

import multiprocessing
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from uuid import UUID

from daredemo.launcher.binaries import Trouble

SPAWN = multiprocessing.get_context("spawn")
PATIENCE = 180  # somebody may still wait for a web process that was killed
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
    sibling: UUID | None = None  # a second child of this guardian


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
    verbs: Counter[str] = field(default_factory=Counter)  # how often each was done
    told: list[Told] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    killed: Counter[str] = field(default_factory=Counter)


def live(pipe: "Connection[object, object]", scene: Scene) -> None:
    """The life of a process."""
    import django

    django.setup()
    from bench.parts.deeds_together import Together

    doer = Together(scene)
    verbs = doer.verbs()
    pipe.send("ready")
    pipe.recv()
    pipe.send(doer.live(verbs))


def let_loose(scenes: Sequence[Scene], rage: AbstractContextManager[Counter[str]]) -> Done:
    """All processes together, from a common start; `rage` begins when they are ready, and is counted."""
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
        with rage as killed:
            began = time.monotonic()
            for _, pipe in members:
                pipe.send("go")
            parts = [told(process, pipe, scenes[0].seconds) for process, pipe in members]
            return summed(parts, killed, time.monotonic() - began)
    except EOFError:
        raise Trouble("A process of the chaos ended before its time.") from None
    finally:
        for process, pipe in members:
            pipe.close()
            process.join(2)
            process.kill()


def told(process: SpawnProcess, pipe: "Connection[object, object]", seconds: float) -> Done:
    if not pipe.poll(seconds + PATIENCE):
        raise Trouble(f"Process {process.pid} hangs.")
    part = pipe.recv()
    assert isinstance(part, Done)
    return part


def summed(parts: Sequence[Done], killed: Counter[str], seconds: float) -> Done:
    whole = Done(seconds=seconds, killed=killed)
    for part in parts:
        whole.operations += part.operations
        whole.outcomes += part.outcomes
        whole.verbs += part.verbs
        whole.told += part.told
        whole.errors += part.errors
    return whole

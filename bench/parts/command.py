"""What every bench does before it measures and after: an empty prepared house, signals, an exit code."""

import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

from bench.parts import house
from daredemo.launcher.binaries import Trouble


@dataclass(frozen=True, slots=True)
class Place:
    """A data folder with a running, empty, prepared database; Django knows it."""

    data: Path
    house: house.Benched
    surroundings: dict[str, str]
    sync_ms: float  # what one forced write costs on its disk


def prepared(folder: Path | None, stack: ExitStack) -> Place:
    """Until the stack ends; nothing of it stays."""
    data = stack.enter_context(house.own_folder(folder))
    sync_ms = house.sync_ms(data)
    benched = house.Benched(data)
    surroundings = stack.enter_context(benched.with_database())
    os.environ.update(surroundings, PGAPPNAME=house.OURS)
    import django

    django.setup()
    logging.getLogger("daredemo").setLevel(logging.WARNING)  # what sweeps tell is the worker's to log
    return Place(data, benched, surroundings, sync_ms)


def leave(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def run(measure: Callable[[ExitStack], int]) -> int:
    """The exit code: 1 for what went wrong, 130 when somebody stopped it."""
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, leave)
    try:
        with ExitStack() as stack:
            return measure(stack)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130

"""What each form sends: every body is a function of the world, kept under the names of its routes."""

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.portals.matrix.world import World

Body = dict[str, Any]
Maker = Callable[[World], Body]
BODIES: dict[str, Maker] = {}


def sends(*routes: str) -> Callable[[Maker], Maker]:
    def keep(body: Maker) -> Maker:
        BODIES.update(dict.fromkeys(routes, body))
        return body

    return keep


def day(name: str, on: date) -> Body:
    return {f"{name}_year": str(on.year), f"{name}_month": str(on.month), f"{name}_day": str(on.day)}

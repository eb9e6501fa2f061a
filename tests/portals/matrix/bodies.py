"""What is sent when all is well: whoever may do it succeeds with it."""

from tests.portals.matrix import family_bodies, office_bodies
from tests.portals.matrix.sending import BODIES, Body
from tests.portals.matrix.world import World

__all__ = ["body_of", "family_bodies", "office_bodies"]


def body_of(route: str, world: World) -> Body:
    """The fields of a route's form; nothing for one that has only a button."""
    return BODIES[route](world) if route in BODIES else {}

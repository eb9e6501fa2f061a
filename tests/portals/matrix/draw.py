"""Lines for `matrix.txt` as the programme behaves now: to be read and judged before they are pasted."""

from tests.portals.matrix import bodies, reading, routes
from tests.portals.matrix.calling import Walker


def proposal(walker: Walker, route: routes.Route) -> list[str]:
    """The lines of a route that the matrix does not know, with the first thing that fits its address."""
    if not route.names:
        return lines(walker, route.name, "-")
    fitting = [name for name, values in walker.world.things.items() if set(values) == set(route.names)]
    if not fitting:
        return [f"# {route.name}: world.py has no thing with {route.names}"]
    return [f"# {route.name} may speak of: {', '.join(fitting)}", *lines(walker, route.name, fitting[0])]


def lines(walker: Walker, route: str, thing: str) -> list[str]:
    """One line for GET and one for POST."""
    values = walker.world.things[thing] if thing != "-" else {}
    path = routes.address(route, values)
    drawn = []
    for method in ("GET", "POST"):
        body = bodies.body_of(route, walker.world) if method == "POST" else None
        outcomes = {actor: walker.call(actor, method, path, body).outcome for actor in walker.cookies}
        drawn.append(reading.line_of(route, thing, method, outcomes))
    return drawn

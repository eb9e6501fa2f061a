"""`matrix.txt`, read: which outcome each actor gets, by route, thing and method."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("matrix.txt")


@dataclass(frozen=True)
class Row:
    """One line: `outcomes` by actor. `thing` is what the address speaks of, "-" for nothing."""

    route: str
    thing: str
    method: str
    outcomes: dict[str, str]
    line: int


@cache
def columns() -> tuple[str, ...]:
    """The actors, in the order of the head line."""
    head = next(line for line in FILE.read_text("utf-8").splitlines() if line.startswith("route "))
    return tuple(head.split()[3:])


@cache
def rows() -> tuple[Row, ...]:
    found = []
    for number, line in enumerate(FILE.read_text("utf-8").splitlines(), 1):
        if line.strip() and not line.startswith(("#", "route ", "!")):
            route, thing, method, *cells = line.split()
            if len(cells) != len(columns()):
                raise ValueError(f"matrix.txt:{number}: {len(cells)} outcomes for {len(columns())} actors")
            found.append(Row(route, thing, method, dict(zip(columns(), cells, strict=True)), number))
    return tuple(found)


@cache
def exceptions() -> dict[str, str]:
    """`! route  reason`: the POSTs that write something without a line in the audit, and why."""
    marked = [line[1:].split(maxsplit=1) for line in FILE.read_text("utf-8").splitlines() if line[:1] == "!"]
    return {route: reason.strip() for route, reason in marked}


def line_of(route: str, thing: str, method: str, outcomes: dict[str, str]) -> str:
    """A line of the file, in its columns."""
    cells = " ".join(f"{outcomes.get(actor, '?'):<6}" for actor in columns())
    return f"{route:<34} {thing:<19} {method:<5} {cells}".rstrip()

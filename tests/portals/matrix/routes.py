"""Every address that the URL resolver knows, allauth's and the demo's included."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse

NOWHERE: dict[type, object] = {UUID: UUID(int=1), int: 99, str: "x" * 43}


@dataclass(frozen=True)
class Route:
    """`name` with its namespace, the names in its address, the gate that is written on its view."""

    name: str
    names: tuple[str, ...]
    view: Any

    @property
    def gate(self) -> str:
        return str(getattr(self.view, "gate", ""))


def walk(
    resolver: URLResolver | None = None, space: str = "", outer: tuple[str, ...] = ()
) -> Iterator[Route]:
    """Each route once, in the order in which an address is looked up."""
    for one in (resolver or get_resolver()).url_patterns:
        names = (*outer, *one.pattern.regex.groupindex)
        if isinstance(one, URLPattern):
            yield Route(f"{space}{one.name}", names, one.callback)
        else:
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from walk(one, inner, names)


def address(name: str, values: dict[str, Any]) -> str:
    return reverse(name, kwargs=values)


def absent(values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The same address, speaking of something that does not exist: each of its values in turn."""
    for name, value in values.items():
        if type(value) in NOWHERE:
            yield {**values, name: NOWHERE[type(value)]}

"""More than a form asks for: every column of every table, with a value that would do harm."""

from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.db import models

from tests.portals.matrix.world import World

ALWAYS = {"step", "next", "again", "act", "csrfmiddlewaretoken"}
HARMFUL = {
    "is_active": "",
    "yen": "0",
    "minutes": "600",
    "role": "manager",
    "status": "booked",
    "reduction": "welfare",
}


class Names(HTMLParser):
    """The names of all fields on a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = dict(attrs).get("name")
        if tag in ("input", "select", "textarea", "button") and name:
            self.found.add(name)


def names_on(page: str) -> set[str]:
    parser = Names()
    parser.feed(page)
    return parser.found


def extras(world: World, asked: set[str]) -> dict[str, str]:
    """Fields nobody asked for: ids of the other family and facility, roles, prices, states, times."""
    wrong: dict[str, str] = {"by": str(world.people["manage"].pk), "now": "2020-01-01T00:00:00+09:00"}
    for model in apps.get_models():
        if model.__module__.startswith("daredemo."):
            for field in model._meta.concrete_fields:
                wrong[field.name] = wrong[field.attname] = value(world, field)
    return {name: said for name, said in wrong.items() if name not in asked | ALWAYS}


def value(world: World, field: Any) -> str:
    others = {
        "Guardian": world.others.guardian.pk,
        "Child": world.others.child.pk,
        "Facility": world.near.pk,
        "User": world.people["manage"].pk,
    }
    if field.name in HARMFUL:
        return HARMFUL[field.name]
    if isinstance(field, models.ForeignKey):
        return str(others.get(field.related_model.__name__, world.near.pk))
    if field.choices:
        return str(list(field.choices)[-1][0])
    if isinstance(field, models.DateField):
        return "2020-01-01"
    return "1"

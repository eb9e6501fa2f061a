"""What is said of a protected child: in a message, a calendar and a paper never which nursery; at a nursery
nobody who was put out.
"""

from collections.abc import Iterable
from typing import NamedTuple

from daredemo.facilities.models import Facility
from daredemo.families.models import Child, Guardian


class Place(NamedTuple):
    """A facility as a family's mail names it."""

    name: str
    phone: str
    address: str
    belongings: str


UNNAMED = Place("園", "", "", "")


def place(facility: Facility, children: Iterable[Child]) -> Place:
    """「園」 without name or place where one of the children is protected (支援措置): mails lie open."""
    if any(child.protected_at for child in children):
        return UNNAMED
    return Place(facility.name, facility.phone, facility.address, facility.belongings)


def named(guardian: Guardian, children: Iterable[Child]) -> Guardian | None:
    """Whom a facility is told of as the family: None for who was put out of a protected child (支援措置).

    A child is protected with its guardian, and everyone else is out: nobody needs to be asked for.
    """
    out = guardian.protected_at is None and any(child.protected_at for child in children)
    return None if out else guardian

"""What a message, a calendar and a paper may say of a place: of a protected child never which nursery."""

from collections.abc import Iterable
from typing import NamedTuple

from daredemo.facilities.models import Facility
from daredemo.families.models import Child


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

"""The municipality that a page speaks for: name, office and telephone in header and footer."""

from typing import NamedTuple, cast

from django.utils.functional import SimpleLazyObject

from daredemo.municipalities import queries as municipalities


class City(NamedTuple):
    """What `{{ city }}` is on every page."""

    code: str
    name: str
    office: str = ""
    phone: str = ""
    opening_hours: str = ""
    web_page: str = ""


_seen: dict[str, City | None] = {}  # by code, and the only one under "": for pages without a database


def city_of(code: str, name: str) -> City:
    """The municipality of an actor; its office is looked up when a page first prints it."""
    return cast("City", SimpleLazyObject(lambda: _city(code, name)))


def _city(code: str, name: str) -> City:
    office = municipalities.programme_of(code)
    if office is None:
        return City(code, name)
    found = City(code, name, office.office, office.phone, office.opening_hours, office.web_page)
    _seen[code] = found
    return found


def the_only_city() -> City | None:
    """Before anyone has logged in: the city, where this deployment serves just one."""
    served = list(municipalities.served()[:2])
    found = None
    if len(served) == 1:
        one = served[0]
        town = one.municipality
        found = City(town.code, town.name, one.office, one.phone, one.opening_hours, one.web_page)
    _seen[""] = found
    return found


def last_known(code: str = "") -> City | None:
    """As this process saw it last, without asking: the city with this code, or the only one."""
    return _seen.get(code)

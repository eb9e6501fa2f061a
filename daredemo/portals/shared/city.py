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


def city_of(code: str, name: str) -> City:
    """The municipality of an actor; its office is looked up when a page first prints it."""
    return cast("City", SimpleLazyObject(lambda: _city(code, name)))


def _city(code: str, name: str) -> City:
    office = municipalities.programme_of(code)
    if office is None:
        return City(code, name)
    return City(code, name, office.office, office.phone, office.opening_hours, office.web_page)


def the_only_city() -> City | None:
    """Before anyone has logged in: the city, where this deployment serves just one."""
    served = list(municipalities.served()[:2])
    if len(served) != 1:
        return None
    one = served[0]
    return City(
        one.municipality_id, one.municipality.name, one.office, one.phone, one.opening_hours, one.web_page
    )

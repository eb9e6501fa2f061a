"""Somebody who follows every link of a portal, one of each kind, and looks at what is there."""

from urllib.parse import parse_qsl, urljoin, urlsplit

from django.urls import Resolver404, resolve

from tests.journeys.people import Person

LINKS = """all => all.filter(a => !a.hasAttribute('download'))
  .map(a => new URL(a.getAttribute('href'), document.baseURI).href)"""  # in a drawing, a.href is no text
OF_ALL = ("mfa", "account")  # pages that every portal has
FILES = ("pdf", "ics", "picture", "proof", "document", "attachment", "paper", "letter", "result")


def kind(address: str) -> str:
    """`https://…/bookings/018f…/?list=past` → `guardian:booking?list`; "" for what is no screen of ours."""
    parts = urlsplit(address)
    try:
        route = resolve(parts.path).view_name
    except Resolver404:
        return ""
    asked = ",".join(sorted({name for name, _ in parse_qsl(parts.query)}))
    return "" if route.rpartition(":")[2].endswith(FILES) else f"{route}?{asked}"


def look_around(person: Person, start: str) -> set[str]:
    """The names of the routes that were looked at."""
    waiting, seen = [urljoin(person.address, start)], set[str]()
    while waiting:
        address = waiting.pop(0)
        name = kind(address)
        is_ours = address.startswith(person.address) and name.startswith((f"{person.portal}:", *OF_ALL))
        if name not in seen and is_ours:
            seen.add(name)
            person.go(address)
            waiting += person.page.locator("a[href]").evaluate_all(LINKS)
    return {name.partition("?")[0] for name in seen}

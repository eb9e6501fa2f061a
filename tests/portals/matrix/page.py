"""What a page must not hold: script or style inside it, anything fetched from elsewhere."""

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

FETCHED = {
    ("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("video", "src"),
    ("audio", "src"), ("link", "href"), ("object", "data"), ("embed", "src"), ("form", "action"),
    ("button", "formaction"), ("use", "href"), ("image", "href"), ("input", "src"), ("base", "href"),
    ("a", "ping"),
}  # fmt: skip
OWN_SCHEMES = ("", "data")


class Faults(HTMLParser):
    """Collects what a strict browser would refuse, and what would tell others who reads the page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.away: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.found += [f"<{tag} {name}>" for name in given if name.startswith("on") or name == "style"]
        is_data = given.get("type") == "application/json"
        if tag == "style" or (tag == "script" and "src" not in given and not is_data):
            self.found.append(f"<{tag}> with its text inside")
        self.found += [f"<{tag} {name}={value}>" for name, value in fetched(tag, given)]
        target = urlsplit(given.get("href", ""))
        if tag == "a" and target.scheme not in ("", "tel", "mailto"):
            self.away.add(f"{target.scheme}://{target.netloc}")
        if target.scheme.lower() == "javascript":
            self.found.append(f"<{tag} href={given['href']}>")


def fetched(tag: str, given: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Addresses that a browser would ask by itself, or send a form to, outside this site."""
    for name, value in given.items():
        target = urlsplit(value)
        if (tag, name) in FETCHED and (target.netloc or target.scheme not in OWN_SCHEMES):
            yield name, value


def faults(page: str) -> tuple[list[str], set[str]]:
    """(what is wrong, the other sites that links lead to)."""
    reader = Faults()
    reader.feed(page)
    return reader.found, reader.away

"""The forms of a page as a browser would send them, and what a page shows of what was typed."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

NOT_TYPED = ("hidden", "checkbox", "radio", "submit", "button", "file", "image", "reset")
Attributes = dict[str, str]


@dataclass
class Form:
    """`fields`: name → values as they stand; `typed`: the names of those that a person types into."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)
    secret: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def add(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)


class Reader(HTMLParser):
    """Collects forms; fields outside of any form belong to the one that their `form` attribute names."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.forms, self.by_id = address, list[Form](), dict[str, Form]()
        self.inside: Form | None = None
        self.select: tuple[Form, str, bool] | None = None
        self.area: tuple[Form, str] | None = None
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urlsplit(urljoin(self.address, given.get("action", "")))
            path = f"{action.path}?{action.query}" if action.query else action.path
            self.inside = Form(path, given.get("method", "get").lower())
            self.forms.append(self.inside)
            self.by_id[given.get("id", "")] = self.inside
            return
        form = self.by_id.get(given["form"]) if "form" in given else self.inside
        if form is not None:
            self.inner(tag, given, form)

    def inner(self, tag: str, given: Attributes, form: Form) -> None:
        name, kind = given.get("name", ""), given.get("type", "text" if tag == "input" else "submit")
        if tag == "button" and name and kind == "submit":
            form.buttons.append((name, given.get("value", "")))
        elif tag == "input" and name:
            self.input(given, form, name, kind)
        elif tag == "textarea" and name:
            self.area, self.text = (form, name), ""
            form.typed.add(name)
        elif tag == "select" and name:
            self.select = (form, name, False)
        elif tag == "option" and self.select:
            of, called, chosen = self.select
            if "selected" in given or not chosen:
                of.fields[called] = [given.get("value", "")]
                self.select = (of, called, "selected" in given)

    def input(self, given: Attributes, form: Form, name: str, kind: str) -> None:
        if kind == "radio":
            if "checked" in given or name not in form.fields:
                form.fields[name] = [given.get("value", "on")]
        elif kind == "checkbox":
            if "checked" in given:
                form.add(name, given.get("value", "on"))
        elif kind not in ("submit", "button", "image", "reset"):
            form.add(name, given.get("value", ""))
            if kind not in NOT_TYPED:
                form.typed.add(name)
            if kind == "password":
                form.secret.add(name)

    def handle_data(self, data: str) -> None:
        if self.area:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            self.area[0].add(self.area[1], self.text.removeprefix("\n"))
            self.area = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.inside = None


def forms_of(page: str, address: str) -> list[Form]:
    reader = Reader(address)
    reader.feed(page)
    return reader.forms


def values_of(page: str, name: str) -> list[str]:
    """What the fields of this name hold on a page."""
    return [value for form in forms_of(page, "/") for value in form.fields.get(name, [])]

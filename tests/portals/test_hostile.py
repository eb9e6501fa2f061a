"""Whatever is typed, sent or asked for: never a fault, and what was typed stays typed.

Each field gets a few of the strings, drawn anew for each field but the same in each run. DAREDEMO_HOSTILE=7
draws others, DAREDEMO_HOSTILE=all gives every string to every field.
"""

import os
import re
from random import Random
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from django.urls import Resolver404, resolve

from daredemo.certification.models import Proof
from tests.conftest import ROOT
from tests.portals.hostile import CONTENTS, NAMES, STRINGS, seen
from tests.portals.matrix import bodies, forms, routes
from tests.portals.matrix.calling import Answer, Walker, undone
from tests.portals.matrix.test_matrix import ROUTES, doer, passes, rows_of, values_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SEED = os.environ.get("DAREDEMO_HOSTILE", "")
EVERYTHING = SEED == "all"
FEW = 2
URLENCODED = "application/x-www-form-urlencoded"
# Forms on every page, tried on one.
READERS = ("anon", "draft", "told", "family", "manage", "admin")  # between them they see every form
HELPERS = {"lookup", "town"}  # buttons that fill a field in
EVERYWHERE = {"guardian:logout", "facility:logout", "city:logout", "guardian:language", "demo:move"}


def drawn(what: str, count: int = FEW) -> list[bytes]:
    """Some of the strings, always the same ones for the same thing; or all."""
    return list(STRINGS) if EVERYTHING else Random(SEED + what).sample(STRINGS, count)


def route_of(path: str) -> str:
    try:
        found = resolve(urlsplit(path).path)
    except Resolver404:
        return ""
    return found.view_name


def pages(walker: Walker, route: str) -> list[tuple[str, str, str]]:
    """(actor, address, page) for each different page that somebody gets there."""
    found: dict[str, tuple[str, str, str]] = {}
    for row in rows_of(route, "GET"):
        if row.thing != "absent":
            path = routes.address(route, values_of(walker, row))
            able = [actor for actor, outcome in row.outcomes.items() if outcome.rstrip("+") == "ok"]
            for actor in [actor for actor in able if actor in READERS] or able[:1]:
                response = walker.call(actor, "GET", path).response
                if response["Content-Type"].startswith("text/html"):
                    page = response.content.decode()
                    shape = str(re.findall(r' (?:name|action)="([^"]*)"', page))
                    found.setdefault(shape, (actor, path, page))
    return list(found.values())


def forms_at(walker: Walker, route: str) -> list[tuple[str, forms.Form]]:
    """The forms of the route's pages, and the one that its body tells of, each with who sends it."""
    found = []
    for actor, path, page in pages(walker, route):
        for form in forms.forms_of(page, path):
            target = route_of(form.action)
            if target not in EVERYWHERE or target == route or route == "guardian:start":
                known = bodies.body_of(target, walker.world) if form.method == "post" else {}
                form.fields |= {name: listed(value) for name, value in known.items() if name in form.fields}
                found.append((actor, form))
    return [*found, *told(walker, route)]


def told(walker: Walker, route: str) -> list[tuple[str, forms.Form]]:
    """The last step of a form: what its body sends."""
    found = []
    for row in rows_of(route, "POST"):
        if row.thing != "absent" and any(map(passes, row.outcomes.values())):
            body = bodies.body_of(route, walker.world)
            fields = {name: listed(value) for name, value in body.items()}
            path = routes.address(route, values_of(walker, row))
            found.append((doer(row), forms.Form(path, "post", fields, typed=set(), secret=set())))
    return found


def listed(value: Any) -> list[Any]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def submit(
    walker: Walker, actor: str, form: forms.Form, name: str, text: bytes, button: tuple[str, str] | None
) -> Answer:
    """The form with this text in this field."""
    fields: dict[str, list[Any]] = {
        **form.fields,
        **({button[0]: [button[1]]} if button else {}),
        name: [text],
    }
    data = urlencode([(key, one) for key, values in fields.items() for one in values]).encode()
    if form.method == "get":
        path = f"{form.action.partition('?')[0]}?{data.decode()}"
        return walker.send(actor, path, b"", URLENCODED, method="GET")
    return walker.send(actor, form.action, data, URLENCODED)


@pytest.mark.parametrize("route", ROUTES)
def test_no_form_fails_and_none_forgets_what_was_typed(walker: Walker, route: str) -> None:
    wrong = []
    for actor, form in forms_at(walker, route):
        for name in sorted(form.fields.keys() - {"csrfmiddlewaretoken"}):
            for text in drawn(f"{form.action}/{name}"):
                choice = Random(f"{SEED}{name}{text!r}")
                button = choice.choice(form.buttons) if form.buttons else None
                answer = submit(walker, actor, form, name, text, button)
                if button and button[0] in HELPERS and answer.response.status_code < 500:
                    continue
                wrong += [
                    f"{actor} {form.action} {name}={text[:60]!r}: {no}"
                    for no in faults(answer, form, name, text)
                ]
    assert not wrong, "\n".join(wrong)


def faults(answer: Answer, form: forms.Form, name: str, text: bytes) -> list[str]:
    """A fault of the programme; or a field shown again without what was typed into it."""
    if answer.response.status_code >= 500:
        return [answer.trouble()]
    if name not in form.typed or not answer.response.headers.get("Content-Type", "").startswith("text/html"):
        return []
    held = forms.values_of(answer.response.content.decode(), name)
    if name in form.secret:
        return ["shows a secret again"] if any(held) else []
    if not held or any(is_kept(lines(seen(text)), lines(value), form) for value in held):
        return []
    return [f"forgot what was typed, shows {held[0][:60]!r}"]


def is_kept(typed: str, shown: str, form: forms.Form) -> bool:
    """All of it; of a search the first hundred characters will do."""
    is_search = form.method == "get" and len(shown) >= 100
    return typed == shown or (is_search and typed.startswith(shown))


def lines(text: str) -> str:
    """Browsers send and show line ends their own way; a page cannot hold NUL."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd").strip("\n")


@pytest.mark.parametrize("route", ROUTES)
def test_no_address_fails_whatever_stands_in_it(walker: Walker, route: str) -> None:
    for row in rows_of(route):
        values = values_of(walker, row) if row.thing != "absent" else {}
        for name in values:
            path = routes.address(route, {**values})
            for text in drawn(f"{route}/{name}"):
                strange = path.replace(quote(str(values[name])), quote(text, safe=""))
                answer = walker.send(doer(row), strange, b"", URLENCODED, method=row.method)
                assert answer.response.status_code < 500, (strange, answer.trouble())


def asked_names() -> list[str]:
    """The names that views read from an address's query."""
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "daredemo").rglob("*.py"))
    read = re.findall(r'(?:GET|asked|answers|wish)(?:\.get\(|\[)"(\w+)"', code)
    return sorted(
        {*read, "page", "next", "words", "weekday", "age", "town", "kind", "child", "day", "start", "minutes"}
    )


@pytest.mark.parametrize("route", ROUTES)
def test_no_query_fails_whatever_it_asks(walker: Walker, route: str) -> None:
    names = asked_names()
    for row in rows_of(route, "GET"):
        if row.thing != "absent":
            path = routes.address(route, values_of(walker, row))
            alone = [[(name, Random(f"{SEED}{route}/{name}").choice(STRINGS))] for name in names]
            queries = [[(name, text) for name in names] for text in drawn(route)]
            queries += alone if EVERYTHING else alone[Random(SEED + route).randrange(8) :: 8]
            for query in queries:
                answer = walker.send(doer(row), f"{path}?{urlencode(query)}", b"", URLENCODED, method="GET")
                assert answer.response.status_code < 500, (
                    path,
                    query[0][0],
                    query[0][1][:60],
                    answer.trouble(),
                )


GARBAGE = (
    (b'{"a":', "application/json"),
    (b"\x00\xff" * 50, "application/octet-stream"),
    (b"--b\r\nContent-Disposition: form-data; name=", "multipart/form-data; boundary=b"),
    (b"a=1", "multipart/form-data"),
    (b"a=1", "multipart/form-data; boundary=" + "b" * 400),
    (b"a=%ED%A0%80&%FF=%00&=", URLENCODED),
    (b"a=1", "application/x-www-form-urlencoded; charset=no-such"),
    (b"&".join(b"f%d=1" % n for n in range(500)), URLENCODED),
    (b"a=" + b"x" * (13 * 2**20), URLENCODED),
)


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if any(map(passes, rows_of(route, "POST")[0].outcomes.values()))]
)
def test_no_body_fails_whatever_it_is(walker: Walker, route: str) -> None:
    row = rows_of(route, "POST")[0]
    path = routes.address(route, values_of(walker, row))
    for data, kind in GARBAGE if EVERYTHING else Random(SEED + route).sample(GARBAGE, 4):
        answer = walker.send(doer(row), path, data, kind)
        assert answer.response.status_code < 500, (data[:60], kind, answer.trouble())


MULTIPART = "multipart/form-data; boundary=b"


def paper(name: str, content: bytes) -> bytes:
    """A document as it travels, under a name that no browser would send."""
    head = f'--b\r\nContent-Disposition: form-data; name="paper"; filename="{name}"\r\n\r\n'
    reduction = b'--b\r\nContent-Disposition: form-data; name="reduction"\r\n\r\nwelfare\r\n'
    return reduction + head.encode() + content + b"\r\n--b--\r\n"


@pytest.mark.parametrize("name", NAMES)
def test_no_file_fails_and_none_is_kept_under_its_own_name(walker: Walker, name: str) -> None:
    for content in CONTENTS:
        with undone():
            browser = walker.browser("draft")
            answer = browser.generic("POST", "/application/reduction/", paper(name, content), MULTIPART)
            assert answer.status_code < 500, (name, content[:20], answer.content[:300])
            for kept in Proof.objects.all():
                assert re.fullmatch(r"[\w./-]+", kept.stored_as)
                assert ".." not in kept.stored_as


HEADERS = (
    "Accept-Language",
    "User-Agent",
    "Referer",
    "X-Forwarded-For",
    "HX-Request",
    "X-Autosave",
    "If-None-Match",
    "Cookie",
)


@pytest.mark.parametrize("header", HEADERS)
def test_no_header_fails_a_page(walker: Walker, header: str) -> None:
    for text in [text for text in drawn(header, 15) if not set(text) & {0, 10, 13} and len(text) < 1000]:
        value = text.decode("latin-1")
        for actor, path in (("anon", "/login/"), ("family", "/home/"), ("staff", "/facility/")):
            sent = f"session={value}; csrf={value}; language={value}" if header == "Cookie" else value
            answer = walker.send(actor, path, b"", URLENCODED, method="GET", **{header: sent})
            assert answer.response.status_code < 500, (path, text, answer.trouble())

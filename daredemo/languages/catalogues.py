"""The catalogues of languages: what the families' screens, mails and papers say.

`python3 run.py messages` brings every `locale/*/LC_MESSAGES/django.po` in line with the sources and says what
is left to translate; `compile_all` makes what Django reads of them, which is not kept in the repository.
"""

import ast
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

from daredemo.languages import spoken

CODE = Path(__file__).resolve().parent.parent
LOCALE = CODE / "locale"
# Staff, officers, operators and the demo's own panel speak Japanese.
MAILS = "notifications/templates/notifications"
FOR_STAFF = ("asked_together", "booking_asked", "conflict_opened", "family_told", "staff_login")
JAPANESE_ONLY = (
    *("cli", "demo", "launcher", "locale", "portals/city", "portals/facility"),
    *(f"{MAILS}/{kind}" for kind in FOR_STAFF),
)
LAZY = {"gettext_lazy": None, "ngettext_lazy": (1, 2), "pgettext_lazy": ((1, "c"), 2), "gettext_noop": None}
KEYWORDS = {**DEFAULT_KEYWORDS, **LAZY}
Call = tuple[str, list[str]]  # a function of gettext, and the words it is given
HEADER = (b'"Language:', b'"Plural-Forms:', b'"Content-Type:')


def file_of(code: str) -> Path:
    """The catalogue of a language."""
    return LOCALE / to_locale(code) / "LC_MESSAGES" / "django.po"


def translated() -> list[str]:
    """Every language but that of the sources."""
    return [code for code in spoken.SPOKEN if code != spoken.DEFAULT]


def sources() -> Iterator[Path]:
    """Every file whose sentences a family may read."""
    for path in sorted(CODE.rglob("*")):
        inside = path.relative_to(CODE).as_posix()
        if inside.startswith(tuple(f"{folder}/" for folder in JAPANESE_ONLY)) or "/migrations/" in inside:
            continue
        if path.suffix == ".py" or (path.suffix in (".html", ".txt") and "/templates/" in inside):
            yield path


def extracted() -> Catalog:
    """What the sources say, without translations."""
    found = Catalog(fuzzy=False)
    for path in sources():
        text, place = path.read_text(encoding="utf-8"), path.relative_to(CODE).as_posix()
        for function, words in _calls(text) if path.suffix == ".py" else _calls_in_template(text):
            context = words.pop(0) if function.startswith("p") else None
            told = (words[0], words[1]) if function.startswith("n") else words[0]
            found.add(told, locations=[(place, 0)], context=context)
    return found


def _calls(text: str) -> Iterator[Call]:
    """In Python, wherever an expression may stand; a sentence that is put together is none."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    for node in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        if isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            given = (one.value for one in node.args if isinstance(one, ast.Constant))
            words = [one for one in given if isinstance(one, str)]
            if len(words) > node.func.id.startswith("p"):  # a context alone says nothing
                yield node.func.id, words


def _calls_in_template(text: str) -> Iterator[Call]:
    """Django makes of a template something whose calls can be read; its indentation means nothing."""
    made = "\n".join(line.strip() for line in templatize(text).splitlines())
    for _, function, given, _ in extract_python(io.BytesIO(made.encode()), KEYWORDS, [], {}):
        told: Any = given  # a word, or words and None for what is not one
        words = [told] if isinstance(told, str) else [part for part in told or () if part]
        if words:
            yield str(function), words


def read(code: str) -> Catalog:
    """The catalogue of a language, empty where there is none yet."""
    path = file_of(code)
    if not path.exists():
        return Catalog(fuzzy=False)
    with path.open("rb") as file:
        return pofile.read_po(file)


def update(code: str, wanted: Catalog) -> list[Message]:
    """Take in what the sources say (`extracted`), leave out what they do not; what is left to translate."""
    known, made = read(code), Catalog(locale=_grammar(code), header_comment=f"# {spoken.tag(code)}")
    made.fuzzy = False
    for message in wanted:
        if message.id:
            old = known.get(message.id, message.context)
            said = old.string if old else None
            made.add(message.id, said, context=message.context, locations=message.locations)
    write(code, made)
    return missing(made)


def write(code: str, catalogue: Catalog) -> None:
    """Without what changes at every writing."""
    path, text = file_of(code), io.BytesIO()
    pofile.write_po(text, catalogue, width=0, include_lineno=False)
    head, rest = text.getvalue().split(b"\n\n", 1)
    lines = [line for line in head.split(b"\n") if not line.startswith(b'"') or line.startswith(HEADER)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\n".join(lines) + b"\n\n" + rest)


def missing(catalogue: Catalog) -> list[Message]:
    """Sentences without a translation, or with one that nobody has looked at."""
    return [one for one in catalogue if one.id and (one.fuzzy or not _whole(one))]


def _whole(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def _grammar(code: str) -> str:
    """Whose plurals a catalogue has."""
    return "ja" if code.startswith("ja") else to_locale(code)


def compile_all() -> None:
    """Make what Django reads, where it is not there or older; several may do so at once."""
    for code in translated():
        path = file_of(code)
        made = path.with_suffix(".mo")
        if not path.exists() or (made.exists() and made.stat().st_mtime >= path.stat().st_mtime):
            continue
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            mofile.write_mo(file, read(code))
        Path(file.name).replace(made)

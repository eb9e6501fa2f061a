"""Every sentence on a screen or in a mail goes through gettext, so that other languages can say it."""

import re
from pathlib import Path

from tests.conftest import ROOT

JAPANESE = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u3400-\u9fff]")
# The sign on the switch of readings is a letter; a page that names its one language speaks it.
WITHOUT_LANGUAGE = {"daredemo/portals/shared/templates/shared/parts/furigana.html"}


def spoken(text: str) -> str:
    """What stands in a template outside of its tags, without parts that name their own language."""
    text = re.sub(r"{%\s*blocktrans(late)?\b.*?endblocktrans(late)?\s*%}", "", text, flags=re.DOTALL)
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)
    return re.sub(r"<(\w+)[^>]*\slang=\"[\w-]+\"[^>]*>.*?</\1>", "", text, flags=re.DOTALL)


def bare(path: Path) -> list[str]:
    return [line.strip() for line in spoken(path.read_text()).splitlines() if JAPANESE.search(line)]


def test_no_sentence_stands_bare_in_a_template() -> None:
    templates = [
        path for kind in ("html", "txt") for path in (ROOT / "daredemo").rglob(f"templates/**/*.{kind}")
    ]
    found = {str(path.relative_to(ROOT)): lines for path in templates if (lines := bare(path))}
    assert len(templates) > 100
    assert found.keys() == WITHOUT_LANGUAGE


def test_a_bare_sentence_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<p>{% translate "あり" %}</p><p>なし</p>', encoding="utf-8")
    assert bare(page) == ["<p></p><p>なし</p>"]

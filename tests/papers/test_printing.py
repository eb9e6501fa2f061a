"""Papers come out whatever a family is called."""

from pathlib import Path

import pytest

from daredemo.papers import printing
from tests import make

TEMPLATE = """#set document(title: "x")
#set text(lang: "ja", font: "Noto Sans CJK JP")
#json(bytes(sys.inputs.data)).name"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A paper with nothing but a name."""
    file = tmp_path / "name.typ"
    file.write_text(TEMPLATE)
    return file


@pytest.mark.parametrize("name", ["掛川 花子", "葛\U000e0100城", "𠮷田", "NGUYỄN THỊ ÁNH", "محمد", "김철수"])
def test_names_of_the_world_are_on_an_accessible_paper(template: Path, name: str) -> None:
    assert b"pdfuaid" in printing.pdf(template, {"name": name}, make.NOW)


@pytest.mark.parametrize("name", ["👨‍👩‍👧 家", "สมชาย", "မောင်"])
def test_a_name_that_no_font_can_write_still_gives_a_paper(template: Path, name: str) -> None:
    assert printing.pdf(template, {"name": name}, make.NOW).startswith(b"%PDF")


def test_a_mistake_in_a_template_is_no_missing_glyph(template: Path) -> None:
    template.write_text("#nothing")
    with pytest.raises(RuntimeError):
        printing.pdf(template, {}, make.NOW)

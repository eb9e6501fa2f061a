"""Turn a typst template and its facts into a PDF with embedded fonts, tagged for screen readers."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import noto_cjk_sans_jp_bold
import noto_cjk_sans_jp_regular
import structlog
import typst

from daredemo.languages import readings

NO_GLYPH = "could not be displayed"
log = structlog.get_logger("daredemo.papers")
FONTS = [str(Path(str(font.FONT_PATH)).parent) for font in (noto_cjk_sans_jp_regular, noto_cjk_sans_jp_bold)]


def pdf(template: Path, facts: dict[str, Any], now: datetime) -> bytes:
    """The paper. `facts` reach the template as JSON in `sys.inputs.data`; files are read beside it only.

    A character that no font has is an empty box on a paper that is not PDF/UA; no paper at all is worse.
    """
    try:
        return _compiled(template, facts, now, standard="ua-1")
    except typst.TypstError as error:
        if NO_GLYPH not in str(error):
            raise
        log.warning("paper_without_glyph", template=template.name)
        return _compiled(template, facts, now, standard="1.7")


def _compiled(
    template: Path, facts: dict[str, Any], now: datetime, *, standard: Literal["ua-1", "1.7"]
) -> bytes:
    compiled = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=FONTS,
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=standard,
        sys_inputs={"data": readings.plain(json.dumps(facts, ensure_ascii=False))},
        timestamp=int(now.timestamp()),
    )
    if not isinstance(compiled, bytes):
        raise TypeError("typst made no single PDF")
    return compiled

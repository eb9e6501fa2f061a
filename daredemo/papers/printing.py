"""Turn a typst template and its facts into a PDF with embedded fonts, tagged for screen readers."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import noto_cjk_sans_jp_bold
import noto_cjk_sans_jp_regular
import typst

FONTS = [str(Path(str(font.FONT_PATH)).parent) for font in (noto_cjk_sans_jp_regular, noto_cjk_sans_jp_bold)]


def pdf(template: Path, facts: dict[str, Any], now: datetime) -> bytes:
    """The paper. `facts` reach the template as JSON in `sys.inputs.data`; files are read beside it only."""
    compiled = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=FONTS,
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards="ua-1",
        sys_inputs={"data": json.dumps(facts, ensure_ascii=False)},
        timestamp=int(now.timestamp()),
    )
    if not isinstance(compiled, bytes):
        raise TypeError("typst made no single PDF")
    return compiled

"""Names of people: which of them say by themselves how they are read."""

import re

KANJI_OR_KANA = re.compile("[々〇ぁ-ヿ㐀-鿿\uf900-\ufaff\U00020000-\U0003ffff]")


def needs_reading(name: str) -> bool:
    """掛川, ひなた and シルバ need their ふりがな; Silva, José and NGUYỄN are read as they are written."""
    return bool(KANJI_OR_KANA.search(name))

"""Which names need a reading (ふりがな)."""

import pytest

from daredemo.rules import names


@pytest.mark.parametrize("name", ["掛川", "佐々木", "ひなた", "シルバ", "𠮷野", "\ufa19", "Silva 花子", "〇"])
def test_kanji_and_kana_need_a_reading(name: str) -> None:
    assert names.needs_reading(name)


@pytest.mark.parametrize("name", ["", "SILVA", "José Antônio", "NGUYỄN", "محمد", "Māori-O’Neil"])
def test_other_letters_say_themselves_how_they_are_read(name: str) -> None:
    assert not names.needs_reading(name)

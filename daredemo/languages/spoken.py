"""In which languages families are spoken to: their names, the catalogues, dates and money, readings.

The Japanese sentence in a source file is the key of every catalogue. Staff and officers are spoken to in
Japanese.
"""

from django.utils import translation

DEFAULT = "ja"
# Japanese with a reading above each word (ふりがな) is a catalogue of its own, behind a switch.
READ_ALOUD = "ja-ruby"
EASY = "ja-easy"

NAMES = {
    DEFAULT: "日本語",
    EASY: "やさしい日本語",
    "en": "English",
    "pt-br": "Português",
    "vi": "Tiếng Việt",
    "zh-hans": "简体中文",
    "tl": "Filipino",
}
SPOKEN = (*NAMES, READ_ALOUD)

# How a browser and a screen reader name a language; やさしい日本語 is Japanese to both.
TAGS = {EASY: "ja", READ_ALOUD: "ja", "pt-br": "pt-BR", "zh-hans": "zh-Hans"}


def tag(code: str) -> str:
    """A language of ours → BCP 47, as `lang` and Content-Language want it."""
    return TAGS.get(code, code)


def named(code: str) -> str:
    """The language of the list that this is: ふりがな is Japanese."""
    return DEFAULT if code == READ_ALOUD else code


def known(code: str | None) -> str:
    """A language of ours, whatever was asked for."""
    return code if code in SPOKEN else DEFAULT


def has_readings(code: str | None) -> bool:
    """Whether words stand with their readings above them."""
    return code in (READ_ALOUD, EASY)


def to(code: str) -> translation.override:
    """`with spoken.to(user.language):` words that are put together now for somebody who reads them later."""
    return translation.override(known(code))


def current() -> str:
    """The language of now."""
    return translation.get_language() or DEFAULT


def speak(code: str) -> None:
    """From here on this page speaks the account's language, whatever the browser says."""
    code = known(code)
    if code != translation.get_language():
        translation.activate(code)

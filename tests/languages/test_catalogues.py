"""Every sentence a family may read is there in each language, whole, with what it speaks of."""

import re
from collections import Counter

import pytest
from babel.messages.catalog import Catalog, Message

from daredemo.languages import catalogues, readings, spoken

NAMED = re.compile(r"%\((\w+)\)[sd]")
TAGS = re.compile(r"</?(\w+)")
JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ]")
# Japanese words that a reader of another language needs as they are, at a counter or in a list.
KEPT = re.compile(r"(こども)?誰でも通園|ふりがな|「[^」]*」|“[^”]*”|[(（][^()（）]*[)）]|一時預かり")
DAY = {"year", "month", "day", "named", "weekday", "era"}  # of these a translation says what it needs
OTHERS = [code for code in catalogues.translated() if not code.startswith("ja")]


@pytest.fixture(scope="module")
def wanted() -> Catalog:
    return catalogues.extracted()


@pytest.fixture(scope="module", params=catalogues.translated())
def catalogue(request: pytest.FixtureRequest) -> tuple[str, Catalog]:
    return request.param, catalogues.read(request.param)


def said(message: Message) -> list[str]:
    return [
        str(text) for text in ([message.string] if isinstance(message.string, str) else message.string or ())
    ]


def key(message: Message) -> str:
    return str(message.id if isinstance(message.id, str) else message.id[0])


def ids(found: Catalog) -> set[tuple[str, str | None]]:
    return {(key(one), one.context) for one in found if one.id}


def test_enough_is_found_in_the_sources(wanted: Catalog) -> None:
    assert len(wanted) > 1000
    assert ("予約する", None) in ids(wanted)
    assert ("月", "曜日") in ids(wanted)


def test_nothing_is_left_to_translate(catalogue: tuple[str, Catalog], wanted: Catalog) -> None:
    code, known = catalogue
    assert sorted(ids(wanted) - ids(known)) == [], f"python3 run.py messages ({code})"
    assert sorted(ids(known) - ids(wanted)) == [], f"python3 run.py messages ({code})"
    assert [key(one) for one in catalogues.missing(known)] == []


def test_a_sentence_without_translation_is_found() -> None:
    made = Catalog(fuzzy=False)
    made.add("予約する", "Book")
    made.add("取り消す", "")
    made.add("もどる", "Back", flags=["fuzzy"])
    assert [one.id for one in catalogues.missing(made)] == ["取り消す", "もどる"]


def test_a_translation_speaks_of_the_same_things(catalogue: tuple[str, Catalog]) -> None:
    wrong = []
    for one in catalogue[1]:
        names, tags = set(NAMED.findall(key(one))), Counter(TAGS.findall(key(one)))
        for text in said(one) if one.id else ():
            found = set(NAMED.findall(text))
            counted = isinstance(one.id, tuple)
            same = (
                found == names or (counted and found <= names) or (names & {"month", "era"} and found <= DAY)
            )
            if not same or Counter(TAGS.findall(text)) != tags:
                wrong.append(text)
    assert wrong == []


def test_readings_leave_the_sentence_as_it_is() -> None:
    found = catalogues.read(spoken.READ_ALOUD)
    assert [key(one) for one in found if one.id and readings.plain(said(one)[0]) != key(one)] == []


@pytest.mark.parametrize("code", OTHERS)
def test_no_japanese_is_left_in_another_language(code: str) -> None:
    texts = [text for one in catalogues.read(code) if one.id for text in said(one)]
    assert [text for text in texts if JAPANESE.search(KEPT.sub("", text))] == []


def test_a_sentence_is_found_wherever_it_stands_in_python() -> None:
    text = """x = _('予約する'), pgettext('曜日', '月'), _(name), f'<b>{_("ここ")}</b>'"""
    found = [("_", ["予約する"]), ("pgettext", ["曜日", "月"]), ("_", ["ここ"])]
    assert sorted(catalogues._calls(text)) == sorted(found)


def test_and_in_a_template() -> None:
    text = """{% translate "月" context "曜日" %}<p>
      {% blocktranslate with n=n|x %}あと{{ n }}人{% endblocktranslate %}</p>"""
    found = [("pgettext", ["曜日", "月"]), ("gettext", ["あと%(n)s人"])]
    assert list(catalogues._calls_in_template(text)) == found

"""Forms forgive widths, spaces, kana and calendars; they keep what was typed and refuse in words."""

from datetime import date, time

import pytest
from django import forms as django
from hypothesis import given
from hypothesis import strategies as st

from daredemo.portals.shared import forms, typed
from daredemo.rules.refusal import Reason, Refused


def clean(field: django.Field, value: object) -> object:
    """The cleaned value, or the sentence of the error."""
    try:
        return field.clean(value)
    except django.ValidationError as no:
        return no.messages[0]


@pytest.mark.parametrize(
    ("typed_name", "kept"),
    [
        (" 掛川　　花子 ", "掛川 花子"),
        ("髙﨑", "髙﨑"),
        ("神\ufa19", "神\ufa19"),
        ("葛\U000e0100飾", "葛\U000e0100飾"),
        ("𠮷野", "𠮷野"),
        ("ＮＧＵＹỄＮ Van A", "NGUYỄN Van A"),
        ("か\u3099", "が"),
    ],
)
def test_names_keep_their_characters(typed_name: str, kept: str) -> None:
    assert clean(forms.NameField(), typed_name) == kept


@pytest.mark.parametrize("bad", ["a\x00b", "a\u202eb", "a\ud800b", "a\x1bb", "a\ufffeb"])
def test_characters_that_no_name_has_are_refused_in_words(bad: str) -> None:
    assert clean(forms.NameField(), bad) == "使えない文字が入っています。その文字を消してください。"
    assert clean(forms.Text(lines=4), bad) == "使えない文字が入っています。その文字を消してください。"
    assert "\x00" not in str(clean(forms.EmailField(), f"{bad}@example.jp"))


def test_a_name_has_100_characters_at_most() -> None:
    assert clean(forms.NameField(), "あ" * 100) == "あ" * 100
    assert "100" in str(clean(forms.NameField(), "あ" * 101))


@pytest.mark.parametrize(
    ("reading", "kept"), [("ｶｹｶﾞﾜ", "かけがわ"), ("カケガワ", "かけがわ"), ("Smith", "Smith")]
)
def test_readings_become_hiragana(reading: str, kept: str) -> None:
    assert clean(forms.KanaField(), reading) == kept


def test_a_reading_in_kanji_is_explained() -> None:
    assert "ひらがな" in str(clean(forms.KanaField(), "掛川"))


@pytest.mark.parametrize("text", ["436-0047", "４３６−００４７", "436 0047", "〒4360047".removeprefix("〒")])
def test_post_codes_in_any_width(text: str) -> None:
    assert clean(forms.PostcodeField(), text) == "4360047"


def test_phones_in_any_shape() -> None:
    assert clean(forms.PhoneField(), "０９０（１２３４）５６７８") == "09012345678"
    assert clean(forms.PhoneField(), "+81 90-1234-5678") == "+819012345678"
    assert "例" in str(clean(forms.PhoneField(), "電話なし"))


def test_mail_addresses_in_full_width() -> None:
    assert clean(forms.EmailField(), "ｈａｎａ@example.jp ") == "hana@example.jp"
    assert "例" in str(clean(forms.EmailField(), "hana"))


def test_codes() -> None:
    assert clean(forms.CodeField(), "１２３ ４５６") == "123456"
    assert clean(forms.CodeField(length=(4, 4)), "12345") == "数字4けたで入力してください。"


@pytest.mark.parametrize(
    ("parts", "day"),
    [
        (["2024", "4", "10"], date(2024, 4, 10)),
        (["令和6", "４", "10日"], date(2024, 4, 10)),
        (["R6年", "04", "10"], date(2024, 4, 10)),
        (["令和元年", "5", "1"], date(2019, 5, 1)),
        (["平成31", "4", "30"], date(2019, 4, 30)),
    ],
)
def test_birth_dates_in_either_calendar(parts: list[str], day: date) -> None:
    assert clean(forms.BirthDateField(), parts) == day


@pytest.mark.parametrize(
    "parts", [["2026", "2", "30"], ["0", "1", "1"], ["令和0", "1", "1"], ["2026", "-0", "1"], ["", "4", ""]]
)
def test_days_that_do_not_exist(parts: list[str]) -> None:
    assert "2024年4月10日" in str(clean(forms.BirthDateField(), parts))


def test_a_day_may_have_limits() -> None:
    field = forms.DateField(earliest=date(2026, 4, 1), latest=date(2027, 3, 31))
    assert clean(field, ["2026", "4", "1"]) == date(2026, 4, 1)
    assert "早すぎ" in str(clean(field, ["2026", "3", "31"]))
    assert "先すぎ" in str(clean(field, ["2027", "4", "1"]))
    assert clean(forms.DateField(required=False), ["", "", ""]) is None


@pytest.mark.parametrize(
    ("text", "kept"),
    [("9:30", time(9, 30)), ("９時", time(9)), ("9時30分", time(9, 30)), ("0930", time(9, 30))],
)
def test_times(text: str, kept: time) -> None:
    assert clean(forms.TimeField(), text) == kept


@pytest.mark.parametrize("text", ["24:00", "9:60", "−0", "あさ"])
def test_times_that_do_not_exist(text: str) -> None:
    assert "9:30" in str(clean(forms.TimeField(), text))


def test_free_text_stays_as_written() -> None:
    assert clean(forms.Text(lines=4), "①　ｱﾚﾙｷﾞｰ\r\nなし") == "①　ｱﾚﾙｷﾞｰ\nなし"


@given(st.text(max_size=200))
def test_whatever_is_typed_gets_a_value_or_a_sentence(text: str) -> None:
    fields = [
        forms.NameField(),
        forms.KanaField(),
        forms.PostcodeField(),
        forms.PhoneField(),
        forms.EmailField(),
    ]
    for field in [*fields, forms.TimeField(), forms.Text(lines=2), forms.CodeField()]:
        clean(field, text)
    clean(forms.BirthDateField(), [text, text, text])


@given(st.text(max_size=100))
def test_one_line_is_stable(text: str) -> None:
    once = typed.one_line(text)
    assert typed.one_line(once) == once


class Wish(forms.Form):
    name = forms.NameField(label="名前")


def test_an_action_gets_what_the_form_says() -> None:
    form = Wish({"name": "ひなた"})
    assert forms.accepted(form, lambda **given: given, by="staff")
    assert form.result == {"name": "ひなた", "by": "staff"}


def test_a_refusal_is_said_above_the_form_and_the_input_stays() -> None:
    def refuse(**given: object) -> None:
        raise Refused(Reason.TOO_SHORT, minutes=30, minimum=60)

    form = Wish({"name": "ひなた"})
    assert not forms.accepted(form, refuse)
    assert form.non_field_errors() == ["30分は 短すぎます。1時間から 予約できます。"]
    assert form.refused
    assert form.refused.facts["minimum"] == 60
    assert form["name"].value() == "ひなた"


def test_an_unsent_or_wrong_form_does_nothing() -> None:
    assert not forms.accepted(Wish(None), lambda **given: pytest.fail("not to be called"))
    assert not forms.accepted(Wish({"name": ""}), lambda **given: pytest.fail("not to be called"))

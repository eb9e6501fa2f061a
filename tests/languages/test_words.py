"""How dates, hours and money are said, and how readings are printed."""

import json
from datetime import UTC, date, datetime, time

import pytest

from daredemo.languages import readings, spoken, words
from daredemo.rules import words as law
from daredemo.rules.policy_cancelling import DaysBefore, Deadline, FromBooking, HoursBefore

MORNING = datetime(2026, 4, 13, 0, 0, tzinfo=UTC)  # 9:00 in Japan
NOON = datetime(2026, 4, 10, 3, 0, tzinfo=UTC)


def test_instants_are_said_in_japans_time() -> None:
    late = datetime(2026, 4, 12, 15, 30, tzinfo=UTC)
    assert words.jdate(late) == "4月13日(月)"
    assert words.jdate_long(late) == "2026年(令和8年)4月13日(月)"
    assert words.jtime(late) == "0:30"
    assert words.jspan(MORNING, MORNING.replace(hour=2)) == "9:00〜11:00"
    assert words.jtime(time(0, 0)) == "0:00"


def test_the_first_year_of_an_era_is_gannen() -> None:
    assert words.jdate_long(date(2019, 5, 1)) == "2019年(令和元年)5月1日(水)"


def test_noon_is_said_as_noon() -> None:
    assert words.deadline_words(NOON) == "4月10日(金)正午まで"
    assert words.deadline_words(NOON.replace(hour=8, minute=15)) == "4月10日(金)17:15まで"


@pytest.mark.parametrize("minutes", [0, 30, 60, 90, 600])
def test_hours_are_said_as_the_rules_say_them(minutes: int) -> None:
    assert words.hours(minutes) == law.duration_words(minutes)


@pytest.mark.parametrize("amount", [0, 300, 1234, -400])
def test_money_is_said_as_the_rules_say_it(amount: int) -> None:
    assert words.yen(amount) == law.yen_words(amount)


@pytest.mark.parametrize(
    ("born", "said"),
    [
        (date(2024, 12, 5), "1歳4か月"),
        (date(2025, 9, 7), "6か月"),
        (date(2024, 4, 6), "2歳"),
        (date(2026, 4, 1), "0か月"),
    ],
)
def test_ages(born: date, said: str) -> None:
    assert words.age_words(born, date(2026, 4, 6)) == said


def test_nothing_is_said_of_nothing() -> None:
    said = [
        words.jdate(None),
        words.jtime(None),
        words.hours(None),
        words.yen(None),
        words.deadline_words(None),
    ]
    assert said == [""] * 5


def test_readings_stand_above_or_are_left_out() -> None:
    assert readings.plain("[予約](よやく)する") == "予約する"
    assert readings.ruby("[予約](よやく)する") == "<ruby>予約<rt>よやく</rt></ruby>する"
    assert "<rt>ここのか</rt>" in readings.ruby("4月9日(木)")
    assert readings.ruby("<b>[予約](よやく)") == "&lt;b&gt;<ruby>予約<rt>よやく</rt></ruby>"


def test_a_page_has_readings_in_its_text_only() -> None:
    typed = '<input value="[園](えん)"><textarea>[園](えん)</textarea>'
    page = f'<title>[園](えん)</title><a title="[園](えん)">[園](えん)</a>{typed}'
    off = f'<title>園</title><a title="園">園</a>{typed}'
    on = off.replace(">園</a>", "><span><ruby>園<rt>えん</rt></ruby></span></a>")
    assert readings.whole_page(page, wanted=False) == off
    assert readings.whole_page(page, wanted=True) == on


@pytest.mark.parametrize(
    "rule", [DaysBefore(1, business=True, at="12:00"), DaysBefore(2, business=False, at="17:00"),
             DaysBefore(0, business=False, at="08:30"), HoursBefore(24), FromBooking()],
)  # fmt: skip
def test_a_rule_of_cancelling_is_said_as_the_rules_say_it(rule: Deadline) -> None:
    digits = law.deadline_rule_words(rule).replace("17時", "17:00").replace("8時30分", "8:30")
    assert words.deadline_rule(rule) == digits.replace("当日の", "当日の")


@pytest.mark.parametrize(
    "text", ["2026-04-10T03:00", "2026-04-09T15:00", "2026-04-10T00:00", "2026-04-10T08:30"]
)
def test_an_instant_is_said_as_the_rules_say_it(text: str) -> None:
    instant = datetime.fromisoformat(text).replace(tzinfo=UTC)
    assert words.jinstant(instant) == law.deadline_words(instant)


def test_a_day_is_said_as_each_language_says_it() -> None:
    said = {}
    for code in spoken.NAMES:
        with spoken.to(code):
            said[code] = words.jdate(date(2026, 4, 13))
    assert said == {
        "ja": "4月13日(月)", "ja-easy": "4月13日([月](げつ))", "en": "Mon 13 April",
        "pt-br": "seg, 13 de abril", "vi": "T2, 13/4", "zh-hans": "4月13日(一)", "tl": "Lun, Abril 13",
    }  # fmt: skip


@pytest.mark.parametrize("typed", ["2026-02-30", "2026-02-28", "2026-02-28T99:99", "{}"])
def test_what_was_typed_is_said_as_it_was_typed(typed: str) -> None:
    kept = json.loads(json.dumps(words.later(words.because, "けが", typed)))
    assert words.said(kept) == f"けが。{typed}"


def test_days_and_instants_are_kept_as_such() -> None:
    day = json.loads(json.dumps(words.later(words.jdate_year, date(2026, 2, 28))))
    assert day == {"say": "jdate_year", "of": [{"day": "2026-02-28"}]}
    assert words.said(day) == "2026年2月28日(土)"
    span = json.loads(json.dumps(words.later(words.jwhen, MORNING, MORNING.replace(hour=2))))
    assert words.said(span) == "2026年4月13日(月)9:00〜11:00"

"""Dates, times and durations as a Japanese reader says them. Full sentences are the templates'."""

from datetime import date, datetime, time, timedelta

from daredemo.rules.hours import day_of, in_japan
from daredemo.rules.policy import Unit
from daredemo.rules.policy_cancelling import DaysBefore, Deadline, HoursBefore

WEEKDAYS = "月火水木金土日"
ERAS = ((date(2019, 5, 1), "令和"), (date(1989, 1, 8), "平成"), (date(1926, 12, 25), "昭和"))


def era_year(day: date) -> str:
    """2026 → 令和8年; the first year is 元年."""
    for since, name in ERAS:
        if day >= since:
            year = day.year - since.year + 1
            return f"{name}{'元' if year == 1 else year}年"
    return f"{day.year}年"


def era_date_words(day: date) -> str:
    """令和9年4月8日."""
    return f"{era_year(day)}{day.month}月{day.day}日"


def date_words(day: date) -> str:
    """2026年5月1日(金)."""
    return f"{day.year}年{day.month}月{day.day}日({WEEKDAYS[day.weekday()]})"


def short_date_words(day: date) -> str:
    """5月1日(金)."""
    return f"{day.month}月{day.day}日({WEEKDAYS[day.weekday()]})"


def month_words(month: date) -> str:
    """2026年5月."""
    return f"{month.year}年{month.month}月"


def clock_words(instant: datetime) -> str:
    """正午, 9時, 9時30分, 9時30分5秒."""
    clock = in_japan(instant)
    if clock.microsecond:
        return f"{clock.hour}時{clock.minute}分{clock.second + clock.microsecond / 1e6:g}秒"
    if clock.second:
        return f"{clock.hour}時{clock.minute}分{clock.second}秒"
    if clock.minute:
        return f"{clock.hour}時{clock.minute}分"
    return "正午" if clock.hour == 12 else f"{clock.hour}時"


def span_words(start: datetime, end: datetime) -> str:
    """9:00〜11:00; the end of the day is 24:00."""
    begin, until = in_japan(start), in_japan(end)
    last = "24:00" if until.date() > begin.date() else f"{until.hour}:{until:%M}"
    return f"{begin.hour}:{begin:%M}〜{last}"


def deadline_words(instant: datetime) -> str:
    """2026年5月1日(金)正午; the end of a day is said as 24時 of that day."""
    if in_japan(instant).time() == time():
        return f"{date_words(day_of(instant) - timedelta(days=1))}24時"
    return f"{date_words(day_of(instant))}{clock_words(instant)}"


def duration_words(minutes: int) -> str:
    """90 → 1時間30分; 0 → 0時間."""
    full, rest = divmod(abs(minutes), 60)
    words = (f"{full}時間" if full or not rest else "") + (f"{rest}分" if rest else "")
    return f"−{words}" if minutes < 0 else words


def yen_words(yen: int) -> str:
    """1234 → 1,234円; −400円 with a real minus sign."""
    return f"{'−' if yen < 0 else ''}{abs(yen):,}円"


def deadline_rule_words(rule: Deadline) -> str:
    """利用日の1営業日前の正午まで."""
    if isinstance(rule, HoursBefore):
        return f"はじまりの{rule.n}時間前まで"
    if not isinstance(rule, DaysBefore):
        return "予約したあとの取り消しは、すべて締切のあと"
    hour, minute = int(rule.at[:2]), int(rule.at[3:])
    clock = "正午" if rule.at == "12:00" else f"{hour}時{f'{minute}分' if minute else ''}"
    days = f"{rule.n}{'営業日' if rule.business else '日'}前" if rule.n else "当日"
    return f"利用日の{days}の{clock}まで"


def unit_words(unit: Unit) -> str:
    """1時間単位, or 最低1時間、以後30分単位."""
    minimum, step = duration_words(unit.minimum), duration_words(unit.step)
    if minimum == step:
        return f"{step}単位({minimum}未満も{minimum})"
    return f"最低{minimum}、以後{step}単位"

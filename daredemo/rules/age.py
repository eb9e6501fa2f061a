"""Ages by law: an age is reached at the end of the eve of the birthday (年齢計算ニ関スル法律)."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Literal

FirstDayRule = Literal["eve", "anniversary"]
DAY = timedelta(days=1)


def birthday(born: date, years: int) -> date:
    """The birthday `years` later; 29 February counts as 1 March in common years."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def last_day_of_use(born: date) -> date:
    """2024-04-10 → 2027-04-08: the day before the child legally turns three, still a day of use."""
    # 掛川市: 令和6年4月10日生まれの場合、令和9年4月8日まで. The child is three at the end of 9 April by law,
    # and a day on which an age is reached counts as a day of that age.
    return birthday(born, 3) - 2 * DAY


def first_day_of_use(born: date, rule: FirstDayRule) -> date:
    """The day the child reaches six months: 2024-04-10 → 2024-10-09 (eve), 2024-10-10 (anniversary)."""
    year, month = divmod(born.year * 12 + born.month - 1 + 6, 12)
    month += 1
    last = monthrange(year, month)[1]
    if born.day <= last:
        reached = date(year, month, born.day)
        return reached - DAY if rule == "eve" else reached
    # 民法143条: without a corresponding day the period ends with the last day of the month.
    end = date(year, month, last)
    return end if rule == "eve" else end + DAY


def age_on(born: date, day: date) -> int:
    """Full years by law on that day, the eve of a birthday counting as reached; −1 before birth."""
    if day < born:
        return -1
    years = day.year - born.year + 1
    while birthday(born, years) - DAY > day:
        years -= 1
    return max(0, years)


def class_age(born: date, day: date) -> int:
    """The age of the class (歳児クラス): by law on 31 March before the school year of that day."""
    # Born on 1 April one is older at the end of 31 March: 早生まれ belong to the year before.
    start = date(day.year if day.month >= 4 else day.year - 1, 3, 31)
    return max(0, age_on(born, start))


def age_group(born: date, day: date) -> int:
    """0, 1 or 2: the group for ratios and unit prices on that day. Outside the programme the nearest."""
    return min(2, max(0, age_on(born, day)))


def months_old(born: date, day: date) -> int:
    """Months by the calendar, as a nursery speaks of them: 2025-05-20 on 2026-11-19 → 17."""
    return (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)

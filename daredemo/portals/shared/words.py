"""Dates, times, hours and money as a reader wants them said, in the language of the page.

Instants are shown in Japan's time. Each function takes None or "" and answers "".
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from daredemo.rules.hours import JST
from daredemo.rules.words import era_year

NOON = time(12)
MIDNIGHT = time(0)


def local(value: date | datetime) -> date | datetime:
    """An instant in Japan's time; a day as it is."""
    return value.astimezone(JST) if isinstance(value, datetime) and value.tzinfo else value


def jdate(value: date | datetime | None) -> str:
    """4月13日(月)"""
    if not value:
        return ""
    day = local(value)
    facts = {"month": day.month, "day": day.day, "weekday": WEEKDAYS_ABBR[day.weekday()]}
    return _("%(month)d月%(day)d日(%(weekday)s)") % facts


def jdate_long(value: date | datetime | None) -> str:
    """2026年(令和8年)4月13日(月): once per screen."""
    if not value:
        return ""
    return jyear(value) + jdate(value)


def jyear(value: date | datetime) -> str:
    """2026年(令和8年)"""
    moment = local(value)
    day = moment.date() if isinstance(moment, datetime) else moment
    return _("%(year)d年(%(era)s年)") % {"year": day.year, "era": era_year(day).removesuffix("年")}


def jmonth(value: date | datetime | None) -> str:
    """4月"""
    return _("%(month)d月") % {"month": local(value).month} if value else ""


def jtime(value: time | datetime | None) -> str:
    """9:00"""
    if value is None or value == "":
        return ""
    moment = local(value) if isinstance(value, datetime) else value
    return f"{moment:%H:%M}".removeprefix("0")


def jspan(start: time | datetime | None, end: time | datetime | None) -> str:
    """9:00〜11:00"""
    return f"{jtime(start)}〜{jtime(end)}" if start and end else ""


def hours(minutes: int | str | None) -> str:
    """2時間, 1時間30分, 30分, 0時間"""
    if minutes is None or minutes == "":
        return ""
    facts = {"hours": int(minutes) // 60, "minutes": int(minutes) % 60}
    if not facts["minutes"]:
        return _("%(hours)d時間") % facts
    return (_("%(hours)d時間%(minutes)d分") if facts["hours"] else _("%(minutes)d分")) % facts


def yen(amount: int | str | None) -> str:
    """600円, 1,200円"""
    if amount is None or amount == "":
        return ""
    return _("%(yen)s円") % {"yen": f"{'−' if int(amount) < 0 else ''}{abs(int(amount)):,}"}


def age_words(born: date | None, on: date) -> str:
    """1歳4か月: the age that people say on that day."""
    if not born:
        return ""
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    facts = {"years": months // 12, "months": months % 12}
    if not facts["years"]:
        return _("%(months)dか月") % facts
    return (_("%(years)d歳%(months)dか月") if facts["months"] else _("%(years)d歳")) % facts


def deadline_words(until: datetime | None) -> str:
    """4月10日(金)正午まで: the instant itself is still in time."""
    if not until:
        return ""
    moment = until.astimezone(JST)
    if moment.time() == NOON:
        return _("%(day)s正午まで") % {"day": jdate(moment)}
    if moment.time() == MIDNIGHT:  # the end of a day belongs to that day
        return _("%(day)s24:00まで") % {"day": jdate(moment - timedelta(minutes=1))}
    return _("%(day)s%(time)sまで") % {"day": jdate(moment), "time": jtime(moment)}


def durations(minutes: Iterable[int] | None) -> str:
    """1時間、2時間"""
    return _("、").join(hours(each) for each in minutes or ())


def joined(values: Iterable[object] | str | None) -> str:
    """0・1・2; a single word stays as it is."""
    return values if isinstance(values, str) else _("・").join(str(value) for value in values or ())

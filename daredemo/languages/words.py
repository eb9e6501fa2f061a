"""Dates, times, hours and money as a reader wants them said, in the language of the page.

Instants are shown in Japan's time. Each function takes None or "" and answers "".
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from daredemo.rules.hours import JST
from daredemo.rules.policy_cancelling import DaysBefore, Deadline, HoursBefore
from daredemo.rules.words import WEEKDAYS, era_year

NOON = time(12)
MIDNIGHT = time(0)
MONTHS = [
    gettext_noop("1月"), gettext_noop("2月"), gettext_noop("3月"), gettext_noop("4月"),
    gettext_noop("5月"), gettext_noop("6月"), gettext_noop("7月"), gettext_noop("8月"),
    gettext_noop("9月"), gettext_noop("10月"), gettext_noop("11月"), gettext_noop("12月"),
]  # fmt: skip


def local(value: date | datetime) -> date | datetime:
    """An instant in Japan's time; a day as it is."""
    return value.astimezone(JST) if isinstance(value, datetime) and value.tzinfo else value


def weekdays() -> list[str]:
    """Monday first, each as short as a column's head."""
    return [
        pgettext("曜日", "月"), pgettext("曜日", "火"), pgettext("曜日", "水"), pgettext("曜日", "木"),
        pgettext("曜日", "金"), pgettext("曜日", "土"), pgettext("曜日", "日"),
    ]  # fmt: skip


class Parts(dict[str, object]):
    """What a translation may say of a day, looked up only where it says it: a page has many days."""

    def __init__(self, day: date | datetime) -> None:
        super().__init__(year=day.year, month=day.month, day=day.day)
        self.of = day

    def __missing__(self, name: str) -> str:
        if name == "weekday":
            return pgettext("曜日", WEEKDAYS[self.of.weekday()])
        if name == "named":  # the month's own name
            return _(MONTHS[self.of.month - 1])
        if name == "era":
            return era_year(_date(self.of))
        raise KeyError(name)


def _date(day: date | datetime) -> date:
    return day.date() if isinstance(day, datetime) else day


def jdate(value: date | datetime | None) -> str:
    """4月13日(月)"""
    return _("%(month)d月%(day)d日(%(weekday)s)") % Parts(local(value)) if value else ""


def jdate_long(value: date | datetime | None) -> str:
    """2026年(令和8年)4月13日(月): once per screen."""
    return _("%(year)d年(%(era)s)%(month)d月%(day)d日(%(weekday)s)") % Parts(local(value)) if value else ""


def jdate_year(value: date | datetime | None) -> str:
    """2026年4月13日(月)"""
    return _("%(year)d年%(month)d月%(day)d日(%(weekday)s)") % Parts(local(value)) if value else ""


def jyear(value: date | datetime) -> str:
    """2026年(令和8年)"""
    return _("%(year)d年(%(era)s)") % Parts(local(value))


def jmonth_year(value: date | datetime | None) -> str:
    """2026年(令和8年)4月"""
    return _("%(year)d年(%(era)s)%(month)d月") % Parts(local(value)) if value else ""


def jmonth(value: date | datetime | None) -> str:
    """4月"""
    return _(MONTHS[local(value).month - 1]) if value else ""


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


def jinstant(value: datetime | None) -> str:
    """2026年4月10日(金)正午, …9時, …9時30分, …24時: the end of a day belongs to that day."""
    if not value:
        return ""
    moment = value.astimezone(JST)
    if moment.time() == NOON:
        return _("%(day)s正午") % {"day": jdate_year(moment)}
    if moment.time() == MIDNIGHT:
        return _("%(day)s24時") % {"day": jdate_year(moment - timedelta(minutes=1))}
    facts = {"day": jdate_year(moment), "hour": moment.hour, "minute": f"{moment:%M}"}
    return (_("%(day)s%(hour)d時%(minute)s分") if moment.minute else _("%(day)s%(hour)d時")) % facts


def jwhen(start: datetime, end: datetime) -> str:
    """2026年4月13日(月)9:00〜11:00"""
    return _("%(day)s%(span)s") % {"day": jdate_year(start), "span": jspan(start, end)}


def because(ground: str, reason: str) -> str:
    """場所または職員が足りない。先生が1人 休んでいます: a ground of a list, and what was written to it."""
    return _("%(ground)s。%(reason)s") % {"ground": _(ground), "reason": reason}


# ── words for whoever reads them later ─────────────────────────────────────────────────


def later(say: Callable[..., str], *facts: datetime | date | int | str | None) -> dict[str, object] | str:
    """What a message keeps, so that each of its readers is told in their own language; "" of nothing."""
    if None in facts:
        return ""
    return {"say": say.__name__, "of": [_kept(fact) for fact in facts]}


def said(kept: Mapping[str, Any]) -> str:
    """What `later` kept, in the language of now."""
    return LATER[kept["say"]](*(_read(fact) for fact in kept["of"]))


def _kept(fact: datetime | date | int | str | None) -> object:
    """{"at": "2026-04-13T09:00:00+09:00"}, {"day": "2026-04-13"}; a text stays as it was typed."""
    if isinstance(fact, datetime):
        return {"at": fact.isoformat()}
    return {"day": fact.isoformat()} if isinstance(fact, date) else fact


def _read(kept: Any) -> Any:
    """What `_kept` was given."""
    match kept:
        case {"at": at}:
            return datetime.fromisoformat(at)
        case {"day": day}:
            return date.fromisoformat(day)
    return kept


def deadline_rule(rule: Deadline) -> str:
    """利用日の1営業日前の正午まで."""
    if isinstance(rule, HoursBefore):
        return _("はじまりの%(n)d時間前まで") % {"n": rule.n}
    if not isinstance(rule, DaysBefore):
        return _("予約したあとの取り消しは、すべて締切のあと")
    facts = {"n": rule.n, "clock": _("正午") if rule.at == "12:00" else rule.at.removeprefix("0")}
    if not rule.n:
        return _("利用日の当日の%(clock)sまで") % facts
    if rule.business:
        return _("利用日の%(n)d営業日前の%(clock)sまで") % facts
    return _("利用日の%(n)d日前の%(clock)sまで") % facts


def durations(minutes: Iterable[int] | None) -> str:
    """1時間、2時間"""
    return _("、").join(hours(each) for each in minutes or ())


def joined(values: Iterable[object] | str | None) -> str:
    """0・1・2; a single word stays as it is."""
    return values if isinstance(values, str) else _("・").join(str(value) for value in values or ())


LATER: dict[str, Callable[..., str]] = {
    one.__name__: one for one in (jdate_year, jinstant, jwhen, jtime, hours, yen, because)
}

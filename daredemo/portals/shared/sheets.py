"""What families read about a facility: one sheet, shown on its page and, as a preview, to its staff."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from daredemo.facilities import queries as facilities
from daredemo.languages.spoken import DEFAULT, NAMES
from daredemo.languages.words import jspan
from daredemo.languages.words import weekdays as weekday_names
from daredemo.rules.words import span_words

if TYPE_CHECKING:
    from daredemo.facilities.models import (
        ClosedHours,
        Extra,
        Facility,
        FacilityClosure,
        Tariff,
        WeeklyPattern,
    )

# What is spoken besides Japanese, each in its own name; what a facility is prepared for.
LANGUAGES = {code: name for code, name in NAMES.items() if code != DEFAULT}
CARES = {
    facilities.Care.MEDICAL: _later("医療的ケア"),
    facilities.Care.DISABILITY: _later("障害のあるお子さんの支援"),
    facilities.Care.ALLERGY: _later("食物アレルギーへの対応"),
}
MAP = "https://maps.gsi.go.jp/#17/{0.latitude}/{0.longitude}/"  # the state's own, which follows nobody
LOOKS_AHEAD = timedelta(days=60)
Spans = tuple[tuple[time, time], ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """月〜金 9:00〜12:00、13:00〜15:00"""

    days: str
    spans: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything on a facility's page that does not depend on who reads it."""

    facility: "Facility"
    hours: list[Hours]
    begins: date | None  # the day from which the hours hold, where it has not come yet
    ages: str
    tariff: "Tariff | None"
    extras: "list[Extra]"
    closures: "list[FacilityClosure]"
    closed_hours: "list[ClosedHours]"
    languages: list[str]  # in their own names, Japanese first
    cares: list[str]
    map: str  # where a map of the place is; "" where it has not said where it is
    sessions: list[str]  # 9:00〜11:00; empty where any length can be booked


def sheet(facility: "Facility", day: date) -> Sheet:
    """The sheet as it reads on a day; six queries."""
    patterns = list(facilities.patterns_from(facility, day))
    begins = max(day, min((one.valid_from for one in patterns), default=day))
    return Sheet(
        facility=facility,
        hours=hours_of_week(one for one in patterns if one.valid_from <= begins),
        begins=begins if begins > day else None,
        ages=ages(facility),
        tariff=facilities.tariff_on(facility, day),
        extras=list(facilities.extras_on(facility, day)),
        closures=list(facilities.closures_between(facility, day, day + LOOKS_AHEAD)),
        closed_hours=list(facilities.closed_hours_between(facility, day, day + LOOKS_AHEAD)),
        languages=[NAMES[code] for code in NAMES if code in (DEFAULT, *facility.languages)],
        cares=[str(name) for code, name in CARES.items() if code in facility.cares],
        map=MAP.format(facility) if facility.latitude is not None and facility.longitude is not None else "",
        sessions=[span_words(*session) for session in facilities.sessions_on(facility, day)],
    )


def hours_of_week(patterns: "Iterable[WeeklyPattern]") -> list[Hours]:
    """The week in as few lines as it needs: weekdays with the same times stand together."""
    by_day: dict[int, list[tuple[time, time]]] = {}
    for pattern in patterns:
        by_day.setdefault(pattern.weekday, []).append((pattern.starts, pattern.ends))
    alike: dict[Spans, list[int]] = {}
    for weekday in sorted(by_day):
        alike.setdefault(tuple(sorted(by_day[weekday])), []).append(weekday)
    return [
        Hours(weekdays(days), _("、").join(jspan(starts, ends) for starts, ends in spans))
        for spans, days in alike.items()
    ]


def weekdays(days: list[int]) -> str:
    """[0, 1, 2, 3, 4] → 月〜金; [0, 2] → 月・水."""
    all_seven = weekday_names()  # looked up once: a list of facilities asks for them by the dozen
    names = [all_seven[day] for day in days]
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return _("%(first)s〜%(last)s") % {"first": names[0], "last": names[-1]}
    return _("・").join(names)


def ages(facility: "Facility") -> str:
    """6か月〜2歳"""
    years, months = divmod(facility.youngest_months, 12)
    youngest = _("%(months)dか月") % {"months": facility.youngest_months}
    if years and not months:
        youngest = _("%(years)d歳") % {"years": years}
    if years and not months and years == facility.oldest_age:
        return youngest
    return _("%(youngest)s〜%(oldest)d歳") % {"youngest": youngest, "oldest": facility.oldest_age}

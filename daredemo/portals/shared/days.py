"""What a two-week grid of days and a row of start times are made of; screens fill it, parts print it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.utils.translation import gettext as _

from daredemo.portals.shared.words import jdate

State = Literal["ok", "few", "full", "closed", "mine", "past", "no"]

MARKS = {"ok": "○", "few": "△", "full": "×", "closed": "休", "mine": "予約", "past": "—", "no": "—"}


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the grid. With `href` it can be chosen; `note` says more to those who hear it: 「8枠」."""

    on: date
    state: State
    note: str = ""
    href: str = ""
    chosen: bool = False
    today: bool = False

    @property
    def mark(self) -> str:
        return _(MARKS[self.state])

    @property
    def label(self) -> str:
        """4月13日(月) 空きあり 8枠"""
        words = {
            "ok": _("空きあり"),
            "few": _("のこりわずか"),
            "full": _("満員"),
            "closed": _("お休み"),
            "mine": _("予約ずみの日"),
            "past": _("受付は終わりました"),
            "no": _("えらべません"),
        }
        today = _("きょう") if self.today else ""
        return " ".join(filter(None, (jdate(self.on), today, words[self.state], self.note)))


@dataclass(frozen=True, slots=True)
class Slot:
    """One start time: a radio with `value`, a link with `href`, or without either only to be read."""

    time: str
    note: str
    state: Literal["ok", "few", "full"] = "ok"
    value: str = ""
    href: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Length:
    """One length that can be booked, with its price: a radio, or a link with `href`."""

    minutes: int
    yen: int | None = None
    chosen: bool = False
    href: str = ""


def weeks(days: Iterable[Day]) -> list[list[Day | None]]:
    """Sunday first; days that are not given stay empty."""
    given = {day.on: day for day in days}
    if not given:
        return []
    first, last = min(given), max(given)
    sunday = first - timedelta(days=(first.weekday() + 1) % 7)
    count = (last - sunday).days // 7 + 1
    return [[given.get(sunday + timedelta(days=7 * w + d)) for d in range(7)] for w in range(count)]

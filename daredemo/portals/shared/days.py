"""What a two-week grid of days and a row of start times are made of; screens fill it, parts print it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from daredemo.languages.words import jdate

State = Literal["ok", "few", "full", "closed", "mine", "past", "no"]

MARKS = {"ok": "○", "few": "△", "full": "×", "closed": "休", "mine": "予約", "past": "—", "no": "—"}
WORDS = {
    "ok": gettext_noop("空きあり"),
    "few": gettext_noop("のこりわずか"),
    "full": gettext_noop("満員"),
    "closed": gettext_noop("お休み"),
    "mine": gettext_noop("予約ずみの日"),
    "past": gettext_noop("受付は終わりました"),
    "no": gettext_noop("えらべません"),
}


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
        today = _("きょう") if self.today else ""
        return " ".join(filter(None, (jdate(self.on), today, _(WORDS[self.state]), self.note)))


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


# Cells are many: a template that asks each of them what it is takes longer than all the rest of its screen.
def day_cell(day: Day | None) -> SafeString:
    """One cell of the grid; empty for a day that is not given."""
    if day is None:
        return mark_safe("<td></td>")
    today = " today" if day.today else ""
    if day.href:
        current = ' aria-current="date"' if day.chosen else ""
        return format_html(
            f'<td><a id="day-{day.on}" class="day {day.state}{today}" href="{{}}"{current} aria-label="{{}}">'
            f'<span class="d num">{day.on.day}</span><span class="m">{{}}</span></a></td>',
            day.href, day.label, day.mark,
        )  # fmt: skip
    mine = " mine" if day.state == "mine" else ""
    return format_html(
        f'<td><div class="day off{mine}{today}"><span class="d num" aria-hidden="true">{day.on.day}</span>'
        '<span class="m" aria-hidden="true">{}</span><span class="vh">{}</span></div></td>',
        day.mark, day.label,
    )  # fmt: skip


def slot_cell(slot: Slot, name: str, number: int) -> SafeString:
    """One of a row of starts that a form calls `name`."""
    words = format_html('<span class="t num">{}</span><span class="l">{}</span>', slot.time, slot.note)
    if slot.href:
        current = ' aria-current="true"' if slot.chosen else ""
        elsewhere = ' hx-boost="false"' if slot.state == "full" else ""
        return format_html(
            f'<a class="slot {slot.state}" id="{name}-{number}" href="{{}}"{current}{elsewhere}>{{}}</a>',
            slot.href, words,
        )  # fmt: skip
    if slot.value:
        checked = " checked" if slot.chosen else ""
        radio = format_html(f'<input type="radio" name="{name}" value="{{}}"{checked}>', slot.value)
        return format_html(f'<label class="slot {slot.state}">{{}}{{}}</label>', radio, words)
    return format_html(f'<span class="slot {slot.state}">{{}}</span>', words)

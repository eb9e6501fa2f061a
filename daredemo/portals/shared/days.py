"""What a two-week grid of days and a row of start times are made of; screens fill it, parts print it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from html import escape
from typing import Literal

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_noop, pgettext

from daredemo.languages.words import jdate

State = Literal["ok", "few", "full", "closed", "mine", "past", "no"]

MARKS = {"ok": "○", "few": "△", "full": "×", "past": "—", "no": "—"}
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


# Cells are many: a template that asks each of them what it is takes longer than all the rest of its screen,
# and so does looking up the same few words again for each.
def grid(days: Iterable[Day]) -> list[SafeString]:
    """The weeks of the grid, each as the cells of its row."""
    say, marks = cache(gettext), _marks()
    rows = ("".join(_cell(day, say, marks) for day in week) for week in weeks(days))
    return [mark_safe(row) for row in rows]  # noqa: S308  escaped


def _marks() -> dict[str, str]:
    """What stands in a cell as wide as a seventh of a telephone."""
    return {**MARKS, "closed": pgettext("日のしるし", "休"), "mine": pgettext("日のしるし", "予約")}


def _cell(day: Day | None, _: Callable[[str], str], marks: dict[str, str]) -> str:
    """A day as 「○」, to the ear 「4月13日(月) 空きあり 8枠」; empty for one that is not given."""
    if day is None:
        return "<td></td>"
    said = (jdate(day.on), _("きょう") if day.today else "", _(WORDS[day.state]), day.note)
    mark, label = escape(marks[day.state]), escape(" ".join(filter(None, said)))
    number, today = day.on.day, " today" if day.today else ""
    if day.href:
        current = ' aria-current="date"' if day.chosen else ""
        return (
            f'<td><a id="day-{day.on}" class="day {day.state}{today}" href="{escape(day.href)}"{current} '
            f'aria-label="{label}"><span class="d num">{number}</span><span class="m">{mark}</span></a></td>'
        )
    mine = " mine" if day.state == "mine" else ""
    return (
        f'<td><div class="day off{mine}{today}"><span class="d num" aria-hidden="true">{number}</span>'
        f'<span class="m" aria-hidden="true">{mark}</span><span class="vh">{label}</span></div></td>'
    )


def slot_cell(slot: Slot, name: str, number: int) -> SafeString:
    """One of a row of starts that a form calls `name`."""
    return mark_safe(_slot(slot, name, number))  # noqa: S308  escaped below


def _slot(slot: Slot, name: str, number: int) -> str:
    words = f'<span class="t num">{escape(slot.time)}</span><span class="l">{escape(slot.note)}</span>'
    if slot.href:
        current = ' aria-current="true"' if slot.chosen else ""
        elsewhere = ' hx-boost="false"' if slot.state == "full" else ""
        return (
            f'<a class="slot {slot.state}" id="{name}-{number}" href="{escape(slot.href)}"'
            f"{current}{elsewhere}>{words}</a>"
        )
    if slot.value:
        checked = " checked" if slot.chosen else ""
        radio = f'<input type="radio" name="{name}" value="{escape(slot.value)}"{checked}>'
        return f'<label class="slot {slot.state}">{radio}{words}</label>'
    return f'<span class="slot {slot.state}">{words}</span>'

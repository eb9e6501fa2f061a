"""The parts pages are made of: `{% load parts %}`. The gallery in tests/portals/shared shows each of them."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from daredemo.languages import readings, words
from daredemo.portals.shared import fields
from daredemo.portals.shared.addresses import href, path
from daredemo.portals.shared.days import Day, Length, Slot, grid, slot_cell
from daredemo.portals.shared.icons import ICONS
from daredemo.portals.shared.meter import Meter

register = template.Library()

for word in (
    words.jdate, words.jdate_long, words.jdate_year, words.jyear, words.jmonth_year, words.jmonth,
    words.jtime, words.jspan, words.hours, words.yen, words.age_words, words.deadline_words,
    words.durations, words.joined,
):  # fmt: skip
    register.filter(word.__name__, word)
register.filter("plain", readings.plain)
register.simple_tag(path, name="url")  # in place of Django's own, which looks for each address anew
register.simple_tag(href)

NOTICES = {"success": "ok", "ok": "ok", "error": "err", "err": "err", "warning": "warn", "warn": "warn"}
NOTICE_ICONS = {"ok": "done", "err": "error", "warn": "warn", "": "info"}
STEP_MARKS = {"done": "check", "stop": "close"}


@register.filter
def ruby(text: str, wanted: object = True) -> str:
    """`{{ text|ruby:furigana }}`: for strings outside a page; pages do it by themselves."""
    return readings.ruby(text) if wanted else readings.plain(text)


@register.simple_tag
@cache
def icon(name: str, size: str = "") -> SafeString:
    """`{% icon "clock" %}`, `"s"` small, `"l"` large. Decoration: words stand beside it."""
    classes = f"i {size}".rstrip()
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', classes, ICONS[name]
    )


@register.simple_tag(takes_context=True)
def nav_item(context: template.Context, name: str, label: str, picture: str, look: str = "") -> SafeString:
    """One entry of a portal's navigation; `look="go"` is the round one. Current when the page is below it."""
    address = href(name)
    request = context.get("request")
    if not address or request is None:
        return mark_safe("")
    here = context.get("here") or getattr(request.resolver_match, "view_name", "")
    current = mark_safe(' aria-current="page"') if here == name else ""
    drawn = format_html('<span class="o">{}</span>', icon(picture)) if look == "go" else icon(picture)
    return format_html('<li><a class="{}" href="{}"{}>{}{}</a></li>', look, address, current, drawn, label)


@register.simple_tag
def field(bound: BoundField, support: str = "", label: str = "") -> SafeString:
    """A whole question: label with ※必須/※任意, support text, control, error."""
    return fields.question(bound, support, label)


@register.simple_tag
def control(bound: BoundField) -> SafeString:
    """A question in a table whose heads say what is asked: the control alone, named for a screen reader."""
    return fields.compact(bound)


@register.inclusion_tag("shared/parts/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, object]:
    """What is wrong, above the heading, each with a link to its field."""
    return {"errors": [pair for form in forms if form.is_bound for pair in fields.mistakes(form)]}


@register.simple_tag
def chip(text: str, look: str = "") -> SafeString:
    """A status in a word: "", ok, in (progress), few (to do), err, line."""
    return format_html('<span class="chip {}">{}</span>', look, text)


@register.inclusion_tag("shared/parts/meter.html")
def meter(cap: int, used: int = 0, booked: int = 0, wish: int = 0, small: bool = False) -> dict[str, object]:
    """The month's hours as cells. All in minutes."""
    return {"m": Meter(cap, used, booked, wish), "small": small}


@register.inclusion_tag("shared/parts/meter_card.html")
def meter_change(
    cap: int, used: int = 0, booked: int = 0, wish: int = 0, month: str = ""
) -> dict[str, object]:
    """The small card above a choice: 「6時間 → 4時間」 and the cells."""
    return {"m": Meter(cap, used, booked, wish), "month": month}


@register.inclusion_tag("shared/parts/day_grid.html")
def day_grid(days: Iterable[Day], labelled: str) -> dict[str, object]:
    """Days as `shared.days.Day`, Sunday first; `labelled` is the id of the heading."""
    *others, sunday = words.weekdays()
    return {"weeks": grid(days), "weekdays": [sunday, *others], "labelled": labelled}


@register.inclusion_tag("shared/parts/slots.html")
def slots(items: Sequence[Slot], label: str, name: str = "start") -> dict[str, object]:
    """Start times as `shared.days.Slot`."""
    drawn = [slot_cell(item, name, number) for number, item in enumerate(items, 1)]
    return {"slots": drawn, "label": label, "role": _role(items)}


@register.inclusion_tag("shared/parts/lengths.html")
def lengths(items: Sequence[Length], label: str, name: str = "minutes") -> dict[str, object]:
    """Lengths with their prices as `shared.days.Length`."""
    return {"lengths": items, "label": label, "name": name, "role": _role(items)}


def _role(items: Sequence[Slot] | Sequence[Length]) -> str:
    """Radios make a radio group; links are a group of links."""
    return "group" if any(item.href for item in items) else "radiogroup"


@register.inclusion_tag("shared/parts/step_bar.html")
def step_bar(title: str, back: str, step: int = 0, total: int = 0, note: str = "") -> dict[str, object]:
    """For `{% block top %}` of a screen inside a task: back, the heading, 2/3 and a bar."""
    done = [n < step for n in range(total)]
    return {"title": title, "back": back, "step": step, "total": total, "note": note, "done": done}


@register.inclusion_tag("shared/parts/pages.html", takes_context=True)
def pages(context: template.Context, page: Page[Any]) -> dict[str, object]:
    """Links to the other pages of a list, keeping what else is in the address."""
    kept = context["request"].GET.copy()
    kept.pop("page", None)
    query = kept.urlencode() + "&" if kept else ""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {"page": page, "numbers": numbers, "query": query}


@register.simple_block_tag
def due(content: str) -> SafeString:
    """The box with a clock that names a deadline and what it means."""
    return format_html('<div class="due">{}<div>{}</div></div>', icon("clock"), content)


@register.simple_block_tag
def notice(content: str, look: str = "", heading: str = "") -> SafeString:
    """A banner with picture and words: "" (info), ok, warn, err."""
    look = NOTICES.get(look, "")
    head = format_html("<h2>{}</h2>", heading) if heading else ""
    return format_html(
        '<div class="note {}">{}<div>{}{}</div></div>', look, icon(NOTICE_ICONS[look], "l"), head, content
    )


@register.simple_block_tag
def fold(content: str, summary: str, open: bool = False) -> SafeString:  # noqa: A002  the attribute's name
    """More to read for those who want; never fees, deadlines or errors."""
    is_open = mark_safe(" open") if open else ""
    return format_html(
        '<details{}><summary>{}</summary><div class="stack t">{}</div></details>', is_open, summary, content
    )


@register.simple_block_tag
def rows(content: str, look: str = "") -> SafeString:
    """A list of names and values; `{% row %}` inside. `look="n"`: amounts at the right."""
    return format_html('<dl class="kv {}">{}</dl>', look, content)


@register.simple_block_tag
def row(content: str, name: str, change: str = "", label: str = "") -> SafeString:
    """One name and value, with a link that leads back to its question."""
    facts = {"href": change, "name": name, "label": label}
    link = render_to_string("shared/parts/change.html", facts) if change else ""
    return format_html("<div><dt>{}</dt><dd>{}</dd>{}</div>", name, content, mark_safe(link))  # noqa: S308  a template of ours


@register.simple_block_tag
def task(content: str, title: str, href: str = "", note: str = "") -> SafeString:
    """One row of a to-do list: the whole row is the link; without `href` it waits. Inside: status chip."""
    return mark_safe(  # noqa: S308
        render_to_string(
            "shared/parts/task.html", {"title": title, "href": href, "note": note, "content": content}
        )
    )


@register.simple_block_tag
def stage(content: str, title: str, state: str = "", number: int = 0) -> SafeString:
    """One stage of a timeline in `<ol class="steps">`: done, now, stop or "" (to come)."""
    mark = STEP_MARKS.get(state)
    facts = {"title": title, "state": state, "number": number, "mark": mark, "content": content}
    return mark_safe(render_to_string("shared/parts/stage.html", facts))  # noqa: S308


@register.simple_block_tag
def empty(content: str, picture: str = "info") -> SafeString:
    """What a list says when there is nothing, and what to do then."""
    return format_html('<div class="card empty">{}{}</div>', icon(picture), content)

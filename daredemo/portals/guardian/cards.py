"""The cards of the list of facilities, drawn like the days of the calendar: a template for each is slower.

What every card says is looked up once for the whole list.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, partial
from html import escape
from typing import TYPE_CHECKING

from django.template.defaultfilters import floatformat
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from daredemo.languages.words import jdate, jtime, yen
from daredemo.portals.shared.templatetags.parts import chip, icon
from daredemo.rules.hours import day_of

if TYPE_CHECKING:
    from daredemo.portals.guardian.finding import Found

Say = Callable[[str], str]
Day = Callable[[date], str]
Far = Callable[[float], str]


def cards(found: "Iterable[Found]", *, roughly: bool = False) -> SafeString:
    """One card after the other, in the language of the page. `roughly`: so are the distances."""
    say, day, house = cache(gettext), cache(jdate), icon("house")
    far = partial(distance, roughly=roughly, say=say)
    return mark_safe("".join(_card(one, say, day, house, far) for one in found))  # noqa: S308  each part is escaped


def _card(one: "Found", _: Say, day: Day, house: str, far: Far) -> str:
    place = one.facility
    number, name = f"f-{place.pk}", escape(place.name)
    away = "" if one.km is None else f' <b class="num nb">{far(one.km)}</b>'
    lines = "\n    ".join(
        f"<div><dt>{term}</dt><dd>{said}</dd></div>" for term, said in _facts(one, _, day).items()
    )
    return (
        f'\n<article class="card" aria-labelledby="{number}">'
        f'\n  <div class="place"><span class="ic g">{house}</span><div>'
        f'<h2 id="{number}"><a class="hit" href="{one.page}">{name}</a></h2>'
        f'<p class="sm mut">{escape(place.address)}{away}</p></div></div>'
        f"\n  {_chips(one)}\n  {_starts(one, _, day)}"
        f'\n  <dl class="kv ">\n    {lines}\n  </dl>'
        f'\n  <a class="btn o md" href="{one.page}">{_("くわしく見る")}<span class="vh">: {name}</span></a>'
        "\n</article>\n"
    )


def distance(km: float, *, roughly: bool, say: Say = gettext) -> str:
    """0.6km; roughly to whole kilometres, and never none: from the middle of a town nobody knows better."""
    if roughly:
        return say("約%(km)skm") % {"km": max(1, round(km))}
    return say("%(km)skm") % {"km": floatformat(km, 1)}


def _chips(one: "Found") -> str:
    """How far each child of the family has come here."""
    chips = "".join(chip(words, look) for words, look in one.chips)
    return f'<p class="chips">{chips}</p>' if chips else ""


def _starts(one: "Found", _: Say, day: Day) -> str:
    """The first free times, each a way on; without an age there is nothing to say."""
    if one.starts is None:
        return ""
    if not one.starts:
        return f'<p class="sm mut">{_("2週間のうちに、合う空きは ありません。")}</p>'
    ways = "".join(
        f'<li><a class="btn o xs au num" href="{escape(href)}">{day(day_of(start))} {jtime(start)}</a></li>'
        for start, href in one.starts
    )
    then = "" if one.may_book else f'<p class="sm mut">{_("面談がすむと 予約できます。")}</p>'
    heading = _("空いている いちばん早い時間")
    return f'<div class="stack t"><h3>{heading}</h3><ul class="chips">{ways}</ul>{then}</div>\n  '


def _facts(one: "Found", _: Say, day: Day) -> dict[str, str]:
    """The lines below: when, for whom, for how much, and the next interview."""
    when = "<br>".join(
        f'<b>{escape(line.days)}</b> <span class="num">{escape(line.spans)}</span>' for line in one.hours
    )
    fee, first = _("園に聞いてください"), one.next_interview
    if one.tariff:
        fee = _("1時間 %(yen)s") % {"yen": yen(one.tariff.yen_per_hour)}
    meeting = _("いま あいている時間がありません")
    if first:
        meeting = _("%(day)s %(time)sから あいています") % {"day": day(day_of(first)), "time": jtime(first)}
    return {
        _("時間"): when or _("いまは受け入れの時間がありません。"),
        _("年れい"): escape(one.ages),
        _("利用料"): f"{fee}・{_('給食あり') if one.facility.meals else _('給食なし')}",
        _("面談"): meeting,
    }

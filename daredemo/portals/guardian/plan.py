"""地図: nurseries by their numbers on a plain drawing, true to distance, that asks nobody for pictures.

A square with the place that distances are measured from in its middle, or else the nurseries' own. Places are
percentages of its side, so that the words on it keep their size on every screen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import product
from math import cos, pi, radians, sin
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from daredemo.facilities.queries import KM_PER_DEGREE, Point
from daredemo.languages.readings import plain
from daredemo.portals.guardian.cards import distance

if TYPE_CHECKING:
    from daredemo.facilities.models import Facility
    from daredemo.portals.guardian.finding import Found

SIDE = 288  # CSS pixels of the smallest drawing, on which nothing may cover anything else
PIN, LETTER, LINE = 30, 14, 20  # CSS pixels
STEPS = (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)  # km between rings
EDGE = 0.86  # of half the side: as far out as a pin may be
TURNS = 12
Box = tuple[float, float, float, float]  # left, top, right, bottom in CSS pixels of the smallest drawing
HERE: Box = (SIDE / 2 - LETTER, SIDE / 2 - PIN / 2, SIDE / 2 + LETTER, SIDE / 2 + LINE * 1.7)  # with its word


@dataclass(frozen=True, slots=True)
class Place:
    """A nursery on the map: its number there and in the list below, and where it is."""

    number: int
    found: "Found"
    point: Point
    distance: str  # 0.6km; empty where nothing is measured

    @property
    def words(self) -> str:
        """For who hears it: 1 ひだまりこども園 0.6km"""
        return f"{self.number} {self.found.facility.name} {self.distance}".rstrip()


def places(rows: "Iterable[Found]", *, roughly: bool) -> list[Place]:
    """Those that have said where they are, in the order of the list."""
    there = [(one, at) for one in rows if (at := _point(one.facility))]
    return [
        Place(number, one, at, "" if one.km is None else distance(one.km, roughly=roughly))
        for number, (one, at) in enumerate(there, 1)
    ]


def _point(facility: "Facility") -> Point | None:
    if facility.latitude is None or facility.longitude is None:
        return None
    return Point(float(facility.latitude), float(facility.longitude))


def drawing(places: Sequence[Place], here: Point | None) -> SafeString:
    """The drawing; each pin leads to `#n-` and its number."""
    middle = here or _middle([one.point for one in places])
    offsets = [_offset(one.point, middle) for one in places]
    reach = max([max(abs(east), abs(north)) for east, north in offsets] + [0.4]) / EDGE
    taken: list[Box] = [HERE] if here else []
    pins = [_free(_scaled(east, reach), _scaled(-north, reach), taken) for east, north in offsets]
    word = _word(_("ここ"))
    me = f'<circle class="me" cx="50%" cy="50%"/><text class="k" x="50%" y="50%" dy="2em">{word}</text>'
    drawn = (
        *(_rings(reach) if here else ()),
        me if here else "",
        *(_pin(one, x, y) for one, (x, y) in zip(places, pins, strict=True)),
        *_names(places, pins, taken),
        f'<text class="k" x="92%" y="6%">{_word(_("北"))} ↑</text>',
    )
    label = escape(_("園の場所を番号でかいた図"))
    return mark_safe(f'<svg class="plan" role="group" aria-label="{label}">{"".join(drawn)}</svg>')  # noqa: S308  escaped


def _word(text: str) -> str:
    """A drawing holds no readings: a `<ruby>` would end it."""
    return escape(plain(text))


def _middle(points: Sequence[Point]) -> Point:
    """The middle of what they span, not of their crowd."""
    north, east = [one.latitude for one in points], [one.longitude for one in points]
    return Point((min(north) + max(north)) / 2, (min(east) + max(east)) / 2)


def _offset(point: Point, middle: Point) -> tuple[float, float]:
    """Kilometres to the east and to the north."""
    narrow = cos(radians(middle.latitude))
    east = (point.longitude - middle.longitude) * KM_PER_DEGREE * narrow
    return east, (point.latitude - middle.latitude) * KM_PER_DEGREE


def _scaled(km: float, reach: float) -> float:
    return SIDE / 2 * (1 + km / reach)


def _around(x: float, y: float) -> Box:
    return x - PIN / 2, y - PIN / 2, x + PIN / 2, y + PIN / 2


def _clear(box: Box, taken: Iterable[Box]) -> bool:
    left, top, right, bottom = box
    return all(right <= a or c <= left or bottom <= b or d <= top for a, b, c, d in taken)


def _free(x: float, y: float, taken: list[Box]) -> tuple[float, float]:
    """The place itself or, where a pin is there, the nearest one round about that is free."""
    turns = product(range(1, 8), range(TURNS))
    away = [(x, y), *(_turned(x, y, far * PIN / 2, turn * 2 * pi / TURNS) for far, turn in turns)]
    inside = [one for one in away if all(PIN / 2 <= side <= SIDE - PIN / 2 for side in one)]
    found = next((one for one in inside if _clear(_around(*one), taken)), (x, y))
    taken.append(_around(*found))
    return found


def _turned(x: float, y: float, far: float, angle: float) -> tuple[float, float]:
    return x + far * cos(angle), y + far * sin(angle)


def _percent(pixels: float) -> str:
    return f"{pixels / SIDE * 100:.1f}%"


def _rings(reach: float) -> Iterable[str]:
    """Circles at round distances, each with how far it is."""
    step = next((km for km in STEPS if reach / km <= 4), STEPS[-1])
    for n in range(1, int(reach / step) + 1):
        far = n * step / reach * SIDE / 2
        km = _word(_("%(km)gkm") % {"km": n * step})
        yield f'<circle class="ring" cx="50%" cy="50%" r="{_percent(far)}"/>'
        yield f'<text class="k" x="50%" y="{_percent(SIDE / 2 - far)}" dy="1.1em">{km}</text>'


def _pin(one: Place, x: float, y: float) -> str:
    at = f'cx="{_percent(x)}" cy="{_percent(y)}"'
    where = f'data-lat="{one.point.latitude}" data-lon="{one.point.longitude}"'
    name, said = escape(one.found.facility.name), escape(one.words)
    return (
        f'<a href="#n-{one.number}" aria-label="{said}" {where}><title>{name}</title>'
        f'<circle class="tap" {at}/><circle class="pin" {at}/>'
        f'<text x="{_percent(x)}" y="{_percent(y)}" dy=".36em">{one.number}</text></a>'
    )


def _names(places: Sequence[Place], pins: Sequence[tuple[float, float]], taken: list[Box]) -> Iterable[str]:
    """Names where there is room for them, right or left of the pin; the list below has them all."""
    for one, (x, y) in zip(places, pins, strict=True):
        name = one.found.facility.name
        long = len(name) * LETTER
        for left, side, away in ((x + PIN / 2, "r", "1.4em"), (x - PIN / 2 - long, "l", "-1.4em")):
            box = left, y - LINE / 2, left + long, y + LINE / 2
            if left >= 0 and left + long <= SIDE and _clear(box, taken):
                taken.append(box)
                at = f'x="{_percent(x)}" y="{_percent(y)}" dx="{away}" dy=".36em"'
                yield f'<text class="nm {side}" {at} aria-hidden="true">{escape(name)}</text>'
                break

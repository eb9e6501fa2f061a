"""職員配置 as a picture and in words: what the pages of the roster show of a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daredemo.booking import cells
from daredemo.booking import queries as bookings
from daredemo.booking.cells import HALF
from daredemo.booking.queries import StaffedDay, Stretch
from daredemo.facilities import queries as facilities
from daredemo.facilities.duty import OnDuty, cells_of
from daredemo.languages.words import jspan
from daredemo.portals.facility.week import off_words
from daredemo.rules.places import AGES, Limit

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from daredemo.booking.models import Booking
    from daredemo.facilities.models import ClosedHours, Member

FIRST, LAST = 14, 38  # 7:00 to 19:00, unless somebody is there earlier or later
TALL = 100  # the height of a picture, in its own unit
LIMITS: "dict[str, StrPromise]" = {
    Limit.MINIMUM: gettext_lazy("職員は いつも2人以上"),
    Limit.QUALIFIED: gettext_lazy("保育士の人数"),
    Limit.STAFF: gettext_lazy("職員の人数"),
    Limit.CAPACITY: gettext_lazy("定員"),
    Limit.AREA: gettext_lazy("部屋の広さ"),
    Limit.CEILING: gettext_lazy("枠の人数"),
    Limit.AGE: gettext_lazy("年れいごとの枠の人数"),
    Limit.DAY: gettext_lazy("1日の予約の数"),
}
OVER: "dict[str, StrPromise]" = {
    Limit.MINIMUM: gettext_lazy("職員が2人 いません。"),
    Limit.QUALIFIED: gettext_lazy("保育士が たりません。"),
    Limit.STAFF: gettext_lazy("職員が たりません。"),
    Limit.CAPACITY: gettext_lazy("定員を こえています。"),
    Limit.AREA: gettext_lazy("部屋の広さが たりません。"),
    Limit.CEILING: gettext_lazy("枠の人数を こえています。"),
    Limit.AGE: gettext_lazy("年れいごとの枠の人数を こえています。"),
    Limit.DAY: gettext_lazy("1日の予約の数を こえています。"),
}


def limit_words(limits: Iterable[str]) -> str:
    """職員の人数・定員"""
    return _("・").join(str(LIMITS[limit]) for limit in limits)


def over_words(limits: Iterable[str]) -> str:
    """職員が たりません。定員を こえています。"""
    return "".join(str(OVER[limit]) for limit in limits)


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle: half hours from the left (in a row minutes), units of height from the top."""

    x: int
    width: int
    y: int
    height: int
    look: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Needed against brought by half hour; `line` is the path of the staff on duty."""

    width: int
    bars: list[Bar]
    line: str
    hours: list[int]

    @property
    def minutes(self) -> int:
        """The width once more, for bars that do not keep to half hours."""
        return self.width * HALF


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody's day: a bar on the same axis as the picture below."""

    one: OnDuty
    bars: list[Bar]
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: a stretch, and what it says."""

    stretch: Stretch
    children: str
    is_short: bool
    words: str


@dataclass(frozen=True, slots=True)
class Glance:
    """One day of the week's strip; `look` is off, err or nothing."""

    day: StaffedDay
    weekday: str
    picture: Picture
    look: str
    words: str


def axis(days: Sequence[StaffedDay]) -> range:
    """The half hours to show: wide enough for everybody, whole hours."""
    there = {cell for day in days for one in day.people for cell in cells_of((*one.spans, *one.usual))}
    there |= {cell for day in days for cell in range(48) if day.opens(cell) or any(day.mixes[cell])}
    first, last = min(there, default=FIRST), max(there, default=LAST - 1) + 1
    return range(min(FIRST, first - first % 2), max(LAST, last + last % 2))


def picture(day: StaffedDay, shown: range) -> Picture:
    """Bars for the enrolled and the booked, red where staff are short, and the line of the staff above."""
    enrolled, booked, staff = day.enrolled_units, day.booked_units, day.staff_units
    needs = [((enrolled if day.opens(cell) else 0), booked[cell]) for cell in shown]
    brought = [staff[cell] for cell in shown]
    most = max(1, *brought, *(sum(need) for need in needs))
    bars: list[Bar] = []
    for (own, guests, have), row in _alike(list(zip(needs, brought, strict=True))):
        high, low = _tall(own, most), _tall(own + guests, most)
        bars += [
            Bar(row.start, len(row), TALL - high, high, "own"),
            Bar(row.start, len(row), TALL - low, low - high, "over" if own + guests > have else "guests"),
        ]
    path = "".join(
        f"{'L' if x else 'M'}{x} {TALL - _tall(have, most)}H{x + 1}" for x, have in enumerate(brought)
    )
    hours = list(range(shown.start // 2, shown.stop // 2))
    return Picture(len(shown), [bar for bar in bars if bar.height], path, hours)


def _alike(
    facts: Sequence[tuple[tuple[int, int], int]],
) -> Iterable[tuple[tuple[int, int, int], range]]:
    """Half hours in a row with the same numbers."""
    for ((own, guests), have), group in groupby(enumerate(facts), key=lambda at: at[1]):
        row = [x for x, _ in group]
        yield (own, guests, have), range(row[0], row[-1] + 1)


def _tall(units: int, most: int) -> int:
    return units * (TALL - 4) // most


def rows(day: StaffedDay, shown: range) -> list[Row]:
    """Everyone of the day with a bar; the week's times stand hatched where somebody is away."""
    return [
        Row(one, [*_bars(one.spans, shown, "here"), *_missing(one, shown)], _times(one)) for one in day.people
    ]


def _missing(one: OnDuty, shown: range) -> list[Bar]:
    return _bars(one.usual, shown, "away") if one.is_off else []


def _bars(spans: Iterable[tuple[time, time]], shown: range, look: str) -> list[Bar]:
    found = []
    for starts, ends in spans:
        first, last = _minute(starts), _minute(ends)
        x = first - shown.start * HALF
        found.append(Bar(x, last - first, 0, 1, look))
    return found


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _times(one: OnDuty) -> str:
    words = _("、").join(jspan(*span) for span in one.spans)
    return words or (_("休み") if one.is_off else _("勤務なし"))


def lines(day: StaffedDay) -> list[Line]:
    """The table beside the picture; red where too many are booked or too few are on duty for anybody."""
    return [
        Line(stretch, _children(stretch.children), _is_short(stretch), said(stretch))
        for stretch in day.stretches()
    ]


def _is_short(stretch: Stretch) -> bool:
    return bool(stretch.overstepped) or (stretch.relief is not None and not any(stretch.more))


def _children(by_age: Sequence[int]) -> str:
    """0歳 2人・1歳 1人; a dash for nobody."""
    words = [_("%(age)d歳 %(n)d人") % {"age": age, "n": n} for age, n in enumerate(by_age) if n]
    return _("・").join(words) or "—"


def said(stretch: Stretch) -> str:
    """Which limit binds, and what would help: 「職員の人数。保育士が1人ふえると 0歳があと2人」"""
    if stretch.overstepped:
        which = over_words(stretch.overstepped)
        if not stretch.missing:
            return which
        return which + _("保育士があと%(n)d人いれば、みんな受け入れられます。") % {"n": stretch.missing}
    which = limit_words(stretch.binding)
    if stretch.relief is None:
        return which
    age = min(AGES, key=lambda age: stretch.more[age])
    facts = {"staff": stretch.relief.staff, "age": age, "n": stretch.relief.more[age]}
    return (
        _("%(which)s。") % {"which": which} + _("保育士が%(staff)d人ふえると %(age)d歳があと%(n)d人") % facts
    )


def glances(days: Sequence[StaffedDay]) -> list[Glance]:
    """The week's strip: each day with a small picture on one axis."""
    shown = axis(days)
    return [
        Glance(day, str(WEEKDAYS_ABBR[day.date.weekday()]), picture(day, shown), *_glance(day))
        for day in days
    ]


def _glance(day: StaffedDay) -> tuple[str, str]:
    """Look and words of a day in its week."""
    off = sum(one.is_off for one in day.people)
    if day.is_closed or not day.is_open:
        return "off", _("お休み")
    if day.over():
        return "err", _("予約が多い")
    return "", _("職員%(n)d人 休み") % {"n": off} if off else _("いつもどおり")


@dataclass(frozen=True, slots=True)
class Change:
    """A day if the law decided: the number by hand, the numbers by age then, and whom it would leave over."""

    day: StaffedDay
    off: str  # why it is closed, if it is
    closed: "list[ClosedHours]"
    before: int
    room: list[tuple[int, int]]
    affected: "list[Booking]"


def changes(member: "Member", since: date, until: date) -> list[Change]:
    """Every day of a span that is open, or would be were it not closed; nothing is changed by looking."""
    held = [
        one for one in bookings.bookings_at(member, since, until) if one.status in ("booked", "requested")
    ]
    off = bookings.days_off(member.facility, since, until)
    closed = list(facilities.closed_hours_between(member.facility, since, until))
    days = bookings.staffing(member.facility, since, until)
    weekdays = {day.date.weekday() for day in days if day.is_open}
    return [
        Change(
            day=day,
            off=off_words(off.get(day.date)),
            closed=[one for one in closed if one.date == day.date],
            before=max(own.most for own in day.own),
            room=day.room(),
            affected=[one for one in held if one.date == day.date and _touches(one, day.over())],
        )
        for day in days
        if day.is_open or (day.date in off and day.date.weekday() in weekdays)
    ]


def _touches(booking: "Booking", over: Iterable[int]) -> bool:
    return bool(set(over) & set(cells.cells_of(booking.starts_at, booking.ends_at)))

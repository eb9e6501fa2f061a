"""What the booking screen shows: grid, starts, lengths, what it costs."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from daredemo.booking import queries as bookings
from daredemo.languages.words import jdate, jtime
from daredemo.portals.guardian import asking
from daredemo.portals.shared import days as parts
from daredemo.portals.shared.forms import sentence
from daredemo.rules.hours import day_of
from daredemo.rules.refusal import Reason, Refused

if TYPE_CHECKING:
    from uuid import UUID

    from daredemo.booking.models import Booking
    from daredemo.booking.queries.situation import Situation
    from daredemo.facilities.models import Facility
    from daredemo.families.models import Child
    from daredemo.rules.booking import Terms

SATURDAY = timedelta(days=6)  # after its Sunday
SHOWN = timedelta(days=13)  # the last of two weeks
TWO_WEEKS = timedelta(days=14)
SOON = timedelta(days=20)  # three weeks: the first bookable day is nearly always among them
AHEAD = timedelta(days=69)  # five times two weeks
ABLE = ("ok", "few")
MOST_ALTERNATIVES = 3
# Days on which nobody comes are 休; every other refusal only means that this child cannot choose the day.
SHUT = (Reason.FACILITY_CLOSED, Reason.HOURS_CLOSED, Reason.DAY_NOT_OPEN, None)


@dataclass
class Desk:
    """Everything on the booking screen, ready to print. `old` is the booking whose time is changed."""

    facility: "Facility"
    child: "Child"
    old: "Booking | None"
    hours: bookings.Hours
    since: date
    until: date
    days: list[parts.Day] = field(default_factory=list)
    before: str = ""
    after: str = ""
    day: date | None = None
    chose_day: bool = False  # the last step was this one: the eye and the focus go on to the next
    chose_start: bool = False
    why_none: str = ""
    wait: str = ""  # where the line of a full day is entered
    opens: str = ""
    start: datetime | None = None
    slots: list[parts.Slot] = field(default_factory=list)
    others: list[tuple[date, str]] = field(default_factory=list)
    lengths: list[parts.Length] = field(default_factory=list)
    too_long: list[tuple[int, str]] = field(default_factory=list)
    minutes: int | None = None
    ends_at: datetime | None = None
    terms: "Terms | None" = None

    def at(self, **chosen: Any) -> str:
        """Another choice on this screen."""
        if self.old:
            return asking.address(self.old, self.child, to="guardian:change", **chosen)
        return asking.address(self.facility, self.child, **chosen)

    @property
    def query(self) -> dict[str, str]:
        """What the button sends on."""
        return asking.sent(self.child, self.start, day=self.day, minutes=self.minutes)

    @property
    def takes(self) -> int:
        """Minutes of the allowance that this choice would take."""
        return self.terms.minutes if self.terms else 0


def desk(
    child: "Child", facility: "Facility", choice: asking.Choice, now: datetime, old: "Booking | None" = None
) -> Desk:
    """Look once, so that no day looks free and then is not: at two weeks, at one day, at one start."""
    around, since = _look(child, facility, choice, now, old.pk if old else None)
    shown = list(bookings.days_of(child, facility, since, since + SHOWN, now, seen=around))
    day = _chosen_day(choice, shown)
    made = Desk(
        facility,
        child,
        old,
        hours=bookings.meter_in(around, day.date if day else since + SHOWN),
        since=since,
        until=since + SHOWN,
        day=day.date if day else None,
        chose_day=choice.day is not None,
        chose_start=choice.start is not None and choice.minutes is None,
        opens=_opens(shown),
    )
    made.days = [_cell(made, one, choice, day_of(now)) for one in shown]
    if since > sunday(day_of(now)):
        made.before = made.at(minutes=choice.minutes, since=since - TWO_WEEKS)
    if since + SHOWN < _last(facility, now):
        made.after = made.at(minutes=choice.minutes, since=since + TWO_WEEKS)
    if day is not None:
        _fill_day(made, day, choice, around)
    if not made.slots:
        made.why_none = made.why_none or _why(day or next((one for one in shown if one.reason), None))
        made.others = [(one, _to(made, one, choice)) for one in _others(made, now)]
    return made


def _look(
    child: "Child", facility: "Facility", choice: asking.Choice, now: datetime, old: "UUID | None"
) -> "tuple[Situation, date]":
    """What is read, and the first day shown: of the two weeks asked for, else of the first bookable day."""
    first, last = sunday(day_of(now)), _last(facility, now)
    if since := choice.since or choice.day:
        if choice.day and not sunday(since) <= choice.day <= sunday(since) + SHOWN:
            since = choice.day
        since = min(max(sunday(since), first), last - SHOWN)
        return bookings.look(child.pk, facility.pk, since, since + SHOWN, now).without(old), since
    for until in (first + SOON, last):
        around = bookings.look(child.pk, facility.pk, first, until, now).without(old)
        if day := next(able(child, facility, around, (first, until)), None):
            return around, min(sunday(day), until - SHOWN)
    return around, first


def _last(facility: "Facility", now: datetime) -> date:
    """The last day that can be looked at, a Saturday: ten weeks ahead, or as far as can be booked here."""
    kept_open = bookings.kept_open_until(facility, day_of(now))
    return max(sunday(day_of(now)) + AHEAD, sunday(kept_open) + SATURDAY)


def able(
    child: "Child", facility: "Facility", around: "Situation", span: tuple[date, date]
) -> Iterator[date]:
    """The days with a place, the first first."""
    days = bookings.days_of(child, facility, *span, around.now, seen=around)
    return (one.date for one in days if one.state in ABLE)


def _others(made: Desk, now: datetime) -> list[date]:
    """The first days with a place, whatever two weeks are shown."""
    span = sunday(day_of(now)), _last(made.facility, now)
    around = bookings.look(made.child.pk, made.facility.pk, *span, now)
    around = around.without(made.old.pk if made.old else None)
    days = able(made.child, made.facility, around, span)
    return list(islice((day for day in days if day != made.day), MOST_ALTERNATIVES))


def meter(child: "Child", month: date, now: datetime, old: "Booking | None" = None) -> bookings.Hours:
    """The month as the next booking finds it; a booking that is changed gives back its hours."""
    hours = bookings.meter(child, month, now, choosing=True)
    if old is None or old.date.replace(day=1) != hours.month:
        return hours
    return replace(hours, booked=max(0, hours.booked - old.minutes))


def sunday(day: date) -> date:
    """The Sunday on or before a day: weeks begin there, as on the wall."""
    return day - timedelta(days=(day.weekday() + 1) % 7)


def _chosen_day(choice: asking.Choice, shown: list[bookings.Day]) -> bookings.Day | None:
    if choice.day is not None:
        return next((one for one in shown if one.date == choice.day), None)
    return next((one for one in shown if one.state in ABLE), None)


def _cell(made: Desk, one: bookings.Day, choice: asking.Choice, today: date) -> parts.Day:
    can_look = one.state in ("ok", "few", "full") or (one.state == "mine" and one.date > today)
    state: parts.State = one.state
    if one.state == "closed" and one.reason not in SHUT:
        state = "no"
    href = _to(made, one.date, choice, since=made.since)
    return parts.Day(
        on=one.date,
        state=state,
        note=_("%(count)d枠") % {"count": one.places} if one.places else "",
        href=href if can_look else "",
        chosen=one.date == made.day,
        today=one.date == today,
    )


def _to(made: Desk, day: date, choice: asking.Choice, since: date | None = None) -> str:
    """Another day, with the time and length chosen so far."""
    start = asking.moved(choice.start, day)
    return made.at(since=since, day=day, start=start, minutes=choice.minutes)


def _opens(shown: list[bookings.Day]) -> str:
    """「5月の予約は 4月1日(水) 9:00から できます。」 where days are shown that cannot be booked yet."""
    return _why(next((one for one in shown if one.reason == Reason.WINDOW_NOT_OPEN), None))


def _why(day: bookings.Day | None) -> str:
    """The sentence of the rule that keeps a day from being chosen."""
    return sentence(Refused(day.reason, **day.facts)) if day is not None and day.reason else ""


def _fill_day(made: Desk, day: bookings.Day, choice: asking.Choice, around: "Situation") -> None:
    """The starts of the chosen day; then the lengths from the chosen start."""
    if day.state in ("past", "closed"):
        return
    starts = bookings.starts_on(made.child, made.facility, day.date, around.now, seen=around)
    able = {one.starts_at for one in starts if one.lengths}
    made.start = choice.start if choice.start in able else None
    made.slots = [_slot(made, one, choice) for one in starts]
    if not able:
        made.why_none = _("%(day)sは 満員です。") % {"day": jdate(day.date)} if starts else ""
        made.wait = (
            asking.address(made.facility, made.child, to="guardian:wait", day=day.date) if starts else ""
        )
        made.slots = []
    if made.start is not None:
        _fill_lengths(made, choice.minutes, around)


def _slot(made: Desk, one: bookings.Start, choice: asking.Choice) -> parts.Slot:
    if not one.lengths:
        if made.old:
            return parts.Slot(jtime(one.starts_at), _("満員"), "full")
        line = asking.address(made.facility, made.child, to="guardian:wait", start=one.starts_at)
        return parts.Slot(jtime(one.starts_at), _("空き待ち"), "full", href=line)
    href = made.at(start=one.starts_at, minutes=choice.minutes, since=made.since)
    return parts.Slot(
        time=jtime(one.starts_at),
        note=_("あと%(count)d人") % {"count": one.places},
        state=one.state,
        href=href,
        chosen=one.starts_at == made.start,
    )


def _fill_lengths(made: Desk, wanted: int | None, around: "Situation") -> None:
    """What can be booked from the start, the wanted length chosen, else the longest not above it."""
    if made.start is None:
        return
    offered = bookings.lengths(made.child, made.facility, made.start, around.now, seen=around)
    able = {one.minutes: one for one in offered if one.terms}
    made.too_long = [(one.minutes, too_long(one.reason)) for one in offered if one.reason]
    if not able:
        return
    below = [minutes for minutes in able if wanted and minutes <= wanted]
    made.minutes = max(below) if below else min(able)
    chosen = able[made.minutes]
    made.ends_at, made.terms = chosen.ends_at, chosen.terms
    made.lengths = [
        parts.Length(
            minutes=minutes,
            yen=one.terms.bill.total if one.terms else None,
            chosen=minutes == made.minutes,
            href=made.at(start=made.start, minutes=minutes, since=made.since),
        )
        for minutes, one in able.items()
    ]


def too_long(reason: Reason | None) -> str:
    """Why a longer use cannot be chosen."""
    words = {
        Reason.NO_HOURS_LEFT: _("のこり時間が たりません"),
        Reason.NO_PLACE: _("とちゅうから 満員です"),
        Reason.HOURS_CLOSED: _("とちゅうに お休みがあります"),
        Reason.OUTSIDE_HOURS: _("園の時間を こえます"),
        Reason.OVERLAPS_OWN_BOOKING: _("ほかの予約と かさなります"),
        Reason.DAILY_LIMIT: _("1日に使える時間を こえます"),
    }
    return words.get(reason, _("えらべません")) if reason else ""

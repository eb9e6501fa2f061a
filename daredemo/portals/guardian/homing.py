"""From a family and a child to what comes next: the visit, the hours, the suggestions, the to-do list."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from daredemo.attendance import queries as attendance
from daredemo.booking import queries as bookings
from daredemo.certification import queries as certification
from daredemo.families import queries as families
from daredemo.interviews import queries as interviews
from daredemo.languages.words import jdate, jdate_long, jspan, jtime
from daredemo.portals.guardian import asking, choosing, consequences, together
from daredemo.rules.hours import day_of

if TYPE_CHECKING:
    from uuid import UUID

    from daredemo.attendance.models import Visit
    from daredemo.booking.models import Booking
    from daredemo.certification.models import Certificate
    from daredemo.facilities.models import Facility
    from daredemo.families.models import Child, Guardian
    from daredemo.interviews.models import Interview

SOON = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class Task:
    """One row of やること: `look` of the chip, "" where it is done or must wait."""

    title: str
    note: str
    words: str
    look: str = ""
    href: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class Again:
    """A time that can be booked with one more tap."""

    facility: "Facility"
    starts_at: datetime
    ends_at: datetime
    href: str


@dataclass(frozen=True, slots=True)
class Hint:
    """Visits that use up what is left of the month, each from when until when; one link books them."""

    facility: "Facility"
    spans: list[tuple[datetime, datetime]]
    href: str


@dataclass
class Desk:
    """Everything on the home page, ready to print."""

    hours: bookings.Hours
    tasks: list[Task]
    next: "Booking | None" = None
    late: consequences.Costs | None = None
    free_until: datetime | None = None
    is_free: bool = False
    is_here: bool = False
    countdown: str = ""
    to_tell: str = ""  # what can be told today with one tap
    visit: "Visit | None" = None
    more: list["Booking"] = field(default_factory=list)
    waiting: list["Booking"] = field(default_factory=list)
    again: list[Again] = field(default_factory=list)
    advice: Hint | None = None
    can_book: bool = False
    meeting: "Interview | None" = None  # asked for or arranged, not held yet
    certificate: "Certificate | None" = None
    last_day: date | None = None  # of use, where it lies in this month
    ends_soon: date | None = None  # the last day, two months before it
    until: date | None = None  # the last day of this month's hours
    next_month: date | None = None

    @property
    def done(self) -> int:
        return sum(task.done for task in self.tasks)

    @property
    def all_done(self) -> bool:
        return self.done == len(self.tasks)


def desk(guardian: "Guardian", child: "Child", now: datetime) -> Desk:
    """One child's home page."""
    today = day_of(now)
    ahead = attendance.with_visits(bookings.ahead(child, now), today)
    booked = [one for one in ahead if one.status == "booked" and not attendance.stays_home(one, today)]
    certificate = certification.certificates_on([child.pk], today).get(child.pk)
    coming = None if certificate else _coming(guardian, child, today)
    outcomes = interviews.outcomes_of([child]).get(child.pk, {})
    can_book = "accepted" in outcomes.values()
    asked = interviews.about(guardian, child)
    made = Desk(
        hours=bookings.meter(child, today, now),
        tasks=tasks(child, certificate or coming, asked, outcomes, ahead, certified=certificate is not None),
        meeting=_under_way(asked),
        more=booked[1:],
        waiting=[one for one in ahead if one.status == "requested"],
        can_book=can_book,
        certificate=certificate,
    )
    _fill_next(made, booked[0] if booked else None, now)
    _fill_month(made, today)
    if can_book and certificate is not None:
        known = bookings.usual(child, now, made.until or today)
        made.again = (again(child, known) if known else []) or _first_free(child, now)
        made.advice = _advice(child, known, made) if known else None
    return made


def _fill_next(made: Desk, booking: "Booking | None", now: datetime) -> None:
    if booking is None:
        return
    made.next = booking
    made.free_until = consequences.free_until(booking)
    made.is_free = now <= made.free_until
    made.is_here = booking.begun_at is not None or now >= booking.starts_at
    made.late = consequences.late(booking)
    made.countdown = countdown(booking, now)
    made.to_tell = attendance.to_tell(booking, now)
    if made.to_tell:
        made.visit = attendance.visit_of(booking)


def countdown(booking: "Booking", now: datetime) -> str:
    """いま, きょう, あした, あと3日"""
    days = (booking.date - day_of(now)).days
    if now >= booking.starts_at:
        return _("いま")
    words = {0: _("きょう"), 1: _("あした")}
    return words.get(days) or _("あと%(days)d日") % {"days": days}


def _fill_month(made: Desk, today: date) -> None:
    """Until when this month's hours can be used: the last eligible day, else the end of the month."""
    made.next_month = bookings.next_month(today)
    end = made.next_month - timedelta(days=1)
    last = last_day(made.certificate) if made.certificate else None
    if last is not None and last <= end:
        made.last_day = last
    elif last is not None and last - today <= SOON:
        made.ends_soon = last
    made.until = made.last_day or end


def last_day(certificate: "Certificate") -> date:
    """Early ends included."""
    return min(certificate.valid_until, certificate.ended_on or certificate.valid_until)


def again(child: "Child", known: bookings.Usual) -> list[Again]:
    """The latest booking once more, on the same weekday and time."""
    return [
        _again(one.facility, child, one.starts_at, one.minutes) for one in bookings.rebook_suggestions(known)
    ]


def _advice(child: "Child", known: bookings.Usual, made: Desk) -> "Hint | None":
    """How the hours that are left could be used up, as one tap; nothing where nothing fits."""
    found = bookings.advice(known, made.hours.left, made.until) if made.until else None
    if found is None:
        return None
    facility, start, minutes = found.facility, found.starts[0], found.minutes
    spans = [(one, one + timedelta(minutes=minutes)) for one in found.starts]
    href = asking.address(facility, child, to="guardian:book_check", start=start, minutes=minutes)
    if len(spans) > 1:
        plan = together.Plan(facility, (child,), start, minutes, tuple(day_of(one) for one in found.starts))
        href = plan.address("guardian:book_together")
    return Hint(facility, spans, href)


def _again(facility: "Facility", child: "Child", starts_at: datetime, minutes: int) -> Again:
    href = asking.address(facility, child, to="guardian:book_check", start=starts_at, minutes=minutes)
    return Again(facility, starts_at, starts_at + timedelta(minutes=minutes), href)


def _first_free(child: "Child", now: datetime) -> list[Again]:
    """The first time with a place at the first nursery where the child is known."""
    facility = next(iter(bookings.bookable(child)), None)
    if facility is None:
        return []
    today = day_of(now)
    for until in (today + choosing.SOON, today + choosing.AHEAD):
        around = bookings.look(child.pk, facility.pk, today, until, now)
        for day in choosing.able(child, facility, around, (today, until)):
            starts = bookings.starts_on(child, facility, day, now, seen=around)
            if first := next((one for one in starts if one.lengths), None):
                return [_again(facility, child, first.starts_at, first.lengths[0])]
    return []


def tasks(
    child: "Child",
    certificate: "Certificate | None",
    asked: "list[Interview]",
    outcomes: "dict[UUID, str]",
    ahead: "list[Booking]",
    *,
    certified: bool,
) -> list[Task]:
    """認定 → こどもの記録 → 面談 → 予約: what is open first, what is done last."""
    found = [
        _certification(certificate, certified=certified),
        _care(child, certified=certified),
        _interview(asked, outcomes, certified=certified),
        _booking(ahead, outcomes, certified=certified),
    ]
    return sorted(found, key=lambda task: task.done)


def _under_way(asked: "list[Interview]") -> "Interview | None":
    still = [one for one in asked if one.status in ("requested", "proposed", "confirmed")]
    return still[-1] if still else None


def _coming(guardian: "Guardian", child: "Child", today: date) -> "Certificate | None":
    """A certificate whose first day lies ahead."""
    own = certification.certificates_of(guardian).filter(child=child, valid_from__gt=today, ended_on=None)
    return own.order_by("valid_from").first()


def _certification(certificate: "Certificate | None", *, certified: bool) -> Task:
    href, title = reverse("guardian:certificate"), _("利用認定")
    if certificate is None:
        return Task(title, _("いま使える認定証が ありません。"), _("まだ"), "few", href)
    if not certified:
        note = _("%(day)sから 使えます。") % {"day": jdate_long(certificate.valid_from)}
        return Task(title, note, _("認定ずみ"), "in", href)
    note = _("%(day)sまで") % {"day": jdate_long(last_day(certificate))}
    return Task(title, note, _("完了"), "", href, done=True)


def _care(child: "Child", *, certified: bool) -> Task:
    title, href = _("こどもの記録"), reverse("guardian:care_record", args=[child.pk])
    if child.pk in families.answered([child]):
        return Task(title, _("アレルギー・連絡先"), _("完了"), "", href, done=True)
    if not certified:
        return Task(title, _("認定のあとに 書きます。"), _("まだ"))
    return Task(title, _("面談のまえに 書いてください。"), _("まだ"), "few", href)


def _interview(asked: "list[Interview]", outcomes: "dict[UUID, str]", *, certified: bool) -> Task:
    title = _("面談")
    if one := _under_way(asked):
        words = {"requested": _("返事待ち"), "proposed": _("返事をする")}.get(one.status, _("予約済み"))
        look = "few" if one.status == "proposed" else "in"
        facts = {"facility": one.facility.name}
        return Task(
            _("%(facility)sの面談") % facts,
            f"{jdate(one.time.starts_at)} {jtime(one.time.starts_at)}",
            words,
            look,
            reverse("guardian:interview", args=[one.pk]),
        )
    if "accepted" in outcomes.values():
        names = [one.facility.name for one in asked if outcomes.get(one.facility_id) == "accepted"]
        note = _("、").join(dict.fromkeys(names))
        return Task(title, note, _("完了"), "", reverse("guardian:interviews"), done=True)
    if not certified:
        return Task(title, _("認定のあとに 申しこめます。"), _("まだ"))
    return Task(title, _("園をえらんで 申しこみます。"), _("まだ"), "few", reverse("guardian:facilities"))


def _booking(ahead: "list[Booking]", outcomes: "dict[UUID, str]", *, certified: bool) -> Task:
    title = _("予約")
    if ahead:
        one = ahead[0]
        note = f"{jdate(one.starts_at)} {jspan(one.starts_at, one.ends_at)}"
        return Task(title, note, _("完了"), "", reverse("guardian:bookings"), done=True)
    if "accepted" not in outcomes.values() or not certified:
        return Task(title, _("面談のあとに できます。"), _("まだ"))
    return Task(title, _("通う日を えらびます。"), _("まだ"), "few", reverse("guardian:book_start"))

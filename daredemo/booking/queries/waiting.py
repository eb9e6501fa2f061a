"""空き待ち: the line of a day, for whom a freed place would do, and what family and facility see of it."""

from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import (
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from daredemo.booking import cells
from daredemo.booking.models import (
    CELLS,
    HOLDING,
    IN_LINE,
    Booking,
    Offer,
    OfferStatus,
    OpenedDay,
    Waiting,
    WaitingStatus,
)
from daredemo.booking.queries import choosing, reading
from daredemo.booking.queries.situation import Situation
from daredemo.facilities.models import Facility, Member
from daredemo.families.models import Child, Guardian
from daredemo.municipalities import queries as municipalities
from daredemo.prepared import rows, statements
from daredemo.rules import booking as rules
from daredemo.rules import places, waiting
from daredemo.rules.hours import MINUTE, at_clock, day_of, span_minutes
from daredemo.rules.policy_waiting import WaitingList

Fit = tuple[rules.Wish, rules.Terms]
# What the shortest use takes, as the database counts time.
SHORTEST = ExpressionWrapper(F("minutes") * Value(MINUTE), output_field=DurationField())

# With the child, its place in line and the facility.
OPEN = """
SELECT row_to_json(o), row_to_json(c), row_to_json(w), row_to_json(f) FROM booking_offer o
JOIN booking_openedday d ON d.id = o.day_id JOIN families_child c ON c.id = o.child_id
JOIN families_guardianship g ON g.child_id = c.id JOIN booking_waiting w ON w.id = o.waiting_id
JOIN facilities_facility f ON f.id = w.facility_id
WHERE o.status = 'open' AND o.answer_by >= %s AND d.closed_at IS NULL
    AND g.guardian_id = %s AND g.ended_at IS NULL ORDER BY o.answer_by, o.id"""


def in_line(now: datetime) -> QuerySet[Waiting]:
    """Everyone who waits or has an offer, as long as the latest start that would do lies ahead."""
    ahead = Waiting.objects.filter(status__in=IN_LINE, date__gte=day_of(now), day__closed_at=None)
    return ahead.filter(ends_at__gt=now + SHORTEST)


def line(now: datetime) -> QuerySet[Waiting]:
    """Those without an offer on days where anything is free, each day in the order of entry."""
    waiting_ = in_line(now).filter(status=WaitingStatus.WAITING).exclude(day__free=[0, 0, 0])
    return waiting_.select_related("child", "day", "facility").order_by("date", "day", "created_at", "id")


def may_fit(entry: Waiting) -> bool:
    """Whether the day, as read, has so many free half hours in a row within the wish, for the child's age."""
    age = places.group(entry.child.born, entry.date, by_class=entry.facility.by_class)
    return _has_room(entry, entry.day.free[age])


def would_do(entry: Waiting, shut: Container[int]) -> bool:
    """Whether it could come between these half hours, whatever is booked."""
    return _has_room(entry, cells.bits(cell not in shut for cell in range(CELLS)))


def hopeless(day: OpenedDay, shut: Container[int], now: datetime) -> list[Waiting]:
    """Who waits for a day and could not come any more if these half hours of it were closed."""
    return [entry for entry in in_line(now).filter(day=day).order_by("id") if not would_do(entry, shut)]


def _has_room(entry: Waiting, free: int) -> bool:
    wanted, run = -(-entry.minutes // cells.HALF), 0
    for cell in cells.cells_of(entry.starts_at, entry.ends_at):
        run = run + 1 if free >> cell & 1 else 0
        if run >= wanted:
            return True
    return False


def rule_of(facility: Facility, now: datetime) -> WaitingList:
    """The municipality's rule for its facilities."""
    return municipalities.policy_on(facility.municipality_id, day_of(now)).waiting


def wished_uses(seen: Situation, since: datetime, until: datetime, minutes: int) -> list[rules.Wish]:
    """Every use offered here that would do for a family, the longest first, whatever is booked."""
    midnight = at_clock(day_of(since), "00:00")
    starts = [midnight + MINUTE * minute for minute in seen.uses]
    return waiting.wishes((since, until), minutes, starts, seen.lengths)


def fitting(seen: Situation, entry: Waiting, kept: Iterable[rules.Span] = ()) -> Fit | None:
    """What would be offered now to this child: the best of its uses that has a place and that it may book.

    `kept` are the spans of its other offers; what was cancelled and can be undone keeps its place and hours.
    """
    holding = tuple(one for one in seen.counted.bookings if one.status in HOLDING)
    sure = replace(seen, counted=replace(seen.counted, bookings=holding), is_offered=True)
    free, rule = sure.free(entry.date), seen.here.waiting
    uses = (
        use
        for use in wished_uses(sure, entry.starts_at, entry.ends_at, entry.minutes)
        if cells.least(free, cells.cells_of(use.start, use.end))
        and waiting.hold(use.start, seen.now, rule) is not None
        and not any(start < use.end and use.start < end for start, end in kept)
    )
    return waiting.usable(uses, lambda wish: choosing.check(sure, wish, sure.facts(wish)))


def kept_spans(child: UUID, day: date) -> list[rules.Span]:
    """When places are kept for a child on a day, anywhere."""
    open_ = Offer.objects.filter(child=child, date=day, status=OfferStatus.OPEN)
    return list(open_.values_list("starts_at", "ends_at"))


def offers_over(now: datetime) -> QuerySet[Offer]:
    """Open offers whose time is over, or that nobody can use: the day closed, the child elsewhere then."""
    elsewhere = Booking.objects.filter(
        child=OuterRef("child"),
        status__in=HOLDING,
        starts_at__lt=OuterRef("ends_at"),
        ends_at__gt=OuterRef("starts_at"),
    )
    over = Q(answer_by__lt=now) | Q(day__closed_at__isnull=False) | Exists(elsewhere)
    return Offer.objects.filter(over, status=OfferStatus.OPEN).order_by("answer_by", "id")


# ── what a family sees ─────────────────────────────────────────────────────────────────


def _own(entries: QuerySet[Waiting], guardian: Guardian) -> QuerySet[Waiting]:
    return entries.filter(child__guardianships__guardian=guardian, child__guardianships__ended_at=None)


def waiting_of(guardian: Guardian, waiting_id: UUID) -> Waiting:
    """One of the family's own, whatever became of it; raises Waiting.DoesNotExist for any other."""
    own = _own(Waiting.objects.all(), guardian)
    return own.select_related("child", "facility", "guardian__user", "day").get(pk=waiting_id)


@dataclass(frozen=True, slots=True)
class Wait:
    """One entry of a family and its place in the line of the day, from 1."""

    entry: Waiting
    place: int
    rule: WaitingList


def waits_of(guardian: Guardian, now: datetime) -> list[Wait]:
    """What the family waits for, soonest first; the rows by one query."""
    earlier = Q(created_at__lt=OuterRef("created_at"))
    same = Q(created_at=OuterRef("created_at"), id__lte=OuterRef("id"))
    before = in_line(now).filter(earlier | same, day=OuterRef("day"))
    counted = before.order_by().values("day").annotate(n=Count("pk")).values("n")
    own = _own(in_line(now), guardian).annotate(place=Coalesce(Subquery(counted), 1))
    entries = own.select_related("child", "facility").order_by("starts_at", "created_at", "id")
    rules_: dict[str, WaitingList] = {}
    for row in entries:
        city = row.facility.municipality_id
        rules_[city] = rules_.get(city) or rule_of(row.facility, now)
    return [Wait(row, row.place, rules_[row.facility.municipality_id]) for row in entries]


def open_offers(guardian: Guardian, now: datetime) -> list[Offer]:
    """Places that are kept for the family now, the first to end first."""
    found = []
    for offer, child, entry, facility in statements.ask(OPEN, [now, guardian.pk]):
        one = rows.made(Offer, offer)
        one.child, one.waiting = rows.made(Child, child), rows.made(Waiting, entry)
        one.waiting.facility = rows.made(Facility, facility)
        found.append(one)
    return found


def offer_of(guardian: Guardian, offer_id: UUID) -> Offer:
    """One that was made to the family, whatever became of it; raises Offer.DoesNotExist for any other."""
    own = Offer.objects.filter(child__guardianships__guardian=guardian, child__guardianships__ended_at=None)
    return own.select_related("child", "waiting__facility", "day").get(pk=offer_id)


def stands(offer: Offer, now: datetime) -> bool:
    """Whether it can still be taken: open, in time, the day not closed."""
    return offer.status == OfferStatus.OPEN and now <= offer.answer_by and offer.day.closed_at is None


def quote_offer(offer: Offer, now: datetime) -> choosing.Quote:
    """What taking it means; Refused where the law says no as things stand."""
    minutes = span_minutes(offer.starts_at, offer.ends_at)
    return choosing.quote(offer.child, offer.waiting.facility, offer.starts_at, minutes, now, offer=offer)


@dataclass(frozen=True, slots=True)
class Waitable:
    """What a family may wish for on a day: starts, ends, minutes; and how many wait there already."""

    starts: tuple[datetime, ...]
    ends: tuple[datetime, ...]
    lengths: tuple[int, ...]
    waiting: int
    rule: WaitingList


def waitable(child: Child, facility: Facility, day: date, now: datetime) -> Waitable:
    """Everything that day, free or not, that could still be offered; no starts where there is nothing."""
    seen = reading.look(child.pk, facility.pk, day, day, now)
    rule, opened = seen.here.waiting, seen.counted.days.get(day)
    uses = [
        use
        for start in choosing.grid(seen, day)
        if waiting.hold(start, now, rule) is not None
        for use in waiting.wishes((start, at_clock(day, "24:00")), 1, [start], seen.lengths)
        if opened is not None and cells.least(opened.offered, cells.cells_of(use.start, use.end))
    ]
    return Waitable(
        starts=tuple(sorted({use.start for use in uses})),
        ends=tuple(sorted({use.end for use in uses})),
        lengths=tuple(sorted({span_minutes(use.start, use.end) for use in uses})),
        waiting=in_line(now).filter(facility=facility, date=day).count(),
        rule=rule,
    )


# ── what a facility sees ───────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Waiters:
    """How many children wait for a day, by the age that takes a place; never who they are."""

    by_age: tuple[int, int, int]

    @property
    def count(self) -> int:
        return sum(self.by_age)


def waiters_at(member: Member, since: date, until: date, now: datetime) -> dict[date, Waiters]:
    """Date → who waits at the member's own facility; one query."""
    rows = in_line(now).filter(facility=member.facility_id, date__range=(since, until))
    by_class = member.facility.by_class
    found = Counter(
        (day, places.group(born, day, by_class=by_class))
        for day, born in rows.values_list("date", "child__born")
    )
    days = {day for day, _ in found}
    return {day: Waiters((found[day, 0], found[day, 1], found[day, 2])) for day in sorted(days)}

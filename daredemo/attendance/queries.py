"""Who is expected, here, gone; what the poster's code means to a family; what was recorded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from daredemo.attendance.models import Correction, Proposal, ProposalKind, Visit, VisitState
from daredemo.booking.models import Booking, BookingStatus, Cause
from daredemo.booking.queries import next_month, undo_time
from daredemo.facilities.models import Facility, Member
from daredemo.families import queries as families
from daredemo.families.models import CareRecord, Child, Guardian
from daredemo.municipalities import queries as municipalities
from daredemo.rules import attendance as rules
from daredemo.rules.hours import day_of
from daredemo.rules.policy import Door

NOT_THERE = Booking.DoesNotExist
PRESENT = (VisitState.HERE, VisitState.LEAVING)
# While a question of the board is still one: somebody who came is no no-show, who left needs no reminder.
STANDS = {ProposalKind.NO_SHOW: (VisitState.EXPECTED,), ProposalKind.FORGOTTEN_CHECK_OUT: PRESENT}


@dataclass(frozen=True, slots=True)
class Row:
    """One booking on the board, with everything a card shows."""

    booking: Booking
    visit: Visit | None
    care: CareRecord | None  # None where the family has not let this facility see it
    first_time: bool
    proposals: tuple[Proposal, ...]
    late: bool

    @property
    def state(self) -> str:
        if self.booking.status == BookingStatus.CANCELLED:
            return VisitState.ABSENT
        return VisitState.EXPECTED if self.visit is None else self.visit.state

    @property
    def told_at(self) -> datetime | None:
        """When the family or its call said that the child stays home."""
        if self.visit is not None and self.visit.absent_at is not None:
            return None if self.visit.no_show else self.visit.absent_at
        return self.booking.cancelled_at


def door_of(facility: Facility, day: date) -> Door:
    """The rules at the door in force that day where the facility lies."""
    return municipalities.policy_on(facility.municipality_id, day).door


def _of_the_day(facility: Facility, day: date) -> QuerySet[Booking]:
    """Booked, or given up by the family on the day itself: staff ask for both."""
    related = Booking.objects.filter(facility=facility, date=day).select_related("child", "visit", "guardian")
    return related.prefetch_related(
        Prefetch("proposals", Proposal.objects.filter(settled_at=None), to_attr="open_proposals")
    ).order_by("starts_at", "child__given_kana", "id")


def board(member: Member, day: date, now: datetime) -> list[Row]:
    """The board of the day, by planned time; five queries however many children come."""
    facility = member.facility
    bookings = [
        booking
        for booking in _of_the_day(facility, day)
        if booking.status == BookingStatus.BOOKED or _told_today(booking)
    ]
    children = [booking.child_id for booking in bookings]
    care = families.care_by_child(facility, children, day_of(now))
    before = Visit.objects.filter(
        booking__facility=facility, booking__child__in=children, booking__date__lt=day
    )
    known = set(before.exclude(received_at=None).values_list("booking__child", flat=True))
    door = door_of(facility, day)
    return [
        Row(
            booking=booking,
            visit=visit_of(booking),
            care=care.get(booking.child_id),
            first_time=booking.child_id not in known,
            proposals=_standing(booking, getattr(booking, "open_proposals")),  # noqa: B009  Prefetch put it there
            late=_is_late(booking, now, door),
        )
        for booking in bookings
    ]


def _told_today(booking: Booking) -> bool:
    by_family = booking.cause in (Cause.FAMILY, Cause.ILLNESS)
    told = booking.cancelled_at
    is_cancelled = booking.status == BookingStatus.CANCELLED
    return is_cancelled and by_family and told is not None and day_of(told) == booking.date


def visit_of(booking: Booking) -> Visit | None:
    """What was recorded so far; None before the first word."""
    return getattr(booking, "visit", None)


def with_visits(bookings: list[Booking], day: date) -> list[Booking]:
    """The same with what was recorded of those of a day; one query, and none where there are none."""
    prefetch_related_objects([one for one in bookings if one.date == day], "visit")
    return bookings


def _standing(booking: Booking, proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Those that what was recorded since has not answered."""
    visit = visit_of(booking)
    state = visit.state if visit else VisitState.EXPECTED
    return tuple(one for one in proposals if state in STANDS[ProposalKind(one.kind)])


def _is_late(booking: Booking, now: datetime, door: Door) -> bool:
    """Nobody came by the time a no-show is proposed, or nobody left after the booked end."""
    visit = visit_of(booking)
    if booking.status != BookingStatus.BOOKED:
        return False
    if visit is None or visit.state == VisitState.EXPECTED:
        return now >= no_show_at(booking, door)
    return visit.state in PRESENT and now >= booking.ends_at


def stays_home(booking: Booking, day: date) -> bool:
    """Whether the child was said not to come on this day; of others nothing is said yet."""
    visit = visit_of(booking) if booking.date <= day else None
    return visit is not None and visit.state == VisitState.ABSENT


def no_show_at(booking: Booking, door: Door) -> datetime:
    """When nobody's coming becomes a question: counted from when the family said it would come."""
    visit = visit_of(booking)
    told = visit.coming_at if visit else None
    return rules.no_show_proposed_at(told or booking.starts_at, booking.ends_at, door)


def may_come_until(visit: Visit) -> datetime | None:
    """Until when a family may take back that it stays home: ten minutes, never after the booked end."""
    if visit.state != VisitState.ABSENT or visit.absent_at is None or visit.no_show:
        return None
    return min(visit.absent_at + undo_time(visit.booking), visit.booking.ends_at)


def to_tell(booking: Booking, now: datetime) -> str:
    """What a family may tell on the day: before it "comes", while the child is "here"; else nothing."""
    if booking.status != BookingStatus.BOOKED or booking.date != day_of(now):
        return ""
    visit = visit_of(booking)
    state = visit.state if visit else VisitState.EXPECTED
    if state in PRESENT:
        return "here"
    return "comes" if state == VisitState.EXPECTED and now < booking.ends_at else ""


def grace_minutes(booking: Booking) -> int:
    """How late a pick-up may be before it becomes a line of its own."""
    return municipalities.policy_on(booking.facility.municipality_id, booking.date).hours.grace_minutes


def cancels(booking: Booking, now: datetime) -> bool:
    """A call before the day, or while cancelling is free, cancels the booking; later it is an absence."""
    return day_of(now) < booking.date or now <= max(booking.deadline_at, booking.fee_deadline_at)


def next_day(member: Member, day: date) -> date | None:
    """The next day on which someone is booked here, for a board that is empty."""
    ahead = Booking.objects.filter(facility=member.facility_id, date__gt=day, status=BookingStatus.BOOKED)
    return ahead.order_by("date").values_list("date", flat=True).first()


def row_of(member: Member, booking_id: UUID, now: datetime) -> Row:
    """One card of the facility's own boards; raises Booking.DoesNotExist for any other booking."""
    booking = Booking.objects.select_related("child", "visit", "guardian__user", "facility").get(
        pk=booking_id, facility=member.facility_id
    )
    care = families.care_by_child(booking.facility, [booking.child_id], day_of(now))
    door = door_of(booking.facility, booking.date)
    before = Visit.objects.filter(booking__facility=booking.facility_id, booking__child=booking.child_id)
    return Row(
        booking=booking,
        visit=visit_of(booking),
        care=care.get(booking.child_id),
        first_time=not before.exclude(booking=booking).exclude(received_at=None).exists(),
        proposals=_standing(booking, booking.proposals.filter(settled_at=None)),
        late=_is_late(booking, now, door),
    )


def corrections_of(visit: Visit) -> QuerySet[Correction]:
    """What was put right, latest first."""
    return visit.corrections.select_related("by").order_by("-at")


def at_the_door(guardian: Guardian, facility: Facility, day: date) -> list[Booking]:
    """The family's own bookings here on this day, each with its visit: what the scanned code is about."""
    own = Booking.objects.filter(
        child__guardianships__guardian=guardian,
        child__guardianships__ended_at=None,
        facility=facility,
        date=day,
        status=BookingStatus.BOOKED,
    )
    return list(own.select_related("child", "facility", "visit").order_by("starts_at", "child__born"))


def door_opens(bookings: list[Booking]) -> dict[UUID, datetime]:
    """From when each of these may be checked in."""
    return {
        booking.pk: rules.door_opens_at(booking.starts_at, door_of(booking.facility, booking.date))
        for booking in bookings
    }


def elsewhere_today(guardian: Guardian, facility: Facility, day: date) -> Booking | None:
    """A booking of the same day at another facility: 「きょうは ◯◯園です」."""
    own = Booking.objects.filter(
        child__guardianships__guardian=guardian,
        child__guardianships__ended_at=None,
        date=day,
        status=BookingStatus.BOOKED,
    )
    return own.exclude(facility=facility).select_related("facility").order_by("starts_at").first()


def visits_of(guardian: Guardian, month: date) -> list[Visit]:
    """A month of use, by day, with what was put right."""
    after = (month + timedelta(days=32)).replace(day=1)
    found = Visit.objects.filter(
        booking__child__guardianships__guardian=guardian,
        booking__child__guardianships__ended_at=None,
        booking__date__gte=month,
        booking__date__lt=after,
    )
    related = found.exclude(state=VisitState.EXPECTED).select_related(
        "booking__child", "booking__facility", "overrun"
    )
    return list(related.prefetch_related("corrections").order_by("booking__starts_at"))


def uses_of(guardian: Guardian, child: Child, since: date, until: date) -> list[Booking]:
    """What was booked for one of the family's own children in these months and not taken back or moved."""
    own = Booking.objects.filter(
        child=child, child__guardianships__guardian=guardian, child__guardianships__ended_at=None
    )
    kept = own.filter(status__in=(BookingStatus.BOOKED, BookingStatus.CANCELLED), date__gte=since)
    kept = kept.filter(date__lt=next_month(until)).exclude(cause__in=(Cause.UNDONE, Cause.CHANGED))
    return list(kept.select_related("facility", "visit").order_by("starts_at", "id"))


def load_by_change(rows: list[Row]) -> list[tuple[datetime, int]]:
    """How many children are expected or here from each change on: the load of the day."""
    steps = [(row.booking.starts_at, 1) for row in rows if row.state != VisitState.ABSENT]
    steps += [(row.booking.ends_at, -1) for row in rows if row.state != VisitState.ABSENT]
    load, level = [], 0
    for moment, changes in groupby(sorted(steps), key=lambda step: step[0]):
        level += sum(change for _, change in changes)
        load.append((moment, level))
    return load

"""Bookings as a family and as a facility see them. Every question begins with the one who asks."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Case, F, QuerySet, Value, When

from daredemo.booking.models import HOLDING, Booking, BookingStatus, Cause, OpenedDay
from daredemo.booking.queries import standing
from daredemo.facilities.models import Facility, Member
from daredemo.families.models import Child, Guardian
from daredemo.interviews import queries as interviews
from daredemo.prepared import rows, statements
from daredemo.rules.hours import day_of
from daredemo.rules.window import month_ahead

AHEAD = """
SELECT row_to_json(b), row_to_json(f) FROM booking_booking b
JOIN facilities_facility f ON f.id = b.facility_id
WHERE b.child_id = %s AND b.status IN ('requested', 'booked') AND b.ends_at > %s
ORDER BY b.starts_at, b.id"""


def bookings_of(guardian: Guardian) -> QuerySet[Booking]:
    """Every booking of the children this guardian answers for today, latest first."""
    own = Booking.objects.filter(child__guardianships__guardian=guardian, child__guardianships__ended_at=None)
    return _told(own.select_related("child", "facility__municipality")).order_by("-starts_at", "-id")


def _told(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """With `awaits_certificate`, which is said beside the status (認定待ち)."""
    waits = Case(When(standing.awaits_certificate(), then=Value(True)), default=Value(False))
    return bookings.annotate(awaits_certificate=waits)


def booking_of(guardian: Guardian, booking_id: UUID) -> Booking:
    """One of the family's own; raises Booking.DoesNotExist for any other."""
    found = bookings_of(guardian).select_related("guardian__user", "policy", "booked_by", "moved_from")
    return found.get(pk=booking_id)


def upcoming(guardian: Guardian, now: datetime) -> QuerySet[Booking]:
    """What lies ahead or is under way, soonest first."""
    return bookings_of(guardian).filter(status__in=HOLDING, ends_at__gt=now).order_by("starts_at", "id")


def ahead(child: Child, now: datetime) -> list[Booking]:
    """The same of one own child, with its facilities."""
    found = [_at(*read) for read in statements.ask(AHEAD, [child.pk, now])]
    for booking in found:
        booking.child = child
    return found


def _at(booking: rows.Row, facility: rows.Row) -> Booking:
    one = rows.made(Booking, booking)
    one.facility = rows.made(Facility, facility)
    return one


def past(guardian: Guardian, now: datetime) -> QuerySet[Booking]:
    """What is over or came to nothing, latest first."""
    return bookings_of(guardian).exclude(status__in=HOLDING, ends_at__gt=now)


def next_visit(guardian: Guardian, now: datetime) -> Booking | None:
    return upcoming(guardian, now).filter(status=BookingStatus.BOOKED).first()


def next_visits(guardian: Guardian, now: datetime) -> dict[UUID, Booking]:
    """The next visit of each child: child id → booking."""
    ahead = upcoming(guardian, now).filter(status=BookingStatus.BOOKED)
    return {booking.child_id: booking for booking in reversed(ahead)}


def bookable(child: Child) -> list[Facility]:
    """Where the first interview ended well."""
    return interviews.accepted_facilities(child)


def day_list(member: Member, day: date) -> QuerySet[Booking]:
    """Who is expected at the member's facility on a day, by time."""
    booked = Booking.objects.filter(facility=member.facility_id, date=day, status=BookingStatus.BOOKED)
    return booked.select_related("child", "guardian__user").order_by("starts_at", "child__family_kana", "id")


def bookings_at(member: Member, since: date, until: date) -> QuerySet[Booking]:
    """Everything at the member's facility between two dates, cancelled ones included."""
    own = Booking.objects.filter(facility=member.facility_id, date__range=(since, until))
    return _told(own.select_related("child", "guardian__user")).order_by("starts_at", "id")


def booking_at(member: Member, booking_id: UUID) -> Booking:
    """One at the member's own facility; raises Booking.DoesNotExist for any other."""
    own = Booking.objects.filter(facility=member.facility_id)
    return _told(own.select_related("child", "guardian__user", "facility", "policy", "booked_by")).get(
        pk=booking_id
    )


def requests_of(member: Member) -> QuerySet[Booking]:
    """Requests that wait for an answer, the first to expire first."""
    waiting = Booking.objects.filter(facility=member.facility_id, status=BookingStatus.REQUESTED)
    return waiting.select_related("child", "guardian__user").order_by("expires_at", "id")


def not_called(member: Member, now: datetime) -> QuerySet[Booking]:
    """「電話まだ」: cancelled by families in the system for today or later, no call noted."""
    quiet = Booking.objects.filter(
        facility=member.facility_id,
        status=BookingStatus.CANCELLED,
        cause__in=(Cause.FAMILY, Cause.ILLNESS),
        called_at=None,
        date__gte=day_of(now),
    ).exclude(answered_at=None, expires_at__isnull=False)  # a request withdrawn needs no call
    return quiet.select_related("child", "guardian__user").order_by("starts_at", "id")


def affected_by_closing(
    facility: Facility, starts_at: datetime, ends_at: datetime, now: datetime
) -> list[Booking]:
    """Whose booking or request would end if these hours of a day were closed."""
    return list(_within(facility, starts_at, ends_at, now).filter(begun_at=None))


def received_within(
    facility: Facility, starts_at: datetime, ends_at: datetime, now: datetime
) -> list[Booking]:
    """Who was received already and stays in these hours: closing them ends nothing for these children."""
    return list(_within(facility, starts_at, ends_at, now).exclude(begun_at=None))


def _within(facility: Facility, starts_at: datetime, ends_at: datetime, now: datetime) -> QuerySet[Booking]:
    """Bookings and requests that overlap a span of one day and are not over."""
    held = Booking.objects.filter(
        facility=facility, date=day_of(starts_at), status__in=HOLDING, settled_at=None
    )
    ahead = held.filter(starts_at__lt=ends_at, ends_at__gt=max(starts_at, now))
    return ahead.select_related("child", "guardian__user").order_by("starts_at", "id")


def left_in_closed(now: datetime) -> list[QuerySet[Booking]]:
    """What still holds a place on a closed day, and in closed hours, as far as it can come to nothing."""
    left = Booking.objects.filter(status__in=HOLDING, begun_at=None, settled_at=None, ends_at__gt=now)
    in_hours = left.filter(
        facility__closed_hours__date=F("date"),
        facility__closed_hours__starts_at__lt=F("ends_at"),
        facility__closed_hours__ends_at__gt=F("starts_at"),
    )
    return [left.filter(day__closed_at__isnull=False), in_hours.distinct()]


def opened_between(facility: Facility, since: date, until: date) -> QuerySet[OpenedDay]:
    """The facility's opened days, closed ones included, by date."""
    return OpenedDay.objects.filter(facility=facility, date__range=(since, until)).order_by("date")


def kept_open_until(facility: Facility, today: date) -> date:
    """As far as days are kept open: to the end of next month, or as far ahead as can be booked."""
    ahead = timedelta(days=facility.window_days_before or 0)
    return max(month_ahead(today, 2) - timedelta(days=1), today + ahead)

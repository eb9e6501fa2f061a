"""What time notices at the door. A sweep only proposes: where a child is, a person decides."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from daredemo.attendance import queries
from daredemo.attendance.models import Proposal, ProposalKind, Visit, VisitState
from daredemo.booking import actions as bookings
from daredemo.booking.models import Booking, BookingStatus
from daredemo.rules import attendance as rules
from daredemo.rules.cancel import Event
from daredemo.rules.hours import day_of

LOOK_BACK = timedelta(days=7)


def _due(kind: ProposalKind, now: datetime) -> Iterator[Booking]:
    """Bookings of the last days that began and that nobody has asked about yet."""
    began = Booking.objects.filter(
        status=BookingStatus.BOOKED,
        date__gte=day_of(now) - LOOK_BACK,
        starts_at__lte=now,
    )
    open_ones = began.exclude(proposals__kind=kind).select_related("facility", "visit")
    return open_ones.order_by("starts_at").iterator(chunk_size=500)


def _propose(booking: Booking, kind: ProposalKind, now: datetime) -> int:
    _, new = Proposal.objects.get_or_create(booking=booking, kind=kind, defaults={"proposed_at": now})
    return int(new)


def propose_no_shows(now: datetime) -> int:
    """Nobody came and nobody called: ask staff whether it is a no-show."""
    made = 0
    for booking in _due(ProposalKind.NO_SHOW, now):
        visit = getattr(booking, "visit", None)
        if visit is not None and visit.state != VisitState.EXPECTED:
            continue
        door = queries.door_of(booking.facility, booking.date)
        if now >= queries.no_show_at(booking, door):
            made += _propose(booking, ProposalKind.NO_SHOW, now)
    return made


def propose_check_outs(now: datetime) -> int:
    """A child is here long after its booked end: ask staff when it left. Until then it stays here."""
    made = 0
    for booking in _due(ProposalKind.FORGOTTEN_CHECK_OUT, now):
        visit = getattr(booking, "visit", None)
        if visit is None or visit.state not in queries.PRESENT:
            continue
        if now >= rules.forgotten_from(booking.ends_at, queries.door_of(booking.facility, booking.date)):
            made += _propose(booking, ProposalKind.FORGOTTEN_CHECK_OUT, now)
    return made


def settle_days(now: datetime) -> int:
    """The day after, what a person said about each use becomes a line of the passbook: used, or absent."""
    ended = Booking.objects.filter(status=BookingStatus.BOOKED, date__lt=day_of(now), settled_at=None)
    told = ended.filter(visit__state__in=(VisitState.GONE, VisitState.ABSENT))
    settled = 0
    for booking in told.select_related("visit").order_by("date", "id").iterator(chunk_size=500):
        bookings.settle_use(booking=booking, event=_event(booking.visit), by=None, now=now)
        settled += 1
    return settled


def _event(visit: Visit) -> Event | None:
    """None: used as booked. Staying away with a call is an illness told on the day; without, a no-show."""
    if visit.state == VisitState.GONE:
        return None
    return Event.NO_SHOW if visit.no_show else Event.SICK_TOLD

"""What a booking stands on: a certificate good for the day, no enrolment, an accepted interview at the place.

Each may end after booking. Sweeps of booking ask here what has to go with it.
"""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from daredemo.booking.models import HOLDING, Booking
from daredemo.certification.models import Certificate, EndReason
from daredemo.families.models import Consent
from daredemo.interviews.models import ChildOutcome, InterviewChild
from daredemo.rules.hours import day_of


def _ahead(now: datetime) -> QuerySet[Booking]:
    """What can still come to nothing."""
    return Booking.objects.filter(status__in=HOLDING, begun_at=None, settled_at=None, starts_at__gt=now)


def _covering() -> QuerySet[Certificate]:
    """Certificates that were given for a booking's day, the latest first."""
    given = Certificate.objects.filter(valid_from__lte=OuterRef("date"), valid_until__gte=OuterRef("date"))
    return given.filter(child=OuterRef("child")).order_by("-valid_from")


def _lasting(day: date | OuterRef) -> Q:
    return Q(ended_on=None) | Q(ended_on__gte=day)


def _is_certified() -> Exists:
    return Exists(_covering().filter(_lasting(OuterRef("date"))))


def awaits_certificate() -> Q:
    """認定待ち: the family moves before that day, and the new city has not certified the child yet."""
    moved = _covering().filter(ended_on__lt=OuterRef("date"), end_reason=EndReason.MOVE)
    return Q(Exists(moved), ~_is_certified(), status__in=HOLDING)


def _in_time(now: datetime) -> Q:
    return Q(deadline_at__gte=now, fee_deadline_at__gte=now)


def awaiting(now: datetime) -> QuerySet[Booking]:
    """認定待ち as long as the free deadline lies ahead."""
    return _ahead(now).filter(awaits_certificate(), _in_time(now))


def moving(now: datetime) -> dict[Certificate, list[Booking]]:
    """Each certificate that ends by a move, with what is booked for later and awaits the next, by time."""
    ended = _covering().filter(ended_on__lt=OuterRef("date"), end_reason=EndReason.MOVE)
    told = awaiting(now).annotate(certificate=Subquery(ended.values("pk")[:1])).order_by("starts_at", "id")
    booked: dict[UUID, list[Booking]] = {}
    for one in told.select_related("child", "facility", "guardian__user"):
        booked.setdefault(one.certificate, []).append(one)
    found = Certificate.objects.filter(pk__in=booked).select_related("municipality").order_by("pk")
    return {certificate: booked[certificate.pk] for certificate in found}


def uncertified(now: datetime) -> QuerySet[Booking]:
    """No certificate is good for the day; after a move that counts once the free deadline is over."""
    waiting = awaits_certificate() & _in_time(now)
    return _ahead(now).filter(~_is_certified()).exclude(waiting)


def enrolled(now: datetime) -> QuerySet[Booking]:
    """The child goes to a nursery from that day on (入園日), so it cannot use the programme any more."""
    return _ahead(now).filter(child__enrolled_from__lte=F("date"))


def unaccepted(now: datetime) -> QuerySet[Booking]:
    """The latest outcome of an interview at the place is no longer a yes."""
    told = InterviewChild.objects.filter(
        child=OuterRef("child"), interview__facility=OuterRef("facility")
    ).exclude(outcome=ChildOutcome.OPEN)
    latest = Subquery(told.order_by("-interview__requested_at").values("outcome")[:1])
    return _ahead(now).annotate(latest=latest).exclude(latest=ChildOutcome.ACCEPTED)


def certified_elsewhere(now: datetime) -> QuerySet[Booking]:
    """Another municipality certifies the child on that day than the one whose hours it was booked by."""
    latest = Subquery(_covering().filter(_lasting(OuterRef("date"))).values("municipality")[:1])
    return _ahead(now).annotate(latest=latest).exclude(latest=None).exclude(home=F("latest"))


def certifying(booking: Booking) -> str | None:
    """The municipality that certifies the child on the booking's day (団体コード)."""
    valid = Certificate.objects.filter(
        _lasting(booking.date),
        child=booking.child_id,
        valid_from__lte=booking.date,
        valid_until__gte=booking.date,
    )
    return valid.order_by("-valid_from").values_list("municipality_id", flat=True).first()


def consents_over(now: datetime) -> QuerySet[Consent]:
    """What a facility is still allowed though the child's certificates are over and it comes there no more.

    A child that nobody certified here is left alone; a certificate that only begins later is not over.
    """
    own = Certificate.objects.filter(child=OuterRef("child"))
    good = own.filter(_lasting(day_of(now)), valid_until__gte=day_of(now))
    coming = Booking.objects.filter(
        child=OuterRef("child"), facility=OuterRef("facility"), status__in=HOLDING, ends_at__gt=now
    )
    given = Consent.objects.filter(Exists(own), ~Exists(good), ~Exists(coming), revoked_at=None)
    return given.order_by("given_at", "id")

"""Interview times that are free, and how far a family and a facility have come with each other."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from daredemo.facilities.models import Facility, Member
from daredemo.families.models import Child, Guardian
from daredemo.interviews.models import (
    TAKING_A_TIME,
    ChildOutcome,
    Interview,
    InterviewChild,
    InterviewStatus,
    InterviewTime,
)

LOOKS_AHEAD = timedelta(days=60)


def free_times(facility: Facility, now: datetime) -> QuerySet[InterviewTime]:
    """Times a family may ask for, soonest first."""
    taken = Interview.objects.filter(time=OuterRef("pk"), status__in=TAKING_A_TIME)
    ahead = facility.interview_times.filter(starts_at__gt=now, starts_at__lt=now + LOOKS_AHEAD, withdrawn_at=None)
    return ahead.filter(~Exists(taken)).order_by("starts_at")


def times_of(member: Member, now: datetime) -> QuerySet[InterviewTime]:
    """The facility's own times from now on, each with the family that took it, if any."""
    taking = Interview.objects.filter(status__in=TAKING_A_TIME).select_related("guardian")
    times = InterviewTime.objects.filter(facility=member.facility_id, starts_at__gt=now, withdrawn_at=None)
    return times.prefetch_related(Prefetch("interviews", taking, to_attr="taking")).order_by("starts_at")


def _with_all(interviews: QuerySet[Interview]) -> QuerySet[Interview]:
    children = InterviewChild.objects.select_related("child").order_by("child__born", "child_id")
    return interviews.select_related("facility", "time", "guardian__user").prefetch_related(
        Prefetch("children", children)
    )


def interviews_of(guardian: Guardian) -> QuerySet[Interview]:
    """A family's interviews, the latest first."""
    return _with_all(Interview.objects.filter(guardian=guardian)).order_by("-time__starts_at")


def interview_of(guardian: Guardian, interview_id: UUID) -> Interview:
    """One of the family's own; raises Interview.DoesNotExist for any other."""
    return interviews_of(guardian).get(pk=interview_id)


def asked_of(member: Member) -> QuerySet[Interview]:
    """The facility's interviews, those that wait for an answer first."""
    return _with_all(Interview.objects.filter(facility=member.facility_id)).order_by("time__starts_at")


def asked(member: Member, interview_id: UUID) -> Interview:
    """One of the facility's own; raises Interview.DoesNotExist for any other."""
    return asked_of(member).get(pk=interview_id)


def waiting(member: Member) -> int:
    """How many families wait for an answer."""
    return Interview.objects.filter(facility=member.facility_id, status=InterviewStatus.REQUESTED).count()


def outcome(child: Child, facility: Facility) -> str:
    """`accepted`, `declined`, `pending`, or `missing`: may this child be booked here?

    The latest outcome counts; an interview under way never takes an acceptance away.
    """
    rows = InterviewChild.objects.filter(child=child, interview__facility=facility)
    return _outcome(list(rows.order_by("-interview__requested_at").values_list("outcome", "interview__status")))


def outcomes(child: Child) -> dict[UUID, str]:
    """The same for every facility the child ever asked: facility id → outcome. One query."""
    rows = InterviewChild.objects.filter(child=child).order_by("-interview__requested_at")
    found: dict[UUID, list[tuple[str, str]]] = {}
    for facility, result, status in rows.values_list("interview__facility", "outcome", "interview__status"):
        found.setdefault(facility, []).append((result, status))
    return {facility: _outcome(pairs) for facility, pairs in found.items()}


def _outcome(latest_first: list[tuple[str, str]]) -> str:
    for result, _ in latest_first:
        if result != ChildOutcome.OPEN:
            return str(result)
    pending = any(status in TAKING_A_TIME for _, status in latest_first)
    return "pending" if pending else "missing"


def is_accepted(child: Child, facility: Facility) -> bool:
    """Did the first interview end well?"""
    return outcome(child, facility) == ChildOutcome.ACCEPTED


def accepted_facilities(child: Child) -> QuerySet[Facility]:
    """Where the child may be booked, in the order of their readings."""
    accepted = [facility for facility, result in outcomes(child).items() if result == ChildOutcome.ACCEPTED]
    return Facility.objects.filter(pk__in=accepted).select_related("municipality").order_by("kana")


def coming(member: Member, day: date) -> QuerySet[Interview]:
    """The confirmed interviews of a day, for the board."""
    confirmed = Interview.objects.filter(facility=member.facility_id, status=InterviewStatus.CONFIRMED)
    return _with_all(confirmed.filter(time__starts_at__date=day)).order_by("time__starts_at")

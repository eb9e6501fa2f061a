"""Interview times that are free, and how far a family and a facility have come with each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from daredemo.facilities.models import Facility, Member
from daredemo.families import queries as families
from daredemo.families.models import Child, Guardian
from daredemo.interviews.models import (
    TAKING_A_TIME,
    ChildOutcome,
    DeclineGround,
    Explained,
    Interview,
    InterviewChild,
    InterviewStatus,
    InterviewTime,
)
from daredemo.prepared import rows, statements

# The words that portals ask by; they know no tables.
Status = InterviewStatus
Outcome = ChildOutcome
Ground = DeclineGround
Topics = Explained

LOOKS_AHEAD = timedelta(days=60)
CHILDREN_AT = """
SELECT row_to_json(c), (
    SELECT coalesce(json_agg(json_build_array(ic.outcome, i.status) ORDER BY i.requested_at DESC), '[]')
    FROM interviews_interviewchild ic JOIN interviews_interview i ON i.id = ic.interview_id
    WHERE ic.child_id = c.id AND i.facility_id = %(facility)s)
FROM families_child c JOIN families_guardianship g ON g.child_id = c.id
WHERE g.guardian_id = %(guardian)s AND g.ended_at IS NULL ORDER BY c.born, c.given_kana, c.id"""

NEXT_TIMES = """
SELECT t.facility_id, min(t.starts_at) FROM interviews_interviewtime t
WHERE t.facility_id = ANY(%(facilities)s) AND t.starts_at > %(now)s AND t.starts_at < %(until)s
    AND t.withdrawn_at IS NULL AND NOT EXISTS (
        SELECT FROM interviews_interview i WHERE i.time_id = t.id AND i.status = ANY(%(taking)s))
GROUP BY t.facility_id"""
OUTCOMES = """
SELECT ic.child_id, i.facility_id,
    json_agg(json_build_array(ic.outcome, i.status) ORDER BY i.requested_at DESC)
FROM interviews_interviewchild ic JOIN interviews_interview i ON i.id = ic.interview_id
WHERE ic.child_id = ANY(%s) GROUP BY ic.child_id, i.facility_id"""

# With the facility and the time; on the condition of `_own`, whoever asked.
ABOUT = """
WITH mine AS (
    SELECT g.child_id FROM families_guardianship g
    WHERE g.guardian_id = %(guardian)s AND g.ended_at IS NULL AND g.part = 'guardian')
SELECT row_to_json(i), row_to_json(f), row_to_json(t) FROM interviews_interview i
JOIN facilities_facility f ON f.id = i.facility_id JOIN interviews_interviewtime t ON t.id = i.time_id
WHERE EXISTS (
    SELECT FROM interviews_interviewchild ic WHERE ic.interview_id = i.id AND ic.child_id = %(child)s)
AND NOT EXISTS (
    SELECT FROM interviews_interviewchild ic
    WHERE ic.interview_id = i.id AND ic.child_id NOT IN (SELECT child_id FROM mine))
ORDER BY t.starts_at DESC"""
ACCEPTED = "SELECT row_to_json(f) FROM facilities_facility f WHERE f.id = ANY(%s) ORDER BY f.kana"


def free_times(facility: Facility, now: datetime) -> QuerySet[InterviewTime]:
    """Times a family may ask for, soonest first."""
    taken = Interview.objects.filter(time=OuterRef("pk"), status__in=TAKING_A_TIME)
    ahead = facility.interview_times.filter(
        starts_at__gt=now, starts_at__lt=now + LOOKS_AHEAD, withdrawn_at=None
    )
    return ahead.filter(~Exists(taken)).order_by("starts_at")


def free_time(facility: Facility, time_id: UUID, now: datetime) -> InterviewTime | None:
    """A time of this facility that can be asked for; None for any other."""
    return free_times(facility, now).filter(pk=time_id).first()


def next_times(facilities: Iterable[Facility], now: datetime) -> dict[UUID, datetime]:
    """When the next free interview is at each of many facilities: one query."""
    ids, taking = [one.pk for one in facilities], [str(status) for status in TAKING_A_TIME]
    asked = {"facilities": ids, "now": now, "until": now + LOOKS_AHEAD, "taking": taking}
    return dict(statements.ask(NEXT_TIMES, asked))


def time_of(member: Member, time_id: UUID) -> InterviewTime:
    """One of the facility's own times; raises InterviewTime.DoesNotExist for any other."""
    return InterviewTime.objects.get(pk=time_id, facility=member.facility_id)


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
    """The interviews about children this guardian answers for, whoever asked; the latest first."""
    return _with_all(_own(guardian)).order_by("-time__starts_at")


def _own(guardian: Guardian) -> QuerySet[Interview]:
    """Without those that also speak of a child of which this guardian may not know."""
    mine = families.answering(guardian)
    about = InterviewChild.objects.filter(interview=OuterRef("pk"))
    return Interview.objects.filter(Exists(about.filter(child__in=mine))).exclude(
        Exists(about.exclude(child__in=mine))
    )


def about(guardian: Guardian, child: Child) -> list[Interview]:
    """The interviews about one of the children this guardian answers for, whoever asked; the latest first."""
    found = []
    asked = {"guardian": guardian.pk, "child": child.pk}
    for interview, facility, time in statements.ask(ABOUT, asked):
        one = rows.made(Interview, interview)
        one.facility, one.time = rows.made(Facility, facility), rows.made(InterviewTime, time)
        found.append(one)
    return found


def interview_of(guardian: Guardian, interview_id: UUID) -> Interview:
    """One of the family's own; raises Interview.DoesNotExist for any other."""
    return interviews_of(guardian).get(pk=interview_id)


def under_way(guardian: Guardian, facility: Facility) -> Interview | None:
    """The family's interview at a facility that is asked for or agreed on; the next one first."""
    mine = _own(guardian).filter(facility=facility, status__in=TAKING_A_TIME)
    return _with_all(mine).order_by("time__starts_at").first()


@dataclass(frozen=True)
class Desk:
    """A facility's interviews by what is to be done: answer, record, wait for the family, expect."""

    waiting: list[Interview]
    to_record: list[Interview]
    proposed: list[Interview]
    coming: list[Interview]


def desk(member: Member, now: datetime) -> Desk:
    """Everything that is not over, soonest first."""
    open_ones = list(asked_of(member).filter(status__in=TAKING_A_TIME))
    confirmed = [one for one in open_ones if one.status == InterviewStatus.CONFIRMED]
    return Desk(
        waiting=[one for one in open_ones if one.status == InterviewStatus.REQUESTED],
        to_record=[one for one in confirmed if one.time.starts_at <= now],
        proposed=[one for one in open_ones if one.status == InterviewStatus.PROPOSED],
        coming=[one for one in confirmed if one.time.starts_at > now],
    )


def over(member: Member) -> QuerySet[Interview]:
    """Held, cancelled and declined interviews, the latest first."""
    return asked_of(member).exclude(status__in=TAKING_A_TIME).order_by("-time__starts_at", "-id")


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
    return outcome_of(
        list(rows.order_by("-interview__requested_at").values_list("outcome", "interview__status"))
    )


def outcomes(child: Child) -> dict[UUID, str]:
    """The same for every facility the child ever asked: facility id → outcome. One query."""
    rows = InterviewChild.objects.filter(child=child).order_by("-interview__requested_at")
    found: dict[UUID, list[tuple[str, str]]] = {}
    for facility, result, status in rows.values_list("interview__facility", "outcome", "interview__status"):
        found.setdefault(facility, []).append((result, status))
    return {facility: outcome_of(pairs) for facility, pairs in found.items()}


def outcomes_of(children: Iterable[Child]) -> dict[UUID, dict[UUID, str]]:
    """The same for all children of a family: child id → facility id → outcome. One query."""
    found: dict[UUID, dict[UUID, str]] = {}
    for child, facility, pairs in statements.ask(OUTCOMES, [[one.pk for one in children]]):
        found.setdefault(child, {})[facility] = outcome_of(pairs)
    return found


def children_at(guardian: Guardian, facility_id: UUID) -> list[tuple[Child, str]]:
    """The children a guardian answers for today, oldest first, each with its outcome at a facility."""
    found = statements.ask(CHILDREN_AT, {"guardian": guardian.pk, "facility": facility_id})
    return [(rows.made(Child, child), outcome_of(pairs)) for child, pairs in found]


def outcome_of(latest_first: Sequence[Sequence[str]]) -> str:
    """Of pairs (outcome, status of the interview): the latest that is not open, else how far it has come."""
    for result, _ in latest_first:
        if result != ChildOutcome.OPEN:
            return str(result)
    pending = any(status in TAKING_A_TIME for _, status in latest_first)
    return "pending" if pending else "missing"


def is_accepted(child: Child, facility: Facility) -> bool:
    """Did the first interview end well?"""
    return outcome(child, facility) == ChildOutcome.ACCEPTED


def accepted_facilities(child: Child) -> list[Facility]:
    """Where the child may be booked, in the order of their readings."""
    known = outcomes_of([child]).get(child.pk, {})
    accepted = [facility for facility, result in known.items() if result == ChildOutcome.ACCEPTED]
    return [rows.made(Facility, facility) for (facility,) in statements.ask(ACCEPTED, [accepted])]


def accepted_children(member: Member, text: str = "") -> QuerySet[Child]:
    """Children whose first interview at the member's facility ended well, by name or reading; one query."""
    rows = InterviewChild.objects.filter(child=OuterRef("pk"), interview__facility=member.facility_id)
    latest = rows.exclude(outcome=ChildOutcome.OPEN).order_by("-interview__requested_at")
    found = Child.objects.annotate(latest=Subquery(latest.values("outcome")[:1])).filter(
        latest=ChildOutcome.ACCEPTED
    )
    for word in text.split():
        found = found.filter(
            Q(family_kana__startswith=word) | Q(given_kana__startswith=word)
            | Q(family_name__startswith=word) | Q(given_name__startswith=word) | Q(call_name__startswith=word)
        )  # fmt: skip
    return found.order_by("family_kana", "given_kana", "id")


def coming(member: Member, day: date) -> QuerySet[Interview]:
    """The confirmed interviews of a day, for the board."""
    confirmed = Interview.objects.filter(facility=member.facility_id, status=InterviewStatus.CONFIRMED)
    return _with_all(confirmed.filter(time__starts_at__date=day)).order_by("time__starts_at")

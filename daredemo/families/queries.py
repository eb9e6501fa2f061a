"""Who a guardian is and answers for. Every question begins with the one who asks."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from daredemo.accounts.models import User
from daredemo.audit import queries as audit
from daredemo.facilities.models import Facility, Member
from daredemo.families.models import CareRecord, Child, Consent, ConsentKind, Guardian, Guardianship, Part
from daredemo.municipalities.models import Municipality
from daredemo.prepared import rows, statements

GUARDIAN = """
SELECT row_to_json(g), row_to_json(m), (
    SELECT bool_and(s.part = 'proxy') FROM families_guardianship s
    WHERE s.guardian_id = g.id AND s.ended_at IS NULL)
FROM families_guardian g JOIN municipalities_municipality m ON m.code = g.municipality_id
WHERE g.user_id = %s"""
CHILDREN = """
SELECT row_to_json(c), g.part = 'guardian', g.invited_by_id IS NULL
FROM families_child c JOIN families_guardianship g ON g.child_id = c.id
WHERE g.guardian_id = %s AND g.ended_at IS NULL ORDER BY c.born, c.given_kana, c.id"""
RECORDS = "SELECT row_to_json(r) FROM families_carerecord r WHERE r.child_id = ANY(%s)"


def guardian_of(user: User) -> Guardian | None:
    """The guardian behind a login, with the certifying municipality; None for everyone else."""
    found = statements.ask(GUARDIAN, [user.pk]) if user.is_active else []
    if not found:
        return None
    guardian = rows.made(Guardian, found[0][0])
    guardian.user, guardian.municipality = user, rows.made(Municipality, found[0][1])
    guardian.only_helps = bool(found[0][2])
    return guardian


def children_of(guardian: Guardian) -> list[Child]:
    """The children whose visits are this person's to see and to book, oldest first: 代理人 included."""
    return [rows.made(Child, child) for child, _answers, _first in _held(guardian)]


def answered_by(guardian: Guardian) -> list[Child]:
    """The children this guardian answers for, who may change what is told and allowed of them."""
    return [rows.made(Child, child) for child, answers, _first in _held(guardian) if answers]


def certified_with(guardian: Guardian) -> list[Child]:
    """Those of them with whom a municipality certified this guardian, who may let others in."""
    return [rows.made(Child, child) for child, answers, first in _held(guardian) if answers and first]


def answering(guardian: Guardian) -> "QuerySet[Guardianship, Any]":
    """The same children as a part of another question."""
    mine = Guardianship.objects.filter(guardian=guardian, ended_at=None, part=Part.GUARDIAN)
    return mine.values("child")


def _held(guardian: Guardian) -> list[tuple[rows.Row, bool, bool]]:
    """Each child as a row, whether it is answered for, and whether nobody let this guardian in."""
    return statements.ask(CHILDREN, [guardian.pk])


def child_of(guardian: Guardian, child_id: UUID) -> Child:
    """One of the guardian's own children; raises Child.DoesNotExist for any other."""
    for child in children_of(guardian):
        if child.pk == child_id:
            return child
    raise Child.DoesNotExist


def guardians_of(child: Child) -> QuerySet[Guardian]:
    """Everyone who answers for this child today, who was certified with it first."""
    held = Guardian.objects.filter(
        guardianships__child=child, guardianships__ended_at=None, guardianships__part=Part.GUARDIAN
    )
    return held.select_related("user").order_by("created_at")


def people_of(child: Child) -> QuerySet[Guardianship]:
    """Everyone who may come in for this child today, helpers included, in the order in which they came."""
    held = child.guardianships.filter(ended_at=None).select_related("guardian__user")
    return held.order_by("since", "id")


def others_with(guardian: Guardian) -> QuerySet[Guardianship]:
    """Who else may come in for the children this guardian answers for, by person and child."""
    held = Guardianship.objects.filter(child__in=answering(guardian), ended_at=None)
    related = held.exclude(guardian=guardian).select_related("guardian__user", "child")
    return related.order_by("guardian__created_at", "guardian_id", "child__born", "child_id")


def invited_by(guardian: Guardian, other_id: UUID) -> Guardian:
    """One whom this guardian let in; raises Guardian.DoesNotExist for any other."""
    mine = Guardianship.objects.filter(invited_by=guardian, ended_at=None)
    return Guardian.objects.select_related("user").get(pk=other_id, pk__in=mine.values("guardian"))


def readers_of(child_ids: Iterable[str]) -> dict[str, list[tuple[User, bool]]]:
    """Who may read a message about a child, and whether it is theirs also when it was not sent to them.

    Child's id → (login, answers for it). A helper reads what follows from the own booking only, and so does
    who was let in and has not come: the address is not known to be the right one yet.
    """
    held = Guardianship.objects.filter(child__in=list(child_ids), ended_at=None)
    found: dict[str, list[tuple[User, bool]]] = {}
    for one in held.select_related("guardian__user").order_by("since", "id"):
        user = one.guardian.user
        came = one.invited_by_id is None or user.password_changed_at is not None
        reader = (user, came and one.part == Part.GUARDIAN)
        found.setdefault(str(one.child_id), []).append(reader)
    return found


def care_of(child: Child) -> CareRecord | None:
    """What staff must know; the caller has asked for this child through its owner or by consent."""
    return CareRecord.objects.filter(child=child).first()


def answered(children: Iterable[Child]) -> dict[UUID, CareRecord]:
    """The records that are written already, by child: one query."""
    found = statements.ask(RECORDS, [[child.pk for child in children]])
    return {record.child_id: record for record in (rows.made(CareRecord, one) for (one,) in found)}


def consents_of(child: Child) -> QuerySet[Consent]:
    """The consents in force, with their facilities."""
    return child.consents.filter(revoked_at=None).select_related("facility").order_by("given_at")


def consents_by(guardian: Guardian) -> QuerySet[Consent]:
    """Every consent in force for the guardian's own children, by child and facility."""
    mine = Consent.objects.filter(child__in=answering(guardian), revoked_at=None)
    order = ("child__born", "child_id", "facility__kana", "given_at")
    return mine.select_related("child", "facility").order_by(*order)


class Standing(NamedTuple):
    """What one facility may and might see of one child: `given` is in force, `looked_at` the last look."""

    child: Child
    facility: Facility
    given: list[Consent]
    looked_at: datetime | None


def standings(guardian: Guardian) -> list[Standing]:
    """Each child with each facility that was ever allowed anything, by child and facility; three queries."""
    ever = Consent.objects.filter(child__in=answering(guardian)).select_related("child", "facility")
    looks = _looks(guardian)
    found: dict[tuple[UUID, UUID], Standing] = {}
    for one in ever.order_by("child__born", "child_id", "facility__kana", "facility_id", "given_at"):
        pair = (one.child_id, one.facility_id)
        stand = found.setdefault(pair, Standing(one.child, one.facility, [], looks.get(pair)))
        if one.revoked_at is None:
            stand.given.append(one)
    return list(found.values())


def standing(guardian: Guardian, child_id: UUID, facility_id: UUID) -> Standing | None:
    """One of them; None where this facility was never allowed anything."""
    pair = (child_id, facility_id)
    return next((one for one in standings(guardian) if (one.child.pk, one.facility.pk) == pair), None)


def _looks(guardian: Guardian) -> dict[tuple[UUID, UUID], datetime]:
    """When somebody of a facility last saw a record, on the board too: (child, facility) → at."""
    reads = audit.last_reads(children_of(guardian), ("care_record", "board"))
    readers = Member.objects.filter(user__in={reader for _child, reader, _at in reads})
    works_at = dict(readers.values_list("user_id", "facility_id"))
    found: dict[tuple[UUID, UUID], datetime] = {}
    for child, reader, at in reads:
        if reader in works_at:
            pair = (child, works_at[reader])
            found[pair] = max(at, found.get(pair, at))
    return found


def consent_of(guardian: Guardian, consent_id: UUID) -> Consent:
    """One consent in force for an own child; raises Consent.DoesNotExist for any other."""
    return consents_by(guardian).get(pk=consent_id)


def seen_by(facility: Facility, child_ids: Iterable[UUID], day: date) -> set[UUID]:
    """Which of these children's records the facility may see on a day: one query."""
    return set(_let_see(facility, child_ids, day).values_list("child_id", flat=True))


def care_by_child(facility: Facility, child_ids: Iterable[UUID], day: date) -> dict[UUID, CareRecord]:
    """The records that this facility may see on a day, for a board of many children: one query."""
    seen = _let_see(facility, child_ids, day).values("child")
    return {record.child_id: record for record in CareRecord.objects.filter(child__in=seen)}


def _let_see(facility: Facility, child_ids: Iterable[UUID], day: date) -> QuerySet[Consent]:
    """In force on a day, also before the night has ended what is over."""
    given = Consent.objects.filter(Q(until=None) | Q(until__gte=day), kind=ConsentKind.RECORD)
    return given.filter(facility=facility, child__in=list(child_ids), revoked_at=None)

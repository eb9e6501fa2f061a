"""Who a guardian is and answers for. Every question begins with the one who asks."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from daredemo.accounts.models import User
from daredemo.facilities.models import Facility, Member
from daredemo.families.models import CareRecord, Child, Consent, ConsentKind, Guardian
from daredemo.municipalities.models import Municipality
from daredemo.prepared import rows, statements

GUARDIAN = """
SELECT row_to_json(g), row_to_json(m) FROM families_guardian g
JOIN municipalities_municipality m ON m.code = g.municipality_id WHERE g.user_id = %s"""
CHILDREN = """
SELECT row_to_json(c) FROM families_child c JOIN families_guardianship g ON g.child_id = c.id
WHERE g.guardian_id = %s AND g.ended_at IS NULL ORDER BY c.born, c.given_kana, c.id"""
RECORDS = "SELECT row_to_json(r) FROM families_carerecord r WHERE r.child_id = ANY(%s)"


def guardian_of(user: User) -> Guardian | None:
    """The guardian behind a login, with the certifying municipality; None for everyone else."""
    found = statements.ask(GUARDIAN, [user.pk]) if user.is_active else []
    if not found:
        return None
    guardian = rows.made(Guardian, found[0][0])
    guardian.user, guardian.municipality = user, rows.made(Municipality, found[0][1])
    return guardian


def children_of(guardian: Guardian) -> list[Child]:
    """The children this guardian answers for today, oldest first."""
    return [rows.made(Child, child) for (child,) in statements.ask(CHILDREN, [guardian.pk])]


def child_of(guardian: Guardian, child_id: UUID) -> Child:
    """One of the guardian's own children; raises Child.DoesNotExist for any other."""
    for child in children_of(guardian):
        if child.pk == child_id:
            return child
    raise Child.DoesNotExist


def guardians_of(child: Child) -> QuerySet[Guardian]:
    """Everyone who answers for this child today."""
    held = Guardian.objects.filter(guardianships__child=child, guardianships__ended_at=None)
    return held.select_related("user").order_by("created_at")


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
    mine = Consent.objects.filter(
        child__guardianships__guardian=guardian, child__guardianships__ended_at=None, revoked_at=None
    )
    order = ("child__born", "child_id", "facility__kana", "given_at")
    return mine.select_related("child", "facility").order_by(*order)


def consent_of(guardian: Guardian, consent_id: UUID) -> Consent:
    """One consent in force for an own child; raises Consent.DoesNotExist for any other."""
    return consents_by(guardian).get(pk=consent_id)


def seen_by(facility: Facility, child_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these children's records the facility may see: one query."""
    given = Consent.objects.filter(
        facility=facility, child__in=list(child_ids), kind=ConsentKind.RECORD, revoked_at=None
    )
    return set(given.values_list("child_id", flat=True))


def may_see_record(facility: Facility, child: Child) -> bool:
    """Did the family let this facility see the child's record?"""
    return child.consents.filter(facility=facility, kind=ConsentKind.RECORD, revoked_at=None).exists()


def child_seen_by(member: Member, child_id: UUID) -> Child:
    """A child whose family lets the member's facility see its record; raises Child.DoesNotExist."""
    return Child.objects.get(
        pk=child_id,
        consents__facility=member.facility_id,
        consents__kind=ConsentKind.RECORD,
        consents__revoked_at=None,
    )


def care_by_child(facility: Facility, child_ids: list[UUID]) -> dict[UUID, CareRecord]:
    """The records that this facility may see, for a board of many children: one query."""
    return {
        record.child_id: record
        for record in CareRecord.objects.filter(
            child__in=child_ids,
            child__consents__facility=facility,
            child__consents__kind=ConsentKind.RECORD,
            child__consents__revoked_at=None,
        )
    }

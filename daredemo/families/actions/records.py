"""What a family tells and allows."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.facilities.models import Facility
from daredemo.families import queries
from daredemo.families.models import CareRecord, Child, Consent, ConsentKind
from daredemo.rules.hours import day_of
from daredemo.rules.refusal import Reason, Refused

CARE_FIELDS = (
    "allergies",
    "no_allergies",
    "health",
    "development",
    "doctor",
    "emergency_contacts",
    "pick_up_people",
)
Contact = dict[str, str]  # name, relation, phone


@transaction.atomic
def enrol(*, child: Child, since: date | None, by: User | None, now: datetime) -> Child:
    """The child goes to a nursery from that day on (入園日); None: it does not."""
    held = Child.objects.select_for_update(no_key=True).get(pk=child.pk)
    if held.enrolled_from != since:
        held.enrolled_from = since
        held.save(update_fields=["enrolled_from"])
        audit.record(by=by, action="child.enrol", subject=held, now=now, facts={"since": since})
    return held


@transaction.atomic
def write_care_record(
    *,
    child: Child,
    allergies: str,
    no_allergies: bool,
    emergency_contacts: Sequence[Contact],
    health: str = "",
    development: str = "",
    doctor: str = "",
    pick_up_people: str = "",
    by: User,
    now: datetime,
) -> CareRecord:
    """Write down what staff must know of a child; allergies must be answered, if only by 「なし」.

    Raises Refused(TEXT_MISSING) without an answer on allergies or without anyone to call.
    """
    if not (no_allergies or allergies.strip()):
        raise Refused(Reason.TEXT_MISSING, field="allergies")
    contacts = [contact for contact in emergency_contacts if contact.get("phone")]
    if not contacts:
        raise Refused(Reason.TEXT_MISSING, field="emergency_contacts")
    record, _ = CareRecord.objects.select_for_update().get_or_create(child=child)
    record.allergies, record.no_allergies = allergies, no_allergies
    record.emergency_contacts = contacts
    record.health, record.development, record.doctor = health, development, doctor
    record.pick_up_people = pick_up_people
    record.answered_at = now
    record.save(update_fields=[*CARE_FIELDS, "answered_at"])
    audit.record(by=by, action="care_record.write", subject=record, now=now, facts={"child": child})
    return record


@transaction.atomic
def look_at_records(
    *, facility: Facility, children: Sequence[Child], by: User, now: datetime
) -> dict[UUID, CareRecord | None]:
    """Open the records that the families let this facility see; who looked is written down.

    A child without consent in force is left out; None stands for a record nobody has written yet.
    """
    allowed = queries.seen_by(facility, [child.pk for child in children], day_of(now))
    records = queries.care_by_child(facility, allowed, day_of(now))
    for child in children:
        if child.pk in allowed:
            audit.read(by=by, subject=child, now=now, what="care_record")
    return {child_id: records.get(child_id) for child_id in allowed}


@transaction.atomic
def give_consent(*, child: Child, facility: Facility, kind: ConsentKind, by: User, now: datetime) -> Consent:
    """Allow one thing to one facility for one child; giving it twice changes nothing."""
    consent, new = Consent.objects.get_or_create(
        child=child, facility=facility, kind=kind, revoked_at=None, defaults={"given_at": now, "given_by": by}
    )
    if new:
        facts = {"child": child, "facility": facility, "kind": kind}
        audit.record(by=by, action="consent.give", subject=consent, now=now, facts=facts)
    return consent


@transaction.atomic
def agree(
    *,
    child: Child,
    facility: Facility,
    kinds: Collection[str],
    until: date | None = None,
    by: User,
    now: datetime,
) -> None:
    """Allow a facility exactly these things for one child, up to and including a day.

    Without a day it ends with the certificate. What was allowed besides is taken back; what was allowed
    before goes on, with the new end. Raises Refused: END_IN_THE_PAST.
    """
    if until is not None and until < day_of(now):
        raise Refused(Reason.END_IN_THE_PAST, day=until)
    Child.objects.select_for_update(no_key=True).get(pk=child.pk)
    for consent in child.consents.filter(facility=facility, revoked_at=None):
        if consent.kind not in kinds:
            revoke_consent(consent=consent, by=by, now=now)
    for kind in ConsentKind:
        if kind in kinds:
            given = give_consent(child=child, facility=facility, kind=kind, by=by, now=now)
            _end_on(given, until, by=by, now=now)


def _end_on(consent: Consent, until: date | None, *, by: User, now: datetime) -> None:
    if consent.until != until:
        consent.until = until
        consent.save(update_fields=["until"])
        facts = {"child": consent.child_id, "facility": consent.facility_id, "until": until}
        audit.record(by=by, action="consent.limit", subject=consent, now=now, facts=facts)


@transaction.atomic
def revoke_consent(*, consent: Consent, by: User | None, now: datetime) -> Consent:
    """Take a consent back, effective at once; what was recorded of use stays."""
    held = Consent.objects.select_for_update().get(pk=consent.pk)
    if held.revoked_at is None:
        held.revoked_at = now
        held.save(update_fields=["revoked_at"])
        facts = {"child": held.child_id, "facility": held.facility_id, "kind": held.kind}
        audit.record(by=by, action="consent.revoke", subject=held, now=now, facts=facts)
    return held


@transaction.atomic
def revoke_consents(*, child: Child, facility: Facility, by: User | None, now: datetime) -> int:
    """Take back everything one facility was allowed for one child; how many."""
    given = list(child.consents.filter(facility=facility, revoked_at=None))
    for consent in given:
        revoke_consent(consent=consent, by=by, now=now)
    return len(given)

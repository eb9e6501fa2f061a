"""What a family tells and allows."""

from datetime import datetime

from django.db import transaction

from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.facilities.models import Facility
from daredemo.families.models import CareRecord, Child, Consent, ConsentKind, Guardian, Guardianship
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


@transaction.atomic
def answer_for(*, guardian: Guardian, child: Child, by: User | None, now: datetime) -> Guardianship:
    """Let a guardian answer for a child; doing so twice changes nothing."""
    held, new = Guardianship.objects.get_or_create(
        guardian=guardian, child=child, ended_at=None, defaults={"since": now}
    )
    if new:
        audit.record(
            by=by, action="guardianship.begin", subject=child, now=now, facts={"guardian": guardian, "child": child}
        )
    return held


@transaction.atomic
def write_care_record(*, child: Child, by: User, now: datetime, **answers: str | bool) -> CareRecord:
    """Write down what staff must know of a child; allergies must be answered, if only by 「なし」.

    `answers` are the fields of CARE_FIELDS. Raises Refused(TEXT_MISSING) without an answer on allergies.
    """
    if not answers.get("no_allergies") and not str(answers.get("allergies", "")).strip():
        raise Refused(Reason.TEXT_MISSING, field="allergies")
    record, _ = CareRecord.objects.select_for_update().get_or_create(child=child)
    for name in CARE_FIELDS:
        if name in answers:
            setattr(record, name, answers[name])
    record.answered_at = now
    record.save(update_fields=[*CARE_FIELDS, "answered_at"])
    audit.record(by=by, action="care_record.write", subject=record, now=now, facts={"child": child})
    return record


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
def revoke_consent(*, consent: Consent, by: User, now: datetime) -> Consent:
    """Take a consent back, effective at once; what was recorded of use stays."""
    held = Consent.objects.select_for_update().get(pk=consent.pk)
    if held.revoked_at is None:
        held.revoked_at = now
        held.save(update_fields=["revoked_at"])
        facts = {"child": held.child_id, "facility": held.facility_id, "kind": held.kind}
        audit.record(by=by, action="consent.revoke", subject=held, now=now, facts=facts)
    return held

"""End a certificate early (消滅、取消)."""

from datetime import date, datetime, timedelta

from django.db import transaction

from daredemo.audit import actions as audit
from daredemo.certification.models import Certificate, EndReason
from daredemo.families import actions as families
from daredemo.municipalities.models import Officer
from daredemo.rules.refusal import Reason, Refused

DAY = timedelta(days=1)


@transaction.atomic
def end(
    *, certificate: Certificate, ended_on: date, reason: EndReason, officer: Officer, now: datetime
) -> Certificate:
    """Let it end after `ended_on`, its last good day; later bookings are released by the sweep of booking.

    Raises STATUS_MOVED when it has ended already, CERTIFICATE_NOT_VALID_ON_DAY for a day outside of it.
    """
    if not officer.may(Officer.Role.SCREENER):
        raise PermissionError(f"{officer.role} may not end certificates")
    held = Certificate.objects.select_for_update().get(
        pk=certificate.pk, municipality=officer.municipality_id
    )  # fmt: skip
    if held.ended_on is not None:
        raise Refused(Reason.STATUS_MOVED, status="ended", expected="valid")
    if not held.valid_from <= ended_on <= held.valid_until:
        raise Refused(
            Reason.CERTIFICATE_NOT_VALID_ON_DAY,
            day=ended_on,
            valid_from=held.valid_from,
            valid_until=held.valid_until,
        )
    held.ended_on, held.end_reason = ended_on, reason
    held.save(update_fields=["ended_on", "end_reason"])
    if reason == EndReason.ENROLMENT:
        families.enrol(child=held.child, since=ended_on + DAY, by=officer.user, now=now)
    facts = {"child": held.child_id, "ended_on": ended_on, "reason": reason}
    audit.record(by=officer.user, action="certificate.end", subject=held, now=now, facts=facts)
    return held

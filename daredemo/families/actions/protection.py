"""支援措置: the municipality protects where a family lives, and to which nursery it goes."""

from datetime import datetime

from django.db import transaction

from daredemo.accounts import actions as accounts
from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.families import queries
from daredemo.families.actions import people
from daredemo.families.models import Guardian, Guardianship, Part


@transaction.atomic
def protect(*, guardian: Guardian, by: User, now: datetime) -> None:
    """Protect a guardian and the children: everyone else is out at once, and nobody is let in any more.

    From now on no facility is shown address or telephone, no paper the address, no mail or calendar which
    nursery. The guardian logs in anew, from browsers nobody else has. Doing so twice changes nothing.
    """
    held = people.hold(guardian)
    if held.protected_at is not None:
        return
    held.protected_at = now
    held.save(update_fields=["protected_at"])
    children = people.hold_children(queries.answered_by(held))
    mine = Guardianship.objects.filter(guardian=held, part=Part.GUARDIAN, ended_at=None)
    mine.filter(child__in=children).update(invited_by=None)  # the others are out: nobody is behind this one
    for child in children:
        child.protected_at = now
        child.save(update_fields=["protected_at"])
        people.put_out(Guardianship.objects.filter(child=child).exclude(guardian=held), by=by, now=now)
    accounts.forget_devices(user=held.user, by=by, now=now)
    facts = {"guardian": held, "children": children}
    audit.record(by=by, action="guardian.protect", subject=held, now=now, facts=facts)


@transaction.atomic
def unprotect(*, guardian: Guardian, by: User, now: datetime) -> None:
    """The protection is over; who was put out stays out until let in anew. Twice changes nothing."""
    held = people.hold(guardian)
    if held.protected_at is None:
        return
    held.protected_at = None
    held.save(update_fields=["protected_at"])
    for child in people.hold_children(queries.answered_by(held)):
        child.protected_at = None
        child.save(update_fields=["protected_at"])
    audit.record(by=by, action="guardian.unprotect", subject=held, now=now)

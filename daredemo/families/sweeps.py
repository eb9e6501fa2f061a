"""What time does to what a family allowed."""

from datetime import datetime

from daredemo.families import actions
from daredemo.families.models import Consent
from daredemo.rules.hours import day_of

BATCH = 500


def end_consents(now: datetime) -> int:
    """Consents whose last day, chosen by the family, is over."""
    over = Consent.objects.filter(revoked_at=None, until__lt=day_of(now)).order_by("until", "id")[:BATCH]
    return len([actions.revoke_consent(consent=consent, by=None, now=now) for consent in over])

"""A mail on the morning from which a child who is too young today may be applied for."""

from datetime import date, datetime, time

from django.db import transaction

from daredemo.audit import actions as audit
from daredemo.certification import checks
from daredemo.municipalities import queries as municipalities
from daredemo.municipalities.models import Municipality
from daredemo.notifications import actions as notifications
from daredemo.notifications.models import Message
from daredemo.rules.hours import JST, day_of
from daredemo.sealed.index import blind

MORNING = time(9)


@transaction.atomic
def remind(*, municipality: Municipality, email: str, born: date, language: str, now: datetime) -> Message:
    """Promise the mail; asked for twice it is one. Nothing but the address is kept, and it is sealed."""
    policy = municipalities.policy_on(municipality.code, day_of(now))
    due_at = datetime.combine(checks.apply_from(born, policy), MORNING, JST)
    made = notifications.promise(
        kind="may_apply",
        to=None,
        address=email,
        language=language,
        context={"municipality": municipality.name, "url": f"/municipalities/{municipality.code}/"},
        now=now,
        due_at=due_at,
        key=f"may_apply/{municipality.code}/{due_at.date()}/{blind(email, 'email')}",
    )
    audit.record(by=None, actor="applicant", action="reminder.ask", subject=made, now=now)
    return made

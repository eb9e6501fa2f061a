"""The letter that tells a result to whoever has no e-mail, or wants it by post."""

from datetime import datetime

from django.db import transaction

from daredemo.accounts import actions as accounts
from daredemo.audit import actions as audit
from daredemo.certification.actions.screening import may_decide
from daredemo.certification.models import Application
from daredemo.municipalities.models import Officer
from daredemo.notifications import actions as notifications
from daredemo.notifications.models import Status


@transaction.atomic
def open_letter(*, application: Application, officer: Officer, now: datetime) -> str:
    """The 登録コード to print, or "" where mail does it. Printing again ends the older code."""
    if not may_decide(officer):
        raise PermissionError(f"{officer.role} may not print letters")
    audit.record(by=officer.user, action="letter.print", subject=application, now=now)
    guardian = application.guardian
    if guardian is None or guardian.user.password_changed_at is not None:
        return ""
    messages = [decision.message for child in application.children.all() for decision in child.decided]
    unreached = not guardian.user.email or any(m is not None and m.status == Status.DEAD for m in messages)
    if not unreached:
        return ""
    return accounts.issue_activation_code(user=guardian.user, by=officer.user, now=now)


@transaction.atomic
def posted(*, application: Application, officer: Officer, now: datetime) -> None:
    """The letter is on its way; saying so twice changes nothing."""
    letters = {
        d.letter for child in application.children.all() for d in child.decided if d.letter is not None
    }
    for letter in letters:
        notifications.settle(message=letter, by=officer.user, now=now)
    audit.record(by=officer.user, action="letter.posted", subject=application, now=now)

"""Screening (審査): take up, send back, certify, decline, undo. A decision is only written down here.

What it brings about is done by the sweep `enact`, ten minutes later; until then undo is free.
"""

from datetime import datetime, timedelta

from django.db import transaction

from daredemo.audit import actions as audit
from daredemo.certification import checks, numbers
from daredemo.certification.actions.drafts import PARTS
from daredemo.certification.models import (
    ApplicantChild,
    Application,
    ApplicationStatus,
    Decision,
    Outcome,
    ReductionClass,
)
from daredemo.municipalities import queries as municipalities
from daredemo.municipalities.models import NoticeText, Officer
from daredemo.notifications import actions as notifications
from daredemo.rules import eligibility
from daredemo.rules.hours import day_of
from daredemo.rules.refusal import Reason, Refused

WAITING = (ApplicationStatus.RECEIVED, ApplicationStatus.SCREENING)


def may_decide(officer: Officer) -> bool:
    """Screeners and above decide; viewers look."""
    return officer.may(Officer.Role.SCREENER)


def _require_screener(officer: Officer) -> None:
    """The screens of a viewer have no such button: PermissionError is an error of ours."""
    if not may_decide(officer):
        raise PermissionError(f"{officer.role} may not decide")


def _hold(officer: Officer, application: Application, version: int) -> Application:
    """The locked row as the officer read it; raises STATUS_MOVED when somebody changed it meanwhile."""
    _require_screener(officer)
    held = (
        Application.objects.select_for_update(of=("self",))
        .select_related("municipality", "guardian__user")
        .get(pk=application.pk, municipality=officer.municipality_id)
    )
    if held.version != version or held.status not in WAITING:
        raise Refused(Reason.STATUS_MOVED, status=held.status, expected=ApplicationStatus.SCREENING)
    return held


@transaction.atomic
def take_up(*, application: Application, officer: Officer, now: datetime) -> bool:
    """Begin screening (審査中), if nobody has: the family's page says so from now on."""
    if not may_decide(officer):
        return False
    taken = Application.objects.filter(
        pk=application.pk, municipality=officer.municipality_id, status=ApplicationStatus.RECEIVED
    ).update(status=ApplicationStatus.SCREENING, screener=officer.user, screening_since=now)
    if taken:
        audit.record(by=officer.user, action="application.take_up", subject=application, now=now)
    return bool(taken)


@transaction.atomic
def send_back(
    *, application: Application, version: int, words: str, parts: list[str], officer: Officer, now: datetime
) -> Application:
    """Return it (差戻し) with words that the family reads and the pages to repair.

    `parts`: names of `PARTS` or "child-<n>" or "proofs". Decisions on its children so far are undone.
    """
    held = _hold(officer, application, version)
    if not words.strip():
        raise Refused(Reason.REASON_MISSING)
    known = [part for part in parts if part in PARTS or part == "proofs" or part.startswith("child-")]
    _undo_all(held, now)
    held.status, held.returned_words, held.returned_parts = ApplicationStatus.RETURNED, words, known
    held.returned_at, held.screener, held.version = now, officer.user, held.version + 1
    held.save(
        update_fields=["status", "returned_words", "returned_parts", "returned_at", "screener", "version"]
    )
    audit.record(by=officer.user, action="application.return", subject=held, now=now, facts={"parts": known})
    notifications.promise(
        kind="application_returned",
        to=held.guardian.user if held.guardian else None,
        address=held.email,
        language=held.language,
        context={
            "number": numbers.written(held.number),
            "municipality": held.municipality.name,
            "url": "/application/status/",
            "return_url": "/apply/return/",
        },
        now=now,
        key=f"returned:{held.pk}:{held.version}",
    )
    return held


@transaction.atomic
def certify(
    *,
    application: Application,
    version: int,
    position: int,
    amber_reason: str,
    reduction: str,
    reduction_reason: str,
    officer: Officer,
    now: datetime,
) -> Decision:
    """Certify (認定) one child of the application. The span follows the rules in force today.

    Raises STATUS_MOVED, TOO_OLD, ENROLLED, CHECK_NOT_CONFIRMED (an amber check without a reason) or
    REASON_MISSING (another reduction than applied for, without a reason).
    """
    held = _hold(officer, application, version)
    child = _undecided(held, position)
    day = day_of(now)
    rules = municipalities.policy_on(held.municipality_id, day)
    if child.born is None or held.submitted_at is None:
        raise Refused(Reason.TEXT_MISSING, field=f"child-{position}")
    if eligibility.stops_use(child.enrolment, rules.ages):
        raise Refused(Reason.ENROLLED, day=day, kind=child.enrolment, until=None)
    span = eligibility.certificate_days(
        born=child.born, applied_on=day_of(held.submitted_at), decided_on=day, ages=rules.ages
    )
    _require_confirmed(held, child, amber_reason, now)
    applied = held.reduction if held.reduction != ReductionClass.NONE else ""
    if reduction != applied and not reduction_reason.strip():
        raise Refused(Reason.REASON_MISSING)
    return _decide(
        held,
        officer,
        Decision(
            applicant_child=child,
            outcome=Outcome.CERTIFIED,
            valid_from=span.valid_from,
            valid_until=span.valid_until,
            amber_reason=amber_reason,
            reduction=reduction,
            reduction_reason=reduction_reason,
            instruction=_instruction(held, now) if reduction != applied else "",
        ),
        now,
    )


@transaction.atomic
def decline(
    *,
    application: Application,
    version: int,
    position: int,
    article: str,
    reason: str,
    possible: str,
    officer: Officer,
    now: datetime,
) -> Decision:
    """Decline (却下) one child: the article, the facts, what is possible, and the 教示 in force."""
    held = _hold(officer, application, version)
    child = _undecided(held, position)
    if not reason.strip() or not article.strip():
        raise Refused(Reason.REASON_MISSING)
    decision = Decision(
        applicant_child=child,
        outcome=Outcome.DECLINED,
        article=article,
        reason=reason,
        possible=possible,
        instruction=_instruction(held, now),
    )
    return _decide(held, officer, decision, now)


def _undecided(application: Application, position: int) -> ApplicantChild:
    child = application.children.get(position=position)
    if child.decisions.filter(undone_at=None).exists():
        raise Refused(
            Reason.STATUS_MOVED, status=ApplicationStatus.DECIDED, expected=ApplicationStatus.SCREENING
        )
    return child


def _require_confirmed(application: Application, child: ApplicantChild, reason: str, now: datetime) -> None:
    if reason.strip():
        return
    for check in checks.checks_of([application], day_of(now))[application.pk]:
        if check.level == checks.Level.AMBER and check.position in (0, child.position):
            raise Refused(Reason.CHECK_NOT_CONFIRMED, check=check.name)


def _instruction(application: Application, now: datetime) -> str:
    return municipalities.notice_text(application.municipality_id, NoticeText.Kind.REMEDIES, day_of(now))


def _decide(application: Application, officer: Officer, decision: Decision, now: datetime) -> Decision:
    decision.decided_at, decision.decided_by = now, officer.user
    decision.policy = municipalities.version_on(application.municipality_id, day_of(now))
    decision.save(force_insert=True)
    application.version += 1
    open_children = application.children.exclude(decisions__in=Decision.objects.filter(undone_at=None))
    if not open_children.exists():
        application.status, application.decided_at = ApplicationStatus.DECIDED, now
    application.screener = officer.user
    application.screening_since = application.screening_since or now
    application.save(update_fields=["version", "status", "decided_at", "screener", "screening_since"])
    action = "application.certify" if decision.outcome == Outcome.CERTIFIED else "application.decline"
    audit.record(
        by=officer.user, action=action, subject=decision, now=now, facts={"application": application}
    )
    return decision


def undo_until(decision: Decision) -> datetime:
    """The last instant at which the decision may be taken back."""
    code = decision.applicant_child.application.municipality_id
    rules = municipalities.policy_on(code, day_of(decision.decided_at))
    return decision.decided_at + timedelta(minutes=rules.decisions.undo_minutes)


@transaction.atomic
def undo(*, application: Application, position: int, officer: Officer, now: datetime) -> Application:
    """Take one child's decision back while nobody has been told; raises UNDO_OVER or STATUS_MOVED."""
    _require_screener(officer)
    held = Application.objects.select_for_update().get(
        pk=application.pk, municipality=officer.municipality_id
    )
    decision = (
        Decision.objects.select_for_update(of=("self",))
        .filter(applicant_child__application=held, applicant_child__position=position, undone_at=None)
        .first()
    )
    if decision is None:
        raise Refused(Reason.STATUS_MOVED, status=held.status, expected=ApplicationStatus.DECIDED)
    if decision.enacted_at is not None or now > undo_until(decision):
        raise Refused(Reason.UNDO_OVER, until=undo_until(decision))
    Decision.objects.filter(pk=decision.pk, enacted_at=None).update(undone_at=now)
    held.status, held.decided_at, held.version = ApplicationStatus.SCREENING, None, held.version + 1
    held.save(update_fields=["status", "decided_at", "version"])
    audit.record(by=officer.user, action="application.undo", subject=decision, now=now)
    return held


def _undo_all(application: Application, now: datetime) -> None:
    standing = Decision.objects.filter(
        applicant_child__application=application, undone_at=None, enacted_at=None
    )
    standing.update(undone_at=now)


def look(*, officer: Officer, application: Application, now: datetime) -> None:
    """The officer opened the record: written down once a day for it and each of its children."""
    children = [child.child or child for child in application.children.select_related("child")]
    audit.read_today(by=officer.user, subjects=[application, *children], now=now, what="application")

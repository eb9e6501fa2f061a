"""What a decision brings about: guardian, children, login, certificates, audit, message: all or none."""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

from django.db import transaction

from daredemo.accounts import actions as accounts
from daredemo.accounts.models import Portal
from daredemo.audit import actions as audit
from daredemo.certification import numbers
from daredemo.certification.actions.screening import undo_until
from daredemo.certification.models import (
    ApplicantChild,
    Application,
    ApplicationStatus,
    Certificate,
    Decision,
    Notice,
    Outcome,
)
from daredemo.families import actions as families
from daredemo.families import queries as families_asked
from daredemo.families.models import Child, Guardian
from daredemo.municipalities import queries as municipalities
from daredemo.municipalities.models import Step
from daredemo.notifications import actions as notifications
from daredemo.notifications.models import Channel, Message
from daredemo.rules.hours import day_of
from daredemo.sealed.index import blind


@transaction.atomic
def enact(*, application: Application, now: datetime) -> bool:
    """Carry out what was decided for all children of one application; False when there is nothing to do yet.

    Doing it twice does it once: the row is locked, and `enacted_at` is set in the same transaction.
    """
    held = (
        Application.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("municipality", "guardian__user")
        .filter(pk=application.pk, status=ApplicationStatus.DECIDED, enacted_at=None)
        .first()
    )
    if held is None:
        return False
    decisions = list(
        Decision.objects.filter(applicant_child__application=held, undone_at=None)
        .select_related("applicant_child__application", "decided_by")
        .order_by("applicant_child__position")
    )
    if not is_due(held, decisions, now):
        return False
    certified = [decision for decision in decisions if decision.outcome == Outcome.CERTIFIED]
    is_new = held.guardian is None
    if certified and held.guardian is None:
        held.guardian = _make_guardian(held, now)
    for decision in certified:
        _issue(held, decision, now)
    _tell(held, decisions, is_new=is_new, now=now)
    Decision.objects.filter(pk__in=[decision.pk for decision in decisions]).update(enacted_at=now)
    held.enacted_at = now
    held.save(update_fields=["guardian", "enacted_at"])
    audit.record(by=None, action="application.enact", subject=held, now=now)
    return True


def is_due(application: Application, decisions: Sequence[Decision], now: datetime) -> bool:
    """Undo is over for every child; and certificates are given out in this municipality (認定証の交付)."""
    if not decisions or any(undo_until(decision) >= now for decision in decisions):
        return False
    if all(decision.outcome == Outcome.DECLINED for decision in decisions):
        return True
    return municipalities.opening(application.municipality_id, Step.CERTIFICATES, day_of(now)).open


def _make_guardian(application: Application, now: datetime) -> Guardian:
    user = accounts.create_login(
        portal=Portal.GUARDIAN, email=application.email, language=application.language, by=None, now=now
    )
    made = Guardian(
        user=user,
        municipality=application.municipality,
        family_name=application.family_name,
        given_name=application.given_name,
        family_kana=application.family_kana,
        given_kana=application.given_kana,
        relation=application.relation,
        post_code=application.post_code,
        address=f"{application.address}{application.street}",
        phone=application.phone,
        phone_index=blind(application.phone, "phone"),
        created_at=now,
    )
    made.save(force_insert=True)
    audit.record(by=None, action="guardian.create", subject=made, now=now, facts={"application": application})
    return made


def _issue(application: Application, decision: Decision, now: datetime) -> Certificate:
    guardian = application.guardian
    if guardian is None or decision.valid_from is None or decision.valid_until is None:
        raise ValueError(f"a certification without guardian or days: {decision.pk}")
    applicant = decision.applicant_child
    child = _child(guardian, applicant, now)
    families.answer_for(guardian=guardian, child=child, by=None, now=now)
    ApplicantChild.objects.filter(pk=applicant.pk).update(child=child)
    certificate = Certificate(
        number=numbers.certificate_number(application.municipality_id),
        child=child,
        municipality=application.municipality,
        decision=decision,
        decided_on=day_of(decision.decided_at),
        valid_from=decision.valid_from,
        valid_until=decision.valid_until,
        reduction=decision.reduction,
        reduction_from=day_of(application.submitted_at or decision.decided_at)
        if decision.reduction
        else None,
        created_at=now,
    )
    certificate.save(force_insert=True)
    audit.record(
        by=decision.decided_by,
        action="certificate.issue",
        subject=certificate,
        now=now,
        facts={"child": child, "decision": decision},
    )
    return certificate


def _child(guardian: Guardian, applicant: ApplicantChild, now: datetime) -> Child:
    """The child the guardian already answers for, by birth and name; else a new one."""
    named = attrgetter("born", "family_name", "given_name")
    own = families_asked.answered_by(guardian)
    known = next((child for child in own if named(child) == named(applicant)), None)
    if known is not None:
        # Who is enrolled is not certified: an enrolment of before is over.
        return families.enrol(child=known, since=None, by=None, now=now)
    if applicant.born is None:
        raise ValueError(f"a child without a day of birth: {applicant.pk}")
    made = Child(
        born=applicant.born,
        family_name=applicant.family_name,
        given_name=applicant.given_name,
        family_kana=applicant.family_kana,
        given_kana=applicant.given_kana,
        created_at=now,
    )
    made.save(force_insert=True)
    return made


def _tell(application: Application, decisions: Sequence[Decision], *, is_new: bool, now: datetime) -> None:
    """Promise the notices: one for the certified, one for the declined, and letters where needed."""
    letter = _letter(application, now) if application.notice == Notice.POST or not application.email else None
    for outcome in Outcome:
        told = [decision.pk for decision in decisions if decision.outcome == outcome]
        if not told:
            continue
        message = None
        if application.email and outcome == Outcome.CERTIFIED:
            message = _certified(application, is_new=is_new, now=now)
        elif application.email:
            message = _notice(application, "declined_notice", now)
        Decision.objects.filter(pk__in=told).update(message=message, letter=letter)


def _certified(application: Application, *, is_new: bool, now: datetime) -> Message:
    if is_new and application.guardian is not None:
        return accounts.promise_password_link(
            user=application.guardian.user,
            kind="account_issued",
            municipality=application.municipality.name,
            now=now,
        )
    return _notice(application, "certified_notice", now)


def _notice(application: Application, kind: str, now: datetime) -> Message:
    user = application.guardian.user if application.guardian else None
    return notifications.promise(
        kind=kind,
        to=user,
        address=user.email if user is not None and user.email else application.email,
        language=application.language,
        context={
            "number": numbers.written(application.number),
            "municipality": application.municipality.name,
            "url": "/certificate/" if kind == "certified_notice" else "/application/status/",
            "return_url": "/apply/return/",
            "posted": "1" if application.notice == Notice.POST else "",
        },
        now=now,
        key=f"{kind}:{application.pk}",
    )


def _letter(application: Application, now: datetime) -> Message:
    """A row for the post: the office prints the letter when it sends it."""
    return notifications.promise(
        kind="result_letter",
        to=application.guardian.user if application.guardian else None,
        address="",
        language=application.language,
        context={
            "number": numbers.written(application.number),
            "municipality": application.municipality.name,
        },
        now=now,
        key=f"letter:{application.pk}",
        channel=Channel.LETTER,
    )

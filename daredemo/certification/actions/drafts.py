"""Fill in an application, hand it in, repair it, take it back. Everything typed is kept."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.certification import checks, numbers, queries
from daredemo.certification.models import (
    ApplicantChild,
    Application,
    ApplicationStatus,
    ReductionClass,
)
from daredemo.languages import words
from daredemo.municipalities import queries as municipalities
from daredemo.notifications import actions as notifications
from daredemo.rules import names
from daredemo.rules.hours import day_of
from daredemo.rules.refusal import Reason, Refused

# The parts of an application, in the order of its pages, with what each holds.
PARTS: dict[str, tuple[str, ...]] = {
    "guardian": ("family_name", "given_name", "family_kana", "given_kana", "relation", "phone"),
    "address": ("post_code", "address", "street", "address_differs_reason"),
    "children": (),
    "reduction": ("reduction",),
    "notice": ("notice", "agreed_at"),
}
FIELDS = frozenset(name for fields in PARTS.values() for name in fields)
CHILD_FIELDS = frozenset(("family_name", "given_name", "family_kana", "given_kana", "born", "enrolment"))
NEEDED = {
    "guardian": ("family_name", "relation", "phone"),
    "address": ("post_code", "address", "street"),
    "reduction": ("reduction",),
    "notice": ("notice", "agreed_at"),
}
CHILD_NEEDED = ("family_name", "born", "enrolment")
READINGS = (("family_name", "family_kana"), ("given_name", "given_kana"))
MOST_CHILDREN = 8
Person = Application | ApplicantChild  # whoever has a name here; the application has its guardian's


def missing(application: Application) -> list[str]:
    """The parts that still lack an answer: "guardian", "child-2", …; children prefetched or not."""
    without_reading, kids = unread(application), _kids(application)
    needed: list[tuple[str, Person, tuple[str, ...]]] = [(p, application, n) for p, n in NEEDED.items()]
    needed += [(part, kid, CHILD_NEEDED) for part, kid in kids.items()]
    lacking = [
        part
        for part, person, answers in needed
        if part in without_reading or not all(getattr(person, name) for name in answers)
    ]
    if application.reduction not in ("", ReductionClass.NONE) and not application.proofs.all():
        lacking.append("proofs")
    return lacking if kids else [*lacking, "child-1"]


def unread(application: Application) -> list[str]:
    """The parts with a name in kanji or kana that has no reading (ふりがな)."""
    people: dict[str, Person] = {"guardian": application, **_kids(application)}
    return [part for part, person in people.items() if _is_unread(person)]


def _is_unread(person: Person) -> bool:
    return any(names.needs_reading(getattr(person, n)) and not getattr(person, k) for n, k in READINGS)


def _kids(application: Application) -> dict[str, ApplicantChild]:
    children = sorted(application.children.all(), key=lambda child: child.position)
    return {f"child-{child.position}": child for child in children}


def incomplete(application: Application) -> Refused | None:
    """Why it cannot be handed in yet, by its first part that lacks something; None when it is whole."""
    if not (lacking := missing(application)):
        return None
    reason = Reason.READING_MISSING if lacking[0] in unread(application) else Reason.TEXT_MISSING
    return Refused(reason, field=lacking[0])


def hold(application: Application) -> Application:
    """The locked row, if the family may still write in it; raises ALREADY_SUBMITTED."""
    held = Application.objects.select_for_update().get(pk=application.pk)
    if held.status not in queries.EDITABLE:
        raise Refused(Reason.ALREADY_SUBMITTED, number=held.number, submitted_at=held.submitted_at)
    return held


@transaction.atomic
def save(*, application: Application, by: User | None, now: datetime, **answers: Any) -> Application:
    """Keep these answers (names of `FIELDS`), and nothing else."""
    if unknown := answers.keys() - FIELDS:
        raise TypeError(f"not answers of an application: {sorted(unknown)}")
    held = hold(application)
    for name, value in answers.items():
        setattr(held, name, value)
    held.saved_at = now
    held.save(update_fields=[*answers, "saved_at"])
    _note(held, "application.save", by, now)
    return held


@transaction.atomic
def save_child(
    *, application: Application, position: int, by: User | None, now: datetime, **answers: Any
) -> ApplicantChild:
    """Keep answers about one child (names of `CHILD_FIELDS`); raises ApplicantChild.DoesNotExist."""
    if unknown := answers.keys() - CHILD_FIELDS:
        raise TypeError(f"not answers about a child: {sorted(unknown)}")
    held = hold(application)
    child = held.children.get(position=position)
    for name, value in answers.items():
        setattr(child, name, value)
    if answers:
        child.save(update_fields=list(answers))
    _saved(held, now)
    _note(held, "application.save", by, now)
    return child


@transaction.atomic
def add_child(*, application: Application, by: User | None, now: datetime) -> ApplicantChild:
    """One more child on the same application: twins, siblings. One that is still empty is gone on with."""
    held = hold(application)
    children = list(held.children.order_by("position"))
    if children and (not children[-1].family_name or len(children) >= MOST_CHILDREN):
        return children[-1]
    _saved(held, now)
    _note(held, "application.add_child", by, now)
    return held.children.create(position=children[-1].position + 1 if children else 1)


@transaction.atomic
def remove_child(*, application: Application, position: int, by: User | None, now: datetime) -> None:
    """Take a child off again; the last one stays. Raises CHILD_MISSING."""
    held = hold(application)
    if held.children.count() == 1:
        raise Refused(Reason.CHILD_MISSING)
    held.children.get(position=position).delete()
    _saved(held, now)
    _note(held, "application.remove_child", by, now)


def _saved(application: Application, now: datetime) -> None:
    application.saved_at = now
    application.save(update_fields=["saved_at"])


def _note(application: Application, action: str, by: User | None, now: datetime) -> None:
    audit.record(by=by, actor="" if by else "applicant", action=action, subject=application, now=now)


@transaction.atomic
def submit(*, application: Application, by: User | None, now: datetime) -> Application:
    """Hand it in (受付), or hand it in again after a repair; a receipt is mailed.

    Handing in twice is one submission. Raises TEXT_MISSING or READING_MISSING naming the part, or why a
    child cannot be applied for: NOT_BORN_YET, TOO_YOUNG, TOO_OLD, ENROLLED.
    """
    held = Application.objects.select_for_update(of=("self",)).select_related("municipality").get(
        pk=application.pk
    )  # fmt: skip
    if held.status not in queries.EDITABLE:
        if held.submitted_at is None:
            raise Refused(Reason.STATUS_MOVED, status=held.status, expected=ApplicationStatus.DRAFT)
        return held
    if no := incomplete(held):
        raise no
    check_children(held, now)
    again = held.status == ApplicationStatus.RETURNED
    held.status = ApplicationStatus.RECEIVED
    held.version += 1
    held.submitted_at = held.submitted_at or now
    held.resubmitted_at = now if again else None
    held.save(update_fields=["status", "version", "submitted_at", "resubmitted_at"])
    _note(held, "application.resubmit" if again else "application.submit", by, now)
    _receipt(held, now)
    return held


def check_children(application: Application, now: datetime) -> None:
    """Refuse the first child for whom no application can be made; `position` says which."""
    policy = municipalities.policy_on(application.municipality_id, day_of(now))
    for child in application.children.order_by("position"):
        if child.born is None:
            raise Refused(Reason.TEXT_MISSING, field=f"child-{child.position}")
        try:
            checks.check_child(child.born, child.enrolment, day_of(now), policy)
        except Refused as no:
            raise Refused(no.reason, **no.facts, position=child.position) from no


def decide_by(application: Application) -> date:
    """The day by which the city decides: so many days after it was handed in."""
    if application.submitted_at is None:
        raise ValueError("not handed in")
    day = day_of(application.submitted_at)
    policy = municipalities.policy_on(application.municipality_id, day)
    return day + timedelta(days=policy.decisions.decide_within_days)


def _receipt(application: Application, now: datetime) -> None:
    notifications.promise(
        kind="application_received",
        to=application.guardian.user if application.guardian else None,
        address=application.email,
        language=application.language,
        context={
            "number": numbers.written(application.number),
            "municipality": application.municipality.name,
            "decide_by": words.later(words.jdate_year, decide_by(application)),
            "url": "/application/status/",
            "return_url": "/apply/return/",
        },
        now=now,
        key=f"received:{application.pk}:{application.version}",
    )


@transaction.atomic
def withdraw(*, application: Application, by: User | None, now: datetime) -> Application:
    """Take it back (取り下げ) before a decision; raises ALREADY_DECIDED."""
    held = Application.objects.select_for_update().get(pk=application.pk)
    if held.status == ApplicationStatus.DECIDED:
        raise Refused(Reason.ALREADY_DECIDED, status=held.status, decided_at=held.decided_at)
    if held.status != ApplicationStatus.WITHDRAWN:
        held.status = ApplicationStatus.WITHDRAWN
        held.version += 1
        held.save(update_fields=["status", "version"])
        _note(held, "application.withdraw", by, now)
    return held

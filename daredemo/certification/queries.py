"""Who is certified when; what an applicant and an officer may see of applications.

Later steps of the road ask the first part; portals ask all of it. The actor comes first.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from daredemo.certification import numbers
from daredemo.certification.models import (
    ApplicantChild,
    Application,
    ApplicationStatus,
    Certificate,
    Decision,
    Invitation,
    Outcome,
    Proof,
)
from daredemo.families import queries as families
from daredemo.families.models import Child, Guardian
from daredemo.municipalities import queries as municipalities
from daredemo.municipalities.models import Municipality, Officer
from daredemo.notifications.models import Status
from daredemo.prepared import rows, statements
from daredemo.rules.hours import day_of
from daredemo.rules.policy import Policy
from daredemo.sealed.index import blind
from daredemo.sealed.tokens import hash_token

EDITABLE = (ApplicationStatus.DRAFT, ApplicationStatus.RETURNED)
OPEN_AFTER_DECLINE = timedelta(days=90)
GOOD_ON = """
SELECT row_to_json(c), row_to_json(m) FROM certification_certificate c
JOIN municipalities_municipality m ON m.code = c.municipality_id
WHERE c.child_id = ANY(%(children)s) AND %(day)s BETWEEN c.valid_from AND c.valid_until
    AND (c.ended_on IS NULL OR c.ended_on >= %(day)s) ORDER BY c.decided_on, c.id"""


# ── certificates: what the later steps ask ─────────────────────────────────────────────
def valid_on(day: date) -> Q:
    """Certificates good on that day, early ends included."""
    return Q(valid_from__lte=day, valid_until__gte=day) & (Q(ended_on=None) | Q(ended_on__gte=day))


def certificate_on(child: Child, day: date) -> Certificate | None:
    """The certificate (認定証) that lets this child use the programme on that day."""
    found = Certificate.objects.filter(valid_on(day), child=child).select_related("municipality")
    return found.order_by("-decided_on", "-id").first()


def is_certified(child: Child, day: date) -> bool:
    """Whether a certificate covers that day."""
    return Certificate.objects.filter(valid_on(day), child=child).exists()


def certificates_on(child_ids: Iterable[UUID], day: date) -> dict[UUID, Certificate]:
    """The certificates of many children on one day: one query."""
    found = {}
    for certificate, town in statements.ask(GOOD_ON, {"children": list(child_ids), "day": day}):
        one = rows.made(Certificate, certificate)
        one.municipality = rows.made(Municipality, town)
        found[one.child_id] = one
    return found


def certificates_of(guardian: Guardian) -> QuerySet[Certificate]:
    """Every certificate of the children this guardian answers for, newest first."""
    mine = Certificate.objects.filter(child__in=families.answering(guardian))
    return mine.select_related("child", "municipality").order_by("-valid_until", "child__born", "-id")


def certificate_of(guardian: Guardian, certificate_id: UUID) -> Certificate:
    """One of the guardian's own; raises Certificate.DoesNotExist for any other."""
    return certificates_of(guardian).select_related("decision").get(pk=certificate_id)


# ── invitations ────────────────────────────────────────────────────────────────────────
class Link(StrEnum):
    GOOD = "good"
    EXPIRED = "expired"
    USED = "used"
    SUPERSEDED = "superseded"


class Seen(NamedTuple):
    """A mailed link as it stands now."""

    invitation: Invitation
    link: Link
    expires_at: datetime | None  # None: its mail has not been handed over yet


def invitation(token: str, now: datetime) -> Seen | None:
    """The invitation behind a mailed link; None for a link we never made."""
    found = Invitation.objects.filter(token_hash=hash_token(token))
    first = found.select_related("municipality", "message", "application").first()
    return Seen(first, *state_of(first, now)) if first is not None else None


def invitation_by_id(invitation_id: UUID) -> Invitation | None:
    """The invitation that this browser's session names."""
    return Invitation.objects.filter(pk=invitation_id).select_related("municipality", "message").first()


def state_of(found: Invitation, now: datetime) -> tuple[Link, datetime | None]:
    """Whether the link still opens, and until when: so many hours after the mail server took its mail."""
    expires_at = expiry(found, now)
    if found.used_at is not None:
        return Link.USED, expires_at
    if found.superseded_at is not None:
        return Link.SUPERSEDED, expires_at
    late = expires_at is not None and now > expires_at
    return (Link.EXPIRED if late else Link.GOOD), expires_at


def expiry(found: Invitation, now: datetime) -> datetime | None:
    """The last instant at which the link opens; None until its mail was handed over."""
    taken_at = found.message.handed_over_at if found.message else None
    if taken_at is None:
        return None
    policy = municipalities.policy_on(found.municipality_id, day_of(now))
    return taken_at + timedelta(hours=policy.decisions.link_hours)


# ── applicants ─────────────────────────────────────────────────────────────────────────
def in_force() -> "Prefetch[str]":
    """Each child's decision that stands, as `child.decided`: a list of none or one."""
    standing = Decision.objects.filter(undone_at=None).select_related(
        "policy", "decided_by", "message", "letter"
    )
    return Prefetch("decisions", queryset=standing, to_attr="decided")


def application_of(application_id: UUID) -> Application | None:
    """The application that an applicant's session names, with children and what stands decided."""
    children = ApplicantChild.objects.order_by("position").prefetch_related(in_force())
    found = Application.objects.filter(pk=application_id).select_related("municipality", "guardian__user")
    return found.prefetch_related(Prefetch("children", queryset=children), "proofs").first()


def is_open_to_applicant(application: Application, now: datetime) -> bool:
    """Without a login: until the account is active, or 90 days after a refusal."""
    if application.status == ApplicationStatus.WITHDRAWN:
        return False
    if application.enacted_at is None:
        return True
    decisions = [decision for child in application.children.all() for decision in child.decided]
    declined = any(decision.outcome == Outcome.DECLINED for decision in decisions)
    if not declined and application.guardian is not None:
        return application.guardian.user.password_changed_at is None
    return now <= application.enacted_at + OPEN_AFTER_DECLINE


def remembered(number: str, email: str) -> Application | None:
    """The application that somebody names by number and address."""
    index = blind(email, "email")
    if not index:
        return None
    found = Application.objects.filter(number=numbers.meant(number), email_index=index)
    return found.select_related("municipality").first()


def applications_of(guardian: Guardian) -> QuerySet[Application]:
    """A known guardian's applications that are open or were declined, newest first."""
    declined = Q(children__decisions__outcome=Outcome.DECLINED, children__decisions__undone_at=None)
    mine = Application.objects.filter(Q(enacted_at=None) | declined, guardian=guardian)
    mine = mine.exclude(status=ApplicationStatus.WITHDRAWN).distinct()
    return mine.select_related("municipality").order_by("-created_at", "-id")


def is_editable(application: Application) -> bool:
    """Whether the family may write in it: a draft, or returned for repair."""
    return application.status in EDITABLE


def proof_of(application: Application, proof_id: UUID) -> Proof:
    """One of the application's documents; raises Proof.DoesNotExist for any other."""
    return application.proofs.get(pk=proof_id)


def announced(decision: Decision) -> bool:
    """Whether the family may know: only when it has been enacted."""
    return decision.enacted_at is not None


# ── the office ─────────────────────────────────────────────────────────────────────────
class Desk(StrEnum):
    """The piles of the office."""

    WAITING = "waiting"
    RETURNED = "returned"
    DECIDED = "decided"  # 決裁済・通知前
    DONE = "done"


PILES = {
    Desk.WAITING: Q(status__in=[ApplicationStatus.RECEIVED, ApplicationStatus.SCREENING]),
    Desk.RETURNED: Q(status=ApplicationStatus.RETURNED),
    Desk.DECIDED: Q(status=ApplicationStatus.DECIDED, enacted_at=None),
    Desk.DONE: Q(status=ApplicationStatus.DECIDED, enacted_at__isnull=False),
}


def applications(officer: Officer) -> QuerySet[Application]:
    """Everything handed in to the officer's municipality."""
    mine = Application.objects.filter(municipality=officer.municipality_id)
    return mine.exclude(status__in=[ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN])


def pile(officer: Officer, desk: Desk) -> QuerySet[Application]:
    """One pile, the oldest first; what is done newest first."""
    children = ApplicantChild.objects.order_by("position").prefetch_related(in_force())
    found = (
        applications(officer).filter(PILES[desk]).prefetch_related(Prefetch("children", queryset=children))
    )
    order = ("-decided_at", "-id") if desk == Desk.DONE else ("submitted_at", "id")
    return found.select_related("screener__officer").order_by(*order)


def application(officer: Officer, application_id: UUID) -> Application:
    """One of the office's; raises Application.DoesNotExist for any other."""
    children = ApplicantChild.objects.order_by("position").prefetch_related(in_force())
    found = applications(officer).select_related("municipality", "guardian__user", "screener")
    return found.prefetch_related(Prefetch("children", queryset=children), "proofs").get(pk=application_id)


def next_waiting(officer: Officer, after: Application | None = None) -> Application | None:
    """The oldest that waits, another than the one just seen."""
    waiting = applications(officer).filter(PILES[Desk.WAITING])
    if after is not None:
        waiting = waiting.exclude(pk=after.pk)
    return waiting.order_by("submitted_at", "id").first()


def days_left(submitted_at: datetime, day: date, policy: Policy) -> int:
    """Days until the decision is due (30日以内); negative when it is late."""
    return policy.decisions.decide_within_days - (day - day_of(submitted_at)).days


def register(officer: Officer, words: str = "") -> QuerySet[Certificate]:
    """台帳: the certificates of the office by part of a name or reading, or by number."""
    found = Certificate.objects.filter(municipality=officer.municipality_id)
    for word in words.split()[:5]:
        found = found.filter(
            Q(number__startswith=word)
            | Q(child__family_kana__startswith=word)
            | Q(child__given_kana__startswith=word)
            | Q(child__family_name__startswith=word)
            | Q(child__given_name__startswith=word)
        )
    return found.select_related("child").order_by(
        "child__family_kana", "child__given_kana", "-valid_until", "id"
    )


def certificate(officer: Officer, certificate_id: UUID) -> Certificate:
    """One of the office's; raises Certificate.DoesNotExist for any other."""
    found = Certificate.objects.filter(municipality=officer.municipality_id)
    return found.select_related("child", "decision__applicant_child__application").get(pk=certificate_id)


def counts(officer: Officer) -> dict[Desk, int]:
    """How many lie on each pile: one query."""
    found = applications(officer).aggregate(
        **{str(desk): Count("pk", filter=on) for desk, on in PILES.items()}
    )
    return {Desk(name): number for name, number in found.items()}


def to_post(officer: Officer) -> QuerySet[Application]:
    """Results that somebody has to print and post, or whose mail did not arrive."""
    unsent = Q(children__decisions__letter__status=Status.PROMISED)
    unreached = Q(children__decisions__message__status=Status.DEAD)
    found = applications(officer).filter(unsent | unreached, enacted_at__isnull=False)
    return found.distinct().order_by("enacted_at", "id")


def history(application: Application) -> list[Decision]:
    """Every decision, those taken back too, oldest first."""
    found = Decision.objects.filter(applicant_child__application=application)
    return list(found.select_related("applicant_child", "decided_by__officer").order_by("decided_at", "id"))


def proof_at(officer: Officer, application_id: UUID, proof_id: UUID) -> Proof:
    """A document of one of the office's applications; raises DoesNotExist for any other."""
    return application(officer, application_id).proofs.get(pk=proof_id)

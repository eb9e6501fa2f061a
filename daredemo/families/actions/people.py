"""Who answers for a child, and who else is let in: a second guardian, a helper (代理人)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from daredemo.accounts import actions as accounts
from daredemo.accounts import queries as logins
from daredemo.accounts.models import Portal, User
from daredemo.audit import actions as audit
from daredemo.families import queries
from daredemo.families.models import Child, Guardian, Guardianship, Part
from daredemo.rules.refusal import Reason, Refused
from daredemo.sealed.index import blind

MOST_INVITED = 5  # people in force whom one guardian has let in


class Invited(NamedTuple):
    """Who was let in; `code` is the 登録コード to hand over, "" where a mail brings the link."""

    guardian: Guardian
    code: str


@transaction.atomic
def answer_for(
    *,
    guardian: Guardian,
    child: Child,
    part: str = Part.GUARDIAN,
    invited_by: Guardian | None = None,
    by: User | None,
    now: datetime,
) -> Guardianship:
    """Let somebody answer for a child, or help; doing so twice changes nothing."""
    held, new = Guardianship.objects.get_or_create(
        guardian=guardian,
        child=child,
        ended_at=None,
        defaults={"since": now, "part": part, "invited_by": invited_by},
    )
    if new and guardian.protected_at and child.protected_at is None:
        child.protected_at = guardian.protected_at
        child.save(update_fields=["protected_at"])
    if new:
        facts = {"guardian": guardian, "child": child, "part": part}
        audit.record(by=by, action="guardianship.begin", subject=child, now=now, facts=facts)
    return held


@transaction.atomic
def invite(
    *,
    guardian: Guardian,
    children: Sequence[Child],
    part: str,
    family_name: str,
    given_name: str,
    relation: str,
    email: str,
    by: User,
    now: datetime,
) -> Invited:
    """Let another person in for some of the children, with a login of their own.

    Somebody of this name and address whom the guardian has let in already is the same person: the children
    are added, and who has not come yet is told again. Children must be the guardian's by certification,
    else Child.DoesNotExist. Raises Refused: ADDRESS_PROTECTED, CHILD_MISSING, TOO_MANY_PEOPLE, OTHER_PART.
    """
    held = hold(guardian)
    if held.protected_at or any(child.protected_at for child in hold_children(children)):
        raise Refused(Reason.ADDRESS_PROTECTED)
    if not children:
        raise Refused(Reason.CHILD_MISSING)
    if not set(children) <= set(queries.certified_with(guardian)):
        raise Child.DoesNotExist
    known = _let_in(guardian)
    other = known.filter(
        family_name=family_name, given_name=given_name, user__email_index=blind(email, logins.EMAIL)
    ).first()
    if other is None:
        if known.count() >= MOST_INVITED:
            raise Refused(Reason.TOO_MANY_PEOPLE, most=MOST_INVITED)
        other = _make(guardian, family_name, given_name, relation, email, by=by, now=now)
    if other.guardianships.filter(child__in=children, ended_at=None).exclude(part=part).exists():
        raise Refused(Reason.OTHER_PART)
    for child in children:
        answer_for(guardian=other, child=child, part=part, invited_by=guardian, by=by, now=now)
    return Invited(other, _tell(guardian, other, by=by, now=now))


def hold(guardian: Guardian) -> Guardian:
    """One change of a guardian's people at a time."""
    return Guardian.objects.select_for_update(no_key=True).get(pk=guardian.pk)


def hold_children(children: Sequence[Child]) -> list[Child]:
    """Nobody is let in for a child while it is being protected, nor the other way round."""
    held = Child.objects.select_for_update(no_key=True).filter(pk__in=[child.pk for child in children])
    return list(held.order_by("pk"))


def _let_in(guardian: Guardian) -> QuerySet[Guardian]:
    mine = Guardianship.objects.filter(invited_by=guardian, ended_at=None)
    return Guardian.objects.filter(pk__in=mine.values("guardian")).select_related("user")


def _make(
    guardian: Guardian,
    family_name: str,
    given_name: str,
    relation: str,
    email: str,
    *,
    by: User,
    now: datetime,
) -> Guardian:
    user = accounts.create_login(
        portal=Portal.GUARDIAN, email=email, language=guardian.user.language, by=by, now=now
    )
    made = Guardian(
        user=user,
        municipality=guardian.municipality,
        family_name=family_name,
        given_name=given_name,
        relation=relation,
        created_at=now,
    )
    made.save(force_insert=True)
    audit.record(by=by, action="guardian.create", subject=made, now=now, facts={"invited_by": guardian})
    return made


def _tell(guardian: Guardian, other: Guardian, *, by: User, now: datetime) -> str:
    """Mail the link that sets the password, or give out a code; nothing to who has one already."""
    if has_come(other):
        return ""
    if not other.user.email:
        return accounts.issue_activation_code(user=other.user, by=by, now=now)
    accounts.promise_password_link(
        user=other.user, kind="family_invited", inviter=guardian.name, by=by, now=now
    )
    return ""


def has_come(other: Guardian) -> bool:
    """Whether somebody who was let in has set a password yet."""
    return other.user.password_changed_at is not None


@transaction.atomic
def invite_again(*, guardian: Guardian, other: Guardian, by: User, now: datetime) -> Invited:
    """A new link or code for somebody who has not come yet; the older one dies."""
    hold(guardian)
    held = queries.invited_by(guardian, other.pk)
    return Invited(held, _tell(guardian, held, by=by, now=now))


@transaction.atomic
def end_invited(*, guardian: Guardian, other: Guardian, by: User, now: datetime) -> int:
    """Somebody whom the guardian let in is out at once, logged out everywhere; for how many children."""
    hold(guardian)
    return put_out(Guardianship.objects.filter(guardian=other, invited_by=guardian), by=by, now=now)


def put_out(held: QuerySet[Guardianship], *, by: User, now: datetime) -> int:
    """Lock and end those in force: all are logged out, and a login without any child left is closed."""
    locked = held.filter(ended_at=None).select_for_update(no_key=True, of=("self",)).order_by("pk")
    ending = list(locked.select_related("guardian__user"))
    for one in ending:
        one.ended_at = now
        one.save(update_fields=["ended_at"])
        facts = {"guardian": one.guardian_id, "child": one.child_id, "part": one.part}
        audit.record(by=by, action="guardianship.end", subject=one, now=now, facts=facts)
    for user in {one.guardian.user for one in ending}:
        if Guardianship.objects.filter(guardian__user=user, ended_at=None).exists():
            accounts.end_sessions(user=user, by=by, now=now)
        else:
            accounts.close_login(user=user, by=by, now=now)
    return len(ending)

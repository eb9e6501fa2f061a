"""Conflicts: where more is booked than lawful. They open and end with what makes them so."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.booking import letters_conflict
from daredemo.booking.models import Conflict, OpenedDay, Outcome
from daredemo.facilities.models import Member, Role
from daredemo.rules.hours import day_of


def settle(
    day: OpenedDay,
    known: Conflict | None,
    over: list[int],
    limits: Iterable[str],
    *,
    by: User | None,
    now: datetime,
) -> None:
    """Open, keep up to date or end the conflict of a day that the caller holds; a past day opens none.

    `over` are the half hours with too many, `limits` what is overstepped there or by the day; without any
    there is no conflict.
    """
    names = sorted(set(limits))
    if not names:
        if known is not None:
            resolve(known, Outcome.SETTLED, by=by, now=now)
        return
    if known is None and day.date >= day_of(now):
        opened = Conflict.objects.create(
            day=day, cells=over, limits=names, owner=_owner(day, by), opened_at=now, opened_by=by
        )
        facts = {"facility": day.facility_id, "date": day.date, "limits": names}
        audit.record(by=by, action="conflict.open", subject=opened, now=now, facts=facts)
        letters_conflict.tell(opened, now=now)
    elif known is not None and (known.cells, known.limits) != (over, names):
        known.cells, known.limits = over, names
        known.save(update_fields=["cells", "limits"])


def resolve(conflict: Conflict, outcome: Outcome, *, by: User | None, now: datetime) -> None:
    """It is over; the caller holds the day."""
    conflict.resolved_at, conflict.outcome = now, outcome
    conflict.save(update_fields=["resolved_at", "outcome"])
    audit.record(by=by, action="conflict.resolve", subject=conflict, now=now, facts={"outcome": outcome})


@transaction.atomic
def take_on(*, conflict: Conflict, member: Member, by: User, now: datetime) -> Conflict:
    """「わたしが担当します」: say who looks after it."""
    Conflict.objects.filter(pk=conflict.pk).update(owner=member)
    audit.record(by=by, action="conflict.take_on", subject=conflict, now=now, facts={"owner": member})
    return conflict


@transaction.atomic
def let_pass(*, conflict: Conflict, now: datetime) -> bool:
    """The day is over, and what was booked came; False where it was settled meanwhile."""
    OpenedDay.objects.select_for_update(no_key=True).get(pk=conflict.day_id)
    held = Conflict.objects.select_related("day").get(pk=conflict.pk)
    if held.resolved_at is not None or held.day.date >= day_of(now):
        return False
    resolve(held, Outcome.PASSED, by=None, now=now)
    return True


def _owner(day: OpenedDay, by: User | None) -> Member | None:
    """Whoever made the change if they work here, else a manager."""
    working = Member.objects.filter(facility=day.facility_id, ended_at=None)
    staff = list(working.select_related("facility", "user").order_by("id"))
    mine = [one for one in staff if by is not None and one.user_id == by.pk]
    managers = [one for one in staff if one.role == Role.MANAGER]
    return next(iter([*mine, *managers]), None)

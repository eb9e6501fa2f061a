"""The hours of a child and month: every change is a line in the ledger, and the derived sum moves with it.

The functions without a transaction of their own expect the child-month to be locked by the caller.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.booking import queries
from daredemo.booking.models import Booking, ChildMonth, LedgerEntry, LedgerKind
from daredemo.families.models import Child
from daredemo.prepared import rows
from daredemo.rules import allowance
from daredemo.rules.policy import Hours
from daredemo.rules.refusal import Reason, Refused

Parts = Iterable[tuple[str, int]]  # bucket, minutes
MOVE = """UPDATE booking_childmonth SET cap_minutes = cap_minutes + %s, spent_minutes = spent_minutes + %s
    WHERE id = %s"""
SIGN = {
    LedgerKind.GRANTED: 1,
    LedgerKind.RESERVED: -1,
    LedgerKind.RETURNED: 1,
    LedgerKind.USED: 0,
    LedgerKind.FORFEITED: 0,
    LedgerKind.OVERRUN: -1,
}


def open_month(child: UUID, month: date) -> None:
    """See that a month has its row, before anything is locked, so that the order of locks holds."""
    rows_ = [ChildMonth(child_id=child, month=month, cap_minutes=0)]
    ChildMonth.objects.bulk_create(rows_, ignore_conflicts=True)


def lacking(rule: Hours, month: date, granted: Mapping[str, int]) -> list[tuple[str, int]]:
    """What a month was not given yet of the whole allowance; one lowered since then is not taken back."""
    short = (
        (bucket.name, bucket.minutes - granted.get(bucket.name, 0))
        for bucket in allowance.open_buckets(rule, month)
    )
    return [(name, minutes) for name, minutes in short if minutes > 0]


def lines(
    month: ChildMonth,
    kind: LedgerKind,
    parts: Parts,
    *,
    booking: Booking | None,
    by: User | None,
    now: datetime,
    reason: str = "",
    sign: int | None = None,
) -> list[LedgerEntry]:
    """One line for each bucket, not yet written."""
    effect = SIGN[kind] if sign is None else sign
    return [
        LedgerEntry(
            child_month=month, bucket=bucket, kind=kind, minutes=minutes, effect=effect * minutes,
            booking=booking, reason=reason, by=by, at=now,
        )
        for bucket, minutes in parts
    ]  # fmt: skip


def moved(month: ChildMonth, entries: Iterable[LedgerEntry]) -> rows.Change:
    """What these lines change in the month's two sums.

    Added to what stands there, not to what was read: the cap is a seat belt under the lock.
    """
    given = spent = 0
    for entry in entries:
        if entry.kind == LedgerKind.GRANTED:
            given += entry.effect
        else:
            spent -= entry.effect
    return MOVE, (given, spent, month.pk)


def write(
    month: ChildMonth,
    kind: LedgerKind,
    parts: Parts,
    *,
    booking: Booking | None,
    by: User | None,
    now: datetime,
    reason: str = "",
    sign: int | None = None,
) -> list[LedgerEntry]:
    """Append one line per bucket and move the sum; the caller holds the month."""
    entries = lines(month, kind, parts, booking=booking, by=by, now=now, reason=reason, sign=sign)
    if entries:
        rows.insert(entries, moved(month, entries))
    month.spent_minutes -= sum(entry.effect for entry in entries)
    return entries


def parts_of(booking: Booking, kind: LedgerKind = LedgerKind.RESERVED) -> list[tuple[str, int]]:
    """How a booking's hours lie over the buckets."""
    rows = LedgerEntry.objects.filter(booking=booking, kind=kind).order_by("at", "id")
    return list(rows.values_list("bucket", "minutes"))


def returned(month: ChildMonth, parts: Parts) -> list[tuple[str, int]]:
    """What a booking gives back: never more than is spent, as a correction may have given some before."""
    return split(parts, month.spent_minutes)[0]


def split(parts: Parts, minutes: int) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """The first `minutes` of a booking's hours, and the rest: what stays and what returns."""
    first: list[tuple[str, int]] = []
    rest: list[tuple[str, int]] = []
    for bucket, available in parts:
        taken = min(minutes, available)
        minutes -= taken
        first += [(bucket, taken)] if taken else []
        rest += [(bucket, available - taken)] if available > taken else []
    return first, rest


@transaction.atomic
def consume_overrun(*, booking: Booking, minutes: int, by: User, now: datetime) -> int:
    """Take a late pick-up (counted minutes) from the allowance where the policy does so; never below zero.

    Said again with other minutes, what was taken before returns first. Returns what is taken now; the rest
    is a line at the facility's price and no matter of hours.
    """
    held = queries.hold_booking(booking.pk)
    home = queries.home_policy(held.booking)
    before = queries.overrun_of(held.booking)
    at_home = held.booking.home_id == held.booking.facility.municipality_id
    left = queries.left_by_bucket(held.month, home, at_home=at_home)
    left = {bucket: free + before.get(bucket, 0) for bucket, free in left.items()}
    taken = allowance.overrun_taken(minutes, sum(left.values()), home.hours)
    if taken != sum(before.values()):
        write(held.month, LedgerKind.OVERRUN, before.items(), booking=held.booking, by=by, now=now, sign=1)
        parts, _ = split(left.items(), taken)
        write(held.month, LedgerKind.OVERRUN, parts, booking=held.booking, by=by, now=now)
    facts = {"minutes": minutes, "taken": taken, "child": held.booking.child_id}
    audit.record(by=by, action="hours.overrun", subject=held.booking, now=now, facts=facts)
    return taken


@transaction.atomic
def correct_hours(
    *,
    child: Child,
    month: date,
    minutes: int,
    reason: str,
    by: User,
    now: datetime,
    booking: Booking | None = None,
) -> list[LedgerEntry]:
    """Give minutes back (positive) or take them (negative) with a reason; never beyond zero or the cap.

    What bookings still hold comes back by itself and is not given twice. A month in which nothing was booked
    yet gets its allowance first, as a booking would give it. Refused NO_HOURS_LEFT where fewer are left or
    spent, REASON_MISSING without a reason.
    """
    if not reason.strip():
        raise Refused(Reason.REASON_MISSING)
    held = _held_with_its_allowance(child, month, now)
    left = held.cap_minutes - held.spent_minutes
    if -minutes > left or minutes > held.spent_minutes - queries.held_minutes(child, month):
        raise Refused(
            Reason.NO_HOURS_LEFT,
            month=month,
            minutes=abs(minutes),
            left=left,
            cap=held.cap_minutes,
            next_month=queries.next_month(month),
        )
    sums = queries.sums_of(held)
    free = [(name, granted - spent) for name, granted, spent in sums]
    spent = [(name, spent) for name, _, spent in reversed(sums)]  # what was spent last comes back first
    parts, _ = split(spent if minutes > 0 else free, abs(minutes))
    entries = write(
        held, LedgerKind.CORRECTED, parts, booking=booking, by=by, now=now, reason=reason,
        sign=1 if minutes > 0 else -1,
    )  # fmt: skip
    facts = {"child": child, "month": month, "minutes": minutes, "booking": booking}
    audit.record(by=by, action="hours.correct", subject=held, now=now, facts=facts)
    return entries


def _held_with_its_allowance(child: Child, month: date, now: datetime) -> ChildMonth:
    """The month under its lock, opened by the rules of whoever certifies then where it was not yet."""
    open_month(child.pk, month)
    held = queries.hold_months(child.pk, [month])[month]
    if not held.cap_minutes:
        rule = queries.certifying_policy(child, month, now).hours
        parts = lacking(rule, month, {})
        write(held, LedgerKind.GRANTED, parts, booking=None, by=None, now=now)
        held.refresh_from_db()
    return held

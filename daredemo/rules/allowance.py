"""The hours of a child and month (利用可能枠): buckets, and a ledger to which one only adds.

The balance is what the entries say. It is never negative and never above the cap: an overrun takes what is
left and no more, and a cap lowered below what is spent leaves nothing, not a debt.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daredemo.rules.eligibility import next_month
from daredemo.rules.policy import Bucket, Hours
from daredemo.rules.refusal import Reason, Refused


class Kind(StrEnum):
    """What an entry does to what is left."""

    GRANTED = "granted"  # adds: the allowance of the month
    RESERVED = "reserved"  # takes: a booking
    RETURNED = "returned"  # adds: a booking cancelled in time, units not used, hours waived
    FORFEITED = "forfeited"  # 消費: what was reserved stays spent; moves nothing
    OVERRUN = "overrun"  # takes: picked up late, where the policy consumes
    CORRECTED = "corrected"  # adds, or takes if negative


EFFECT = {
    Kind.GRANTED: 1,
    Kind.RESERVED: -1,
    Kind.RETURNED: 1,
    Kind.FORFEITED: 0,
    Kind.OVERRUN: -1,
    Kind.CORRECTED: 1,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the passbook. Minutes are positive; only a correction may be negative."""

    kind: Kind
    minutes: int
    bucket: str = "national"

    def __post_init__(self) -> None:
        if self.minutes < 0 and self.kind is not Kind.CORRECTED:
            raise ValueError(f"{self.kind} needs minutes of 0 or more, got {self.minutes}")


@dataclass(frozen=True, slots=True)
class Balance:
    """Granted, spent and left, in minutes; `lost` is the part of the spent that was forfeited."""

    granted: int
    spent: int
    lost: int

    @property
    def left(self) -> int:
        """Never negative, even where a cap fell below what is spent."""
        return max(0, self.granted - self.spent)


def balance(entries: Iterable[Entry]) -> Balance:
    """Add up the ledger of one child and month."""
    granted = spent = lost = 0
    for entry in entries:
        moved = EFFECT[entry.kind] * entry.minutes
        granted += moved if entry.kind is Kind.GRANTED else 0
        spent -= moved if entry.kind is not Kind.GRANTED else 0
        lost += entry.minutes if entry.kind is Kind.FORFEITED else 0
    return Balance(granted, max(0, spent), lost)


def minutes_left(cap: int, used: int) -> int:
    """max(0, cap − used). After a move: the cap of the city certifying on the day, minutes used anywhere."""
    return max(0, cap - used)


def open_buckets(
    hours: Hours, month: date, *, at_home: bool = True, one_place: bool = True
) -> tuple[Bucket, ...]:
    """The buckets that count for a use in that month, in the order in which they are spent.

    `at_home`: the facility lies in the certifying city. `one_place`: with this use, the month's whole use
    lies at one facility.
    """
    reachable = {"anywhere": True, "home": at_home, "one_place": one_place}
    return tuple(
        bucket
        for bucket in hours.buckets
        if reachable[bucket.where]
        and (bucket.first_month is None or bucket.first_month <= month)
        and (bucket.last_month is None or month <= bucket.last_month)
    )


def cap(hours: Hours, month: date, *, at_home: bool = True, one_place: bool = True) -> int:
    """The whole allowance of that month: any month with one eligible day has all of it, no pro-rata."""
    return sum(bucket.minutes for bucket in open_buckets(hours, month, at_home=at_home, one_place=one_place))


def spend(
    minutes: int, buckets: Iterable[Bucket], used: Mapping[str, int], month: date
) -> tuple[tuple[str, int], ...]:
    """How a use of counted `minutes` is spread over the buckets, in their order; Refused NO_HOURS_LEFT."""
    buckets = tuple(buckets)
    left = {bucket.name: minutes_left(bucket.minutes, used.get(bucket.name, 0)) for bucket in buckets}
    if minutes > sum(left.values()):
        raise Refused(
            Reason.NO_HOURS_LEFT,
            month=month,
            minutes=minutes,
            left=sum(left.values()),
            cap=sum(bucket.minutes for bucket in buckets),
            next_month=next_month(month),
        )
    parts: list[tuple[str, int]] = []
    for name, available in left.items():
        part = min(minutes, available)
        minutes -= part
        if part:
            parts.append((name, part))
    return tuple(parts)


def overrun_taken(counted: int, left: int, hours: Hours) -> int:
    """How much of an overrun the allowance takes: nothing, or what is left; never below zero."""
    return min(counted, max(0, left)) if hours.overrun_hours == "consume" else 0

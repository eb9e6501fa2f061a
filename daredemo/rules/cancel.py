"""When a use does not happen, three separate questions: hours, fee, benefit (実施に関する手引).

Benefit only where hours are consumed; the facility's cause consumes nothing and costs nothing.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from daredemo.rules.deadline import earliest_call, is_in_time
from daredemo.rules.hours import at_clock, counted_minutes, day_of
from daredemo.rules.policy import Unit
from daredemo.rules.policy_cancelling import Cancelling, EventRule
from daredemo.rules.refusal import Reason, Refused

LateFee = bool | Literal["facility"]


class When(StrEnum):
    """Which row of the table a cancellation falls into."""

    IN_TIME = "in_time"
    LATE = "late"  # after the deadline, before 00:00 of the day
    ON_THE_DAY = "on_the_day"
    NO_SHOW = "no_show"
    NOT_THE_FAMILY = "not_the_family"  # the facility's own cause, or a closure ordered by the city


class Event(StrEnum):
    """What really happens; the names are those of policy_cancelling.Events."""

    SICK_TOLD = "sick_told"
    FEVER_AT_DOOR = "fever_at_door"
    NO_SHOW = "no_show"
    STAFF_MISSING = "staff_missing"
    SENT_HOME_ILL = "sent_home_ill"
    FACILITY_ENDS_EARLY = "facility_ends_early"
    WARNING = "warning"
    BEREAVEMENT = "bereavement"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hours consumed? A fee ('facility': as the facility decides)? May the benefit be claimed?"""

    when: When
    hours: bool
    fee: LateFee
    benefit: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """In minutes: what stays consumed, returns, is charged as use, and may be claimed."""

    consumed: int
    returned: int
    fee_minutes: int
    late_fee: LateFee  # besides: a fee as for a late cancellation
    benefit_minutes: int


def late_fee(cancelling: Cancelling, facility_charges: bool | None = None) -> LateFee:
    """Who decides about the fee of a late cancellation, and how; 'facility' while its rule is unknown."""
    if cancelling.fee_owner == "municipality":
        return cancelling.fee_charged
    return "facility" if facility_charges is None else facility_charges


def outcome(
    *,
    start: datetime,
    at: datetime | None,
    deadline: datetime,
    cancelling: Cancelling,
    not_the_family: bool = False,
    hours_waived: bool = False,
    facility_charges: bool | None = None,
) -> Outcome:
    """What a cancellation at `at` does; None: nobody came and nobody told (連絡のないお休み)."""
    if not_the_family:
        return Outcome(When.NOT_THE_FAMILY, hours=False, fee=False, benefit=False)
    if at is not None and is_in_time(at, deadline):
        return Outcome(When.IN_TIME, hours=False, fee=False, benefit=False)
    fee = late_fee(cancelling, facility_charges)
    if at is not None and at < at_clock(day_of(start), "00:00"):
        hours = cancelling.consumed_before_day and not hours_waived
        return Outcome(When.LATE, hours=hours, fee=fee, benefit=False)
    when = When.NO_SHOW if at is None else When.ON_THE_DAY
    return Outcome(when, hours=not hours_waived, fee=fee, benefit=not hours_waived)


def effect(
    event: Event,
    *,
    start: datetime,
    end: datetime,
    ended_at: datetime | None = None,
    unit: Unit,
    cancelling: Cancelling,
    facility_charges: bool | None = None,
) -> Effect:
    """What really happens on the day, by the policy's table; `ended_at` is when the child left."""
    rule: EventRule = getattr(cancelling.events, event.value)
    booked = counted_minutes(start, end, unit)
    left = start if ended_at is None else min(ended_at, end)
    used = min(booked, counted_minutes(start, left, unit)) if left > start else 0
    span = {"booked": booked, "consumed": booked, "used": used, "waived": 0, "none": 0, "late": 0}
    return Effect(
        consumed=span[rule.hours],
        returned=booked - span[rule.hours],
        fee_minutes=span[rule.fee],
        late_fee=late_fee(cancelling, facility_charges) if rule.fee == "late" else False,
        benefit_minutes=min(span[rule.benefit], span[rule.hours]),
    )


def is_waived_by_warning(
    start: datetime, warned_from: datetime, warned_until: datetime | None, cancelling: Cancelling
) -> bool:
    """A warning (特別警報・暴風警報・避難指示) was in force at some time between 06:00 and the start."""
    watched_from = min(start, at_clock(day_of(start), cancelling.warning_from))
    return warned_from <= start and (warned_until is None or warned_until >= watched_from)


def check_call(
    called_at: datetime, entered_at: datetime, cancelling: Cancelling, closed: Container[date] = ()
) -> None:
    """Staff enter when the family called: not in the future, at most back to the previous business day."""
    if called_at > entered_at:
        raise Refused(Reason.CALL_IN_THE_FUTURE, called_at=called_at, now=entered_at)
    earliest = earliest_call(entered_at, cancelling, closed)
    if called_at < earliest:
        raise Refused(Reason.CALL_TOO_LONG_AGO, called_at=called_at, earliest=earliest)

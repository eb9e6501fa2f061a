"""Times at the door (登園・降園). The booked span counts, not the punches; people decide where a child is."""

from dataclasses import dataclass
from datetime import datetime

from daredemo.rules.hours import MINUTE, day_of, in_japan
from daredemo.rules.policy import Door, Hours
from daredemo.rules.refusal import Reason, Refused


@dataclass(frozen=True, slots=True)
class Overrun:
    """A late pick-up, in minutes: real, and as charged at the facility's price; 0, 0 within the grace."""

    real: int
    charged: int


def door_opens_at(start: datetime, door: Door) -> datetime:
    """From when an arrival counts: 15 minutes before the start."""
    return in_japan(start) - door.arrive_before * MINUTE


def check_arrival(now: datetime, start: datetime, end: datetime, door: Door, *, facility: str = "") -> None:
    """A child may come from the opening of the door to the booked end, on the day of its booking."""
    if day_of(now) != day_of(start):
        raise Refused(Reason.NOT_TODAY_HERE, facility=facility, start=start)
    opens = door_opens_at(start, door)
    if now < opens:
        raise Refused(Reason.TOO_EARLY_TO_CHECK_IN, start=start, opens_at=opens)
    if now >= end:
        raise Refused(Reason.TOO_LATE_TO_CHECK_IN, end=end)


def check_departure(arrived_at: datetime | None, left_at: datetime | None, now: datetime) -> None:
    """A child leaves once, after it came."""
    if arrived_at is None:
        raise Refused(Reason.NOT_CHECKED_IN)
    if left_at is not None:
        raise Refused(Reason.ALREADY_CHECKED_OUT, at=left_at)
    check_times(arrived_at, now)


def check_times(arrived_at: datetime, left_at: datetime) -> None:
    """A corrected pair of times: leaving after coming, on the same day."""
    if left_at < arrived_at or day_of(left_at) != day_of(arrived_at):
        raise Refused(Reason.TIMES_BACKWARDS, arrived=arrived_at, left=left_at)


def overrun(booked_end: datetime, left_at: datetime, hours: Hours, *, prolonged: bool = False) -> Overrun:
    """How late a pick-up was. 9 to 11 booked, left 11:04 with a grace of 10 → none.

    `prolonged`: the child went on to 一時預かり at the same place, which is a check-out at the booked end.
    """
    late = in_japan(left_at) - in_japan(booked_end)
    if prolonged or late <= hours.grace_minutes * MINUTE:
        return Overrun(0, 0)
    real = -(-late // MINUTE)
    return Overrun(real, -(-real // hours.overrun_step) * hours.overrun_step)


LATE_STEPS = (15, 30, 60)  # minutes; whoever is later than that phones


def expected_late(planned: datetime, minutes: int, now: datetime) -> datetime | None:
    """When a family that is late is expected: one of `LATE_STEPS` after what was planned; None for 0."""
    if minutes == 0:
        return None
    if minutes not in LATE_STEPS:
        raise ValueError(f"no step of being late: {minutes}")
    expected = in_japan(planned) + minutes * MINUTE
    if expected <= now:
        raise Refused(Reason.IN_THE_PAST, start=expected, now=now)
    return expected


def late_steps(planned: datetime, now: datetime, *, before: datetime | None = None) -> list[int]:
    """Those that can still be told: ahead of now, and `before` a time if one is given."""
    times = {minutes: in_japan(planned) + minutes * MINUTE for minutes in LATE_STEPS}
    return [step for step, time in times.items() if now < time and (before is None or time < before)]


def no_show_proposed_at(start: datetime, end: datetime, door: Door) -> datetime:
    """When a sweep proposes 「連絡のないお休み」; a person confirms. Never after the booked end."""
    return min(in_japan(start) + door.no_show_after * MINUTE, end)


def check_no_show(now: datetime, start: datetime, end: datetime, door: Door) -> None:
    """Too early to speak of a no-show?"""
    possible = no_show_proposed_at(start, end, door)
    if now < possible:
        raise Refused(Reason.TOO_EARLY_FOR_NO_SHOW, possible_at=possible)


def forgotten_from(booked_end: datetime, door: Door) -> datetime:
    """When a sweep proposes a forgotten check-out; without a person's word the child stays here."""
    return in_japan(booked_end) + door.forgotten_after * MINUTE

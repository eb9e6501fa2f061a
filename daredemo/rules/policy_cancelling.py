"""The part of a policy that speaks of cancelling: until when it is free, and what happens afterwards."""

import re
from dataclasses import dataclass
from typing import ClassVar, Literal

from daredemo.rules.plain import CLOCK, need


@dataclass(frozen=True, slots=True)
class DaysBefore:
    """`n` (business) days before the day of use, at a wall-clock time, inclusive. `n=0` is the day itself."""

    KIND: ClassVar[str] = "days_before"
    n: int
    business: bool
    at: str  # '12:00'; '24:00' is the end of that day

    def __post_init__(self) -> None:
        need(0 <= self.n <= 60, "n", f"needs 0 to 60 days, got {self.n}")
        need(bool(CLOCK.fullmatch(self.at)), "at", f"needs a time such as 12:00, got {self.at!r}")


@dataclass(frozen=True, slots=True)
class HoursBefore:
    """`n` hours before the start, inclusive."""

    KIND: ClassVar[str] = "hours_before"
    n: int

    def __post_init__(self) -> None:
        need(0 <= self.n <= 24 * 60, "n", f"needs 0 to 1440 hours, got {self.n}")


@dataclass(frozen=True, slots=True)
class FromBooking:
    """From the moment of booking on, a cancellation is late (大村市)."""

    KIND: ClassVar[str] = "from_booking"


Deadline = DaysBefore | HoursBefore | FromBooking


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """Which days besides weekends, holidays and known closures are no business days."""

    saturday: bool
    new_year_from: str = "12-29"
    new_year_until: str = "01-03"

    def __post_init__(self) -> None:
        for name in ("new_year_from", "new_year_until"):
            value = getattr(self, name)
            need(bool(re.fullmatch(r"[01]\d-[0-3]\d", value)), name, f"needs MM-DD, got {value!r}")


@dataclass(frozen=True, slots=True)
class EventRule:
    """What becomes of hours, fee and benefit when a use does not go as booked."""

    # consumed: all of it · used: what was not used returns · waived: nothing is consumed
    hours: Literal["consumed", "used", "waived"]
    # late: as for a late cancellation (the owner's rule) · booked, used: that span · none: nothing
    fee: Literal["late", "booked", "used", "none"]
    benefit: Literal["booked", "used", "none"]

    def __post_init__(self) -> None:
        # Benefit only where hours are consumed (実施に関する手引).
        need(self.hours != "waived" or self.benefit == "none", "benefit", "no benefit where hours are waived")
        need(self.hours != "used" or self.benefit != "booked", "benefit", "no benefit for hours that return")


@dataclass(frozen=True, slots=True)
class Events:
    """What really happens on the day."""

    sick_told: EventRule
    fever_at_door: EventRule
    no_show: EventRule
    staff_missing: EventRule
    sent_home_ill: EventRule
    facility_ends_early: EventRule
    warning: EventRule  # 特別警報・暴風警報・避難指示
    bereavement: EventRule


@dataclass(frozen=True, slots=True)
class Cancelling:
    """Until when cancelling is free, and what happens afterwards: three separate questions."""

    deadline: Deadline
    business_days: BusinessDays
    consumed_before_day: bool  # after the deadline but before 00:00 of the day
    fee_owner: Literal["facility", "municipality"]
    fee_charged: bool  # read only where the municipality owns the rule
    undo_minutes: int
    warning_from: str  # a warning in force between this time and the start waives the use
    events: Events

    def __post_init__(self) -> None:
        need(0 <= self.undo_minutes <= 60, "undo_minutes", f"needs 0 to 60, got {self.undo_minutes}")
        need(bool(CLOCK.fullmatch(self.warning_from)), "warning_from", f"got {self.warning_from!r}")

"""The part of a policy about the waiting list (空き待ち): how long a freed place is kept for a family."""

from dataclasses import dataclass
from typing import ClassVar

from daredemo.rules.plain import CLOCK, minutes_of, need


@dataclass(frozen=True, slots=True)
class Hold:
    """So many minutes to answer where the start is so many hours ahead or (`beyond`) more than so many."""

    hours_ahead: int
    minutes: int
    beyond: bool = True

    def __post_init__(self) -> None:
        need(self.hours_ahead >= 0, "hours_ahead", f"needs 0 or more, got {self.hours_ahead}")
        need(1 <= self.minutes <= 7 * 24 * 60, "minutes", f"needs 1 to 10080, got {self.minutes}")


@dataclass(frozen=True, slots=True)
class WaitingList:
    """No text speaks of a waiting list: every value is our reading [I]."""

    # The longest distance first. Nearer than the last of them nothing is offered.
    DEFAULT: ClassVar[tuple[Hold, ...]] = (Hold(72, 720), Hold(24, 120), Hold(3, 30, beyond=False))
    holds: tuple[Hold, ...] = DEFAULT
    # The clock of an offer stands still at night, and nobody is woken.
    quiet_from: str = "21:00"
    quiet_until: str = "07:00"
    # A family is told roughly how many are before it: up to the third, up to the tenth, or more.
    bands: tuple[int, ...] = (3, 10)

    def __post_init__(self) -> None:
        need(bool(self.holds), "holds", "needs at least one")
        distances = [hold.hours_ahead for hold in self.holds]
        need(distances == sorted(set(distances), reverse=True), "holds", "needs the longest distance first")
        for name in ("quiet_from", "quiet_until"):
            value = getattr(self, name)
            need(bool(CLOCK.fullmatch(value)), name, f"needs a time such as 21:00, got {value!r}")
        awake = minutes_of(self.quiet_until) < minutes_of(self.quiet_from)
        need(awake, "quiet_until", "needs to lie before quiet_from: the night is quiet, not the day")
        need(list(self.bands) == sorted(set(self.bands)), "bands", "needs growing numbers")
        need(min(self.bands, default=1) >= 1, "bands", "needs 1 or more")

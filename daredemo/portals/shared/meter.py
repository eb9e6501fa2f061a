"""The hours of one child's month as countable cells: used, booked, this time, left."""

from dataclasses import dataclass
from itertools import chain, repeat

HALF = 30


@dataclass(frozen=True, slots=True)
class Meter:
    """Minutes of one month; `cells` are hours, each with the state of its two halves ("" is free)."""

    cap: int
    used: int = 0
    booked: int = 0
    wish: int = 0

    @property
    def left(self) -> int:
        """Minutes left before this wish."""
        return max(self.cap - self.used - self.booked, 0)

    @property
    def after(self) -> int:
        """Minutes left when this wish is granted."""
        return max(self.left - self.wish, 0)

    @property
    def cells(self) -> list[tuple[str, str]]:
        """One pair of states per hour; half an hour at the end of an odd cap is left out of the last cell."""
        states = chain(
            repeat("u", -(-self.used // HALF)),
            repeat("b", -(-self.booked // HALF)),
            repeat("n", -(-self.wish // HALF)),
            repeat(""),
        )
        halves = [next(states) for _ in range(-(-self.cap // HALF))]
        if len(halves) % 2:
            halves.append(halves[-1])
        return list(zip(halves[::2], halves[1::2], strict=True))

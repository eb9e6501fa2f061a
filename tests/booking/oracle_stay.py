"""One booking of the plain model, as a family would tell of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

DAY, UNDO, HALF = timedelta(days=1), timedelta(minutes=10), timedelta(minutes=30)


@dataclass
class Stay:
    child: int
    place: int
    starts: datetime
    minutes: int
    status: str
    made: datetime
    deadline: datetime
    expires: datetime | None = None
    cancelled: datetime | None = None
    consumed: bool | None = None
    released: bool = False
    begun: bool = False
    settled: bool = False
    given_back: int = 0  # by settling
    moved: bool = False  # it took the place of another

    @property
    def day(self) -> date:
        return self.starts.date()

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(minutes=self.minutes)

    @property
    def stands(self) -> bool:
        return self.status in ("requested", "booked")

    @property
    def holds(self) -> bool:
        """It keeps place and hours."""
        return self.stands or self.waits

    @property
    def waits(self) -> bool:
        """Cancelled, but it may still be taken back."""
        return self.status == "cancelled" and not self.released

    @property
    def halves(self) -> list[datetime]:
        return [self.starts + HALF * n for n in range(self.minutes // 30)]

    def overlaps(self, other: "Stay") -> bool:
        return self.starts < other.ends and other.starts < self.ends

    @property
    def undo_until(self) -> datetime:
        assert self.cancelled
        return min(self.cancelled + UNDO, self.starts)


def must_be(one: Stay, *expected: str) -> set[str]:
    if one.status in expected:
        return set()
    return {"already_cancelled" if one.status == "cancelled" else "status_moved"}

"""What differs between municipalities, as data with dates: one frozen `Policy` per municipality and day.

Every number here comes from a preset or a row, where its source stands beside it; the classes only say
what there is to decide and refuse what cannot be. Durations are minutes, money is yen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from daredemo.rules import plain
from daredemo.rules.plain import CLOCK, need
from daredemo.rules.policy_cancelling import Cancelling
from daredemo.rules.policy_waiting import WaitingList


@dataclass(frozen=True, slots=True)
class Unit:
    """The shortest use and the step by which it grows, in minutes: 掛川 (60, 60), 国・三原 (60, 30)."""

    minimum: int
    step: int

    def __post_init__(self) -> None:
        need(1 <= self.minimum <= 24 * 60, "minimum", f"needs 1 to 1440 minutes, got {self.minimum}")
        need(1 <= self.step <= 24 * 60, "step", f"needs 1 to 1440 minutes, got {self.step}")


@dataclass(frozen=True, slots=True)
class Bucket:
    """Minutes a month of one kind (国の10時間, a city's own top-up), and where and when they count."""

    name: str
    minutes: int
    # home: only in the certifying city · one_place: only while the month's use lies at one facility (大田区)
    where: Literal["anywhere", "home", "one_place"] = "anywhere"
    first_month: date | None = None
    last_month: date | None = None

    def __post_init__(self) -> None:
        need(bool(self.name), "name", "is empty")
        need(0 <= self.minutes <= 31 * 24 * 60, "minutes", f"needs 0 to 44640 minutes, got {self.minutes}")
        for name in ("first_month", "last_month"):
            month = getattr(self, name)
            need(month is None or month.day == 1, name, f"needs the first day of a month, got {month}")


@dataclass(frozen=True, slots=True)
class Opening:
    """From which day each step of the road is open; None: not announced."""

    applications_from: date | None = None
    certificates_from: date | None = None
    facilities_public_from: date | None = None
    interviews_from: date | None = None
    use_from: date | None = None


@dataclass(frozen=True, slots=True)
class Ages:
    """Who may use it, and how long a certificate lasts."""

    first_day_rule: Literal["eve", "anniversary"]
    certificate_from: Literal["decision", "application", "next_month"]
    certificate_until: Literal["last_day", "fiscal_year"]
    enrolments_refused: tuple[str, ...]  # values of eligibility.Enrolment


@dataclass(frozen=True, slots=True)
class Hours:
    """How long, and what counts."""

    unit: Unit
    start_grid: int  # a use starts on a multiple of so many minutes after the full hour
    buckets: tuple[Bucket, ...]  # in the order in which they are spent
    over_allowance: Literal["refused", "facility_price"]
    grace_minutes: int  # a pick-up so much later than the booked end is no overrun
    overrun_hours: Literal["none", "consume"]
    overrun_step: int  # an overrun is charged by so many minutes; 1 is to the real time (鴻巣市)
    daily_minutes: int | None = None

    def __post_init__(self) -> None:
        need(self.start_grid in (5, 10, 15, 20, 30, 60), "start_grid", f"got {self.start_grid}")
        need(len({bucket.name for bucket in self.buckets}) == len(self.buckets), "buckets", "a name twice")
        need(bool(self.buckets), "buckets", "needs at least one")
        need(self.daily_minutes is None or self.daily_minutes > 0, "daily_minutes", "needs more than 0")
        need(0 <= self.grace_minutes <= 120, "grace_minutes", f"needs 0 to 120, got {self.grace_minutes}")
        need(1 <= self.overrun_step <= 60, "overrun_step", f"needs 1 to 60, got {self.overrun_step}")


@dataclass(frozen=True, slots=True)
class Window:
    """From when until when a place can be booked: a municipality's default, and what a facility sets.

    It opens once a month, or so many days before each day; it closes hours before the start, or on an
    earlier day at a time.
    """

    opens_day: int  # of the month before the month of use …
    opens_at: str
    months_ahead: int
    closes_hours_before: int
    residents_first_days: int
    request_business_days: int  # 承認制: a request expires after so many business days
    opens_days_before: int | None = None  # instead of the day of a month: before each day of use, at opens_at
    closes_days_before: int | None = None  # instead of hours: so many days before, at closes_at
    closes_at: str = "24:00"

    def __post_init__(self) -> None:
        need(1 <= self.opens_day <= 28, "opens_day", f"needs 1 to 28, got {self.opens_day}")
        for name in ("opens_at", "closes_at"):
            need(bool(CLOCK.fullmatch(getattr(self, name))), name, f"got {getattr(self, name)!r}")
        need(0 <= self.months_ahead <= 12, "months_ahead", f"needs 0 to 12, got {self.months_ahead}")
        need(self.closes_hours_before >= 0, "closes_hours_before", "needs 0 or more")
        need(self.residents_first_days >= 0, "residents_first_days", "needs 0 or more")
        need(self.request_business_days >= 1, "request_business_days", "needs 1 or more")
        for name in ("opens_days_before", "closes_days_before"):
            days = getattr(self, name)
            need(days is None or 0 <= days <= 365, name, f"needs 0 to 365 days, got {days}")


@dataclass(frozen=True, slots=True)
class Door:
    """The times at the door, in minutes."""

    arrive_before: int  # a scan counts from so long before the start
    no_show_after: int  # a no-show is proposed so long after the start
    forgotten_after: int  # a forgotten check-out is proposed so long after the booked end


@dataclass(frozen=True, slots=True)
class Reductions:
    """Amount off per hour (yen) by class, where a facility offers reductions."""

    welfare: int  # 生活保護
    untaxed: int  # 市町村民税非課税
    low_income: int  # 所得割 77,101円未満
    support: int  # 要支援等


@dataclass(frozen=True, slots=True)
class Money:
    """What the municipality says about fees and prices."""

    standard_fee: int  # yen per hour; a facility sets its own
    reductions: Reductions
    price_age_on: Literal["day_of_use", "april_first"]


@dataclass(frozen=True, slots=True)
class Standard:
    """設備と職員の基準: ratios and areas, by age."""

    children_per_staff: tuple[int, ...]  # for ages 0, 1, 2
    qualified_percent: int  # 保育士 among the staff that the ratio asks for
    minimum_staff: int
    area_cm2: tuple[int, ...]  # per child at ages 0, 1, 2

    def __post_init__(self) -> None:
        for name in ("children_per_staff", "area_cm2"):
            value = getattr(self, name)
            need(len(value) == 3 and min(value) > 0, name, f"needs a number for ages 0, 1, 2, got {value}")
        need(max(self.children_per_staff) <= 30, "children_per_staff", "needs 30 or less")
        need(0 <= self.qualified_percent <= 100, "qualified_percent", "needs 0 to 100")
        need(self.minimum_staff >= 1, "minimum_staff", "needs 1 or more")


@dataclass(frozen=True, slots=True)
class Places(Standard):
    """What holds for 一般型; `host` is the nursery's own standard, which holds for 余裕活用型."""

    host: Standard | None = None  # None: the same


@dataclass(frozen=True, slots=True)
class Interviews:
    """How long an interview holds."""

    new_after_months: int  # after so many months without use a new one is offered


@dataclass(frozen=True, slots=True)
class Decisions:
    """The clock of an application."""

    link_hours: int
    decide_within_days: int
    remind_at_day: int
    undo_minutes: int

    def __post_init__(self) -> None:
        need(self.link_hours >= 1, "link_hours", "needs 1 or more")
        need(self.remind_at_day <= self.decide_within_days, "remind_at_day", "lies after the last day")


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the rules are written, in words for a support desk, with the mark how sure they are."""

    ages: str
    hours: str
    deadline: str
    cancelling: str
    money: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one municipality from one day on."""

    code: str  # 団体コード with its check digit; '000000' is the national standard
    name: str
    in_force_from: date
    opening: Opening
    ages: Ages
    hours: Hours
    cancelling: Cancelling
    window: Window
    door: Door
    money: Money
    places: Places
    interviews: Interviews
    decisions: Decisions
    sources: Sources
    note: str = field(default="")
    waiting: WaitingList = field(default=WaitingList())

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> "Policy":
        """Raises PolicyError naming the setting that is missing, unknown or impossible."""
        return plain.read(cls, given)

    def to_dict(self) -> dict[str, Any]:
        """Plain values fit for JSON; `Policy.from_dict(policy.to_dict()) == policy`."""
        return dict(plain.plain(self))


def version_on(versions: Iterable[Policy], day: date) -> Policy | None:
    """The version in force on that day: the latest that began by then; None before the first."""
    begun = [policy for policy in versions if policy.in_force_from <= day]
    return max(begun, key=lambda policy: policy.in_force_from, default=None)


def ends_on(versions: Iterable[Policy], policy: Policy) -> date | None:
    """The last day of a version: the eve of the next one; None while it is open."""
    later = [other.in_force_from for other in versions if other.in_force_from > policy.in_force_from]
    return min(later) - timedelta(days=1) if later else None

"""The one decision about a booking, for every door: a wish and the facts read under the locks → terms.

Nothing is read here and nothing is written. Where lengths and the grid differ, the facility's municipality
(`here`) says what is offered and the child's (`home`) what it counts; hours follow home, fees follow here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from daredemo.rules import allowance, deadline, eligibility, fee, hours, places, window
from daredemo.rules.age import age_group
from daredemo.rules.calendar import business_days_after
from daredemo.rules.policy import Policy, Unit
from daredemo.rules.refusal import Reason, Refused
from daredemo.rules.words import span_words

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Wish:
    """When a family wants to come: [start, end)."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """The child on that day. `interview` is accepted, declined, pending or missing at this facility."""

    born: date
    certificate: eligibility.Certificate | None
    interview: str
    enrolments: tuple[eligibility.Spell, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """The facility on that day."""

    name: str
    opens: datetime | None  # None: this day is not open for booking
    closes: datetime | None
    is_closed: bool = False  # 休園日
    shut: tuple[Span, ...] = ()  # hours of a day that is open otherwise
    is_listed: bool = True
    ages: tuple[int, ...] = (0, 1, 2)
    by_class: bool = False  # 余裕活用型: a child takes the place of its class
    sessions: tuple[Span, ...] = ()  # the only uses it offers that day; empty: any length
    full_at: tuple[datetime, ...] = ()  # half hours of the wish without a place for this age
    free_lengths: tuple[int, ...] = ()  # minutes that would fit from the wished start
    closed: frozenset[date] = frozenset()  # closed days known now, the municipality's and its own
    tariff: int | None = None  # yen per hour, as of now
    tariff_on_day: int | None = None
    off_per_hour: int = 0
    extras: tuple[fee.Extra, ...] = ()


@dataclass(frozen=True, slots=True)
class Spent:
    """What the child has booked: minutes by bucket that month, minutes that day, its own spans."""

    month: Mapping[str, int]
    day: int = 0
    spans: tuple[Span, ...] = ()
    at_home: bool = True
    one_place: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """All that decides."""

    now: datetime
    home: Policy
    here: Policy
    person: Person
    place: Place
    spent: Spent
    by_staff: bool = False  # 当日受付 and bookings by phone do not wait for the window
    is_offered: bool = (
        False  # 空き待ち: a place that becomes free is offered after the window has closed, too
    )


@dataclass(frozen=True, slots=True)
class Terms:
    """What the family agrees to."""

    month: date
    minutes: int  # counted, from the allowance
    buckets: tuple[tuple[str, int], ...]
    left_after: int
    age: int  # by which it takes a place
    hours_free_until: datetime  # by the rule of the child's municipality
    fee_free_until: datetime  # by the rule of the facility's
    made_late: bool  # after its own deadline: say so before it is made
    counts_more: bool  # 広域: counts more than its length
    bill: fee.Bill

    @property
    def free_until(self) -> datetime:
        """The earlier of both deadlines, which the reminder speaks of."""
        return min(self.hours_free_until, self.fee_free_until)


def check(wish: Wish, facts: Facts) -> Terms:
    """Decide a booking: Terms, or Refused with the first reason on the family's way."""
    return _terms(wish, facts, *allow(wish, facts))


def allow(wish: Wish, facts: Facts) -> tuple[int, tuple[tuple[str, int], ...], int]:
    """The decision without its terms: minutes that count, the buckets they come from, what is left."""
    check_span(wish, facts.now)
    check_person(wish, facts)
    check_length(wish.start, wish.end, facts.here.hours.unit, facts.here.hours.start_grid)
    check_place(wish, facts)
    if not facts.by_staff:
        check_session(wish, facts.place.sessions)
        window.check(
            wish.start,
            facts.now,
            facts.here.window,
            resident=facts.spent.at_home,
            may_be_late=facts.is_offered,
        )
    check_own(wish, facts.spent.spans)
    minutes = hours.counted_minutes(wish.start, wish.end, facts.home.hours.unit)
    buckets, left = check_hours(wish, minutes, facts)
    if facts.place.full_at:
        raise Refused(
            Reason.NO_PLACE,
            start=wish.start,
            end=wish.end,
            full_at=facts.place.full_at,
            free_lengths=facts.place.free_lengths,
        )
    return minutes, buckets, left


def check_span(wish: Wish, now: datetime) -> None:
    """Forwards, within one day, not begun."""
    if wish.end <= wish.start:
        raise Refused(Reason.WISH_BACKWARDS, start=wish.start, end=wish.end)
    if wish.end > hours.at_clock(hours.day_of(wish.start), "24:00"):
        raise Refused(Reason.NOT_ONE_DAY, start=wish.start, end=wish.end)
    if wish.start <= now:
        raise Refused(Reason.IN_THE_PAST, start=wish.start, now=now)


def check_person(wish: Wish, facts: Facts) -> None:
    """Age, enrolment, certificate on the day of use; then the interview at this facility."""
    day, person = hours.day_of(wish.start), facts.person
    eligibility.check_age(person.born, day, facts.home.ages)
    eligibility.check_enrolment(person.enrolments, day, facts.home.ages)
    eligibility.check_certificate(person.certificate, day)
    check_interview(person.interview, facts.place.name)


def check_interview(interview: str, facility: str) -> None:
    """Only where the interview ended well."""
    reasons = {"pending": Reason.INTERVIEW_PENDING, "declined": Reason.INTERVIEW_DECLINED}
    if interview != "accepted":
        raise Refused(reasons.get(interview, Reason.INTERVIEW_MISSING), facility=facility)


def check_length(start: datetime, end: datetime, unit: Unit, grid: int) -> None:
    """A start on the grid and a length that is offered: whole hours in a city that counts by the hour."""
    if not hours.is_on_grid(start, grid):
        earlier, later = hours.nearest_starts(start, grid)
        raise Refused(Reason.OFF_THE_GRID, start=start, grid_minutes=grid, earlier=earlier, later=later)
    minutes = hours.span_minutes(start, end)
    if minutes < unit.minimum:
        raise Refused(Reason.TOO_SHORT, minutes=minutes, minimum=unit.minimum)
    if not hours.is_offered(minutes, unit):
        shorter, longer = hours.nearest_lengths(minutes, unit)
        raise Refused(Reason.NOT_WHOLE_HOURS, minutes=minutes, shorter=shorter, longer=longer)


def check_session(wish: Wish, sessions: Iterable[Span]) -> None:
    """Where a facility offers fixed sessions (決まった時間), a use is one of them."""
    offered = tuple(sessions)
    if offered and (wish.start, wish.end) not in offered:
        day = hours.day_of(wish.start)
        raise Refused(Reason.NOT_A_SESSION, day=day, sessions=tuple(span_words(*one) for one in offered))


def check_place(wish: Wish, facts: Facts) -> None:
    """The facility takes children of this age at that time."""
    day, place = hours.day_of(wish.start), facts.place
    use_from = facts.here.opening.use_from
    if use_from is not None and day < use_from:
        raise Refused(Reason.USE_NOT_BEGUN, opens_on=use_from)
    if not place.is_listed:
        raise Refused(Reason.FACILITY_NOT_LISTED)
    if place.is_closed:
        raise Refused(Reason.FACILITY_CLOSED, day=day)
    for start, end in place.shut:
        if start < wish.end and wish.start < end:
            raise Refused(Reason.HOURS_CLOSED, start=start, end=end)
    if place.opens is None or place.closes is None:
        raise Refused(Reason.DAY_NOT_OPEN, day=day)
    if wish.start < place.opens or wish.end > place.closes:
        raise Refused(
            Reason.OUTSIDE_HOURS, start=wish.start, end=wish.end, opens=place.opens, closes=place.closes
        )
    age = age_group(facts.person.born, day)
    if age not in place.ages:
        raise Refused(Reason.AGE_NOT_TAKEN, day=day, age=age, ages=place.ages)
    if place.tariff is None:
        raise Refused(Reason.PRICE_MISSING, day=day)


def check_own(wish: Wish, spans: Iterable[Span]) -> None:
    """One child, one place at a time; spans that only touch do not overlap."""
    for start, end in spans:
        if start < wish.end and wish.start < end:
            raise Refused(Reason.OVERLAPS_OWN_BOOKING, start=start, end=end)


def check_hours(wish: Wish, minutes: int, facts: Facts) -> tuple[tuple[tuple[str, int], ...], int]:
    """The buckets a use is spent from, and the minutes left afterwards."""
    rule, spent = facts.home.hours, facts.spent
    limit = rule.daily_minutes
    if limit is not None and spent.day + minutes > limit:
        left = max(0, limit - spent.day)
        raise Refused(
            Reason.DAILY_LIMIT, day=hours.day_of(wish.start), minutes=minutes, left=left, limit=limit
        )
    month = hours.month_of(wish.start)
    buckets = allowance.open_buckets(rule, month, at_home=spent.at_home, one_place=spent.one_place)
    parts = allowance.spend(minutes, buckets, spent.month, month)
    left = sum(allowance.minutes_left(bucket.minutes, spent.month.get(bucket.name, 0)) for bucket in buckets)
    return parts, left - minutes


def request_expires_at(wish: Wish, terms: Terms, facts: Facts) -> datetime:
    """承認制: a request expires after two business days, at the free deadline or at the start: the first."""
    rule, cancelling = facts.here.window, facts.here.cancelling
    last = business_days_after(
        hours.day_of(facts.now), rule.request_business_days, cancelling.business_days, facts.place.closed
    )
    # Made after the free deadline there is none to wait for.
    bound = wish.start if terms.made_late else terms.free_until
    return min(hours.at_clock(last, "24:00"), bound)


def _terms(wish: Wish, facts: Facts, minutes: int, buckets: tuple[tuple[str, int], ...], left: int) -> Terms:
    day, place = hours.day_of(wish.start), facts.place
    by_home, by_here = (
        deadline.free_until(wish.start, policy.cancelling, place.closed, facts.now)
        for policy in (facts.home, facts.here)
    )
    # The facility's tariff is by the hour it offers; a booking that counts more at home is not dearer.
    length = hours.counted_minutes(wish.start, wish.end, facts.here.hours.unit)
    return Terms(
        month=hours.month_of(wish.start),
        minutes=minutes,
        buckets=buckets,
        left_after=left,
        age=places.group(facts.person.born, day, by_class=place.by_class),
        hours_free_until=by_home,
        fee_free_until=by_here,
        made_late=deadline.is_made_late(facts.now, min(by_home, by_here)),
        counts_more=minutes > length,
        bill=fee.bill(
            minutes=length,
            tariff_booked=place.tariff or 0,
            tariff_on_day=place.tariff_on_day,
            off_per_hour=place.off_per_hour,
            extras=place.extras,
        ),
    )

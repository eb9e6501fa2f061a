"""What decides about a child at a facility, as plain facts for the law; `reading` fills it."""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from daredemo.booking import cells
from daredemo.booking.models import HOLDING, Booking, BookingStatus, ChildMonth, LedgerKind, Offer, OpenedDay
from daredemo.certification.models import Certificate, ReductionClass
from daredemo.facilities import queries as facilities
from daredemo.facilities.models import Extra, Facility, Tariff
from daredemo.families.models import Child
from daredemo.municipalities import queries as municipalities
from daredemo.rules import booking as rules
from daredemo.rules import eligibility, fee, hours, places
from daredemo.rules.age import age_group, months_old
from daredemo.rules.policy import Policy


class Line(NamedTuple):
    """What an entry of the ledger says: minutes added to (or taken from) a bucket, for which booking."""

    bucket: str
    kind: str
    effect: int
    booking: str | None  # its id


@dataclass(frozen=True)
class Counted:
    """What changes with every booking: read again under the locks. `bookings` are the child's own."""

    days: Mapping[date, OpenedDay]
    months: Mapping[date, ChildMonth]
    lines: Mapping[date, tuple[Line, ...]]  # of each month
    bookings: tuple[Booking, ...]
    shut: Mapping[date, tuple[rules.Span, ...]] = field(default_factory=dict)  # closed hours of open days
    read: tuple[Any, ...] = field(default=(), compare=False, repr=False)  # the rows as they came

    @property
    def waiting(self) -> tuple[Booking, ...]:
        """Cancelled, but still holding place and hours until undo has ended."""
        return tuple(booking for booking in self.bookings if booking.status == BookingStatus.CANCELLED)

    def granted(self, month: date) -> dict[str, int]:
        """Minutes a month was given, by bucket."""
        return _sums(line for line in self.lines.get(month, ()) if line.kind == LedgerKind.GRANTED)

    def spent(self, month: date) -> dict[str, int]:
        """Minutes spent by bucket, without what a cancellation is about to give back."""
        back = {str(one.pk) for one in self.waiting if not one.hours_consumed}
        lines = (line for line in self.lines.get(month, ()) if line.kind != LedgerKind.GRANTED)
        return {name: -sum_ for name, sum_ in _sums(one for one in lines if one.booking not in back).items()}


def _sums(lines: Iterable[Line]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.bucket] = sums.get(line.bucket, 0) + line.effect
    return sums


@dataclass(frozen=True)
class Situation:
    """A child at a facility between two dates, as of now."""

    child: Child
    facility: Facility
    now: datetime
    certificates: tuple[Certificate, ...]
    interview: str
    versions: Mapping[str, UUID]  # 団体コード → the policy version in force; without one, 国の標準
    here: Policy  # the rules of the facility's municipality, with its opening date and the facility's window
    closures: frozenset[date]
    closed: frozenset[date]
    tariffs: tuple[Tariff, ...]
    extras: tuple[Extra, ...]
    earlier: tuple[Booking, ...]  # what the same request made before
    counted: Counted
    kept: Offer | None = None  # a place of the waiting list that is kept for this child
    is_offered: bool = False  # asked for the waiting list: the end of the window does not bind
    _places: dict[date, list[int]] = field(default_factory=dict, init=False, compare=False, repr=False)

    def after(self, made: Booking, buckets: Iterable[tuple[str, int]], *, was_there: bool) -> "Situation":
        """As it is once this booking stands too: a place less, and hours less if it is this child's own.

        `was_there`: the day counts its child already.
        """
        day, age = copy(self.counted.days[made.date]), made.age_group
        taken = list(cells.booked(day)[age])
        for cell in cells.cells_of(made.starts_at, made.ends_at):
            taken[cell] += 1
        setattr(day, f"booked_{age}", taken)
        day.day_booked += not was_there
        day.free = [cells.bits(cells.free(day, group)) for group in range(len(day.free))]
        counted = replace(self.counted, days={**self.counted.days, made.date: day})
        if made.child_id == self.child.pk:
            month = made.date.replace(day=1)
            spent = (Line(name, LedgerKind.RESERVED, -minutes, str(made.pk)) for name, minutes in buckets)
            lines = {**counted.lines, month: (*counted.lines.get(month, ()), *spent)}
            counted = replace(counted, lines=lines, bookings=(*counted.bookings, made))
        return replace(self, counted=counted)

    def without(self, booking: UUID | None) -> "Situation":
        """As if that booking were about to give back its place and hours, as a change of time does."""
        if booking is None:
            return self
        bookings = tuple(copy(one) for one in self.counted.bookings)
        for one in bookings:
            if one.pk == booking:
                one.status, one.hours_consumed = BookingStatus.CANCELLED, False
        return replace(self, counted=replace(self.counted, bookings=bookings))

    def certificate_on(self, day: date) -> Certificate | None:
        """The one that is good for the day, else the latest: a refusal says from when until when."""
        valid = [one for one in self.certificates if one.valid_from <= day <= _last_day(one)]
        return valid[-1] if valid else next(reversed(self.certificates), None)

    def home_code(self, day: date) -> str:
        """The municipality whose hours are spent."""
        certificate = self.certificate_on(day)
        return certificate.municipality_id if certificate else self.facility.municipality_id

    def home(self, day: date) -> Policy:
        """The rules of that municipality."""
        return policy(self.versions, self.home_code(day), self.now)

    def is_there(self, day: date) -> bool:
        """Whether the day counts this child already; not by what it gives back where too many are booked."""
        opened = self.counted.days[day]
        own = [one for one in self.counted.bookings if one.day_id == opened.pk]
        stays = any(one.status in HOLDING for one in own) or self.kept is not None
        return stays or (bool(own) and not cells.is_over(opened))

    def free(self, day: date) -> list[int]:
        """Places per half hour for the child's age; one it gave back, or kept for it, counts as free."""
        if day not in self._places:
            self._places[day] = self._free(day)
        return self._places[day]

    def _free(self, day: date) -> list[int]:
        opened = self.counted.days.get(day)
        if opened is None or opened.closed_at is not None:
            return [0] * 48
        group = places.group(self.child.born, day, by_class=self.facility.by_class)
        free = cells.free(opened, group, is_there=self.is_there(day))
        own: list[Booking | Offer] = [self.kept] if self.kept else []
        # Where more is booked than lawful, what comes free is not given again; what was promised stands.
        own += self.counted.waiting if not cells.is_over(opened) else ()
        for given_back in own:
            if given_back.day_id == opened.pk:
                for cell in cells.cells_of(given_back.starts_at, given_back.ends_at):
                    free[cell] += 1
        return free

    def place(self, wish: rules.Wish) -> rules.Place:
        day = hours.day_of(wish.start)
        opened = self.counted.days.get(day)
        offered = [n for n, units in enumerate(opened.offered if opened else ()) if units]
        is_open = bool(offered) and opened is not None and opened.closed_at is None
        free = self.free_bits(day)
        span = cells.cells_of(wish.start, wish.end) if wish.start < wish.end else range(0)
        full_at = tuple(cells.at_cell(day, cell) for cell in span if not free >> cell & 1)
        return rules.Place(
            name=self.facility.name,
            opens=cells.at_cell(day, offered[0]) if is_open else None,
            closes=cells.at_cell(day, offered[-1] + 1) if is_open else None,
            is_closed=day in self.closures or (opened is not None and opened.closed_at is not None),
            shut=self.counted.shut.get(day, ()),
            is_listed=self.facility.published_at is not None,
            ages=_ages(self.facility, self.child, day),
            by_class=self.facility.by_class,
            sessions=facilities.sessions_on(self.facility, day),
            full_at=full_at,
            free_lengths=self.free_lengths(wish.start) if full_at else (),
            closed=self.closed,
            tariff=self._tariff(hours.day_of(self.now)) or self._tariff(day),
            tariff_on_day=self._tariff(day),
            off_per_hour=self._off_per_hour(day),
            extras=tuple(
                fee.Extra(name=extra.name, yen=extra.yen) for extra in self.extras if _is_in_force(extra, day)
            ),
        )

    @cached_property
    def uses(self) -> Mapping[int, tuple[int, ...]]:
        """Start (minute of the day) → the lengths that are offered here from it, whatever is open."""
        return facilities.uses(self.facility, self.here.hours)

    @cached_property
    def shortest(self) -> tuple[tuple[int, int], ...]:
        """Start (minute of the day) that is offered here, and the half hours of its shortest use as bits."""
        return tuple((n, cells.span_bits(n, lengths[0])) for n, lengths in self.uses.items() if lengths)

    def lengths(self, start: datetime) -> tuple[int, ...]:
        """The lengths that are offered here from this start, whatever is booked."""
        clock = hours.in_japan(start)
        return self.uses.get(clock.hour * 60 + clock.minute, ())

    def free_bits(self, day: date) -> int:
        """The half hours with a place for this child's age, as bits."""
        opened = self.counted.days.get(day)
        if opened is None or opened.closed_at is not None:
            return 0
        if self.kept or any(own.day_id == opened.pk for own in self.counted.bookings):
            return cells.bits(self.free(day))
        group = places.group(self.child.born, day, by_class=self.facility.by_class)
        return int(opened.free[group])

    def free_lengths(self, start: datetime) -> tuple[int, ...]:
        """The lengths that are offered here and have a place from this start."""
        free, last = self.free(hours.day_of(start)), hours.at_clock(hours.day_of(start), "24:00")
        ends = ((length, start + timedelta(minutes=length)) for length in self.lengths(start))
        return tuple(
            length for length, end in ends if end <= last and cells.least(free, cells.cells_of(start, end))
        )

    def spent(self, day: date) -> rules.Spent:
        """The child's own bookings, without what a cancellation is about to give back."""
        month = day.replace(day=1)
        held = [booking for booking in self.counted.bookings if booking.status in HOLDING]
        of_month = [booking for booking in held if booking.date.replace(day=1) == month]
        of_day = [booking for booking in of_month if booking.date == day]
        return rules.Spent(
            month=self.counted.spent(month),
            day=sum(booking.minutes for booking in of_day),
            spans=tuple((booking.starts_at, booking.ends_at) for booking in of_day),
            at_home=self.home_code(day) == self.facility.municipality_id,
            one_place=all(booking.facility_id == self.facility.pk for booking in of_month),
        )

    def facts(self, wish: rules.Wish, *, by_staff: bool = False) -> rules.Facts:
        """Everything `rules.check` asks for about one wish."""
        day = hours.day_of(wish.start)
        certificate = self.certificate_on(day)
        enrolled = self.child.enrolled_from
        spells = (eligibility.Spell(eligibility.Enrolment.LICENSED_NURSERY, enrolled),) if enrolled else ()
        return rules.Facts(
            now=self.now,
            home=self.home(day),
            here=self.here,
            person=rules.Person(
                born=self.child.born,
                certificate=_days_of(certificate) if certificate else None,
                interview=self.interview,
                enrolments=spells,
            ),
            place=self.place(wish),
            spent=self.spent(day),
            by_staff=by_staff,
            is_offered=self.is_offered or self.kept is not None,
        )

    def _tariff(self, day: date) -> int | None:
        in_force = [tariff for tariff in self.tariffs if tariff.in_force_from <= day]
        return in_force[-1].yen_per_hour if in_force else None

    def _off_per_hour(self, day: date) -> int:
        certificate = self.certificate_on(day)
        if certificate is None or certificate.reduction in ("", ReductionClass.NONE):
            return 0
        return fee.reduction_per_hour(
            self.home(day).money,
            certificate.reduction,
            offered=bool(self.tariffs) and self.tariffs[-1].offers_reductions,
            applied_on=certificate.reduction_from,
            day=day,
        )


def policy(versions: Mapping[str, UUID], code: str, now: datetime) -> Policy:
    """The rules of a municipality by the version in force; without one, 国の標準."""
    version = versions.get(code)
    if version is None:
        return municipalities.national_standard(hours.day_of(now))
    return municipalities.policy_of(version)


def _days_of(certificate: Certificate) -> eligibility.Certificate:
    return eligibility.Certificate(certificate.valid_from, _last_day(certificate))


def _last_day(certificate: Certificate) -> date:
    return min(certificate.valid_until, certificate.ended_on or certificate.valid_until)


def _is_in_force(extra: Extra, day: date) -> bool:
    until = extra.in_force_until
    return extra.in_force_from <= day and (until is None or day <= until)


def _ages(facility: Facility, child: Child, day: date) -> tuple[int, ...]:
    """The ages taken; the child's own age only when it is old enough in months."""
    own = age_group(child.born, day) if months_old(child.born, day) < facility.youngest_months else None
    taken = (age for age in range(facility.oldest_age + 1) if (age + 1) * 12 > facility.youngest_months)
    return tuple(age for age in taken if age != own)

"""What decides about a child at a facility: read without locks, its counted part once more under them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from daredemo.booking import cells
from daredemo.booking.models import (
    HOLDING,
    Booking,
    BookingStatus,
    ChildMonth,
    LedgerEntry,
    LedgerKind,
    OpenedDay,
)
from daredemo.certification.models import Certificate, ReductionClass
from daredemo.facilities import queries as facilities
from daredemo.facilities.models import Extra, Facility, Tariff
from daredemo.families.models import Child
from daredemo.interviews import queries as interviews
from daredemo.municipalities import queries as municipalities
from daredemo.municipalities.models import PolicyVersion, Programme
from daredemo.rules import booking as rules
from daredemo.rules import eligibility, fee, hours
from daredemo.rules.age import age_group, months_old
from daredemo.rules.policy import Policy

LOOK_BACK = timedelta(days=31)  # how far before a day its deadline may lie, holidays included


@dataclass(frozen=True)
class Counted:
    """What changes with every booking: read again under the locks. `bookings` are the child's own."""

    days: Mapping[date, OpenedDay]
    months: Mapping[date, ChildMonth]
    bookings: tuple[Booking, ...]

    @property
    def waiting(self) -> tuple[Booking, ...]:
        """Cancelled, but still holding place and hours until undo has ended."""
        return tuple(booking for booking in self.bookings if booking.status == BookingStatus.CANCELLED)


@dataclass(frozen=True)
class Situation:
    """A child at a facility between two dates, as of now; the same number of queries for one day or sixty."""

    child: Child
    facility: Facility
    now: datetime
    certificates: tuple[Certificate, ...]
    interview: str
    versions: Mapping[str, UUID]  # 団体コード → the policy version in force; without one, 国の標準
    use_from: date | None
    closures: frozenset[date]
    closed: frozenset[date]
    tariffs: tuple[Tariff, ...]
    extras: tuple[Extra, ...]
    counted: Counted
    _places: dict[date, list[int]] = field(default_factory=dict, init=False, compare=False, repr=False)

    def certificate_on(self, day: date) -> Certificate | None:
        """The one that is good for the day, else the latest: a refusal says from when until when."""
        valid = [one for one in self.certificates if one.valid_from <= day <= _last_day(one)]
        return valid[-1] if valid else next(reversed(self.certificates), None)

    def home_code(self, day: date) -> str:
        """The municipality whose hours are spent."""
        certificate = self.certificate_on(day)
        return certificate.municipality_id if certificate else self.facility.municipality_id

    def policy(self, code: str) -> Policy:
        version = self.versions.get(code)
        if version is None:
            return municipalities.national_standard(hours.day_of(self.now))
        return municipalities.policy_of(version)

    def home(self, day: date) -> Policy:
        return self.policy(self.home_code(day))

    @cached_property
    def here(self) -> Policy:
        """The rules of the facility's municipality, with its opening date and the facility's window."""
        policy = self.policy(self.facility.municipality_id)
        window = facilities.window_of(self.facility, policy.window)
        return replace(policy, window=window, opening=replace(policy.opening, use_from=self.use_from))

    def free(self, day: date) -> list[int]:
        """Places per half hour for this child's age; a place it gave back itself counts as free."""
        if day not in self._places:
            self._places[day] = self._free(day)
        return self._places[day]

    def _free(self, day: date) -> list[int]:
        opened = self.counted.days.get(day)
        if opened is None or opened.closed_at is not None:
            return [0] * 48
        places = cells.free(opened, age_group(self.child.born, day))
        for given_back in self.counted.waiting:
            if given_back.day_id == opened.pk:
                for cell in cells.cells_of(given_back.starts_at, given_back.ends_at):
                    places[cell] += 1
        return places

    def place(self, wish: rules.Wish) -> rules.Place:
        day = hours.day_of(wish.start)
        opened = self.counted.days.get(day)
        offered = [n for n, units in enumerate(opened.offered if opened else ()) if units]
        is_open = bool(offered) and opened is not None and opened.closed_at is None
        places = self.free(day)
        span = cells.cells_of(wish.start, wish.end) if wish.start < wish.end else range(0)
        return rules.Place(
            name=self.facility.name,
            opens=cells.at_cell(day, offered[0]) if is_open else None,
            closes=cells.at_cell(day, offered[-1] + 1) if is_open else None,
            is_closed=day in self.closures or (opened is not None and opened.closed_at is not None),
            is_listed=self.facility.published_at is not None,
            ages=_ages(self.facility, self.child, day),
            sessions=facilities.sessions_on(self.facility, day),
            full_at=tuple(cells.at_cell(day, cell) for cell in span if places[cell] < 1),
            free_lengths=self.free_lengths(wish.start),
            closed=self.closed,
            tariff=self._tariff(hours.day_of(self.now)) or self._tariff(day),
            tariff_on_day=self._tariff(day),
            off_per_hour=self._off_per_hour(day),
            extras=tuple(
                fee.Extra(name=extra.name, yen=extra.yen) for extra in self.extras if _is_in_force(extra, day)
            ),
        )

    def starts(self, day: date) -> list[datetime]:
        """Every start of a day that is offered here, whatever is open."""
        return facilities.starts_on(self.facility, day, self.here.hours)

    def lengths(self, start: datetime) -> tuple[int, ...]:
        """The lengths that are offered here from this start, whatever is booked."""
        return facilities.lengths_from(self.facility, start, self.here.hours)

    def free_lengths(self, start: datetime) -> tuple[int, ...]:
        """The lengths that are offered here and have a place from this start."""
        places, last = self.free(hours.day_of(start)), hours.at_clock(hours.day_of(start), "24:00")
        ends = ((length, start + timedelta(minutes=length)) for length in self.lengths(start))
        return tuple(
            length for length, end in ends if end <= last and cells.least(places, cells.cells_of(start, end))
        )

    def spent(self, day: date) -> rules.Spent:
        """The child's own bookings, without what a cancellation is about to give back."""
        month = day.replace(day=1)
        held = [booking for booking in self.counted.bookings if booking.status in HOLDING]
        of_month = [booking for booking in held if booking.date.replace(day=1) == month]
        of_day = [booking for booking in of_month if booking.date == day]
        return rules.Spent(
            month=self._spent_by_bucket(month, self.home(day)),
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
        return rules.Facts(
            now=self.now,
            home=self.home(day),
            here=self.here,
            person=rules.Person(
                born=self.child.born,
                certificate=_days_of(certificate) if certificate else None,
                interview=self.interview,
                enrolments=(eligibility.Spell(eligibility.Enrolment.LICENSED_NURSERY, enrolled),)
                if enrolled
                else (),
            ),
            place=self.place(wish),
            spent=self.spent(day),
            by_staff=by_staff,
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

    def _spent_by_bucket(self, month: date, home: Policy) -> dict[str, int]:
        held = self.counted.months.get(month)
        if held is None:
            return {}
        back = [one for one in self.counted.waiting if not one.hours_consumed]
        back = [one for one in back if one.date.replace(day=1) == month]
        if len(home.hours.buckets) == 1:  # the derived number is enough, and every night compared
            spent = held.spent_minutes - sum(booking.minutes for booking in back)
            return {home.hours.buckets[0].name: spent}
        return spent_by_bucket(held, without=back)


def spent_by_bucket(month: ChildMonth, *, without: Iterable[Booking] = ()) -> dict[str, int]:
    """Minutes spent by bucket, added up from the ledger."""
    entries = LedgerEntry.objects.filter(child_month=month).exclude(kind=LedgerKind.GRANTED)
    entries = entries.exclude(booking__in=[booking.pk for booking in without])
    rows = entries.values_list("bucket").annotate(sum=Sum("effect")).order_by()
    return {bucket: -effect for bucket, effect in rows}


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


def look(child: Child, facility: Facility, since: date, until: date, now: datetime) -> Situation:
    """Read the situation without any lock."""
    today = hours.day_of(now)
    certificates = tuple(Certificate.objects.filter(child=child).order_by("valid_from", "created_at"))
    codes = {facility.municipality_id, *(one.municipality_id for one in certificates)}
    closures = frozenset(
        facilities.closures_between(facility, since - LOOK_BACK, until).values_list("date", flat=True)
    )
    city = municipalities.calendar_of(
        facility.municipality_id, since=since - LOOK_BACK, until=until, known_at=now
    )
    programmes = Programme.objects.filter(municipality=facility.municipality_id)
    tariffs = facility.tariffs.filter(in_force_from__lte=max(until, today)).order_by("in_force_from")
    return Situation(
        child=child,
        facility=facility,
        now=now,
        certificates=certificates,
        interview=interviews.outcome(child, facility),
        versions=_versions(codes, today),
        use_from=programmes.values_list("use_from", flat=True).first(),
        closures=closures,
        closed=closures | city,
        tariffs=tuple(tariffs),
        extras=tuple(facility.extras.filter(in_force_from__lte=until).order_by("name")),
        counted=count(child, facility, since, until),
    )


def _versions(codes: Iterable[str], day: date) -> dict[str, UUID]:
    """One query for the rules of home and here; the latest version wins."""
    rows = PolicyVersion.objects.filter(municipality__in=codes, in_force_from__lte=day)
    return dict(rows.order_by("in_force_from").values_list("municipality", "pk"))


def count(child: Child, facility: Facility, since: date, until: date) -> Counted:
    """Opened days of the facility, months and bookings of the child."""
    days = OpenedDay.objects.filter(facility=facility, date__range=(since, until))
    months = ChildMonth.objects.filter(child=child, month__range=(since.replace(day=1), until))
    return Counted(
        days={day.date: day for day in days},
        months={month.month: month for month in months},
        bookings=tuple(own_bookings(child, since.replace(day=1), until)),
    )


def own_bookings(child: Child, since: date, until: date) -> QuerySet[Booking]:
    """Bookings that hold place and hours: of these months, and every cancelled one not yet released."""
    months_end = (until.replace(day=1) + timedelta(days=32)).replace(day=1)
    held = Q(status__in=HOLDING, date__gte=since, date__lt=months_end)
    waiting = Q(status=BookingStatus.CANCELLED, released_at=None)
    return Booking.objects.filter(held | waiting, child=child).order_by("starts_at", "id")

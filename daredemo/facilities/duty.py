"""A roster between two dates, read at once: who is on duty and who is enrolled on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from daredemo.facilities.models import Carer, Duty, Enrolled, EnrolledDay, Shift
from daredemo.rules.places import NOBODY, ByAge, Staff, half_hours

Spans = tuple[tuple[time, time], ...]
HALF_HOURS = 48


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A carer on a day: the times on duty, and the exception that made them so."""

    carer: Carer
    spans: Spans
    usual: Spans
    exception: Duty | None

    @property
    def is_off(self) -> bool:
        """Away on a day that the week has."""
        return self.exception is not None and self.exception.starts is None


@dataclass(frozen=True)
class Roster:
    carers: tuple[Carer, ...]
    shifts: tuple[Shift, ...]
    duties: tuple[Duty, ...]
    enrolled: tuple[Enrolled, ...]
    enrolled_days: tuple[EnrolledDay, ...]

    def people(self, day: date) -> list[OnDuty]:
        """Everyone employed on that day, on duty or not, in the order of the roster."""
        usual: dict[UUID, list[tuple[time, time]]] = {}
        for shift in self.shifts:
            if shift.weekday == day.weekday() and _covers(shift, day):
                usual.setdefault(shift.carer_id, []).append((shift.starts, shift.ends))
        exceptions = {duty.carer_id: duty for duty in self.duties if duty.date == day}
        return [
            _on_duty(carer, tuple(usual.get(carer.pk, ())), exceptions.get(carer.pk))
            for carer in self.carers
            if carer.starts_on <= day and (carer.ends_on is None or day <= carer.ends_on)
        ]

    def staff(self, day: date) -> list[Staff]:
        """Who is on duty in each half hour; one who comes or goes within it does not count."""
        count, qualified = [0] * HALF_HOURS, [0] * HALF_HOURS
        for one in self.people(day):
            for cell in cells_of(one.spans):
                count[cell] += 1
                qualified[cell] += one.carer.qualified
        return [Staff(*both) for both in zip(count, qualified, strict=True)]

    def children(self, day: date) -> ByAge:
        """The nursery's own children by class; nobody where nothing was entered."""
        for differing in self.enrolled_days:
            if differing.date == day:
                return differing.by_age
        of_day = [one for one in self.enrolled if one.weekday == day.weekday() and _covers(one, day)]
        return of_day[-1].by_age if of_day else NOBODY


def cells_of(spans: Iterable[tuple[time, time]]) -> set[int]:
    """The half hours (0 to 47) that lie wholly in one of the spans."""
    return {cell for starts, ends in spans for cell in half_hours(starts, ends)}


def _on_duty(carer: Carer, usual: Spans, exception: Duty | None) -> OnDuty:
    if exception is None:
        return OnDuty(carer, usual, usual, None)
    if exception.starts is None or exception.ends is None:
        return OnDuty(carer, (), usual, exception)
    return OnDuty(carer, ((exception.starts, exception.ends),), usual, exception)


def _covers(pattern: Shift | Enrolled, day: date) -> bool:
    return pattern.valid_from <= day and (pattern.valid_until is None or day <= pattern.valid_until)

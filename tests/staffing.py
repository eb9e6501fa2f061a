"""A nursery whose places come from the law, for tests: people on duty, children enrolled, infants booked.

facility = make.facility(places=20)
ill, other = staffing.staffed(facility)     # two 保育士 from Monday to Friday, and nothing else that binds
make.opened(facility, staffing.MONDAY)      # twelve units: six infants
staffing.off(ill)                           # 「きょう休み」
"""

from datetime import date, time
from typing import Any

from daredemo.booking import actions as booking
from daredemo.booking import cells
from daredemo.booking.models import Booking, Conflict, OpenedDay
from daredemo.facilities import actions as facilities
from daredemo.facilities.models import Carer, Enrolled, Facility, Premises, Shift
from tests import make

MONDAY = date(2026, 4, 13)
INFANT = date(2025, 6, 1)
NINE, NOON = 18, 24


def carer(
    facility: Facility,
    *,
    qualified: bool = True,
    starts: time = time(8),
    ends: time = time(18),
    name: str = "保育 あおい",
) -> Carer:
    """Somebody on duty from Monday to Friday."""
    made = Carer.objects.create(facility=facility, name=name, qualified=qualified, starts_on=make.OPENED)
    Shift.objects.bulk_create(
        Shift(carer=made, weekday=weekday, starts=starts, ends=ends, valid_from=make.OPENED)
        for weekday in range(5)
    )
    return made


def staffed(
    facility: Facility,
    *,
    qualified: int = 2,
    others: int = 0,
    enrolled: tuple[int, int, int] = (0, 0, 0),
    **premises: Any,
) -> list[Carer]:
    """Let the law decide about places, with so many 保育士 and others on duty; the floor is wide."""
    values = {"area_cm2": 10_000_000, "capacity": 100, "roster_from": make.OPENED, **premises}
    Premises.objects.update_or_create(facility=facility, defaults=values)
    Enrolled.objects.bulk_create(
        Enrolled(facility=facility, weekday=weekday, valid_from=make.OPENED, age_0=zero, age_1=one, age_2=two)
        for zero, one, two in [enrolled]
        for weekday in range(5)
    )
    return [carer(facility, qualified=n < qualified) for n in range(qualified + others)]


def change(facility: Facility, verb: Any, **given: Any) -> list[OpenedDay]:
    return booking.change_roster(facility=facility, verb=verb, by=None, now=make.NOW, **given)


def off(carer: Carer, day: date = MONDAY, **times: time) -> list[OpenedDay]:
    return change(carer.facility, facilities.set_duty, carer=carer, day=day, **times)


def free(day: OpenedDay, cell: int = NINE) -> tuple[int, ...]:
    return tuple(cells.free(day, age)[cell] for age in range(3))


def fill(facility: Facility, count: int, hours: str = "09:00", minutes: int = 60) -> list[Booking]:
    """So many infants."""
    return [
        make.booking(make.family(born=INFANT), facility, f"2026-04-13 {hours}", minutes=minutes)
        for _ in range(count)
    ]


def opened() -> OpenedDay:
    return OpenedDay.objects.get(date=MONDAY)


def open_conflict() -> Conflict | None:
    return Conflict.objects.filter(resolved_at=None).first()

"""Who works at the demo's nurseries: two of the four let the law decide about their places."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from daredemo.booking import actions as booking
from daredemo.facilities import actions as facilities
from daredemo.facilities.actions import Days
from daredemo.facilities.models import Carer, Facility, Form
from daredemo.rules.places import ByAge

WEEKDAYS = range(5)
Span = tuple[time, time]
EARLY = ((time(7, 30), time(12)), (time(13), time(16, 30)))
MIDDLE = ((time(8, 30), time(13)), (time(14), time(17, 30)))
LATE = ((time(9, 30), time(14, 30)), (time(15, 30), time(18, 30)))
PART_TIME = ((time(9), time(14)),)
SATURDAY = ((time(8, 30), time(15, 30)),)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the roster: the same times each weekday, and perhaps Saturdays."""

    name: str
    qualified: bool
    spans: tuple[Span, ...]
    saturday: bool = False


@dataclass(frozen=True, slots=True)
class Nursery:
    people: tuple[Person, ...]
    capacity: int
    area_cm2: int
    form: Form = Form.DEDICATED
    enrolled: ByAge = (0, 0, 0)


ROSTERS = {
    # 余裕活用型: 24 in the classes 0 to 2, 21 of them enrolled.
    "hidamari": Nursery(
        people=(
            Person("大石 めぐみ", True, EARLY),
            Person("落合 さちこ", True, EARLY),
            Person("寺田 ひろみ", True, EARLY),
            Person("榛葉 ゆうと", True, MIDDLE),
            Person("平松 えり", True, MIDDLE),
            Person("戸田 みさき", True, MIDDLE),
            Person("中山 あきら", True, LATE),
            Person("水野 ちか", True, LATE),
            Person("岡本 はる", True, PART_TIME),
        ),
        capacity=24,
        area_cm2=950_000,
        enrolled=(6, 8, 7),
    ),
    # 一般型, 専用室: 24 m² for six.
    "midorinooka": Nursery(
        people=(
            Person("村松 あや", True, MIDDLE, saturday=True),
            Person("佐野 ともこ", True, EARLY),
            Person("溝口 まこと", False, MIDDLE, saturday=True),
            Person("高塚 りえ", False, LATE),
        ),
        capacity=6,
        area_cm2=240_000,
    ),
}


def build(login: str, facility: Facility, *, since: date, now: datetime) -> None:
    """Type in the roster of one nursery, and let it decide from its first day on; others have none."""
    nursery = ROSTERS.get(login)
    if nursery is None:
        return
    _premises(nursery, facility, since, now)
    for person in nursery.people:
        _person(person, facility, since, now)
    _change(facility, facilities.use_roster, now, since=since)


def away(facility: Facility, days: list[date], names: tuple[str, ...], now: datetime) -> None:
    """Some are away on these days."""
    for carer in Carer.objects.filter(facility=facility, name__in=names):
        for day in days:
            _change(facility, facilities.set_duty, now, carer=carer, day=day)


def _premises(nursery: Nursery, facility: Facility, since: date, now: datetime) -> None:
    values = {"capacity": nursery.capacity, "area_cm2": nursery.area_cm2, "form": nursery.form}
    _change(facility, facilities.describe_premises, now, **values)
    week = dict.fromkeys(WEEKDAYS, nursery.enrolled)
    _change(facility, facilities.set_enrolled, now, week=week, valid_from=since)


def _person(person: Person, facility: Facility, since: date, now: datetime) -> None:
    _change(
        facility, facilities.add_carer, now, name=person.name, qualified=person.qualified, starts_on=since
    )
    carer = Carer.objects.get(facility=facility, name=person.name)
    week = dict.fromkeys(WEEKDAYS, person.spans) | ({5: SATURDAY} if person.saturday else {})
    _change(facility, facilities.set_shifts, now, carer=carer, week=week, valid_from=since)


def _change(facility: Facility, verb: Callable[..., Days], now: datetime, **given: object) -> None:
    booking.change_roster(facility=facility, verb=verb, by=None, now=now, **given)

"""A roster: who is on duty in which half hour, by the week and by dates that differ."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection

from daredemo.facilities import actions as facilities
from daredemo.facilities import queries
from daredemo.facilities.models import Carer, Duty, Enrolled, Facility, Form, Kind, Premises, Shift
from daredemo.rules.places import Staff
from daredemo.rules.refusal import Reason, Refused
from tests import make, staffing

pytestmark = pytest.mark.django_db
NOW, TODAY = make.NOW, make.NOW.date()
MONDAY = date(2026, 4, 13)
TUESDAY = MONDAY + timedelta(days=1)
NINE, NOON = 18, 24


@pytest.fixture
def facility() -> Facility:
    return make.facility()


def do(verb: Callable[..., facilities.Days], facility: Facility, **given: Any) -> facilities.Days:
    return verb(facility=facility, by=None, now=NOW, **given)


def on_duty(facility: Facility, day: date, *cells: int) -> list[Staff]:
    staff = queries.roster_between(facility, day, day).staff(day)
    return [staff[cell] for cell in cells]


def test_a_break_lies_between_two_spans_and_half_a_half_hour_does_not_count(facility: Facility) -> None:
    carer = staffing.carer(facility)
    week = {0: [(time(8, 45), time(12)), (time(13), time(17, 15))]}
    assert do(facilities.set_shifts, facility, carer=carer, week=week, valid_from=MONDAY) == (MONDAY, None)
    found = on_duty(facility, MONDAY, 17, NINE, 23, NOON, 26, 33, 34)
    assert [one.count for one in found] == [0, 1, 1, 0, 1, 1, 0]
    assert on_duty(facility, TUESDAY, NINE) == [Staff(0, 0)]
    assert on_duty(facility, MONDAY - timedelta(days=7), NINE) == [Staff(1, 1)]


def test_dates_that_differ_come_before_the_week(facility: Facility) -> None:
    ill, other = staffing.carer(facility), staffing.carer(facility, qualified=False, name="井上 かな")
    assert do(facilities.set_duty, facility, carer=ill, day=MONDAY) == (MONDAY, MONDAY)
    do(facilities.set_duty, facility, carer=other, day=MONDAY, starts=time(11), ends=time(19))
    assert on_duty(facility, MONDAY, NINE, NOON, 37) == [Staff(0, 0), Staff(1, 0), Staff(1, 0)]
    away, late = queries.roster_between(facility, MONDAY, TUESDAY).people(MONDAY)
    assert (away.carer, away.is_off, away.spans, away.usual) == (ill, True, (), ((time(8), time(18)),))
    assert (late.is_off, late.spans) == (False, ((time(11), time(19)),))
    do(facilities.set_duty, facility, carer=ill, day=MONDAY, starts=time(8), ends=time(10))
    assert on_duty(facility, MONDAY, NINE, NOON) == [Staff(1, 1), Staff(1, 0)]
    do(facilities.clear_duty, facility, carer=ill, day=MONDAY)
    assert on_duty(facility, MONDAY, NINE, NOON) == [Staff(1, 1), Staff(2, 1)]
    assert Duty.objects.count() == 1


def test_people_count_from_their_first_day_to_their_last(facility: Facility) -> None:
    first, last = do(facilities.add_carer, facility, name="新 ひとみ", qualified=True, starts_on=TUESDAY)
    assert (first, last) == (TUESDAY, None)
    new = Carer.objects.get()
    week = {day: [(time(9), time(12))] for day in range(5)}
    do(facilities.set_shifts, facility, carer=new, week=week, valid_from=TODAY)
    days = [MONDAY + timedelta(days=n) for n in range(3)]
    assert [on_duty(facility, day, NINE)[0].count for day in days] == [0, 1, 1]
    assert do(facilities.end_carer, facility, carer=new, ends_on=TUESDAY) == (days[2], None)
    assert [on_duty(facility, day, NINE)[0].count for day in days] == [0, 1, 0]
    new.refresh_from_db()
    assert do(facilities.end_carer, facility, carer=new, ends_on=days[2]) == (days[2], None)


def test_a_later_week_supersedes_and_what_was_stays(facility: Facility) -> None:
    carer = staffing.carer(facility)
    for start, at in ((TUESDAY, time(10)), (MONDAY, time(11))):
        do(facilities.set_shifts, facility, carer=carer, week={0: [(at, time(15))]}, valid_from=start)
    assert [(one.starts, one.valid_from) for one in queries.shifts_from(carer, MONDAY)] == [
        (time(11), MONDAY)
    ]
    assert Shift.objects.filter(valid_until=MONDAY - timedelta(days=1)).count() == 5


@pytest.mark.parametrize("verb", [facilities.set_duty, facilities.set_shifts])
def test_times_run_forwards(facility: Facility, verb: Any) -> None:
    carer, backwards = staffing.carer(facility), {"starts": time(12), "ends": time(9)}
    given = {"day": MONDAY, **backwards} if verb is facilities.set_duty else {
        "week": {0: [(time(12), time(9))]}, "valid_from": MONDAY,
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        do(verb, facility, carer=carer, **given)
    assert refused.value.reason is Reason.WISH_BACKWARDS


def test_enrolled_children_by_weekday_and_date(facility: Facility) -> None:
    do(facilities.set_enrolled, facility, week={0: (3, 5, 6), 1: (2, 2, 2)}, valid_from=MONDAY)
    do(facilities.set_enrolled_day, facility, day=TUESDAY, by_age=(0, 1, 0))
    do(facilities.set_enrolled_day, facility, day=TUESDAY, by_age=(0, 2, 0))
    roster = queries.roster_between(facility, MONDAY, MONDAY + timedelta(days=8))
    days = [MONDAY + timedelta(days=n) for n in (0, 1, 2, 7, 8)]
    assert [roster.children(day) for day in days] == [(3, 5, 6), (0, 2, 0), (0, 0, 0), (3, 5, 6), (2, 2, 2)]
    do(facilities.clear_enrolled_day, facility, day=TUESDAY)
    assert queries.roster_between(facility, TUESDAY, TUESDAY).children(TUESDAY) == (2, 2, 2)
    assert [one.date for one in queries.enrolled_days_from(facility, MONDAY)] == []
    do(facilities.set_enrolled, facility, week={0: (1, 1, 1)}, valid_from=MONDAY)
    assert [(one.weekday, one.by_age) for one in queries.enrolled_from(facility, MONDAY)] == [(0, (1, 1, 1))]
    assert Enrolled.objects.count() == 1


def test_premises_say_by_which_form_the_law_counts() -> None:
    spare = make.facility(kind=Kind.SPARE)
    assert queries.premises_of(spare).place_form == "spare"
    general = make.facility()
    forms = {}
    for form in Form:
        do(facilities.describe_premises, general, form=form)
        forms[form.value] = queries.premises_of(general).place_form
    assert forms == {"together": "together", "dedicated": "dedicated", "independent": "independent"}
    with pytest.raises(KeyError, match="roster_from"):
        do(facilities.describe_premises, general, roster_from=MONDAY)


def test_who_decides_begins_and_ends_on_a_day(facility: Facility) -> None:
    staffing.staffed(facility, roster_from=None)
    assert do(facilities.use_roster, facility, since=TUESDAY) == (TUESDAY, None)
    premises = queries.premises_of(facility)
    assert [premises.by_roster(day) for day in (MONDAY, TUESDAY)] == [False, True]
    assert do(facilities.use_roster, facility, since=MONDAY) == (MONDAY, None)
    assert do(facilities.use_roster, facility, since=None) == (MONDAY, None)
    assert not queries.premises_of(facility).by_roster(TUESDAY)


def test_a_carer_is_reached_through_the_own_facility_only(facility: Facility) -> None:
    carer = staffing.carer(facility)
    member, stranger = make.member(facility), make.member(make.facility(name="べつの園"))
    assert queries.carer_of(member, carer.pk) == carer
    assert list(queries.carers_of(member, MONDAY)) == [carer]
    assert not queries.carers_of(stranger, MONDAY)
    with pytest.raises(Carer.DoesNotExist):
        queries.carer_of(stranger, carer.pk)


def test_what_was_entered_and_taken_back_stays_in_history(facility: Facility) -> None:
    carer = staffing.carer(facility)
    do(facilities.set_duty, facility, carer=carer, day=MONDAY)
    do(facilities.clear_duty, facility, carer=carer, day=MONDAY)
    do(facilities.describe_premises, facility, capacity=6)
    do(facilities.describe_premises, facility, capacity=9)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgh_label FROM facilities_dutyevent ORDER BY pgh_id")
        assert [label for (label,) in cursor.fetchall()] == ["insert", "delete"]
        cursor.execute("SELECT capacity FROM facilities_premisesevent ORDER BY pgh_id")
        assert [capacity for (capacity,) in cursor.fetchall()] == [6, 9]
    assert Premises.objects.get().capacity == 9

"""Officers and closed days of one office, invisible to the others."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from daredemo.municipalities import actions, queries
from daredemo.municipalities.models import ClosedDay, Municipality, Officer
from daredemo.rules.deadline import free_until
from daredemo.rules.hours import at_clock
from daredemo.rules.refusal import Reason, Refused
from tests.municipalities.conftest import history, make_officer


def test_a_login_leads_to_its_officer_and_municipality_in_one_query(
    officer: Officer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        found = queries.officer_of(officer.user)
        assert found == officer
        assert found.municipality.name == "掛川市"


def test_a_closed_login_is_no_officer(officer: Officer) -> None:
    type(officer.user).objects.filter(pk=officer.user_id).update(is_active=False)
    assert queries.officer_of(officer.user) is None


def test_one_login_is_one_officer(officer: Officer, mori: Municipality, now: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.add_officer(
            municipality=mori, user=officer.user, role=Officer.Role.ADMIN, name="鈴木", by=None, now=now
        )


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("viewer", ["viewer"]),
        ("screener", ["viewer", "screener"]),
        ("approver", ["viewer", "screener", "approver"]),
        ("admin", ["viewer", "screener", "approver", "admin"]),
    ],
)
def test_each_role_may_what_the_ones_before_it_may(role: str, allowed: list[str]) -> None:
    assert [each.value for each in Officer.Role if Officer(role=role).may(each)] == allowed


def test_nobody_changes_the_own_role(officer: Officer, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        actions.change_role(officer=officer, role=Officer.Role.ADMIN, by=officer.user, now=now)
    assert refused.value.reason == Reason.SAME_PERSON


def test_a_colleague_changes_it_and_the_history_keeps_the_old_one(officer: Officer, now: datetime) -> None:
    admin = make_officer(officer.municipality, "admin-1", now, Officer.Role.ADMIN)
    changed = actions.change_role(officer=officer, role=Officer.Role.VIEWER, by=admin.user, now=now)
    assert changed.role == "viewer"
    roles = history("OfficerEvent").filter(pgh_obj=officer).values_list("role", flat=True)
    assert list(roles) == ["approver", "viewer"]


def test_an_office_sees_its_own_people_days_and_rules_only(
    officer: Officer, mori: Municipality, now: datetime
) -> None:
    other = make_officer(mori, "approver-2", now)
    for city in (officer.municipality, mori):
        actions.add_closed_day(municipality=city, day=date(2026, 8, 14), name="夏季休業", by=None, now=now)
    assert list(queries.colleagues(officer)) == [officer]
    assert list(queries.colleagues(other)) == [other]
    assert [day.municipality_id for day in queries.closed_days(officer, since=date(2026, 8, 14))] == [
        "222135"
    ]
    assert list(queries.closed_days(officer, since=date(2026, 8, 15))) == []
    assert list(queries.policies(other)) == []


def test_a_closed_day_announced_twice_keeps_its_first_announcement(
    kakegawa: Municipality, now: datetime
) -> None:
    later = now.replace(month=6)
    first = actions.add_closed_day(
        municipality=kakegawa, day=date(2026, 8, 14), name="夏季", by=None, now=now
    )
    again = actions.add_closed_day(
        municipality=kakegawa, day=date(2026, 8, 14), name="盆", by=None, now=later
    )
    assert again == first
    assert again.announced_at == now


def test_a_deadline_counts_the_closed_days_known_when_booked(kakegawa: Municipality, now: datetime) -> None:
    later = now.replace(month=8, day=10)
    for day, announced in ((date(2026, 8, 13), now), (date(2026, 8, 14), later)):
        actions.add_closed_day(municipality=kakegawa, day=day, name="夏季", by=None, now=announced)
    august = {"since": date(2026, 8, 1), "until": date(2026, 8, 14)}
    assert queries.calendar_of("222135", **august, known_at=now) == {date(2026, 8, 13)}
    known = queries.calendar_of("222135", **august, known_at=later)
    assert known == {date(2026, 8, 13), date(2026, 8, 14)}
    cancelling = queries.policy_on("222135", date(2026, 8, 17)).cancelling
    assert free_until(at_clock(date(2026, 8, 17), "09:00"), cancelling, known) == at_clock(
        date(2026, 8, 12), "12:00"
    )


def test_a_closed_day_taken_back_stays_in_the_history(officer: Officer, now: datetime) -> None:
    day = actions.add_closed_day(
        municipality=officer.municipality, day=date(2026, 8, 14), name="夏季", by=None, now=now
    )
    actions.remove_closed_day(closed_day=day, by=officer.user, now=now)
    assert not ClosedDay.objects.exists()
    assert list(history("ClosedDayEvent").values_list("pgh_label", flat=True)) == ["insert", "delete"]

"""What the prepared statements read and write is what the ORM would."""

from datetime import date

import pytest
from django.db import IntegrityError

from daredemo.accounts.models import User
from daredemo.booking.models import ChildMonth, LedgerEntry, OpenedDay
from daredemo.certification.models import Certificate
from daredemo.facilities.models import Facility
from daredemo.prepared import rows, statements
from tests import make

pytestmark = pytest.mark.django_db
MONTH = date(2026, 4, 1)


@pytest.mark.parametrize("model", [Facility, User, Certificate, OpenedDay])
def test_a_row_read_as_json_is_the_row_the_orm_reads(
    model: type[Facility | User | Certificate | OpenedDay],
) -> None:
    make.booking(make.family(), make.facility(), "2026-04-13 09:00")
    text = f'SELECT row_to_json(t) FROM "{model._meta.db_table}" t'
    found = {one.pk: one for one in rows.all_made(model, [row for (row,) in statements.ask(text)])}
    by_orm = list(model._default_manager.all())
    assert by_orm
    for one in by_orm:
        for field in model._meta.concrete_fields:
            assert getattr(found[one.pk], field.attname) == getattr(one, field.attname), field.name


def test_a_column_that_was_not_asked_for_is_fetched_when_it_is_wanted() -> None:
    facility = make.facility()
    [(row,)] = statements.ask("SELECT json_build_object('id', id) FROM facilities_facility")
    assert rows.made(Facility, row).name == facility.name


def test_rows_of_several_tables_and_changes_are_one_statement() -> None:
    family = make.family()
    month = ChildMonth.objects.create(child=family.child, month=MONTH, cap_minutes=600)
    grown = ChildMonth(child=family.child, month=date(2026, 5, 1), cap_minutes=60)
    said = {"kind": "granted", "minutes": 60, "effect": 60, "at": make.NOW, "reason": "「もと」"}
    line = LedgerEntry(child_month=grown, **said)
    text = "UPDATE booking_childmonth SET spent_minutes = spent_minutes + %s WHERE id = %s"
    change = (text, (30, month.pk))
    rows.insert([grown, line], change)
    month.refresh_from_db()
    stored = LedgerEntry.objects.get()
    assert (month.spent_minutes, stored.child_month_id, stored.at) == (30, grown.pk, make.NOW)
    assert (stored.reason, stored.pk, line._state.adding) == ("「もと」", line.pk, False)


def test_what_a_constraint_refuses_is_the_orms_error() -> None:
    month = ChildMonth(child=make.family().child, month=MONTH, cap_minutes=60, spent_minutes=61)
    with pytest.raises(IntegrityError, match="no_more_than_the_cap"):
        rows.insert([month])


def test_a_plan_is_made_once_for_each_connection() -> None:
    for _ in range(3):
        statements.ask("SELECT 1 + %s", [1])
    [(kept,)] = statements.ask(
        "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT 1 + %%'"
    )
    assert kept == 1

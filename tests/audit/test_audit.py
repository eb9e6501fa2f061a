"""The book of deeds: written once, and every tampering is found."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from daredemo.audit import actions as audit
from daredemo.audit import queries, sweeps
from daredemo.audit.models import ChainDay, Entry
from daredemo.families.models import Child

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def anchor(settings: Settings, tmp_path: Path) -> None:
    settings.AUDIT_ANCHOR = str(tmp_path / "anchor")


@pytest.fixture
def book(now: datetime, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> list[Entry]:
    """Nine entries on three days, chained."""
    for hours in (0, 1, 2, 24, 25, 26, 48, 49, 50):
        audit.record(by=None, action=f"test.{hours}", now=now + timedelta(hours=hours), facts={"n": hours})
    with django_capture_on_commit_callbacks(execute=True):
        assert sweeps.chain(now) == 9
    assert queries.verify() == []
    return list(Entry.objects.order_by("at"))


def bypassing(statement: str, *values: Any) -> None:
    """What somebody with the database's own keys could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET session_replication_role = DEFAULT")


def found() -> set[str]:
    return {finding.what for finding in queries.verify()}


def test_an_entry_holds_ids_and_who_and_when(now: datetime) -> None:
    child = Child.objects.create(family_name="佐藤", born=date(2025, 4, 2), created_at=now)
    audit.record(
        by=None, action="child.change", subject=child, now=now, facts={"child": child, "on": now.date()}
    )
    entry = Entry.objects.get()
    assert (entry.subject_type, entry.subject_id, entry.at) == ("families.Child", str(child.pk), now)
    assert (entry.actor, entry.facts) == ("system", {"child": str(child.pk), "on": "2026-04-06"})


def test_it_is_written_in_the_transaction_of_the_deed(now: datetime) -> None:
    with transaction.atomic():
        audit.record(by=None, action="test", now=now)
        transaction.set_rollback(True)
    assert Entry.objects.count() == 0


def test_who_saw_a_child(now: datetime) -> None:
    child = Child.objects.create(family_name="佐藤", born=date(2025, 4, 2), created_at=now)
    other = Child.objects.create(family_name="鈴木", born=date(2025, 4, 2), created_at=now)
    audit.read(by=None, subject=child, now=now, what="record")
    audit.record(by=None, action="export", now=now + timedelta(seconds=1), facts={"child": child, "rows": 3})
    audit.read(by=None, subject=other, now=now, what="record")
    assert [entry.action for entry in queries.who_saw(child)] == ["export", "read.record"]
    assert [entry.action for entry in queries.who_read(child)] == ["read.record"]


@pytest.mark.parametrize("chained", [False, True])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET action = 'other'",
        "UPDATE audit_entry SET facts = '{}', seq = 77, chain_day = '2026-01-01', hash = ''",
        "DELETE FROM audit_entry",
    ],
)
def test_entries_are_append_only(now: datetime, chained: bool, statement: str) -> None:
    audit.record(by=None, action="test", now=now, facts={"n": 1})
    if chained:
        sweeps.chain(now)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_chained_entry_is_not_chained_anew(book: list[Entry]) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE audit_entry SET hash = NULL")


def test_days_are_chained_to_each_other(book: list[Entry]) -> None:
    days = list(ChainDay.objects.order_by("day"))
    assert [(str(day.day), day.count) for day in days] == [
        ("2026-04-06", 3),
        ("2026-04-07", 3),
        ("2026-04-08", 3),
    ]
    assert bytes(days[1].before) == bytes(days[0].head)


def test_the_sweep_goes_on_where_it_stopped(book: list[Entry], now: datetime) -> None:
    audit.record(by=None, action="more", now=now + timedelta(hours=51))
    assert (sweeps.chain(now), sweeps.chain(now)) == (1, 0)
    assert queries.verify() == []


def test_an_entry_committed_after_midnight_goes_to_the_new_day(book: list[Entry], now: datetime) -> None:
    midnight = now.replace(hour=0) + timedelta(days=3)
    audit.record(by=None, action="next day", now=midnight + timedelta(seconds=1))
    sweeps.chain(now)
    audit.record(by=None, action="late", now=midnight - timedelta(seconds=1))
    sweeps.chain(now)
    assert [str(day) for day in Entry.objects.filter(action="late").values_list("chain_day", flat=True)] == [
        "2026-04-09"
    ]
    assert queries.verify() == []


@pytest.mark.parametrize(
    "change",
    [
        "action = 'x'",
        "facts = '{}'",
        "at = at + interval '1 ms'",
        "actor = 'x'",
        "subject_id = 'x'",
        "by_id = id",
    ],
)
def test_an_edit_is_found(book: list[Entry], change: str) -> None:
    bypassing(f"UPDATE audit_entry SET {change} WHERE id = %s", book[4].pk)
    assert [(finding.what, finding.entry) for finding in queries.verify()] == [("edited", str(book[4].pk))]


@pytest.mark.parametrize("place", [0, 4, 8])
def test_a_deletion_is_found(book: list[Entry], place: int) -> None:
    bypassing("DELETE FROM audit_entry WHERE id = %s", book[place].pk)
    assert "missing" in found()


def test_a_deletion_with_the_gap_closed_is_found(book: list[Entry]) -> None:
    bypassing("DELETE FROM audit_entry WHERE id = %s", book[4].pk)
    bypassing("UPDATE audit_entry SET seq = 2 WHERE id = %s", book[5].pk)
    bypassing("UPDATE audit_chainday SET count = 2 WHERE day = '2026-04-07'")
    assert "edited" in found()


COPY = """
    INSERT INTO audit_entry (id, at, actor, action, subject_type, subject_id, facts, chain_day, seq, hash)
    SELECT gen_random_uuid(), at, actor, 'forged', '', '', facts, chain_day, {seq}, hash
    FROM audit_entry WHERE id = %s"""


@pytest.mark.parametrize("seq", ["4", "NULL"])
def test_an_insertion_is_found(book: list[Entry], seq: str) -> None:
    bypassing(COPY.format(seq=seq), book[4].pk)
    assert found() & {"foreign", "edited"}


def test_an_insertion_in_the_middle_is_found(book: list[Entry]) -> None:
    bypassing("UPDATE audit_entry SET seq = 4 WHERE id = %s", book[5].pk)
    bypassing(COPY.format(seq=3), book[4].pk)
    bypassing("UPDATE audit_chainday SET count = 4 WHERE day = '2026-04-07'")
    assert "edited" in found()


def test_a_backdated_entry_is_found_before_and_after_it_is_chained(book: list[Entry], now: datetime) -> None:
    audit.record(by=None, action="forged", now=now)
    assert found() == {"backdated"}
    sweeps.chain(now)
    assert found() == {"backdated"}


def test_entries_that_changed_places_are_found(book: list[Entry]) -> None:
    bypassing("UPDATE audit_entry SET seq = 9 WHERE id = %s", book[3].pk)
    bypassing("UPDATE audit_entry SET seq = 1 WHERE id = %s", book[4].pk)
    bypassing("UPDATE audit_entry SET seq = 2 WHERE id = %s", book[3].pk)
    assert "edited" in found()


def test_a_cut_end_is_found(book: list[Entry]) -> None:
    bypassing("DELETE FROM audit_entry WHERE id = %s", book[8].pk)
    bypassing("UPDATE audit_chainday SET count = 2, head = %s WHERE day = '2026-04-08'", book[7].hash)
    assert found() == {"edited", "cut"}


def test_a_whole_day_cut_off_is_found(book: list[Entry]) -> None:
    bypassing("DELETE FROM audit_entry WHERE chain_day = '2026-04-08'")
    bypassing("DELETE FROM audit_chainday WHERE day = '2026-04-08'")
    assert found() == {"cut"}


def test_a_day_taken_out_of_the_middle_is_found(book: list[Entry]) -> None:
    bypassing("DELETE FROM audit_entry WHERE chain_day = '2026-04-07'")
    bypassing("DELETE FROM audit_chainday WHERE day = '2026-04-07'")
    assert found() == {"unlinked"}


def test_everything_removed_is_found(book: list[Entry]) -> None:
    bypassing("DELETE FROM audit_entry")
    bypassing("DELETE FROM audit_chainday")
    assert found() == {"cut"}


def test_half_a_chain_mark_is_found(book: list[Entry], now: datetime) -> None:
    audit.record(by=None, action="forged", now=now + timedelta(days=3))
    bypassing("UPDATE audit_entry SET chain_day = '2026-04-07' WHERE action = 'forged'")
    assert found() == {"edited"}

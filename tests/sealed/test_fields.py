"""What is sealed in a column opens only where it belongs."""

import os
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from daredemo.families.models import CareRecord, Child
from daredemo.notifications.models import Message
from daredemo.sealed import actions as sealing
from daredemo.sealed.keys import Tampered

pytestmark = pytest.mark.django_db
History: Any = CareRecord._meta.get_field("events").related_model


def a_child(now: datetime) -> Child:
    return Child.objects.create(family_name="佐藤", given_name="はな", born=date(2025, 4, 2), created_at=now)


def a_record(now: datetime, **words: str) -> CareRecord:
    return CareRecord.objects.create(child=a_child(now), **words)


def raw(row: Any, column: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column} FROM {row._meta.db_table} WHERE {row._meta.pk.column} = %s", [row.pk]
        )
        return bytes(cursor.fetchone()[0])


def put(row: Any, column: str, data: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {row._meta.db_table} SET {column} = %s WHERE {row._meta.pk.column} = %s", [data, row.pk]
        )


def again(row: CareRecord) -> CareRecord:
    return CareRecord.objects.get(pk=row.pk)


def test_what_was_sealed_comes_back(now: datetime) -> None:
    words = "卵・𠮷田さんの薬\n葛󠄀"
    assert again(a_record(now, allergies=words)).allergies == words


def test_the_column_holds_no_clear_text(now: datetime) -> None:
    record = a_record(now, allergies="egg-canary")
    assert b"egg-canary" not in raw(record, "allergies")


def test_an_empty_value_looks_like_a_short_one(now: datetime) -> None:
    record = a_record(now, allergies="", health="ぜんそく")
    assert len(raw(record, "allergies")) == len(raw(record, "health"))


def test_a_value_moved_to_another_row_is_refused(now: datetime) -> None:
    mine, other = a_record(now, allergies="卵"), a_record(now, allergies="乳")
    put(other, "allergies", raw(mine, "allergies"))
    with pytest.raises(Tampered):
        _ = again(other).allergies


def test_a_value_moved_to_another_column_is_refused(now: datetime) -> None:
    record = a_record(now, allergies="卵", health="なし")
    put(record, "health", raw(record, "allergies"))
    with pytest.raises(Tampered):
        _ = again(record).health


@pytest.mark.parametrize("place", [0, 1, 3, 8, -1])
def test_a_changed_byte_is_refused(now: datetime, place: int) -> None:
    record = a_record(now, allergies="卵")
    data = bytearray(raw(record, "allergies"))
    data[place] ^= 1
    put(record, "allergies", bytes(data))
    with pytest.raises(Tampered):
        _ = again(record).allergies


def test_a_value_is_opened_only_when_it_is_read(now: datetime) -> None:
    record = a_record(now, allergies="卵")
    put(record, "allergies", b"\x01\x04none" + bytes(40))
    assert again(record).health == ""


@pytest.mark.parametrize("lookup", ["allergies", "allergies__contains", "allergies__in"])
def test_searching_a_sealed_column_fails_loudly(lookup: str) -> None:
    with pytest.raises(TypeError, match="cannot be searched"):
        CareRecord.objects.filter(**{lookup: "卵"}).exists()


def test_a_bulk_update_with_a_value_fails_loudly(now: datetime) -> None:
    a_record(now, allergies="卵")
    with pytest.raises(TypeError, match="is sealed"):
        CareRecord.objects.update(allergies="乳")


def test_a_bulk_update_with_nothing_erases(now: datetime) -> None:
    record = a_record(now, allergies="卵")
    CareRecord.objects.update(allergies="")
    assert (raw(record, "allergies"), again(record).allergies) == (b"", "")


def test_values_are_not_read_by_mistake(now: datetime) -> None:
    a_record(now, allergies="卵")
    with pytest.raises(TypeError):
        str(CareRecord.objects.values_list("allergies", flat=True)[0])


def test_many_rows_at_once_are_sealed_each_for_itself(now: datetime) -> None:
    rows = [CareRecord(child=a_child(now), allergies=word) for word in "卵乳麦"]
    CareRecord.objects.bulk_create(rows)
    assert [again(row).allergies for row in rows] == ["卵", "乳", "麦"]


def test_a_deferred_value_is_loaded_and_opened(now: datetime) -> None:
    record = a_record(now, allergies="卵")
    assert CareRecord.objects.defer("allergies").get(pk=record.pk).allergies == "卵"


def test_saving_without_a_change_keeps_the_ciphertext(now: datetime) -> None:
    record = again(a_record(now, allergies="卵"))
    before = raw(record, "allergies")
    record.save(update_fields=["allergies"])
    assert raw(record, "allergies") == before


def test_a_row_copied_under_a_new_id_is_sealed_anew(now: datetime) -> None:
    record = a_record(now, allergies="卵")
    record.pk, record.child, record._state.adding = a_child(now).pk, a_child(now), True
    record.save()
    assert again(record).allergies == "卵"


def test_history_opens_with_the_place_of_what_it_tells_about(now: datetime) -> None:
    record = a_record(now, allergies="卵")
    record.allergies = "卵と乳"
    record.save(update_fields=["allergies"])
    told = [event.allergies for event in History.objects.filter(pgh_obj=record).order_by("pgh_id")]
    assert told == ["卵", "卵と乳"]


def test_json_keeps_its_shape(now: datetime) -> None:
    message = Message(kind="login_code", created_at=now, due_at=now, message_id="<1@x>")
    message.context = {"code": "123456", "list": [1, None, "園"]}
    message.save(force_insert=True)
    loaded = Message.objects.get(pk=message.pk)
    assert loaded.context == {"code": "123456", "list": [1, None, "園"]}
    loaded.context["code"] = "654321"
    loaded.save(update_fields=["context"])
    assert Message.objects.get(pk=message.pk).context["code"] == "654321"


def test_keys_rotate_while_running(now: datetime, settings: Settings) -> None:
    record = a_record(now, allergies="卵", health="ぜんそく")
    old = settings.ENCRYPTION_KEYS
    settings.ENCRYPTION_KEYS = {"new": os.urandom(32), **old}
    assert again(record).allergies == "卵"
    events = History.objects.count()

    assert sealing.rotate() == 2  # the row and its history
    assert sealing.rotate() == 0
    assert History.objects.count() == events

    settings.ENCRYPTION_KEYS = {"new": settings.ENCRYPTION_KEYS["new"]}
    assert (again(record).allergies, again(record).health) == ("卵", "ぜんそく")
    assert History.objects.get(pgh_obj=record).allergies == "卵"


def test_without_the_old_key_old_values_do_not_open(now: datetime, settings: Settings) -> None:
    record = a_record(now, allergies="卵")
    settings.ENCRYPTION_KEYS = {"new": os.urandom(32)}
    with pytest.raises(Tampered, match="no key"):
        _ = again(record).allergies

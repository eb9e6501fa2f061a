"""A message is promised in the transaction of the deed, once, and can be taken back until it leaves."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from daredemo.notifications import actions as notifications
from daredemo.notifications import queries, sweeps
from daredemo.notifications.models import Message, Status

pytestmark = pytest.mark.django_db


def promise(now: datetime, **words: Any) -> Message:
    return notifications.promise(
        **{
            "kind": "login_code", "to": None, "address": "hana@example.jp", "language": "ja",
            "context": {"code": "123456"}, "now": now, **words,
        }
    )  # fmt: skip


def jobs() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args ->> 'message' FROM procrastinate_jobs ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_a_promise_goes_with_its_transaction(now: datetime) -> None:
    with transaction.atomic():
        promise(now)
        transaction.set_rollback(True)
    assert Message.objects.count() == 0


def test_a_promise_keeps_address_and_words_sealed(now: datetime) -> None:
    message = promise(now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(m)::text, address || context FROM notifications_message m")
        row, sealed = cursor.fetchone()
    assert "hana" not in row
    assert not {b"hana", b"123456"} & set(bytes(sealed).split(b'"'))
    assert Message.objects.get(pk=message.pk).address == "hana@example.jp"


def test_the_same_key_twice_is_one_message(now: datetime) -> None:
    first, second = promise(now, key="reminder:1"), promise(now, key="reminder:1")
    assert first.pk == second.pk
    assert queries.by_key("reminder:1") == first
    assert promise(now).pk != promise(now).pk


def test_an_unknown_kind_or_a_missing_word_is_our_own_mistake(now: datetime) -> None:
    with pytest.raises(LookupError, match="no kind"):
        promise(now, kind="nonsense")
    with pytest.raises(LookupError, match="code"):
        promise(now, context={})


def test_without_an_address_it_becomes_a_telephone_row(now: datetime) -> None:
    message = promise(now, address="")
    assert sweeps.queue(now) == 0
    assert list(queries.to_tell(now)) == [message]
    assert list(queries.to_tell(now - timedelta(seconds=1))) == []


def test_due_promises_get_one_job_each(now: datetime) -> None:
    soon, later = promise(now), promise(now, due_at=now + timedelta(minutes=10))
    assert (sweeps.queue(now), sweeps.queue(now)) == (1, 0)
    assert jobs() == [str(soon.pk)]
    assert sweeps.queue(now + timedelta(minutes=10)) == 1
    assert jobs() == [str(soon.pk), str(later.pk)]


def test_a_promise_is_withdrawn_until_it_leaves(now: datetime) -> None:
    early, queued, leaving = promise(now, key="a"), promise(now), promise(now)
    assert notifications.withdraw(message=early, now=now)
    assert notifications.withdraw(message=early, now=now) is False
    sweeps.queue(now)
    assert notifications.withdraw(message=queued, now=now)
    assert notifications.begin(pk=queued.pk, now=now) is None
    assert notifications.begin(pk=leaving.pk, now=now) is not None
    assert notifications.withdraw(message=leaving, now=now) is False


def test_a_withdrawn_promise_says_nothing_any_more_and_frees_its_key(now: datetime) -> None:
    assert notifications.withdraw_key(key="a", now=now) is False
    message = promise(now, key="a")
    assert notifications.withdraw_key(key="a", now=now)
    message.refresh_from_db()
    assert (message.status, message.context) == (Status.WITHDRAWN, {})
    assert promise(now, key="a").pk != message.pk


def test_a_message_that_lost_its_job_is_promised_again(now: datetime) -> None:
    message = promise(now)
    sweeps.queue(now)
    later = now + timedelta(seconds=61)
    assert (list(queries.jobless(later)), sweeps.requeue(later)) == ([], 0)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert list(queries.jobless(later)) == [message]
    assert (sweeps.requeue(later), sweeps.queue(later)) == (1, 1)
    assert jobs() == [str(message.pk)]


def test_a_promise_that_nobody_queues_is_seen(now: datetime) -> None:
    message = promise(now)
    assert list(queries.overdue(now + timedelta(seconds=60))) == []
    assert list(queries.overdue(now + timedelta(seconds=61))) == [message]


def test_a_person_is_forgotten_and_the_fact_stays(now: datetime, django_user_model: Any) -> None:
    user = django_user_model.objects.create(login_id="1", portal="guardian", created_at=now)
    message = promise(now, to=user)
    assert notifications.erase(to=user) == 1
    message = Message.objects.get(pk=message.pk)
    assert (message.address, message.context) == ("", {})


def test_staff_tick_off_a_telephone_row(now: datetime, django_user_model: Any) -> None:
    user = django_user_model.objects.create(login_id="1", portal="facility", created_at=now)
    told, mail = promise(now, address=""), promise(now)
    assert notifications.settle(message=told, by=user, now=now)
    assert notifications.settle(message=mail, by=user, now=now) is False
    assert list(queries.to_tell(now)) == []

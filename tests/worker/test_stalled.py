"""A job whose worker died is given back; without that a message in hand would wait for ever."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from daredemo.notifications import actions as notifications
from daredemo.notifications import sweeps
from daredemo.notifications.models import Message, Status
from daredemo.worker import stalled

pytestmark = pytest.mark.django_db


def in_hand(now: datetime, heartbeat: str) -> Message:
    """A message that a worker had begun when it was last heard of so long ago."""
    context: dict[str, object] = {"code": "123456"}
    message = notifications.promise(
        kind="login_code", to=None, address="hana@example.jp", language="ja", context=context, now=now
    )
    sweeps.queue(now)
    notifications.begin(pk=message.pk, now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval) RETURNING id",
            [heartbeat],
        )
        [worker] = cursor.fetchone()
        cursor.execute("SELECT id FROM procrastinate_fetch_job_v2(NULL, %s)", [worker])
    return message


def states() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_what_a_dead_worker_had_in_hand_is_delivered_by_the_next(now: datetime) -> None:
    message = in_hand(now, "11 seconds")
    assert states() == ["doing"]
    assert (stalled.recover(now), stalled.recover(now)) == (1, 0)
    assert states() == ["todo"]
    assert notifications.begin(pk=message.pk, now=now) is not None


def test_what_a_living_worker_has_in_hand_is_left_to_it(now: datetime) -> None:
    in_hand(now, "5 seconds")
    assert stalled.recover(now) == 0
    assert states() == ["doing"]


def test_control_nothing_else_would_give_it_back(now: datetime) -> None:
    message = in_hand(now, "1 day")
    later = now + timedelta(days=2)
    sweeps.requeue(later)
    sweeps.queue(later)
    message.refresh_from_db()
    assert (message.status, states()) == (Status.SENDING, ["doing"])

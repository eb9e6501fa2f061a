"""The worker as a process: killed as often as you like, it loses no mail; asked to stop, it does."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from daredemo.demo.models import Mail
from daredemo.notifications import actions as notifications
from daredemo.notifications import queries
from daredemo.notifications.models import Message, Status
from tests.notifications.mailserver import MailServer, free_port, mail_server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """`python -m daredemo.worker` against the test database."""

    def __init__(self, log: Path, smtp_port: int, **more: str) -> None:
        self.log = log
        database = settings.DATABASES["default"]
        address = f"postgres://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
        if database["PORT"]:
            address += f"&port={database['PORT']}"
        environment = {
            **os.environ,
            "DATABASE_URL": address,
            "DAREDEMO_SMTP_PORT": str(smtp_port),
            "DAREDEMO_WORKER_STALL": "1",
            "PYTHONPATH": os.pathsep.join(sys.path),
            **more,
        }
        with log.open("ab") as file:
            self.begins_at = file.tell()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "daredemo.worker"], cwd=ROOT, env=environment, stderr=file
            )

    def said(self) -> list[dict[str, object]]:
        with self.log.open("rb") as file:
            file.seek(self.begins_at)
            return [json.loads(line) for line in file if line.startswith(b"{")]

    def wait_until_ready(self) -> None:
        wait_for(lambda: any(line.get("event") == "worker_ready" for line in self.said()), 20)

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(10)


Start = Callable[[int], Worker]


@pytest.fixture
def smtp() -> Iterator[MailServer]:
    """On the demo's own port, so that the worker's own mailbox steps aside."""
    with mail_server(free_port()) as server:
        yield server


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start workers; none outlives the test."""
    workers: list[Worker] = []

    def started(smtp_port: int) -> Worker:
        workers.append(Worker(tmp_path / "log", smtp_port))
        workers[-1].wait_until_ready()
        return workers[-1]

    yield started
    for worker in workers:
        worker.process.kill()
        worker.process.wait()


def wait_for(condition: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def promise(number: int) -> list[Message]:
    return [promise_to(f"guardian{index}@example.jp") for index in range(number)]


def promise_to(address: str) -> Message:
    context: dict[str, object] = {"code": "123456"}
    return notifications.promise(
        kind="login_code", to=None, address=address, language="ja", context=context, now=datetime.now(UTC)
    )


def left() -> int:
    return Message.objects.exclude(status=Status.HANDED_OVER).count()


def lose_nothing(smtp: MailServer, start: Start, *, mails: int, kills: int, alive: float) -> Counter[str]:
    """Kill the worker -9 while it delivers, then let it finish: which Message-ID came how often."""
    promised = {message.message_id for message in promise(mails)}
    killed = 0
    while killed < kills and left():
        worker, before = start(smtp.port), len(smtp.taken)
        wait_for(lambda: len(smtp.taken) > before or not left(), 20)  # noqa: B023  asked at once
        time.sleep(alive * random.uniform(0.2, 1.8))
        worker.end(signal.SIGKILL)
        killed += 1
    print(f"\nkilled {killed} times, {len(smtp.taken)} of {mails} mails were out by then")
    worker = start(smtp.port)
    wait_for(lambda: not left(), 60)
    worker.end()
    copies = Counter(smtp.ids())
    assert set(copies) == promised, "a mail was lost or invented"
    assert queries.jobless(datetime.now(UTC)).count() == 0
    return copies


def test_a_worker_killed_often_loses_no_mail(smtp: MailServer, start: Start) -> None:
    copies = lose_nothing(smtp, start, mails=200, kills=4, alive=0.3)
    doubled = sum(count - 1 for count in copies.values())
    assert doubled <= 4 * 4, "at most what was in hand when it died: four jobs for each kill"
    print(f"lost 0, second copies {doubled}")


@pytest.mark.slow
def test_a_thousand_mails_and_a_worker_killed_all_the_time(smtp: MailServer, start: Start) -> None:
    copies = lose_nothing(smtp, start, mails=1000, kills=60, alive=0.15)
    print(f"lost 0, second copies {sum(count - 1 for count in copies.values())}")


def test_mail_goes_out_within_ten_seconds_and_not_before_it_is_due(smtp: MailServer, start: Start) -> None:
    promise(50)
    worker = start(smtp.port)
    began = time.monotonic()
    wait_for(lambda: not left(), 10)
    print(f"\n50 mails handed over {time.monotonic() - began:.1f} s after the worker was ready")
    assert worker.end() == 0


def test_the_worker_lives_on_when_the_database_drops_it(smtp: MailServer, start: Start) -> None:
    worker = start(smtp.port)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    promise(5)
    wait_for(lambda: not left(), 20)
    assert worker.end() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_ends_within_ten_seconds(smtp: MailServer, start: Start, number: int) -> None:
    worker = start(smtp.port)
    assert worker.end(number) == 0


def test_in_demo_mode_the_mailbox_catches_what_the_worker_sends(start: Start) -> None:
    worker = start(free_port())
    [message] = promise(1)
    wait_for(Mail.objects.exists, 10)
    worker.end()
    mail = Mail.objects.get()
    assert (mail.recipients, mail.subject) == ("guardian0@example.jp", "ログインの確認番号")
    assert message.message_id.encode() in bytes(mail.source)

"""Against real mail servers in every state: at least once, nobody held up, the dead letters visible."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from procrastinate.jobs import Job
from pytest_django import Settings

from daredemo.notifications import actions as notifications
from daredemo.notifications import jobs, kinds, queries
from daredemo.notifications.models import Message, Status
from tests.notifications import standing
from tests.notifications.mailserver import MailServer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    yield
    standing.hand[0] = standing.HOUR


def queued(now: datetime, **words: Any) -> Message:
    message = notifications.promise(
        **{
            "kind": "login_code", "to": None, "address": "hana@example.jp", "language": "ja",
            "context": {"code": "123456"}, "now": now, **words,
        }
    )  # fmt: skip
    notifications.queue(now=now)
    return message


def deliver(message: Message) -> Message:
    jobs.deliver(message=str(message.pk))
    return Message.objects.get(pk=message.pk)


def test_a_mail_is_handed_over_once(now: datetime, post: MailServer) -> None:
    message = deliver(queued(now))
    assert (message.status, message.handed_over_at, message.attempts) == (Status.HANDED_OVER, now, 1)
    deliver(message)
    assert post.recipients == ["hana@example.jp"]
    assert post.ids() == [message.message_id]


def test_a_server_that_is_down_is_tried_again(now: datetime, settings: Settings) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    message = queued(now)
    with pytest.raises(jobs.Later):
        deliver(message)
    message.refresh_from_db()
    assert (message.status, message.attempts, message.last_error) == (
        Status.QUEUED,
        1,
        "ConnectionRefusedError",
    )
    assert list(queries.delayed()) == [message]


@pytest.mark.parametrize("where", ["answers", "greetings"])
def test_after_a_4xx_it_arrives(now: datetime, post: MailServer, where: str) -> None:
    getattr(post, where).append("450 later, hana@example.jp")
    message = queued(now)
    with pytest.raises(jobs.Later):
        deliver(message)
    message.refresh_from_db()
    assert message.last_error == "450 later, …"
    assert deliver(message).status == Status.HANDED_OVER
    assert post.ids() == [message.message_id]


@pytest.mark.parametrize("where", ["answers", "greetings"])
def test_a_5xx_makes_a_dead_letter_that_staff_can_send_elsewhere(
    now: datetime, post: MailServer, where: str, django_user_model: Any
) -> None:
    user = django_user_model.objects.create(login_id="1", portal="city", created_at=now)
    getattr(post, where).append("550 no such <hana@example.jp>")
    message = deliver(queued(now, to=user))
    assert (message.status, message.last_error) == (Status.DEAD, "550 no such …")
    assert list(queries.dead_letters_to(django_user_model.objects.all())) == [message]

    assert notifications.revive(message=message, by=user, now=now, address="new@example.jp")
    notifications.queue(now=now)
    assert deliver(message).status == Status.HANDED_OVER
    assert post.recipients == ["new@example.jp"]


def test_when_the_reply_is_lost_the_second_copy_has_the_same_id(now: datetime, post: MailServer) -> None:
    post.answers.append("drop")
    message = queued(now)
    with pytest.raises(jobs.Later):
        deliver(message)
    assert deliver(message).status == Status.HANDED_OVER
    assert post.ids() == [message.message_id, message.message_id]


def test_when_the_session_is_cut_nothing_is_doubled(now: datetime, post: MailServer) -> None:
    post.answers.append("cut")
    message = queued(now)
    with pytest.raises(jobs.Later):
        deliver(message)
    deliver(message)
    assert post.ids() == [message.message_id]


def test_a_slow_server_does_not_hold_the_worker(now: datetime, post: MailServer, settings: Settings) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    post.answers.append(0.6)
    with pytest.raises(jobs.Later, match=r"Timeout|Disconnected"):
        deliver(queued(now))


def test_after_a_day_of_trying_it_is_a_dead_letter(now: datetime, post: MailServer) -> None:
    message = queued(now)
    for hours, status in ((23, Status.QUEUED), (24, Status.DEAD)):
        standing.hand[0] = now + timedelta(hours=hours)
        post.answers.append("451 busy")
        if status == Status.QUEUED:
            with pytest.raises(jobs.Later):
                deliver(message)
        else:
            deliver(message)
        message.refresh_from_db()
        assert message.status == status


def test_waiting_grows_to_an_hour_and_is_never_the_same() -> None:
    waits = []
    for attempts in (0, 1, 5, 9, 30):
        job = Job(
            id=1,
            queue="mail",
            lock=None,
            queueing_lock=None,
            task_name="x",
            attempts=attempts,
            status="doing",
        )
        at = [jobs.Patient().get_retry_decision(exception=jobs.Later(), job=job).retry_at for _ in range(30)]
        assert len(set(at)) > 1
        waits.append(attempts)
        seconds = [(moment - datetime.now(moment.tzinfo)).total_seconds() for moment in at if moment]
        full = min(15 * 2**attempts, 3600)
        assert full * 0.4 <= min(seconds) <= max(seconds) <= full * 1.5
    assert waits == [0, 1, 5, 9, 30]


def test_what_is_no_longer_true_is_not_said(
    now: datetime, post: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[datetime] = []

    def recheck(message: Message, at: datetime) -> bool:
        asked.append(at)
        return bool(message.context["code"] != "123456")

    monkeypatch.setitem(kinds.KINDS, "login_code", kinds.Kind("login_code", {"code": "1"}, recheck))
    assert deliver(queued(now)).status == Status.WITHDRAWN
    assert deliver(queued(now, context={"code": "2"})).status == Status.HANDED_OVER
    assert (asked, len(post.taken)) == ([now, now], 1)


def test_a_broken_template_address_or_recheck_holds_up_nobody_else(
    now: datetime, post: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_message: Message, _at: datetime) -> bool:
        raise KeyError("x")

    monkeypatch.setitem(kinds.KINDS, "no_template", kinds.Kind("no_template"))
    monkeypatch.setitem(kinds.KINDS, "password_link", kinds.Kind("password_link", {}, broken))
    template = deliver(queued(now, kind="no_template"))
    address = deliver(queued(now, address="x@y\r\nBcc: z@example.jp"))
    unsure = queued(now, kind="password_link", context={"url": "/x"})
    with pytest.raises(jobs.Later):
        deliver(unsure)
    assert (template.status, template.last_error) == (Status.DEAD, "template TemplateDoesNotExist")
    assert (address.status, address.last_error) == (Status.DEAD, "unsendable: address")
    assert deliver(queued(now)).status == Status.HANDED_OVER
    assert len(post.taken) == 1

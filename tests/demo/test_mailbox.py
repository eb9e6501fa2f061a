"""The demo's mailbox shows what was sent, and does not exist in production."""

import os
import smtplib
import subprocess
import sys
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from daredemo.demo import mailbox
from tests.notifications.mailserver import free_port

ROOT = Path(__file__).resolve().parents[2]


def a_mail(
    subject: str = "面談のお知らせ", text: str = "http://localhost:8000/interviews/1/\n<b>太字</b>"
) -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, "a@example.jp", "b@example.jp"
    mail.set_content(text)
    mail.add_alternative("<script>alert(1)</script>", subtype="html")
    mail.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="../面談 1.ics")
    return mail.as_bytes()


@pytest.mark.django_db
def test_mails_are_listed_newest_first(client: Client) -> None:
    for number in range(3):
        mailbox.keep(a_mail(f"{number}番目のメール"), ["hana@example.jp"])
    page = client.get(reverse("demo:mailbox")).content.decode()
    assert page.index("2番目") < page.index("1番目") < page.index("0番目")
    assert "hana@example.jp" in page


@pytest.mark.django_db
def test_a_mail_shows_its_words_with_links_and_no_markup_of_its_own(client: Client) -> None:
    mail = mailbox.keep(a_mail(), ["hana@example.jp"])
    page = client.get(reverse("demo:mail", args=[mail.pk])).content.decode()
    assert '<a href="http://localhost:8000/interviews/1/"' in page
    assert "&lt;b&gt;太字" in page
    assert "alert(1)" not in page


@pytest.mark.django_db
def test_an_attachment_is_saved_and_not_shown(client: Client) -> None:
    mail = mailbox.keep(a_mail(), ["hana@example.jp"])
    answer = client.get(reverse("demo:attachment", args=[mail.pk, 0]))
    assert answer.content == b"BEGIN:VCALENDAR"
    assert answer["Content-Disposition"] == 'attachment; filename="..1.ics"'
    assert client.get(reverse("demo:attachment", args=[mail.pk, 1])).status_code == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("standing_clock")
@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_once(client: Client, rows: int, django_assert_num_queries: object) -> None:
    for _ in range(rows):
        mailbox.keep(a_mail(), ["hana@example.jp"])
    with django_assert_num_queries(1):  # type: ignore[operator]
        client.get(reverse("demo:mailbox"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "source", [b"", b"\xff\xfe\x00", b"Subject: =?utf-8?b?broken", b"Content-Type: x\n\nx"]
)
def test_a_strange_mail_is_shown_too(client: Client, source: bytes) -> None:
    mail = mailbox.keep(source, ["x"])
    assert client.get(reverse("demo:mail", args=[mail.pk])).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_demo_mail_server_takes_every_mail(settings: Settings, now: datetime) -> None:
    settings.EMAIL_PORT = free_port()
    stop = mailbox.start()
    try:
        with smtplib.SMTP("127.0.0.1", settings.EMAIL_PORT) as connection:
            connection.sendmail("a@example.jp", ["b@example.jp", "c@example.jp"], a_mail())
    finally:
        stop()
    [mail] = mailbox.newest()
    assert (mail.subject, mail.recipients) == ("面談のお知らせ", "b@example.jp, c@example.jp")


PRODUCTION = {
    "DAREDEMO_MODE": "production",
    "DATABASE_URL": "postgres://x@127.0.0.1/x",
    "EMAIL_URL": "smtp://127.0.0.1",
    "SECRET_KEY": "x" * 60,
    "ENCRYPTION_KEYS": "a:" + "A" * 43,
    "PUBLIC_URL": "https://kodomo.example.jp",
    "MAIL_FROM": "a@example.jp",
    "TRUSTED_PROXIES": "none",
    "DJANGO_SETTINGS_MODULE": "daredemo.config.settings",
}


@pytest.mark.parametrize("module", ["daredemo.demo.apps", "daredemo.demo.urls"])
def test_the_demo_cannot_be_imported_in_production(module: str) -> None:
    surroundings = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **PRODUCTION}
    run = subprocess.run(
        [sys.executable, "-c", f"import {module}"],
        env=surroundings,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "ImproperlyConfigured: daredemo.demo has known passwords" in run.stderr

"""From a row to a mail: every kind complete, nothing injected, no link to anybody else."""

import re
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings

from daredemo.notifications import actions as notifications
from daredemo.notifications import kinds, mails
from daredemo.notifications.models import Message

FOLDERS = sorted(
    {
        folder.name
        for app in apps.get_app_configs()
        for folder in (Path(app.path) / "templates" / "notifications").glob("*/")
    }
)


def message(now: datetime, kind: str = "login_code", **words: Any) -> Message:
    return notifications.draft(
        **{
            "kind": kind, "to": None, "address": "hana@example.jp", "language": "ja",
            "context": dict(kinds.KINDS[kind].example), "now": now, **words,
        }
    )  # fmt: skip


def source(now: datetime, kind: str = "login_code", **words: Any) -> EmailMessage:
    mail = mails.compose(message(now, kind, **words), now)
    return message_from_bytes(mail.message().as_bytes(), policy=policy.default)


def text(now: datetime, kind: str, **words: Any) -> str:
    return str(mails.compose(message(now, kind, **words), now).body)


def test_every_folder_is_a_kind_and_every_kind_a_folder() -> None:
    assert sorted(kinds.KINDS) == FOLDERS


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
@pytest.mark.parametrize("kind", sorted(kinds.KINDS))
def test_every_kind_can_be_read_out(now: datetime, kind: str, language: str) -> None:
    subject, text = mails.words(message(now, kind, language=language, address=""), now)
    assert subject
    for name, value in mails.facts(message(now, kind, language=language), now).items():
        if name in {"url", "code", "login_id"}:
            assert value in text, f"{kind} does not say its {name}"


@pytest.mark.django_db  # some ask what travels with them
@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
@pytest.mark.parametrize("kind", sorted(name for name, kind in kinds.KINDS.items() if not kind.paper))
def test_every_kind_becomes_a_mail(now: datetime, kind: str, language: str) -> None:
    mail = source(now, kind, language=language)
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert len(str(mail["Subject"])) <= 60
    without_readings = re.sub(r"<rt>.*?</rt>|</?ruby>", "", html.get_content())
    assert str(mail["Subject"]).split()[0] in without_readings


def test_the_subjects_that_families_look_for(now: datetime) -> None:
    assert source(now, "invitation")["Subject"] == "利用申請URLのお知らせ"
    assert source(now, "account_issued")["Subject"] == "アカウント発行のお知らせ"


def test_the_invitation_says_until_when_and_rounds_down(now: datetime) -> None:
    words = text(now.replace(minute=59), "invitation")
    assert "24時間(4月7日10時ごろまで)" in words
    assert "http://localhost:8000/apply/token" in words


def test_the_message_id_was_made_by_the_promise(now: datetime) -> None:
    row = message(now)
    assert row.message_id == f"<{row.pk.hex}@{settings.PUBLIC_HOST}>"
    assert source(now)["Auto-Submitted"] == "auto-generated"
    assert mails.compose(row, now).message()["Message-ID"] == row.message_id
    assert mails.compose(row, now).message()["Date"] == "Mon, 06 Apr 2026 10:00:00 +0900"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "no-address",
        "a@example.jp\r\nBcc: evil@example.com",
        "a@example.jp,b@example.jp",
        "a@b@c.jp",
        "a\x00@b.jp",
    ],
)
def test_a_bad_address_is_refused(now: datetime, address: str) -> None:
    with pytest.raises(mails.Unsendable, match="address"):
        mails.compose(message(now, address=address), now)


@pytest.mark.parametrize("injected", ["x\r\nBcc: evil@example.com", "x\ny", "x\x0by", "x\u2028y", ""])
def test_a_subject_with_a_line_break_is_refused(
    now: datetime, injected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = mails._written
    monkeypatch.setattr(
        mails,
        "_written",
        lambda kind, file, *rest, **more: (
            injected if file == "subject.txt" else written(kind, file, *rest, **more)
        ),
    )
    with pytest.raises(mails.Unsendable, match="subject"):
        mails.compose(message(now), now)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "http://localhost:8000.evil.example/",
        "http://localhost:8000@evil.example/",
        "HTTPS://EVIL.example",
        "javascript:alert(1)",
        "//evil.example/",
        "data:text/html,x",
    ],
)
def test_a_link_to_somebody_else_never_leaves(now: datetime, url: str) -> None:
    """Typed into a text it is no link any more; as the mail's own link it stops the mail."""
    row = message(now, "invitation", context={"url": url, "municipality": f"掛川市 {url}"})
    with pytest.raises(mails.Unsendable, match="link"):
        mails.compose(row, now)
    plain = text(now, "invitation", context={"url": "/apply/x", "municipality": f"掛川市 {url}"})
    assert "https://evil" not in plain.lower()
    assert "http://localhost:8000.evil" not in plain


def test_markup_in_words_stays_words(now: datetime) -> None:
    html = source(now, "invitation", context={"url": "/a", "municipality": '<a href="x">&'}).get_body(
        ("html",)
    )
    assert html is not None
    assert "&lt;a href=&quot;x&quot;&gt;&amp;" in html.get_content()


def test_an_attachment_travels_along(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    ics = kinds.Attachment("visit.ics", "text/calendar", "BEGIN:VCALENDAR\r\nSUMMARY:園\r\nEND:VCALENDAR\r\n")
    plain = kinds.KINDS["login_code"]
    monkeypatch.setitem(kinds.KINDS, "login_code", replace(plain, attach=lambda message: [ics]))
    [part] = source(now).iter_attachments()
    assert (part.get_filename(), part.get_content_type()) == ("visit.ics", "text/calendar")
    assert "SUMMARY:園" in part.get_content()

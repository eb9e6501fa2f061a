"""The demo's mail server: takes every mail and shows it on a page, sends none anywhere."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

import structlog
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import connection

from daredemo.config.clock import now
from daredemo.demo.models import Mail

log = structlog.get_logger("daredemo.demo")


class Catcher:
    """What aiosmtpd asks when a mail has come in."""

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        try:
            await asyncio.to_thread(taken, envelope)
        except Exception:
            log.exception("mailbox_failed")
            return "451 Not now"
        return "250 Taken"


def taken(envelope: Envelope) -> None:
    """`keep` in a thread of the mail server, which leaves no connection behind."""
    try:
        keep(bytes(envelope.original_content or b""), list(envelope.rcpt_tos))
    finally:
        connection.close()


def keep(source: bytes, recipients: list[str]) -> Mail:
    """Store one mail as it came."""
    subject = str(parsed(source).get("Subject", ""))
    return Mail.objects.create(
        received_at=now(), recipients=", ".join(recipients)[:1000], subject=subject[:500], source=source
    )


def start() -> Callable[[], None]:
    """Listen on loopback where the settings send mail to; returns how to stop."""
    with socket.create_server(("127.0.0.1", settings.EMAIL_PORT)):
        pass  # a taken port is told at once; the controller would wait five seconds for it
    controller = Controller(Catcher(), hostname="127.0.0.1", port=settings.EMAIL_PORT)
    controller.start()
    return controller.stop


def newest(limit: int = 200) -> list[Mail]:
    """The list, newest first, without the mails' bodies."""
    return list(Mail.objects.defer("source").order_by("-received_at", "-id")[:limit])


@dataclass(frozen=True)
class Attached:
    name: str
    mimetype: str
    data: bytes


def parsed(source: bytes) -> EmailMessage:
    return message_from_bytes(source, policy=policy.default)


def text_of(mail: Mail) -> str:
    """The plain words of a mail."""
    body = parsed(bytes(mail.source)).get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def attached_to(mail: Mail) -> list[Attached]:
    """What travels with a mail."""
    found = []
    for part in parsed(bytes(mail.source)).iter_attachments():
        data = part.get_payload(decode=True)
        found.append(
            Attached(
                part.get_filename() or "file",
                part.get_content_type(),
                data if isinstance(data, bytes) else b"",
            )
        )
    return found

"""A real SMTP server that can be told to misbehave."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class MailServer:
    """Takes mail; `answers` and `greetings` are used up one per DATA or RCPT, then it is well again.

    An answer is an SMTP reply, or "drop" (takes the mail, the reply is lost), "cut" (nothing is taken),
    or a number of seconds to be slow.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.taken: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: list[str | float] = []
        self.greetings: list[str] = []

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.greetings and not (answer := self.greetings.pop(0)).startswith("2"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            answer = "250 OK"
        if answer in ("cut", "drop"):
            cast("asyncio.Transport", server.transport).abort()
        if answer == "drop" or answer.startswith("2"):
            self.recipients += envelope.rcpt_tos
            self.taken.append(read(bytes(envelope.original_content or b"")))
        return answer if answer[0].isdigit() else "421 gone"

    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.taken]


def read(source: bytes) -> EmailMessage:
    return message_from_bytes(source, policy=policy.default)


@contextmanager
def mail_server(port: int = 0) -> Iterator[MailServer]:
    server = MailServer(port or free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()

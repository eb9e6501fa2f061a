"""Hand one message to the mail server: at least once, one job per recipient."""

import random
import re
import smtplib
from typing import Any
from uuid import UUID

import structlog
from django.core.mail import EmailMultiAlternatives
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from daredemo.config.clock import now
from daredemo.notifications import actions, kinds, mails
from daredemo.notifications.models import Message

log = structlog.get_logger("daredemo.notifications")

FIRST_WAIT, LONGEST_WAIT = 15, 3600


class Later(Exception):
    """Not now: try again."""


class Never(Exception):
    """The server refused this message for good."""


class Patient(BaseRetryStrategy):
    """15 s, 30 s, 1 min … 1 h, each times 0.5 to 1.5; `postpone` decides when a day of it is enough."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:  # noqa: ARG002
        wait = min(FIRST_WAIT * 2 ** min(job.attempts, 10), LONGEST_WAIT)
        return RetryDecision(retry_in={"seconds": int(wait * random.uniform(0.5, 1.5))})  # noqa: S311


@app.task(name=actions.DELIVER, queue=actions.QUEUE, retry=Patient())
def deliver(message: str) -> None:
    """Deliver one promised message, or say what became of it."""
    row = actions.begin(pk=UUID(message), now=now())
    if row is None:
        return
    try:
        if still_true(row):
            send(composed(row))
            actions.hand_over(message=row, now=now())
        else:
            actions.drop(message=row, now=now())
    except Never as error:
        actions.bury(message=row, error=str(error), now=now())
        log.warning("message_dead", id=str(row.pk), kind=row.kind, error=str(error))
    except Later as error:
        waits = actions.postpone(message=row, error=str(error), now=now())
        log.warning("message_waits" if waits else "message_dead", id=str(row.pk), error=str(error))
        if waits:
            raise


def still_true(row: Message) -> bool:
    """Ask the kind, just before sending, whether what it says still holds."""
    kind = kinds.KINDS.get(row.kind)
    if kind is None or kind.recheck is None:
        return True
    try:
        return kind.recheck(row, now())
    except Exception as error:
        raise Later(f"recheck {type(error).__name__}") from error


def composed(row: Message) -> EmailMultiAlternatives:
    """A wrong template, context or address is the end of this message and of no other."""
    try:
        return mails.compose(row, now())
    except mails.Unsendable as error:
        raise Never(f"unsendable: {error}") from error
    except Exception as error:
        raise Never(f"template {type(error).__name__}") from error


def send(mail: EmailMultiAlternatives) -> None:
    """Raise Never when the server refused the recipient or the content with 5xx, Later for all other trouble.

    A refused login or sender is our set-up and not this message: it waits until somebody mends it.
    """
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise (Never if code >= 500 else Later)(said(code, words)) from None
    except smtplib.SMTPDataError as error:
        raise (Never if error.smtp_code >= 500 else Later)(said(error.smtp_code, error.smtp_error)) from None
    except smtplib.SMTPResponseException as error:
        raise Later(said(error.smtp_code, error.smtp_error)) from None
    except (smtplib.SMTPException, OSError) as error:
        raise Later(type(error).__name__) from None


def said(code: int, words: Any) -> str:
    """The server's answer without the addresses in it: this is kept and logged."""
    text = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    return f"{code} " + re.sub(r"\S+@\S+", "…", text)

"""From a message row to a mail: three templates, the recipient's language, links to our own host only."""

import re
from datetime import datetime, timedelta
from email.utils import format_datetime
from html.parser import HTMLParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template import Context
from django.template.loader import get_template

from daredemo.languages import readings, spoken
from daredemo.languages import words as spoken_words
from daredemo.notifications.kinds import KINDS
from daredemo.notifications.models import Message
from daredemo.rules.hours import JST

ADDRESS_IN_TEXT = re.compile(r"https?://[^\s\"'<>()「」（）、。]*", re.IGNORECASE)
HOUR = timedelta(hours=1)
CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


class Targets(HTMLParser):
    """Where the tags of a page lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    @classmethod
    def of(cls, html: str) -> list[str]:
        reader = cls()
        reader.feed(html)
        return reader.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        leading = {"href", "src", "action", "background", "poster", "srcset"}
        self.found += [value or "" for name, value in attrs if name in leading]


class Unsendable(Exception):
    """This message can never become a mail: its address, its words or its links are wrong."""


def compose(message: Message, now: datetime) -> EmailMultiAlternatives:
    """The finished mail, or Unsendable."""
    address = message.address
    if CONTROL.search(address) or not _is_address(address):
        raise Unsendable("address")
    subject, text = words(message, now)
    with spoken.to(message.language):
        written = _written(message.kind, "html.html", facts(message, now), autoescape=True)
    html = readings.whole_page(written, wanted=spoken.has_readings(message.language))
    if not subject or CONTROL.search(subject):
        raise Unsendable("subject")
    _only_own_links(text, html)
    mail = EmailMultiAlternatives(
        subject, text + "\n", settings.DEFAULT_FROM_EMAIL, [address], headers=headers(message, now)
    )
    mail.attach_alternative(html, "text/html")
    kind = KINDS.get(message.kind)
    with spoken.to(message.language):
        for attachment in kind.attach(message) if kind and kind.attach else ():
            mail.attach(attachment.name, attachment.text, attachment.mimetype)
    return mail


def words(message: Message, now: datetime) -> tuple[str, str]:
    """Subject and text, for somebody to read out on the telephone or to post."""
    with spoken.to(message.language):
        known = facts(message, now)
        subject, text = (
            readings.plain(_written(message.kind, file, known, autoescape=False)).strip()
            for file in ("subject.txt", "text.txt")
        )
    return subject, text


def headers(message: Message, now: datetime) -> dict[str, str]:
    """The Message-ID was fixed by the promise, so a second copy is known to be the same mail."""
    return {
        "Message-ID": message.message_id,
        "Date": format_datetime(now.astimezone(JST)),
        "Auto-Submitted": "auto-generated",
        "Content-Language": spoken.tag(message.language),
    }


def facts(message: Message, now: datetime) -> dict[str, Any]:
    """What the templates may say: the context, the host, and until when something lasts (downwards)."""
    known = {name: _harmless(name, value) for name, value in message.context.items()}
    known["public_url"] = settings.PUBLIC_URL
    known["mail_language"] = spoken.tag(message.language)
    kind = KINDS.get(message.kind)
    if kind is not None and kind.lasts is not None:
        ends = (now + kind.lasts).astimezone(JST).replace(second=0, microsecond=0)
        known["until"] = ends.replace(minute=0) if kind.lasts >= HOUR else ends
    return known


def is_own(url: str) -> bool:
    """Does this address lead to our own host?"""
    base = settings.PUBLIC_URL
    return url == base or url.startswith((f"{base}/", f"{base}?", f"{base}#"))


def _harmless(name: str, value: Any) -> Any:
    """Words kept for later are said; paths become addresses; an address that somebody typed is no link."""
    if isinstance(value, list):
        return [_harmless(name, item) for item in value]
    if isinstance(value, dict) and "say" in value:
        value = spoken_words.said(value)
    if isinstance(value, dict):
        return {inner: _harmless(inner, item) for inner, item in value.items()}
    if not isinstance(value, str):
        return value
    if (name == "url" or name.endswith("_url")) and value.startswith("/") and not value.startswith("//"):
        return settings.PUBLIC_URL + value
    return ADDRESS_IN_TEXT.sub(_unlinked, value)


def _unlinked(found: re.Match[str]) -> str:
    return found[0] if is_own(found[0]) else found[0].split("://", 1)[1]


def _written(kind: str, file: str, known: dict[str, Any], *, autoescape: bool) -> str:
    template: Any = get_template(f"notifications/{kind}/{file}")
    return str(template.template.render(Context(known, autoescape=autoescape)))


def _only_own_links(text: str, html: str) -> None:
    for found in ADDRESS_IN_TEXT.findall(text) + ADDRESS_IN_TEXT.findall(html):
        if not is_own(found):
            raise Unsendable("foreign link")
    for target in Targets.of(html):
        if not (is_own(target) or target.startswith(("mailto:", "tel:"))):
            raise Unsendable("foreign link")


def _is_address(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True

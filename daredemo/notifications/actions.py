"""Promise a message in the transaction of the deed; withdraw it; note what became of it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from daredemo.notifications import kinds
from daredemo.notifications.models import Channel, Message, Status

if TYPE_CHECKING:
    from daredemo.accounts.models import User

UNSENT = (Status.PROMISED, Status.QUEUED)


@dataclass(frozen=True)
class Attachment:
    """A small text file that travels with a mail, such as an .ics."""

    name: str
    mimetype: str
    text: str


def draft(
    *,
    kind: str,
    to: "User | None",
    address: str,
    language: str,
    context: dict[str, object],
    now: datetime,
    due_at: datetime | None = None,
    key: str = "",
    attachments: Iterable[Attachment] = (),
    channel: str = "",
) -> Message:
    """A promise not yet saved, for actions that write many rows in one statement."""
    kinds.check(kind, context)
    message = Message(
        kind=kind,
        to_id=to.pk if to is not None else None,
        address=address,
        language=language,
        context=context,
        attachments=[asdict(attachment) for attachment in attachments],
        channel=channel or (Channel.MAIL if address else Channel.PHONE),
        key=key or None,
        created_at=now,
        due_at=due_at or now,
    )
    message.message_id = f"<{message.pk.hex}@{settings.PUBLIC_HOST}>"
    return message


@transaction.atomic
def promise(
    *,
    kind: str,
    to: "User | None",
    address: str,
    language: str,
    context: dict[str, object],
    now: datetime,
    due_at: datetime | None = None,
    key: str = "",
    attachments: Iterable[Attachment] = (),
    channel: str = "",
) -> Message:
    """Promise one message, delivered after commit and not before `due_at`.

    `context` holds strings already fit for the mail, at least the keys its kind names. Without an address
    it becomes a row for the telephone (or the post: channel="letter"). The same `key` twice is one message.
    """
    message = draft(
        kind=kind, to=to, address=address, language=language, context=context, now=now,
        due_at=due_at, key=key, attachments=attachments, channel=channel,
    )  # fmt: skip
    if not key:
        message.save(force_insert=True)
        return message
    Message.objects.bulk_create([message], ignore_conflicts=True)
    return Message.objects.get(key=key)


@transaction.atomic
def withdraw(*, message: Message, now: datetime) -> bool:
    """Take back a promise that nobody has begun to deliver; False when it is too late. Frees its key."""
    changed = Message.objects.filter(pk=message.pk, status__in=UNSENT).update(
        status=Status.WITHDRAWN, settled_at=now, key=None, attachments=[], context={}
    )
    return bool(changed)


@transaction.atomic
def withdraw_key(*, key: str, now: datetime) -> bool:
    """Take back the promise made under this key, if it is still one."""
    changed = Message.objects.filter(key=key, status__in=UNSENT).update(
        status=Status.WITHDRAWN, settled_at=now, key=None, attachments=[], context={}
    )
    return bool(changed)


@transaction.atomic
def settle(*, message: Message, by: "User", now: datetime) -> bool:
    """A person told it by telephone or posted it: the promise is kept."""
    changed = (
        Message.objects.filter(pk=message.pk, status=Status.PROMISED)
        .exclude(channel=Channel.MAIL)
        .update(status=Status.HANDED_OVER, handed_over_at=now, settled_at=now)
    )
    return bool(changed)


@transaction.atomic
def revive(*, message: Message, by: "User", now: datetime, address: str = "") -> bool:
    """Try a dead letter again, to another address if one is given."""
    locked = Message.objects.select_for_update().filter(pk=message.pk, status=Status.DEAD).first()
    if locked is None:
        return False
    locked.status, locked.due_at, locked.created_at, locked.settled_at = Status.PROMISED, now, now, None
    locked.attempts, locked.last_error, locked.queued_at = 0, "", None
    locked.address = address or locked.address
    locked.save(
        update_fields=[
            "status", "due_at", "created_at", "settled_at", "attempts", "last_error", "queued_at", "address"
        ]
    )  # fmt: skip
    return True


def erase(*, to: Any) -> int:
    """Wipe what was said to a person (erasure of a family); the rows stay as facts."""
    return Message.objects.filter(to=to).update(address="", context={}, attachments=[])

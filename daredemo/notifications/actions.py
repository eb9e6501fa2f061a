"""Promise a message in the transaction of the deed; withdraw it; note what became of it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from procrastinate.contrib.django import app as procrastinate

from daredemo.notifications import kinds, queries, sharing
from daredemo.notifications.models import Channel, Message, Status

if TYPE_CHECKING:
    from daredemo.accounts.models import User

UNSENT = (Status.PROMISED, Status.QUEUED)
UNDER_WAY = (Status.QUEUED, Status.SENDING)
DELIVER, QUEUE = "notifications.deliver", "mail"
PATIENCE = timedelta(hours=24)
ERROR_LENGTH = 200


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
    channel: str = "",
) -> Message:
    """Promise one message, delivered after commit and not before `due_at`.

    `context` holds strings already fit for the mail, at least the keys its kind names. Without an address
    it becomes a row for the telephone (or the post: channel="letter"). The same `key` twice is one message.
    """
    message = draft(
        kind=kind, to=to, address=address, language=language, context=context, now=now,
        due_at=due_at, key=key, channel=channel,
    )  # fmt: skip
    if not key:
        message.save(force_insert=True)
        return message
    Message.objects.bulk_create([message], ignore_conflicts=True)
    return Message.objects.get(key=key)


@transaction.atomic
def add(*, key: str, name: str, items: list[Any]) -> bool:
    """Add items to a list in a message that nobody has begun to deliver; False where there is none."""
    message = Message.objects.select_for_update().filter(key=key, status=Status.PROMISED).first()
    if message is None:
        return False
    told: Any = message.context[name]
    message.context[name] = [*told, *items]
    message.save(update_fields=["context"])
    return True


@transaction.atomic
def withdraw(*, message: Message, now: datetime) -> bool:
    """Take back a promise that nobody has begun to deliver; False when it is too late. Frees its key."""
    changed = Message.objects.filter(pk=message.pk, status__in=UNSENT).update(
        status=Status.WITHDRAWN, settled_at=now, key=None, context={}
    )
    return bool(changed)


@transaction.atomic
def withdraw_key(*, key: str, now: datetime) -> bool:
    """Take back the promise made under this key, if it is still one."""
    changed = Message.objects.filter(key=key, status__in=UNSENT).update(
        status=Status.WITHDRAWN, settled_at=now, key=None, context={}
    )
    return bool(changed)


@transaction.atomic
def settle(*, message: Message, by: "User", now: datetime) -> bool:
    """A person told it by telephone or posted it: the promise is kept."""
    waiting = Message.objects.filter(pk=message.pk, status=Status.PROMISED).exclude(channel=Channel.MAIL)
    changed = waiting.update(
        status=Status.HANDED_OVER, handed_over_at=now, settled_at=now, settled_by_id=by.pk
    )
    return bool(changed)


@transaction.atomic
def revive(*, message: Message, by: "User", now: datetime, address: str = "") -> bool:
    """Try a dead letter again, to another address if one is given."""
    dead = Message.objects.select_for_update().filter(pk=message.pk, status=Status.DEAD).first()
    if dead is None:
        return False
    dead.status, dead.due_at, dead.queued_at = Status.PROMISED, now, None
    dead.settled_at, dead.settled_by_id = None, by.pk
    dead.attempts, dead.last_error = 0, ""
    dead.address = address or dead.address
    fields = "status due_at queued_at settled_at settled_by attempts last_error address"
    dead.save(update_fields=fields.split())
    return True


def erase(*, to: Any) -> int:
    """Wipe what was said to a person (erasure of a family); the rows stay as facts."""
    return Message.objects.filter(to=to).update(address="", context={})


# ── what becomes of a promise: called by the worker ────────────────────────────────────


@transaction.atomic
def queue(*, now: datetime, limit: int = 500) -> int:
    """Give every promise that is due its job, in the same transaction; how many.

    A message about a child is shared with its other guardians (`sharing`); who was to be telephoned is
    telephoned all the same.
    """
    mailed = Q(channel=Channel.MAIL) | Q(channel=Channel.PHONE, queued_at=None)
    waiting = Message.objects.filter(mailed, status=Status.PROMISED, due_at__lte=now)
    due = list(waiting.select_for_update(skip_locked=True).order_by("due_at")[:limit])
    gone, copies = sharing.share(due, now)
    Message.objects.filter(pk__in=gone).update(status=Status.WITHDRAWN, settled_at=now, key=None, context={})
    Message.objects.bulk_create(copies, ignore_conflicts=True)
    kept = Message.objects.filter(pk__in=[one.pk for one in due]).exclude(pk__in=gone)
    kept.update(queued_at=now)
    kept.filter(channel=Channel.MAIL).update(status=Status.QUEUED)
    mails = [one.pk for one in due if one.channel == Channel.MAIL and one.pk not in gone]
    ids = [*mails, *(one.pk for one in copies)]
    _defer(ids)
    return len(ids)


def _defer(ids: list[UUID]) -> None:
    if ids:
        job = procrastinate.configure_task(DELIVER, queue=QUEUE, allow_unknown=True)
        arguments: list[dict[str, Any]] = [{"message": str(pk)} for pk in ids]
        job.batch_defer(*arguments)


@transaction.atomic
def begin(*, pk: UUID, now: datetime) -> Message | None:
    """Take the message in hand; None when it was withdrawn, is over, or another worker has it."""
    message = Message.objects.select_for_update(skip_locked=True).filter(pk=pk, status__in=UNDER_WAY).first()
    if message is None:
        return None
    message.status, message.tried_at, message.attempts = Status.SENDING, now, message.attempts + 1
    message.save(update_fields=["status", "tried_at", "attempts"])
    return message


@transaction.atomic
def hand_over(*, message: Message, now: datetime) -> None:
    """The mail server took it."""
    Message.objects.filter(pk=message.pk, status=Status.SENDING).update(
        status=Status.HANDED_OVER, handed_over_at=now, settled_at=now, last_error=""
    )


@transaction.atomic
def postpone(*, message: Message, error: str, now: datetime) -> bool:
    """It could not be handed over now. False when a day of trying is over: then it is a dead letter."""
    if now - (message.queued_at or now) >= PATIENCE:
        bury(message=message, error=error, now=now)
        return False
    Message.objects.filter(pk=message.pk, status=Status.SENDING).update(
        status=Status.QUEUED, last_error=error[:ERROR_LENGTH]
    )
    return True


@transaction.atomic
def bury(*, message: Message, error: str, now: datetime) -> None:
    """It can never be handed over: a dead letter, for staff to see."""
    Message.objects.filter(pk=message.pk, status=Status.SENDING).update(
        status=Status.DEAD, settled_at=now, last_error=error[:ERROR_LENGTH]
    )


@transaction.atomic
def drop(*, message: Message, now: datetime) -> None:
    """What it would have said is no longer true. Its key stays taken: it was dealt with."""
    Message.objects.filter(pk=message.pk, status=Status.SENDING).update(
        status=Status.WITHDRAWN, settled_at=now, context={}
    )


@transaction.atomic
def requeue(*, now: datetime, limit: int = 500) -> int:
    """Promise again what lost its job; how many. `queries.jobless` says which."""
    ids = [message.pk for message in queries.jobless(now)[:limit]]
    lost = Message.objects.select_for_update(skip_locked=True).filter(pk__in=ids, status__in=UNDER_WAY)
    return Message.objects.filter(pk__in=list(lost.values_list("pk", flat=True))).update(
        status=Status.PROMISED
    )

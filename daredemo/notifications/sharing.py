"""A message about a child reaches everyone who answers for it today, and nobody who no longer does.

A promise says in its context `about` whom it speaks: the ids of children. Who may read it is asked when it
is due, so that a promise stays one row as long as it may be taken back.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings

from daredemo.notifications.models import Channel, Message, Status

if TYPE_CHECKING:
    from daredemo.accounts.models import User

# Child's id → everyone who may read of it, each with whether it is theirs though sent to another.
Readers = Mapping[str, "Sequence[tuple[User, bool]]"]
ABOUT = "about"
_asked: list[Callable[[Iterable[str]], Readers]] = []


def ask(readers: Callable[[Iterable[str]], Readers]) -> None:
    """The step of the road that knows the families says who reads what; the last one counts."""
    _asked[:] = [readers]


def share(due: Sequence[Message], now: datetime) -> tuple[list[UUID], list[Message]]:
    """Of promises that are due: those whose reader may not read them any more, and copies for the others."""
    children = {child for message in due for child in _about(message)}
    readers = _asked[0](children) if children and _asked else {}
    gone: list[UUID] = []
    copies: list[Message] = []
    for message in due:
        if _about(message):
            may, too = _readers(message, readers)
            gone += [message.pk] if message.to_id not in may else []
            copies += [copy(message, user, now) for user in too if user.pk != message.to_id and user.email]
    return gone, copies


def _about(message: Message) -> list[str]:
    about: Any = message.context.get(ABOUT, [])
    return [str(child) for child in about]


def _readers(message: Message, readers: Readers) -> "tuple[set[UUID], list[User]]":
    """Who may read of all its children; and who gets it though it was sent to another."""
    lists = [readers.get(child, ()) for child in _about(message)]
    may = set.intersection(*({user.pk for user, _ in of_one} for of_one in lists))
    theirs = set.intersection(*({user.pk for user, theirs in of_one if theirs} for of_one in lists))
    return may, [user for user, _ in lists[0] if user.pk in theirs]


def copy(message: Message, user: "User", now: datetime) -> Message:
    """The same words for another reader, on its way at once; it is not shared again."""
    made = Message(
        kind=message.kind,
        to_id=user.pk,
        address=user.email,
        language=user.language,
        context={name: value for name, value in message.context.items() if name != ABOUT},
        channel=Channel.MAIL,
        status=Status.QUEUED,
        key=f"copy:{message.pk}:{user.pk}",
        created_at=now,
        due_at=message.due_at,
        queued_at=now,
    )
    made.message_id = f"<{made.pk.hex}@{settings.PUBLIC_HOST}>"
    return made

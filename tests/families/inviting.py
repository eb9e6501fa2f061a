"""Somebody is let in, and what has been mailed since."""

from typing import Any

from daredemo.families import actions as families
from daredemo.families.models import Relation
from daredemo.notifications import actions as notifications
from daredemo.notifications.models import Message, Status
from tests import make

NOW = make.NOW
PASSWORD = "ゆうがた おそく ねむたい"


def invite(family: make.Family, **said: Any) -> families.Invited:
    given: dict[str, Any] = {
        "children": family.children, "part": "guardian", "family_name": "山田", "given_name": "たろう",
        "relation": Relation.FATHER, "email": "taro@example.jp", "by": family.user, "now": NOW, **said,
    }  # fmt: skip
    return families.invite(guardian=family.guardian, **given)


def token_of(message: Message) -> str:
    return str(message.context["url"]).rstrip("/").rsplit("/", 1)[1]


def letter() -> Message:
    return Message.objects.filter(kind="family_invited").latest("id")


def told(now: Any) -> None:
    """Everything that is due is on its way."""
    while notifications.queue(now=now):
        pass


def read_by(kind: str, booking: Any) -> set[Any]:
    """Whose mails of this kind about the booking are on their way."""
    sent = Message.objects.filter(kind=kind, status=Status.QUEUED)
    return {one.to_id for one in sent if one.context["booking"] == str(booking)}

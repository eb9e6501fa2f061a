"""枠より予約が多い: what its owner is told."""

from datetime import datetime, timedelta

from django.conf import settings

from daredemo.booking.models import Conflict
from daredemo.notifications import actions as notifications
from daredemo.notifications import kinds
from daredemo.notifications.models import Message
from daredemo.rules import words

MEND = timedelta(minutes=10)  # a wrong tap is taken back before anybody is written to


def register() -> None:
    """Make the kind known; called once when the app is ready."""
    example: dict[str, object] = {
        "conflict": "01912345-0000-7000-8000-000000000000",
        "facility": "ひだまりこども園",
        "day": "2026年4月13日(月)",
        "url": "/facility/conflicts/1/",
    }
    kinds.register("conflict_opened", example=example, recheck=is_still_open)


def is_still_open(message: Message, now: datetime) -> bool:
    return Conflict.objects.filter(pk=str(message.context["conflict"]), resolved_at=None).exists()


def tell(conflict: Conflict, *, now: datetime) -> None:
    """One mail for each conflict, whatever becomes of it; without an owner who has an address, none."""
    owner = conflict.owner
    if owner is None or not owner.user.email:
        return
    context: dict[str, object] = {
        "conflict": str(conflict.pk),
        "facility": owner.facility.name,
        "day": words.date_words(conflict.day.date),
        "url": f"{settings.PUBLIC_URL}/facility/conflicts/{conflict.pk}/",
    }
    notifications.promise(
        kind="conflict_opened", to=owner.user, address=owner.user.email, language=owner.user.language,
        context=context, now=now, due_at=now + MEND, key=f"conflict_opened:{conflict.pk}",
    )  # fmt: skip

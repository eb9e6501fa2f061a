"""What a family in line is told: that a place is kept for it, and that it is not any more."""

from datetime import datetime
from typing import Any

from django.conf import settings

from daredemo.booking.models import Offer, OfferStatus
from daredemo.booking.queries.locks import HeldWaiting
from daredemo.notifications import actions as notifications
from daredemo.notifications import kinds
from daredemo.notifications.models import Message
from daredemo.rules import words
from daredemo.rules.booking import Terms
from daredemo.rules.hours import day_of

SEEN: dict[str, object] = {
    "offer": "01912345-0000-7000-8000-000000000000",
    "child": "ひなた",
    "facility": "ひだまりこども園",
    "phone": "0537-00-0000",
    "when": "2026年4月13日(月)9:00〜11:00",
    "until": "2026年4月7日(火)19時",
}


def register() -> None:
    """Make the kinds known; called once when the app is ready."""
    offered = {**SEEN, "hours": "2時間", "yen": "600円", "url": "/offers/1/"}
    kinds.register("place_offered", example=offered, recheck=is_still_kept)
    kinds.register("place_passed", example={**SEEN, "is_closed": False, "url": "/book/1/"})


def is_still_kept(message: Message, now: datetime) -> bool:
    """Nobody is sent after a place that was taken, declined or given on while the mail waited."""
    kept = Offer.objects.filter(pk=str(message.context["offer"]), status=OfferStatus.OPEN)
    return kept.filter(answer_by__gte=now).exists()


def tell_offer(offer: Offer, terms: Terms, *, now: datetime, due_at: datetime) -> None:
    """A place is kept for you until then."""
    _tell(
        "place_offered", offer, now, due_at,
        hours=words.duration_words(terms.minutes),
        yen=words.yen_words(terms.bill.total),
        url=f"{settings.PUBLIC_URL}/offers/{offer.pk}/",
    )  # fmt: skip


def tell_over(held: HeldWaiting, offer: Offer, *, is_closed: bool, now: datetime, due_at: datetime) -> None:
    """It is not kept any more: the time passed, or the day or these hours were closed."""
    entry = held.entry
    _tell(
        "place_passed", offer, now, due_at,
        is_closed=is_closed,
        url=f"{settings.PUBLIC_URL}/book/{entry.facility_id}/?child={entry.child_id}&day={entry.date}",
    )  # fmt: skip


def _tell(kind: str, offer: Offer, now: datetime, due_at: datetime, **more: Any) -> None:
    entry = offer.waiting
    user, facility = entry.guardian.user, entry.facility
    said = {
        "offer": str(offer.pk),
        "child": entry.child.called,
        "facility": facility.name,
        "phone": facility.phone,
        "when": words.date_words(day_of(offer.starts_at)) + words.span_words(offer.starts_at, offer.ends_at),
        "until": words.deadline_words(offer.answer_by),
        **more,
    }
    notifications.promise(
        kind=kind, to=user, address=user.email, language=user.language, context=said, now=now,
        due_at=due_at, key=f"{kind}:{offer.pk}",
    )  # fmt: skip

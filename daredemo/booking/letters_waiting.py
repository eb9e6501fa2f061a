"""What a family in line is told: that a place is kept for it, and that it is not any more."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.conf import settings

from daredemo.booking.models import Offer, OfferStatus, Waiting, WaitingStatus
from daredemo.booking.queries.locks import HeldWaiting
from daredemo.families import telling
from daredemo.languages import words
from daredemo.notifications import actions as notifications
from daredemo.notifications import kinds, sharing
from daredemo.notifications.models import Message
from daredemo.rules.booking import Terms

ABOUT: dict[str, object] = {
    "child": "ひなた",
    "facility": "ひだまりこども園",
    "phone": "0537-00-0000",
    "when": "2026年4月13日(月)9:00〜11:00",
}
SEEN: dict[str, object] = {
    **ABOUT,
    "offer": "01912345-0000-7000-8000-000000000000",
    "until": "2026年4月7日(火)19時",
}


def register() -> None:
    """Make the kinds known; called once when the app is ready."""
    offered = {**SEEN, "hours": "2時間", "yen": "600円", "url": "/offers/1/"}
    kinds.register("place_offered", example=offered, recheck=is_still_kept)
    kinds.register("waiting_closed", example={**ABOUT, "reason": "台風のため", "url": "/book/1/"})
    kinds.register("place_passed", example={**SEEN, "why": "late", "stays": False, "url": "/book/1/"})


def is_still_kept(message: Message, now: datetime) -> bool:
    """Nobody is sent after a place that was taken, declined or given on while the mail waited."""
    kept = Offer.objects.filter(pk=str(message.context["offer"]), status=OfferStatus.OPEN)
    return kept.filter(answer_by__gte=now).exists()


def tell_offer(offer: Offer, terms: Terms, *, now: datetime, due_at: datetime) -> None:
    """A place is kept for you until then."""
    _tell(
        "place_offered", offer, now, due_at,
        hours=words.later(words.hours, terms.minutes),
        yen=words.later(words.yen, terms.bill.total),
        url=f"{settings.PUBLIC_URL}/offers/{offer.pk}/",
    )  # fmt: skip


def tell_over(
    held: HeldWaiting,
    offer: Offer,
    *,
    why: Literal["late", "closed", "refused"],
    now: datetime,
    due_at: datetime,
) -> None:
    """It is not kept any more: the time passed, these hours were closed, or the law says no by now."""
    stays = held.entry.status == WaitingStatus.WAITING
    _tell("place_passed", offer, now, due_at, why=why, stays=stays, url=_calendar(held.entry))


def tell_closed(entry: Waiting, reason: str, *, now: datetime, due_at: datetime) -> None:
    """You are in line no more: the facility closed the day, or every hour that would have done."""
    said = {**_about(entry, entry), "reason": reason, "url": _calendar(entry)}
    _promise("waiting_closed", entry, said, now, due_at, key=entry.pk)


def _calendar(entry: Waiting) -> str:
    if entry.child.protected_at:  # the number of a facility leads to its public page
        return f"{settings.PUBLIC_URL}/waiting/"
    return f"{settings.PUBLIC_URL}/book/{entry.facility_id}/?child={entry.child_id}&day={entry.date}"


def _tell(kind: str, offer: Offer, now: datetime, due_at: datetime, **more: Any) -> None:
    entry, until = offer.waiting, words.later(words.jinstant, offer.answer_by)
    said = {**_about(entry, offer), "offer": str(offer.pk), "until": until, **more}
    _promise(kind, entry, said, now, due_at, key=offer.pk)


def _about(entry: Waiting, span: Waiting | Offer) -> dict[str, object]:
    facility = telling.place(entry.facility, [entry.child])
    return {
        "child": entry.child.called,
        "facility": facility.name,
        "phone": facility.phone,
        "when": words.later(words.jwhen, span.starts_at, span.ends_at),
        sharing.ABOUT: [str(entry.child_id)],
    }


def _promise(
    kind: str, entry: Waiting, said: dict[str, object], now: datetime, due_at: datetime, *, key: UUID
) -> None:
    user = entry.guardian.user
    notifications.promise(
        kind=kind, to=user, address=user.email, language=user.language, context=said, now=now,
        due_at=due_at, key=f"{kind}:{key}",
    )  # fmt: skip

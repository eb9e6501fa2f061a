"""引っこし: what a family is told about the visits it has booked for after its move, once for each child."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings

from daredemo.booking import letters
from daredemo.booking.models import Booking
from daredemo.booking.queries import standing
from daredemo.certification.models import Certificate
from daredemo.languages import words
from daredemo.notifications import actions as notifications
from daredemo.notifications import kinds
from daredemo.notifications.models import Message
from daredemo.notifications.sharing import ABOUT

VISIT = {
    "booking": "01912345-0000-7000-8000-000000000000",
    "when": "2026年4月13日(月)9:00〜11:00",
    "facility": "ひだまりこども園",
    "until": "2026年4月10日(金)正午",
}
EXAMPLE: dict[str, object] = {
    "child": "ひなた",
    "last": "2026年4月9日(木)",
    "municipality": "掛川市",
    "visits": [VISIT],
    "url": "/bookings/",
}


def register() -> None:
    """Make the kind known; called once when the app is ready."""
    kinds.register("moving", example=EXAMPLE, recheck=is_still_waited_for)


def untold(ended: Iterable[Certificate]) -> list[Certificate]:
    """Those of which the family has not been told yet; one query."""
    keys = {_key(certificate): certificate for certificate in ended}
    told = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    return [certificate for key, certificate in keys.items() if key not in told]


def _key(certificate: Certificate) -> str:
    """One message for each certificate that ends by a move."""
    return f"moving:{certificate.pk}"


def is_still_waited_for(message: Message, now: datetime) -> bool:
    """The new city may have certified the child, or all of it may be cancelled, before the mail leaves."""
    visits = message.context["visits"]
    booked = [one["booking"] for one in visits] if isinstance(visits, list) else []
    return standing.awaiting(now).filter(pk__in=booked).exists()


def tell(certificate: Certificate, booked: Sequence[Booking], *, now: datetime) -> Message:
    """What becomes of each visit, and until when the new city must have certified the child."""
    user, last = booked[0].guardian.user, certificate.ended_on or certificate.valid_until
    return notifications.promise(
        kind="moving",
        to=user,
        address=user.email,
        language=user.language,
        context={
            "child": booked[0].child.called,
            "last": words.later(words.jdate_year, last),
            "municipality": certificate.municipality.name,
            "visits": [letters.facts_named(one, VISIT) for one in booked],
            "url": f"{settings.PUBLIC_URL}/bookings/",
            ABOUT: [str(certificate.child_id)],
        },
        now=now,
        key=_key(certificate),
    )

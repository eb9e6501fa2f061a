"""One mail for what is booked in one go (several days, a series, siblings): the family's, the facility's.

Each step of a series adds its visits to the letter in its own transaction, as long as it has not left: the
last minute's series is one mail, and a series that is cut off has told what it made.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from daredemo.accounts.models import User
from daredemo.booking import letters
from daredemo.booking.calendar import calendar_of
from daredemo.booking.models import Booking, BookingStatus
from daredemo.families import telling
from daredemo.languages import words
from daredemo.notifications import actions as notifications
from daredemo.notifications import kinds
from daredemo.notifications.models import Message
from daredemo.notifications.sharing import ABOUT

STILL_BEING_WRITTEN = timedelta(minutes=1)
VISIT: dict[str, object] = {
    "booking": "01912345-0000-7000-8000-000000000000",
    "revision": 0,
    "number": "1234567895",
    "child": "ひなた",
    "when": "2026年4月13日(月)9:00〜11:00",
    "until": "2026年4月10日(金)正午",
    "yen": "600円",
}
EXAMPLE: dict[str, object] = {
    "facility": "ひだまりこども園",
    "phone": "0537-00-0000",
    "belongings": "",
    "expires": "",
    "visits": [VISIT, {**VISIT, "when": "2026年4月20日(月)9:00〜11:00", "until": "2026年4月17日(金)正午"}],
    "url": "/bookings/",
}


def register() -> None:
    """Make the kinds known; called once when the app is ready."""
    kinds.register("booked_together", example=EXAMPLE, attach=entries)
    kinds.register("requested_together", example=EXAMPLE)
    asked = {**EXAMPLE, "expires": "2026年4月8日(水)24時", "url": "/facility/bookings/"}
    kinds.register("asked_together", example=asked)


def entries(message: Message) -> list[kinds.Attachment]:
    """One calendar with an entry for each visit."""
    visits: Any = message.context["visits"]
    found = letters.still_there(visits)
    return [letters.attached(calendar_of(found), "PUBLISH")] if found else []


def tell(made: Sequence[Booking], letter: UUID, *, now: datetime) -> None:
    """Tell the family and, of requests, each manager; what was told under this letter before stays in it."""
    first = made[0]
    user = first.guardian.user
    if first.status == BookingStatus.BOOKED:
        _add("booked_together", user, made, letter, "/bookings/", now=now)
        return
    _add("requested_together", user, made, letter, "/bookings/", now=now)
    for manager in letters.managers_of(first.facility_id):
        _add("asked_together", manager, made, letter, "/facility/bookings/", now=now)


def _add(kind: str, to: User, made: Sequence[Booking], letter: UUID, path: str, *, now: datetime) -> None:
    key = f"{kind}:{letter}:{to.pk}"
    visits = [letters.facts_named(one, VISIT) for one in made]
    if notifications.add(key=key, name="visits", items=visits):
        return
    has_left = Message.objects.filter(key=key).exists()
    about = sorted({str(one.child_id) for one in made}) if to == made[0].guardian.user else []
    notifications.promise(
        kind=kind, to=to, address=to.email, language=to.language,
        context={**_facts(made), "visits": visits, "url": f"{settings.PUBLIC_URL}{path}", ABOUT: about},
        now=now, due_at=now + STILL_BEING_WRITTEN, key="" if has_left else key,
    )  # fmt: skip


def _facts(made: Sequence[Booking]) -> dict[str, Any]:
    facility = telling.place(made[0].facility, [one.child for one in made])
    expires = min((one.expires_at for one in made if one.expires_at), default=None)
    return {
        "facility": facility.name,
        "phone": facility.phone,
        "belongings": facility.belongings,
        "expires": words.later(words.jinstant, expires),
    }

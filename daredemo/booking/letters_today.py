"""きょうの連絡: what the facility is told at once when a family stays home, comes late or is late to collect.

No word of an illness, and no full name: a mail lies open on a desk. The board says the same.
"""

from datetime import datetime

from django.conf import settings

from daredemo.accounts.models import Portal, User
from daredemo.booking import letters
from daredemo.booking.models import Booking
from daredemo.languages import words
from daredemo.notifications import actions as notifications
from daredemo.notifications import kinds
from daredemo.notifications.models import Message
from daredemo.rules.hours import day_of

KIND = "family_told"
EXAMPLE: dict[str, object] = {
    "what": "absent",  # absent, back, late, on_time, late_pick_up, pick_up_on_time
    "child": "ひなた",
    "facility": "ひだまりこども園",
    "when": "2026年4月13日(月)9:00〜11:00",
    "time": "",
    "url": "/facility/visits/1/",
}


def register() -> None:
    """Make the kind known; called once when the app is ready."""
    kinds.register(KIND, example=EXAMPLE)


def tell(what: str, booking: Booking, *, now: datetime, expected_at: datetime | None = None) -> None:
    """Write to the facility's managers; `expected_at` is when the child comes, or is collected."""
    told = {
        "what": what,
        "child": booking.child.called,
        "facility": booking.facility.name,
        "when": letters.when(booking),
        "time": words.later(words.jtime, expected_at),
        "url": f"{settings.PUBLIC_URL}/facility/visits/{booking.pk}/",
    }
    for user in letters.managers_of(booking.facility_id):
        notifications.promise(
            kind=KIND, to=user, address=user.email, language=user.language, context=told, now=now,
            key=_key(what, booking, user, now),
        )  # fmt: skip


def given_up(booking: Booking, *, by: User, now: datetime) -> None:
    """A family that cancels on the day itself, for whatever cause: someone would be waiting for the child."""
    if by.portal == Portal.GUARDIAN and day_of(now) == booking.date:
        tell("absent", booking, now=now)


def back(booking: Booking, *, said_at: datetime, now: datetime) -> None:
    """It comes after all: what was told `said_at` is withdrawn where it has not left yet, else corrected."""
    keys = [_key("absent", booking, user, said_at) for user in letters.managers_of(booking.facility_id)]
    for key in keys:
        notifications.withdraw_key(key=key, now=now)
    if Message.objects.filter(key__in=keys).exists():
        tell("back", booking, now=now)


def _key(what: str, booking: Booking, user: User, at: datetime) -> str:
    return f"{what}:{booking.pk}:{at.timestamp():.0f}:{user.pk}"

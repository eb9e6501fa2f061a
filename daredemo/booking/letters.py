"""What families and facilities are told about a booking, promised in the transaction of the deed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from daredemo.accounts.models import User
from daredemo.booking.calendar import calendar
from daredemo.booking.models import Booking, BookingStatus
from daredemo.facilities.models import Member, Role
from daredemo.families import telling
from daredemo.languages import words
from daredemo.notifications import actions as notifications
from daredemo.notifications import kinds
from daredemo.notifications.models import Message
from daredemo.notifications.sharing import ABOUT
from daredemo.rules.hours import day_of

EXAMPLE: dict[str, object] = {
    "booking": "01912345-0000-7000-8000-000000000000",
    "revision": 0,
    "number": "1234567895",
    "child": "ひなた",
    "facility": "ひだまりこども園",
    "phone": "0537-00-0000",
    "when": "2026年4月13日(月)9:00〜11:00",
    "until": "2026年4月10日(金)正午",
    "yen": "600円",
    "hours": "2時間",
    "words": "",
    "cause": "",
    "belongings": "",
    "expires": "",
    "cost": "free",
    "is_late": False,
    "is_today": False,
    "url": "/bookings/1/",
}
FAMILY = ("booked", "booking_requested", "booking_declined", "booking_expired", "booking_cancelled")
REMINDERS = ("remind_deadline", "remind_eve")
METHODS = {"booked": "REQUEST", "booking_changed": "REQUEST", "booking_cancelled": "CANCEL"}


def register() -> None:
    """Make the kinds known; called once when the app is ready."""
    for kind in FAMILY:
        kinds.register(kind, example=EXAMPLE, attach=entry if kind in METHODS else None)
    changed = {**EXAMPLE, "was": "2026年4月14日(火)9:00〜11:00"}
    kinds.register("booking_changed", example=changed, attach=entry)
    for kind in REMINDERS:
        kinds.register(kind, example=EXAMPLE, recheck=is_still_booked)
    kinds.register(
        "booking_asked",
        example={**EXAMPLE, "expires": "2026年4月8日(水)24時", "url": "/facility/bookings/1/"},
    )


def is_still_booked(message: Message, now: datetime) -> bool:
    """A reminder speaks of something that still lies ahead, 「あした」 only while it is tomorrow."""
    booking = Booking.objects.filter(pk=message.context["booking"]).first()
    if booking is None or booking.status != BookingStatus.BOOKED or now >= booking.starts_at:
        return False
    return message.kind != "remind_eve" or message.context.get("is_today", False) is (
        day_of(now) == booking.date
    )


def entry(message: Message) -> list[kinds.Attachment]:
    """The calendar entry as it was when the message was promised, whatever became of the booking since."""
    told, method, reader = message.context, METHODS[message.kind], message.address
    found = (
        calendar(one, method=method, sequence=told["revision"], reader=reader) for one in still_there([told])
    )
    return [attached(text, method) for text in found]


def still_there(told: Iterable[Mapping[str, Any]]) -> list[Booking]:
    """Each `booking` that a message tells of, by time, without those that are no more; one query."""
    found = Booking.objects.select_related("child", "facility")
    return list(found.filter(pk__in=[one["booking"] for one in told]).order_by("starts_at", "id"))


def attached(text: bytes, method: str) -> kinds.Attachment:
    """A calendar as a part of a mail."""
    return kinds.Attachment("yoyaku.ics", f"text/calendar; method={method}", text.decode())


def tell(
    kind: str, booking: Booking, *, now: datetime, due_at: datetime | None = None, **more: object
) -> Message:
    """Promise one message to the family."""
    message = draft(kind, booking, now=now, due_at=due_at, **more)
    message.save(force_insert=True)
    return message


def draft(
    kind: str, booking: Booking, *, now: datetime, due_at: datetime | None = None, **more: object
) -> Message:
    """The same, not yet written; `key` makes it one for each step of the booking."""
    user = booking.guardian.user
    return notifications.draft(
        kind=kind,
        to=user,
        address=user.email,
        language=user.language,
        context={**facts(booking), **as_of(booking, now), ABOUT: [str(booking.child_id)], **more},
        now=now,
        due_at=due_at,
        key=_key(kind, booking),
    )


def made(booking: Booking, *, now: datetime) -> Message:
    """What tells of a new booking: made, asked for, or moved from another time."""
    if booking.status != BookingStatus.BOOKED:
        return draft("booking_requested", booking, now=now)
    if booking.moved_from is None:
        return draft("booked", booking, now=now)
    return draft("booking_changed", booking, now=now, was=when(booking.moved_from))


def withdraw(kind: str, booking: Booking, *, now: datetime) -> None:
    """Take a promise back that nobody has begun to deliver."""
    notifications.withdraw_key(key=_key(kind, booking), now=now)


def managers_of(facility_id: UUID) -> list[User]:
    """Who is told at a facility: its managers who have an address."""
    members = Member.objects.filter(facility=facility_id, role=Role.MANAGER, ended_at=None)
    return [one.user for one in members.select_related("user").order_by("id") if one.user.email]


def ask_facility(booking: Booking, *, now: datetime) -> None:
    """Tell the managers that a family waits for an answer."""
    said = {
        **facts(booking),
        **as_of(booking, now),
        "url": f"{settings.PUBLIC_URL}/facility/bookings/{booking.pk}/",
    }
    for user in managers_of(booking.facility_id):
        notifications.promise(
            kind="booking_asked", to=user, address=user.email, language=user.language, context=said,
            now=now, key=f"booking_asked:{booking.pk}:{user.pk}",
        )  # fmt: skip


def facts(booking: Booking) -> dict[str, Any]:
    """The words of a message: no child's full name, no health, the deadline as a date."""
    facility = telling.place(booking.facility, [booking.child])
    return {
        "booking": str(booking.pk),
        "revision": booking.revision,
        "number": booking.number,
        "child": booking.child.called,
        "facility": facility.name,
        "phone": facility.phone,
        "when": when(booking),
        "until": words.later(words.jinstant, min(booking.deadline_at, booking.fee_deadline_at)),
        "yen": words.later(words.yen, booking.yen),
        "hours": words.later(words.hours, booking.minutes),
        "words": booking.words,
        "cause": booking.cause,
        "belongings": facility.belongings,
        "expires": words.later(words.jinstant, booking.expires_at),
        "cost": cost(booking),
        "url": f"{settings.PUBLIC_URL}/bookings/{booking.pk}/",
    }


def facts_named(booking: Booking, names: Iterable[str]) -> dict[str, Any]:
    """Some of these words, for a letter that lists several bookings."""
    told = facts(booking)
    return {name: told[name] for name in names}


def as_of(booking: Booking, now: datetime) -> dict[str, Any]:
    """What depends on when it is said: a booking made after its deadline cannot be cancelled for nothing."""
    free_until = min(booking.deadline_at, booking.fee_deadline_at)
    return {"is_late": now >= free_until, "is_today": day_of(now) == booking.date}


def cost(booking: Booking) -> str:
    """Which sentence tells what a cancellation costs: free, hours, fee, hours_and_fee."""
    fee = booking.fee_charged in ("yes", "facility")
    if booking.hours_consumed:
        return "hours_and_fee" if fee else "hours"
    return "fee" if fee else "free"


def when(booking: Booking) -> object:
    """2026年4月13日(月)9:00〜11:00."""
    return words.later(words.jwhen, booking.starts_at, booking.ends_at)


def _key(kind: str, booking: Booking) -> str:
    return f"{kind}:{booking.pk}:{booking.revision}"

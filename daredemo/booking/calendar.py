"""A booking as an entry of a family's calendar (iCalendar, RFC 5545). Never a child's full name in it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vCalAddress

from daredemo.booking.models import HOLDING, Booking
from daredemo.rules import deadline, words

HOUR = timedelta(hours=1)


def calendar(
    booking: Booking, *, method: str = "PUBLISH", sequence: int | None = None, reader: str = ""
) -> bytes:
    """One entry: a UID that a change of time keeps, growing SEQUENCE, UTC, an alarm before the deadline.

    PUBLISH for a download (iOS: 「カレンダーに追加」), REQUEST and CANCEL for attachments of mails, which
    tell of an earlier `sequence` when the booking has moved on since they were promised, and name their
    own `reader`'s address only.
    """
    return _file(
        method, [_event(booking, method, booking.revision if sequence is None else sequence, reader)]
    )


def calendar_of(bookings: Iterable[Booking]) -> bytes:
    """Several entries, as they stand now, in one file that is imported at once.

    PUBLISH: a REQUEST may speak of a single one (RFC 5546, 3.2.2), and programs take only its first.
    """
    return _file("PUBLISH", [_event(one, "PUBLISH", one.revision, "") for one in bookings])


def _file(method: str, events: Iterable[Event]) -> bytes:
    made = Calendar()
    made.add("prodid", "-//daredemo//JA")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", method)
    for event in events:
        made.add_component(event)
    return bytes(made.to_ical())


def _event(booking: Booking, method: str, sequence: int, reader: str) -> Event:
    event = Event()
    stands = booking.status in HOLDING if method == "PUBLISH" else method == "REQUEST"
    ended_at = None if stands else booking.cancelled_at
    facility, child = booking.facility, booking.child
    event.add("uid", f"{booking.entry_id or booking.pk}@{settings.PUBLIC_HOST}")
    event.add("sequence", sequence)
    event.add("dtstamp", (ended_at or booking.answered_at or booking.created_at).astimezone(UTC))
    event.add("dtstart", booking.starts_at.astimezone(UTC))
    event.add("dtend", booking.ends_at.astimezone(UTC))
    # The child as it is called: a calendar lies open on a kitchen wall.
    event.add("summary", _("%(facility)s(%(child)s)") % {"facility": facility.name, "child": child.called})
    event.add("location", f"{facility.name} {facility.address}")
    event.add("url", f"{settings.PUBLIC_URL}/bookings/{booking.pk}/")
    free_until = min(booking.deadline_at, booking.fee_deadline_at)
    until = words.deadline_words(free_until)
    number = _("予約番号 %(number)s") % {"number": booking.number}
    made_late = deadline.is_made_late(booking.created_at, free_until)
    cancelling = "" if made_late else _("%(until)sまで取り消せます。") % {"until": until}
    event.add("description", f"{number}\n{cancelling}".strip())
    event.add("status", "CONFIRMED" if stands else "CANCELLED")
    if method in ("REQUEST", "CANCEL"):
        _invite(event, booking, reader)
    if stands and not made_late:
        event.add_component(_alarm(free_until, until))
    return event


def _alarm(free_until: datetime, until: str) -> Alarm:
    """An hour before the last moment at which cancelling is free."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _("%(until)sまで取り消せます。") % {"until": until})
    # Without its type a trigger is read as a duration, and this one not at all.
    alarm.add("trigger", (free_until - HOUR).astimezone(UTC), parameters={"VALUE": "DATE-TIME"})
    return alarm


def _invite(event: Event, booking: Booking, reader: str) -> None:
    """Mail programs show an entry with buttons only when it says who invites whom."""
    organizer = vCalAddress(f"mailto:noreply@{settings.PUBLIC_HOST}")
    organizer.params["CN"] = booking.facility.name
    event["organizer"] = organizer
    attendee = vCalAddress(f"mailto:{reader}")
    attendee.params["PARTSTAT"], attendee.params["RSVP"] = "ACCEPTED", "FALSE"
    event.add("attendee", attendee, encode=False)

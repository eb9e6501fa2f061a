"""Bookings as entries of a family's calendar (iCalendar, RFC 5545). Never a child's full name in it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from daredemo.booking import queries
from daredemo.booking.models import Booking, BookingStatus
from daredemo.families import telling
from daredemo.interviews.models import Interview, InterviewStatus
from daredemo.languages import readings, words
from daredemo.rules import deadline

HOUR = timedelta(hours=1)
TEXTS = {"SUMMARY", "DESCRIPTION"}
STATUS = {BookingStatus.BOOKED: "CONFIRMED", BookingStatus.REQUESTED: "TENTATIVE"}


def calendar(
    booking: Booking, *, method: str = "PUBLISH", sequence: int | None = None, reader: str = ""
) -> bytes:
    """One entry: a UID that a change of time keeps, growing SEQUENCE, UTC, alarms while it stands.

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
    return _file("PUBLISH", [_event(one, "PUBLISH", one.revision) for one in bookings])


def feed(bookings: Iterable[Booking], interviews: Iterable[Interview]) -> bytes:
    """Everything a family has in one calendar, fetched every hour; the same bytes until something changes."""
    made = _empty("PUBLISH")
    for name in ("name", "x-wr-calname"):
        made.add(name, readings.plain(_("こども誰でも通園")))
    made.add("refresh-interval", HOUR, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    booked = [_event(one, "PUBLISH", one.revision) for one in bookings]
    return _with(made, [*booked, *map(_interview, interviews)])


def _file(method: str, events: Iterable[Event]) -> bytes:
    return _with(_empty(method), events)


def _with(made: Calendar, events: Iterable[Event]) -> bytes:
    """A calendar knows no ruby: readings are left out of every text."""
    for event in events:
        for part in event.walk():
            for name in TEXTS & part.keys():
                part[name] = vText(readings.plain(str(part[name])))
        made.add_component(event)
    return bytes(made.to_ical())


def _empty(method: str) -> Calendar:
    made = Calendar()
    made.add("prodid", "-//daredemo//JA")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", method)
    return made


def _event(booking: Booking, method: str, sequence: int, reader: str = "") -> Event:
    child = booking.child
    facility = telling.place(booking.facility, [child])
    state = STATUS.get(BookingStatus(booking.status), "CANCELLED")
    if method != "PUBLISH":
        state = "CONFIRMED" if method == "REQUEST" else "CANCELLED"
    is_latest = sequence == booking.revision
    changed_at = (booking.revised_at if is_latest else booking.answered_at) or booking.created_at
    event = Event()
    event.add("uid", f"{booking.entry_id or booking.pk}@{settings.PUBLIC_HOST}")
    event.add("sequence", sequence)
    _when(event, booking.starts_at, booking.ends_at, changed_at)
    # The child as it is called: a calendar lies open on a kitchen wall.
    what = _("%(facility)s(%(child)s)") % {"facility": facility.name, "child": child.called}
    event.add("summary", what)
    event.add("location", f"{facility.name} {facility.address}".strip())
    event.add("url", f"{settings.PUBLIC_URL}/bookings/{booking.pk}/")
    number = _("予約番号 %(number)s") % {"number": booking.number}
    free_until = min(booking.deadline_at, booking.fee_deadline_at)
    free = "" if deadline.is_made_late(booking.created_at, free_until) else _free_words(booking, free_until)
    event.add("description", f"{number}\n{free}".strip())
    event.add("status", state)
    if method != "PUBLISH":
        _invite(event, booking, reader)
    if state != "CANCELLED":
        if free:
            event.add_component(_alarm(free_until - HOUR, free))
        eve = deadline.remind_at(booking.starts_at)
        if eve > booking.created_at:
            event.add_component(_alarm(eve, _eve_words(what, booking)))
    return event


def _interview(interview: Interview) -> Event:
    """It has no count of its changes: the seconds since it was asked for grow with each."""
    time = interview.time
    facility = telling.place(interview.facility, [row.child for row in interview.children.all()])
    changed = max(filter(None, (interview.requested_at, interview.answered_at, interview.cancelled_at)))
    names = _("・").join(row.child.called for row in interview.children.all())
    stands = interview.status != InterviewStatus.CANCELLED
    event = Event()
    event.add("uid", f"{interview.pk}@{settings.PUBLIC_HOST}")
    event.add("sequence", int((changed - interview.requested_at).total_seconds()))
    _when(event, time.starts_at, time.ends_at, changed)
    what = _("面談 %(facility)s(%(child)s)") % {"facility": facility.name, "child": names}
    event.add("summary", what)
    event.add("location", f"{facility.name} {facility.address}".strip())
    event.add("url", f"{settings.PUBLIC_URL}/interviews/{interview.pk}/")
    event.add("status", "CONFIRMED" if stands else "CANCELLED")
    if stands:
        event.add_component(_alarm(deadline.remind_at(time.starts_at), what))
    return event


def _when(event: Event, starts_at: datetime, ends_at: datetime, changed_at: datetime) -> None:
    """In UTC, which every program understands; an entry is as old as its last change, not as its fetching."""
    event.add("dtstart", starts_at.astimezone(UTC))
    event.add("dtend", ends_at.astimezone(UTC))
    event.add("dtstamp", changed_at.astimezone(UTC))
    event.add("last-modified", changed_at.astimezone(UTC))


def _free_words(booking: Booking, free_until: datetime) -> str:
    """Until when cancelling is free, and what happens then."""
    said = _("取り消せるのは %(until)sです。") % {"until": words.deadline_words(free_until)}
    return said + _after(booking)


def _after(booking: Booking) -> str:
    outcome = queries.late(booking)
    facts = {"hours": words.hours(booking.minutes), "yen": words.yen(booking.yen)}
    charged = outcome.fee is True
    if outcome.hours and charged:
        return _("すぎると %(hours)sを使ったことになり、%(yen)sがかかります。") % facts
    if outcome.hours:
        return _("すぎると %(hours)sを使ったことになります。") % facts
    if charged:
        return _("すぎると %(yen)sがかかります。") % facts
    return _("すぎると 利用料は 園のきまりです。") if outcome.fee else _("すぎても 時間は もどります。")


def _eve_words(what: str, booking: Booking) -> str:
    span = words.jspan(booking.starts_at, booking.ends_at)
    return _("あした %(span)s %(what)s") % {"span": span, "what": what}


def _alarm(at: datetime, said: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", said)
    # Without its type a trigger is read as a duration, and this one not at all.
    alarm.add("trigger", at.astimezone(UTC), parameters={"VALUE": "DATE-TIME"})
    return alarm


def _invite(event: Event, booking: Booking, reader: str) -> None:
    """Mail programs show an entry with buttons only when it says who invites whom."""
    organizer = vCalAddress(f"mailto:noreply@{settings.PUBLIC_HOST}")
    organizer.params["CN"] = telling.place(booking.facility, [booking.child]).name
    event["organizer"] = organizer
    attendee = vCalAddress(f"mailto:{reader}")
    attendee.params["PARTSTAT"], attendee.params["RSVP"] = "ACCEPTED", "FALSE"
    event.add("attendee", attendee, encode=False)

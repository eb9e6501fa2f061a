"""What the address of a booking screen says: child, day, start and length, and the way back to one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from daredemo.languages.words import jtime
from daredemo.portals.shared.addresses import path
from daredemo.rules.hours import JST, at_clock, day_of

if TYPE_CHECKING:
    from daredemo.booking.models import Booking
    from daredemo.facilities.models import Facility
    from daredemo.families.models import Child


@dataclass(frozen=True, slots=True)
class Choice:
    """What an address says; None is not chosen. `unread`: something in it means no day and no time."""

    day: date | None = None
    start: datetime | None = None
    minutes: int | None = None
    since: date | None = None
    unread: bool = False


def read(asked: Mapping[str, Any]) -> Choice:
    """?day=2026-04-13&start=9:00&minutes=120&from=2026-04-05"""
    day, since = _day(asked.get("day")), _day(asked.get("from"))
    start = _start(day, asked.get("start"))
    minutes = _minutes(asked.get("minutes"))
    pairs = (("day", day), ("from", since), ("start", start), ("minutes", minutes))
    return Choice(day, start, minutes, since, any(asked.get(name) and not found for name, found in pairs))


def _day(text: str | None) -> date | None:
    if not text or not re.fullmatch(r"20\d\d-\d\d-\d\d", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _start(day: date | None, text: str | None) -> datetime | None:
    found = re.fullmatch(r"(\d{1,2}):([0-5]\d)", text or "", re.ASCII)
    if day is None or found is None or int(found[1]) > 23:
        return None
    return at_clock(day, f"{int(found[1]):02}:{found[2]}")


def _minutes(text: str | None) -> int | None:
    found = re.fullmatch(r"\d{1,4}", text or "", re.ASCII)
    return int(found[0]) if found and 0 < int(found[0]) <= 24 * 60 else None


def key_of(text: str | None) -> UUID | None:
    """The key of a form that was sent, from an address; None where it is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def address(
    place: "Facility | Booking",
    child: "Child",
    *,
    to: str = "guardian:book",
    since: date | None = None,
    **chosen: Any,
) -> str:
    """The address of a choice: `day`, `start` (an instant) and `minutes` as far as they are known.

    `place` is where the screen stands: a nursery, or the booking whose time is changed.
    """
    start = chosen.get("start")
    values = (
        ("child", child.pk),
        ("day", chosen.get("day") or (day_of(start) if start else None)),
        ("start", jtime(start).replace(":", "%3A")),
        ("minutes", chosen.get("minutes")),
        ("from", since),
    )
    # Ids, days, times and numbers need no other care than their colon, and a screen has dozens of these.
    query = "&".join([f"{name}={value}" for name, value in values if value])
    return f"{path(to, place.pk)}?{query}"


def sent(
    child: "Child", start: datetime | None, *, day: date | None = None, minutes: int | None = None
) -> dict[str, str]:
    """A choice as hidden fields, in the one spelling that `read` knows whatever the language of the page."""
    day = day_of(start) if start else day
    chosen = {"day": day.isoformat() if day else "", "start": jtime(start), "minutes": str(minutes or "")}
    return {"child": str(child.pk), **chosen}


def moved(start: datetime | None, day: date) -> datetime | None:
    """The same time on another day."""
    return datetime.combine(day, start.astimezone(JST).time(), JST) if start else None

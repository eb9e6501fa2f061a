"""利用の記録: on paper what a child used between two months, with hours and yen, for its family's files."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from daredemo.attendance import queries
from daredemo.attendance.models import VisitState
from daredemo.booking.models import Booking, BookingStatus
from daredemo.families.models import Child, Guardian
from daredemo.papers import printing
from daredemo.rules import words
from daredemo.rules.hours import day_of

TEMPLATE = Path(__file__).parent / "typst" / "usage.typ"
STATES = {VisitState.GONE: "利用", VisitState.HERE: "利用中", VisitState.LEAVING: "利用中"}


def paper(guardian: Guardian, child: Child, since: date, until: date, now: datetime) -> bytes:
    """From the first day of one month to the end of another, both as their first days."""
    uses = queries.uses_of(guardian, child, since, until)
    facts = {
        "child": child.name,
        "guardian": guardian.name,
        "city": guardian.municipality.name,
        "since": words.month_words(since),
        "until": words.month_words(until),
        "rows": [_row(one) for one in uses],
        "hours": words.duration_words(sum(map(counted_minutes, uses))),
        "yen": words.yen_words(_sum(uses)),
        "made_on": words.date_words(day_of(now)),
    }
    return printing.pdf(TEMPLATE, facts, now)


def _row(booking: Booking) -> dict[str, Any]:
    yen = planned_yen(booking)
    return {
        "when": f"{words.date_words(booking.date)} {words.span_words(booking.starts_at, booking.ends_at)}",
        "facility": booking.facility.name,
        "hours": words.duration_words(counted_minutes(booking)),
        "yen": "園のきまり" if yen is None else words.yen_words(yen),
        "state": state(booking),
    }


def counted_minutes(booking: Booking) -> int:
    """What it took of the month: as booked, unless its hours came back."""
    took = booking.hours_consumed
    if took is None:
        took = booking.status == BookingStatus.BOOKED
    return booking.minutes if took else 0


def planned_yen(booking: Booking) -> int | None:
    """As told when it was booked; None where the facility decides what not coming costs."""
    came = booking.status == BookingStatus.BOOKED and not queries.stays_home(booking, booking.date)
    return booking.yen if came else {"yes": booking.yen, "no": 0}.get(booking.fee_charged)


def _sum(uses: Iterable[Booking]) -> int:
    return sum(filter(None, map(planned_yen, uses)))


def state(booking: Booking) -> str:
    """What became of it, in one word."""
    if booking.status == BookingStatus.CANCELLED:
        return "取り消し(期限のあと)" if booking.hours_consumed else "取り消し"
    visit = queries.visit_of(booking)
    if visit is not None and visit.state == VisitState.ABSENT:
        return "連絡のないお休み" if visit.no_show else "お休み"
    return STATES.get(VisitState(visit.state), "予約") if visit is not None else "予約"

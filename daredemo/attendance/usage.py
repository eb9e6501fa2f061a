"""利用の記録: on paper what a child used between two months, with hours and yen, for its family's files."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext as _

from daredemo.attendance import queries
from daredemo.attendance.models import VisitState
from daredemo.booking.models import Booking, BookingStatus
from daredemo.families.models import Child, Guardian
from daredemo.languages import spoken, words
from daredemo.papers import printing
from daredemo.rules.hours import day_of

TEMPLATE = Path(__file__).parent / "typst" / "usage.typ"


def paper(guardian: Guardian, child: Child, since: date, until: date, now: datetime) -> bytes:
    """From the first day of one month to the end of another, both as their first days."""
    uses = queries.uses_of(guardian, child, since, until)
    first, last = words.jmonth_year(since), words.jmonth_year(until)
    span = first if since == until else _("%(since)sから %(until)sまで") % {"since": first, "until": last}
    facts = {
        "lang": spoken.tag(spoken.current()),
        "title": _("利用の記録"),
        "programme": f"{_('こども誰でも通園')} {guardian.municipality.name}",
        "made": _("%(day)s 作成") % {"day": words.jdate_year(day_of(now))},
        "child": _("%(child)sさん") % {"child": child.name},
        "guardian": _("保護者 %(name)s") % {"name": guardian.name},
        "span": span,
        "heads": [_("日時"), _("園"), _("時間"), _("利用料(めやす)"), _("ようす")],
        "rows": [_row(one) for one in uses],
        "nothing": _("この期間の記録はありません。"),
        "sum": _("合計"),
        "hours": words.hours(sum(map(counted_minutes, uses))),
        "yen": words.yen(_sum(uses)),
        "foot": _(
            "時間は 予約した時間で数えます。利用料は 予約のときの めやすです。"
            "「園のきまり」は 合計に入っていません。領収書ではありません。"
        ),
    }
    return printing.pdf(TEMPLATE, facts, now)


def _row(booking: Booking) -> list[str]:
    yen = planned_yen(booking)
    return [
        words.jwhen(booking.starts_at, booking.ends_at),
        booking.facility.name,
        words.hours(counted_minutes(booking)),
        _("園のきまり") if yen is None else words.yen(yen),
        state(booking),
    ]


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
        return _("取り消し(期限のあと)") if booking.hours_consumed else _("取り消し")
    visit = queries.visit_of(booking)
    if visit is None:
        return _("予約")
    if visit.state == VisitState.ABSENT:
        return _("連絡のないお休み") if visit.no_show else _("お休み")
    return {VisitState.GONE: _("利用"), VisitState.HERE: _("利用中"), VisitState.LEAVING: _("利用中")}.get(
        VisitState(visit.state), _("予約")
    )

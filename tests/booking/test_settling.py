"""What a use came to, by the table of what really happens; every number stands in the passbook."""

from datetime import date

import pytest

from daredemo.booking import actions as booking
from daredemo.booking import invariants
from daredemo.booking import queries as bookings
from daredemo.booking.models import Booking, ChildMonth
from daredemo.rules.cancel import Event
from daredemo.rules.refusal import Reason, Refused
from tests import make

pytestmark = pytest.mark.django_db
NOON = "2026-04-13 12:00"


@pytest.fixture
def made() -> Booking:
    return make.booking(make.family(), make.facility(), "2026-04-13 09:00", minutes=180)


def lines(made: Booking) -> list[tuple[str, int, int]]:
    return [(line.kind, line.minutes, line.effect) for line in bookings.passbook(made.child)][2:]


def test_used_as_booked_even_if_fetched_early(made: Booking) -> None:
    settled = booking.settle_use(booking=made, by=made.booked_by, now=make.at(NOON))
    assert (settled.hours_consumed, settled.fee_charged, settled.benefit) == (True, "yes", True)
    assert lines(made) == [("used", 180, 0)]
    meter = bookings.meter(made.child, date(2026, 4, 1), make.at(NOON))
    assert (meter.cap, meter.used, meter.booked, meter.left) == (600, 180, 0, 420)
    booking.settle_use(booking=made, by=made.booked_by, now=make.at(NOON))
    assert len(lines(made)) == 1


@pytest.mark.parametrize(
    ("event", "ended_at", "expected", "fee", "benefit"),
    [
        (Event.NO_SHOW, None, [("forfeited", 180, 0)], "facility", True),
        (Event.FEVER_AT_DOOR, None, [("forfeited", 180, 0)], "facility", True),
        (Event.SENT_HOME_ILL, "2026-04-13 10:00", [("used", 180, 0)], "yes", True),
        (Event.STAFF_MISSING, None, [("returned", 180, 180)], "no", False),
        (Event.WARNING, None, [("returned", 180, 180)], "no", False),
        (
            Event.FACILITY_ENDS_EARLY,
            "2026-04-13 10:20",
            [("used", 120, 0), ("returned", 60, 60)],
            "yes",
            True,
        ),
    ],
)
def test_what_really_happens(
    made: Booking,
    event: Event,
    ended_at: str | None,
    expected: list[tuple[str, int, int]],
    fee: str,
    benefit: bool,
) -> None:
    ended = make.at(ended_at) if ended_at else None
    settled = booking.settle_use(booking=made, event=event, ended_at=ended, by=None, now=make.at(NOON))
    assert lines(made) == expected
    assert (settled.fee_charged, settled.benefit) == (fee, benefit)
    assert invariants.broken() == {}


def test_a_wrong_settlement_is_opened_again_and_takes_its_hours_back(made: Booking) -> None:
    booking.settle_use(booking=made, event=Event.STAFF_MISSING, by=None, now=make.at(NOON))
    booking.reopen_use(booking=made, reason="職員はいました", by=made.booked_by, now=make.at(NOON))
    booking.settle_use(booking=made, by=made.booked_by, now=make.at(NOON))
    assert lines(made) == [("returned", 180, 180), ("corrected", 180, -180), ("used", 180, 0)]
    assert ChildMonth.objects.get().spent_minutes == 180
    assert invariants.broken() == {}


def test_kakegawas_overruns_take_nothing_from_the_ten_hours(made: Booking) -> None:
    assert booking.consume_overrun(booking=made, minutes=60, by=made.booked_by, now=make.at(NOON)) == 0
    assert lines(made) == []


def test_hours_are_corrected_with_a_reason_within_what_there_is(made: Booking) -> None:
    month = date(2026, 4, 1)
    by, now = made.booked_by, make.at(NOON)
    with pytest.raises(Refused) as caught:
        booking.correct_hours(child=made.child, month=month, minutes=60, reason=" ", by=by, now=now)
    assert caught.value.reason is Reason.REASON_MISSING
    for minutes, reason in ((-90, "べつの市での利用"), (60, "入力のまちがい")):
        booking.correct_hours(child=made.child, month=month, minutes=minutes, reason=reason, by=by, now=now)
    assert lines(made) == [("corrected", 90, -90), ("corrected", 60, 60)]
    with pytest.raises(Refused):  # the booking's two hours come back by themselves
        booking.correct_hours(child=made.child, month=month, minutes=60, reason="もどす", by=by, now=now)
    with pytest.raises(Refused) as caught:
        booking.correct_hours(child=made.child, month=month, minutes=-600, reason="多すぎる", by=by, now=now)
    assert caught.value.facts["left"] == 390


@pytest.mark.parametrize("minutes", [-60, 60])
def test_a_month_without_a_booking_is_corrected_too(minutes: int) -> None:
    child, facility = make.family().child, make.facility()
    by, month, now = make.member(facility).user, date(2026, 5, 1), make.at(NOON)
    if minutes > 0:  # nothing was spent that could come back
        with pytest.raises(Refused) as no:
            booking.correct_hours(child=child, month=month, minutes=minutes, reason="…", by=by, now=now)
        assert (no.value.reason, no.value.facts["left"]) == (Reason.NO_HOURS_LEFT, 600)
        assert not ChildMonth.objects.exists()
        return
    booking.correct_hours(
        child=child, month=month, minutes=minutes, reason="べつの市での利用", by=by, now=now
    )
    found = [(line.kind, line.effect) for line in bookings.passbook(child)]
    assert found == [("granted", 600), ("corrected", -60)]
    assert bookings.meter(child, month, now).left == 540
    assert invariants.broken(now) == {}

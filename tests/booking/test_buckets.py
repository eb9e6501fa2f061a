"""A city's own hours beside the national ones: where they count, in which order they go, how they return."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from django.urls import reverse

from daredemo.booking import actions as booking
from daredemo.booking import invariants
from daredemo.booking import queries as bookings
from daredemo.booking.models import Booking, ChildMonth, LedgerEntry
from daredemo.facilities.models import Facility
from daredemo.municipalities import queries as municipalities
from daredemo.rules.cancel import Event
from daredemo.rules.refusal import Reason, Refused
from tests import make

pytestmark = pytest.mark.django_db
SETAGAYA = "131121"  # its preset: 10 hours of the state, then 38 hours at its own nurseries
EDOGAWA = """buckets = [
    { name = "national", minutes = 600, where = "anywhere" },
    { name = "local", minutes = 840, where = "home" },
]"""
OTA = """buckets = [
    { name = "national", minutes = 600, where = "anywhere" },
    { name = "local", minutes = 9000, where = "one_place" },
]"""
OWN_FIRST = """buckets = [
    { name = "local", minutes = 240, where = "home" },
    { name = "national", minutes = 600, where = "anywhere" },
]
daily_minutes = 480
overrun_hours = "consume"
"""


@pytest.fixture
def preset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The preset of 世田谷区, to be written anew before the city is served."""
    real = municipalities.preset_path
    mine = tmp_path / f"{SETAGAYA}.toml"
    mine.write_text(real(SETAGAYA).read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(municipalities, "preset_path", lambda code: mine if code == SETAGAYA else real(code))
    return mine


def rewrite(preset: Path, buckets: str) -> None:
    text = preset.read_text(encoding="utf-8")
    begin, end = text.index("buckets = ["), text.index("over_allowance")
    text = text[:begin] + buckets + "\n" + text[end:]
    if "overrun_hours" in buckets:
        text = text.replace('overrun_hours = "none"', "# said above:", 1)
    preset.write_text(text, encoding="utf-8")


class Town:
    """A family of 世田谷区, two nurseries there and one elsewhere."""

    def __init__(self) -> None:
        self.family = make.family(city=SETAGAYA)
        self.home, self.second = (
            make.facility(city=SETAGAYA, name=name, longest_minutes=360)
            for name in ("区内の園", "もう1つの園")
        )
        self.away = make.facility(name="区外の園", longest_minutes=360)
        self.days = (f"2026-04-{day:02} 09:00" for day in (13, 14, 15, 16, 17, 20, 21, 22, 23, 24))

    def book(self, facility: Facility, hours: int) -> Booking:
        return make.booking(self.family, facility, next(self.days), minutes=hours * 60)

    def refused(self, facility: Facility, hours: int) -> Refused:
        with pytest.raises(Refused) as no:
            self.book(facility, hours)
        return no.value


def parts(made: Booking, kind: str = "reserved") -> list[tuple[str, int]]:
    """Hours of a booking by bucket."""
    lines = LedgerEntry.objects.filter(booking=made, kind=kind).order_by("id")
    return [(one.bucket, one.minutes // 60) for one in lines]


@contextmanager
def nothing_broken() -> Iterator[None]:
    yield
    assert invariants.broken() == {}


def test_the_state_first_then_the_city_at_its_own_nurseries_only() -> None:
    town = Town()
    with nothing_broken():
        assert parts(town.book(town.away, 4)) == [("national", 4)]
        assert parts(town.book(town.home, 5)) == [("national", 5)]
        assert parts(town.book(town.home, 6)) == [("national", 1), ("local", 5)]
        no = town.refused(town.away, 1)
        assert (no.reason, no.facts["left"], no.facts["cap"]) == (Reason.NO_HOURS_LEFT, 0, 600)
        assert parts(town.book(town.home, 6)) == [("local", 6)]
    month = ChildMonth.objects.get()
    assert (month.cap_minutes, month.spent_minutes) == (2880, 1260)


def test_what_is_cancelled_returns_to_where_it_came_from() -> None:
    town = Town()
    with nothing_broken():
        first, second = town.book(town.home, 6), town.book(town.home, 6)
        assert parts(second) == [("national", 4), ("local", 2)]
        booking.undo_booking(booking=second, by=town.family.user, now=make.NOW)
        assert parts(second, "returned") == [("national", 4), ("local", 2)]
        assert parts(town.book(town.away, 4)) == [("national", 4)]
    assert parts(first) == [("national", 6)]


def test_24_hours_at_home_and_10_elsewhere(preset: Path) -> None:
    rewrite(preset, EDOGAWA)
    town = Town()
    with nothing_broken():
        for _ in range(4):
            town.book(town.home, 6)
        assert town.refused(town.home, 1).facts["cap"] == 24 * 60
        assert town.refused(town.away, 1).facts["cap"] == 10 * 60


def test_150_hours_more_as_long_as_all_is_spent_at_one_place(preset: Path) -> None:
    rewrite(preset, OTA)
    town = Town()
    with nothing_broken():
        assert parts(town.book(town.home, 6)) == [("national", 6)]
        assert parts(town.book(town.home, 6)) == [("national", 4), ("local", 2)]
        assert town.refused(town.second, 1).reason is Reason.NO_HOURS_LEFT
        assert parts(town.book(town.home, 6)) == [("local", 6)]


def test_a_second_place_ends_the_hours_for_one_place(preset: Path) -> None:
    rewrite(preset, OTA)
    town = Town()
    town.book(town.home, 6)
    town.book(town.second, 1)
    assert parts(town.book(town.home, 3)) == [("national", 3)]
    assert town.refused(town.home, 1).reason is Reason.NO_HOURS_LEFT


class TestOwnHoursFirst:
    """A city whose own 4 hours go first, 8 hours a day at most, and late pick-ups take hours."""

    @pytest.fixture(autouse=True)
    def town(self, preset: Path) -> Town:
        rewrite(preset, OWN_FIRST)
        return Town()

    def test_they_go_in_the_declared_order(self, town: Town) -> None:
        with nothing_broken():
            assert parts(town.book(town.home, 6)) == [("local", 4), ("national", 2)]
            assert parts(town.book(town.away, 6)) == [("national", 6)]

    def test_no_more_a_day_than_the_limit_over_all_places(self, town: Town) -> None:
        long = make.facility(city=SETAGAYA, name="長い園", closes=make.at("2026-04-13 20:00").time())
        make.booking(town.family, town.home, "2026-04-13 09:00", minutes=360)
        with pytest.raises(Refused) as no:
            make.booking(town.family, long, "2026-04-13 16:00", minutes=180)
        assert (no.value.reason, no.value.facts["left"]) == (Reason.DAILY_LIMIT, 120)
        make.booking(town.family, long, "2026-04-13 16:00", minutes=120)

    def test_a_late_pick_up_elsewhere_takes_nothing_of_the_citys_own(self, town: Town) -> None:
        with nothing_broken():
            away = town.book(town.away, 1)
            by = make.member(town.away).user
            assert booking.consume_overrun(booking=away, minutes=60, by=by, now=make.NOW) == 60
            assert parts(away, "overrun") == [("national", 1)]

    def test_a_use_is_reopened_only_if_its_own_kind_of_hours_is_left(self, town: Town) -> None:
        by = make.member(town.home).user
        with nothing_broken():
            first = town.book(town.home, 4)
            booking.settle_use(booking=first, event=Event.STAFF_MISSING, by=by, now=make.NOW)
            town.book(town.home, 4)  # takes the city's hours that came back
            with pytest.raises(Refused) as no:
                booking.reopen_use(booking=first, reason="まちがい", by=by, now=make.NOW)
            assert no.value.reason is Reason.NO_HOURS_LEFT

    def test_a_correction_takes_from_what_is_left_and_gives_back_what_was_spent_last(
        self, town: Town
    ) -> None:
        town.book(town.home, 3)
        month, by = ChildMonth.objects.get(), make.officer(SETAGAYA).user
        child = town.family.child

        def correct(minutes: int) -> list[tuple[str, int]]:
            made = booking.correct_hours(
                child=child,
                month=month.month,
                minutes=minutes,
                reason="べつの市での利用",
                by=by,
                now=make.NOW,
            )
            return [(one.bucket, one.effect) for one in made]

        with nothing_broken():
            assert correct(-120) == [("local", -60), ("national", -60)]
            assert correct(120) == [("national", 60), ("local", 60)]
            assert bookings.sums_of(ChildMonth.objects.get()) == [("local", 240, 180), ("national", 600, 0)]


@pytest.mark.usefixtures("standing_clock")
def test_the_passbook_says_of_each_line_which_hours_they_are() -> None:
    town = Town()
    town.book(town.away, 4)
    town.book(town.home, 6)
    town.book(town.home, 2)
    page = make.browser(town.family.user).get(reverse("guardian:passbook")).content.decode()
    for words in ("のこり 0時間(10時間のうち)", "のこり 36時間(38時間のうち)", "上から じゅんに"):
        assert words in page
    book = page[page.index("時間の出し入れ") :]
    assert book.count("国の時間") == 3  # granted, and twice spent
    assert book.count("住んでいる市町村の園で") == 2
    plain = make.family()
    make.booking(plain, town.away, "2026-04-13 09:00", request_key=uuid4())
    page = make.browser(plain.user).get(reverse("guardian:passbook")).content.decode()
    assert "国の時間" not in page

"""職員配置 and what follows from it on the facility's screens."""

import re
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daredemo.booking.models import Conflict, OpenedDay
from daredemo.facilities.models import Carer, Duty, Enrolled, Facility, Kind, Premises, Role, Shift
from tests import make
from tests.staffing import INFANT, MONDAY, carer, fill, off, staffed

pytestmark = pytest.mark.django_db
TODAY = make.TODAY


@pytest.fixture
def facility() -> Facility:
    return make.facility(places=20)


@pytest.fixture
def browser(facility: Facility) -> Client:
    return make.browser(make.member(facility).user)


def page(client: Client, name: str, *args: Any) -> str:
    answer = client.get(reverse(f"facility:{name}", args=args))
    assert answer.status_code == 200, name
    return str(answer.content.decode())


def post(client: Client, route: str, /, *args: Any, **answers: Any) -> Any:
    return client.post(reverse(f"facility:{route}", args=args), answers)


def typed(name: str, day: date) -> dict[str, str]:
    return {f"{name}_year": str(day.year), f"{name}_month": str(day.month), f"{name}_day": str(day.day)}


def words(client: Client, name: str, *args: Any) -> str:
    """The text of a page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page(client, name, *args)))


class TestDay:
    def test_who_is_on_duty_and_what_it_comes_to(self, facility: Facility, browser: Client) -> None:
        staffed(facility, qualified=1, others=1, capacity=8)
        make.opened(facility, MONDAY)
        said = words(browser, "staffing_of", MONDAY)
        assert "2026年(令和8年)4月13日(月)" in said
        assert said.count("8:00〜18:00") == 2
        assert "9:00〜15:00 6 8 8 職員の人数。保育士が1人ふえると 0歳があと8人 — 2人 保育士 1" in said

    def test_what_binds_is_said_in_words(self, facility: Facility, browser: Client) -> None:
        staffed(facility, qualified=2, capacity=5)
        make.opened(facility, MONDAY)
        fill(facility, 2)
        assert "9:00〜10:00 3 3 3 定員 0歳 2人 2人 保育士 2" in words(browser, "staffing_of", MONDAY)

    def test_enrolled_children_are_counted_in(self, browser: Client, facility: Facility) -> None:
        Facility.objects.update(kind=Kind.SPARE)
        staffed(facility, qualified=3, enrolled=(3, 6, 0), capacity=12)
        make.opened(facility, MONDAY)
        said = words(browser, "staffing_of", MONDAY)
        assert "9:00〜15:00 3 3 3" in said
        assert "在園児 0歳児 3人・1歳児 6人・2歳児 0人を ふくめて計算しています。" in said

    def test_a_tap_takes_somebody_off_and_another_brings_them_back(
        self, facility: Facility, browser: Client
    ) -> None:
        _, second = staffed(facility)
        make.opened(facility, TODAY)
        assert "きょう休み" in page(browser, "staffing")
        answer = post(browser, "duty_off", TODAY, second.pk)
        assert answer.url == reverse("facility:staffing_of", args=[TODAY])
        assert OpenedDay.objects.get().offered[18] == 0
        said = page(browser, "staffing")
        assert f"{second.name}さんを お休みにしました" in said
        assert "もどす" in said
        post(browser, "duty_usual", TODAY, second.pk)
        assert OpenedDay.objects.get().offered[18] == 12
        assert not Duty.objects.exists()

    def test_other_times_on_one_day(self, facility: Facility, browser: Client) -> None:
        one, _ = staffed(facility)
        make.opened(facility, MONDAY)
        assert 'value="08:00" selected' in page(browser, "duty", MONDAY, one.pk)
        assert (
            "はじまりより あとの時刻"
            in post(browser, "duty", MONDAY, one.pk, starts="12:00", ends="09:00").content.decode()
        )
        post(browser, "duty", MONDAY, one.pk, starts="08:00", ends="12:00")
        assert [OpenedDay.objects.get().offered[cell] for cell in (18, 24)] == [12, 0]

    def test_what_is_over_is_not_changed(self, facility: Facility, browser: Client) -> None:
        one, _ = staffed(facility)
        yesterday = TODAY - timedelta(days=1)
        for name in ("duty_off", "duty_usual", "duty"):
            assert post(browser, name, yesterday, one.pk, starts="08:00", ends="12:00").status_code == 404
        assert "この日休み" not in page(browser, "staffing_of", yesterday)

    def test_staff_may_report_sick_but_not_change_the_week(self, facility: Facility) -> None:
        one, _ = staffed(facility)
        staff = make.browser(make.member(facility, Role.STAFF).user)
        assert post(staff, "duty_off", MONDAY, one.pk).status_code == 302
        assert post(staff, "carer", one.pk, person="1", name="べつの人", qualified="no").status_code == 404
        assert post(staff, "carers", name="べつの人", qualified="no").status_code == 200
        assert Carer.objects.count() == 2

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_page_asks_as_often_for_one_carer_as_for_three(
        self, rows: int, facility: Facility, browser: Client
    ) -> None:
        staffed(facility, qualified=rows)
        make.opened(facility, MONDAY, MONDAY + timedelta(days=4))
        page(browser, "staffing_of", MONDAY)  # policies are read once for all
        with CaptureQueriesContext(connection) as asked:
            page(browser, "staffing_of", MONDAY)
        assert len(asked) == 17


class TestBehind:
    def test_somebody_is_put_on_the_roster(self, facility: Facility, browser: Client) -> None:
        answer = post(browser, "carers", name="新 ひとみ", qualified="yes", **typed("starts_on", MONDAY))
        assert answer.status_code == 302
        new = Carer.objects.get()
        assert (new.name, new.qualified, new.starts_on) == ("新 ひとみ", True, MONDAY)
        assert "4月13日(月)から" in page(browser, "carers")
        monday = {"starts_0_1": "08:30", "ends_0_1": "12:00", "starts_0_2": "13:00", "ends_0_2": "17:00"}
        post(browser, "carer", new.pk, week="1", same="on", **monday, **typed("valid_from", MONDAY))
        assert (
            Shift.objects.filter(starts=time(8, 30)).count()
            == Shift.objects.filter(starts=time(13)).count()
            == 5
        )
        assert page(browser, "carer", new.pk).count('value="13:00" selected') == 5
        post(browser, "carer", new.pk, person="1", name="新 ひとみ", qualified="no")
        post(browser, "carer_end", new.pk, **typed("ends_on", MONDAY))
        new.refresh_from_db()
        assert (new.qualified, new.ends_on) == (False, MONDAY)

    @pytest.mark.parametrize(
        ("times", "said"),
        [
            ({"starts_0_1": "12:00", "ends_0_1": "09:00"}, "はじまりより あとの時刻"),
            ({"starts_0_1": "09:00"}, "はじまりより あとの時刻"),
            (
                {"starts_0_1": "09:00", "ends_0_1": "13:00", "starts_0_2": "12:00", "ends_0_2": "15:00"},
                "1つめの時間が終わってから",
            ),
        ],
    )
    def test_a_week_that_cannot_be(
        self, facility: Facility, browser: Client, times: dict[str, str], said: str
    ) -> None:
        one = carer(facility)
        answer = post(browser, "carer", one.pk, week="1", **times, **typed("valid_from", MONDAY))
        assert said in answer.content.decode()
        assert "月曜日 " in answer.content.decode()
        assert Shift.objects.count() == 5

    def test_days_behind_us_are_not_typed(self, facility: Facility, browser: Client) -> None:
        one = carer(facility)
        yesterday = TODAY - timedelta(days=1)
        for name, args, answers in (
            ("carers", (), {"name": "新", "qualified": "no", **typed("starts_on", yesterday)}),
            ("carer", (one.pk,), {"week": "1", **typed("valid_from", yesterday)}),
            ("enrolled", (), {"week": "1", **typed("valid_from", yesterday)}),
            ("roster_start", (), {"step": "start", **typed("since", yesterday)}),
        ):
            assert "きょうから1年までの日" in post(browser, name, *args, **answers).content.decode()
        post(browser, "carer_end", one.pk, **typed("ends_on", yesterday))
        assert Carer.objects.get().ends_on is None

    def test_enrolled_children_by_weekday_and_on_a_date(self, facility: Facility, browser: Client) -> None:
        counts = {"count_0_0": "３", "count_0_1": "5", "count_5_2": "2"}
        post(browser, "enrolled", week="1", same="on", **counts, **typed("valid_from", TODAY))
        week = {one.weekday: one.by_age for one in Enrolled.objects.all()}
        assert (week[0], week[4], week[5], week[6]) == ((3, 5, 0), (3, 5, 0), (0, 0, 2), (0, 0, 0))
        on = {f"date-{name}": value for name, value in typed("day", MONDAY).items()}
        numbers = {f"date-count_{age}": "1" for age in range(3)}
        post(browser, "enrolled", date="1", **on, **numbers)
        assert "0歳児 1・1歳児 1・2歳児 1" in page(browser, "enrolled")
        post(browser, "enrolled_clear", MONDAY)
        assert not facility.enrolled_days.exists()

    @pytest.mark.parametrize(
        ("text", "area"), [("30.5", 305_000), ("３０．５㎡", 305_000), ("1,200", 12_000_000), ("", None)]
    )
    def test_square_metres(self, browser: Client, facility: Facility, text: str, area: int | None) -> None:
        post(browser, "premises", form="together", area_cm2=text, capacity="6", supported="on")
        premises = Premises.objects.get()
        assert (premises.area_cm2, premises.capacity, premises.form, premises.supported) == (
            area, 6, "together", True,
        )  # fmt: skip

    @pytest.mark.parametrize("text", ["ひろい", "-3", "1e9", "NaN", "99999999"])
    def test_no_square_metres(self, browser: Client, facility: Facility, text: str) -> None:
        answer = post(browser, "premises", form="together", area_cm2=text)
        assert "面積を数字で入力してください" in answer.content.decode()
        assert not Premises.objects.exists()

    def test_spare_places_are_not_asked_how_they_are_run(self) -> None:
        facility = make.facility(kind=Kind.SPARE)
        browser = make.browser(make.member(facility).user)
        assert "専用室" not in page(browser, "premises")
        post(browser, "premises", capacity="24", area_cm2="95")
        assert Premises.objects.get().capacity == 24


class TestStart:
    def test_four_weeks_are_shown_before_the_law_decides(self, facility: Facility, browser: Client) -> None:
        staffed(facility, qualified=1, roster_from=None)
        make.opened(facility, MONDAY, MONDAY + timedelta(days=28))
        make.booking(make.family(born=INFANT), facility, "2026-04-20 09:00")
        said = page(browser, "staffing")
        assert "まだ 枠には使っていません" in said
        preview = post(browser, "roster_start", step="preview", **typed("since", MONDAY)).content.decode()
        assert "4月20日(月)" in preview
        assert "祝日 昭和の日" in preview
        assert preview.count('class="allergy"') == 1  # one is alone, so nobody may be there
        assert OpenedDay.objects.earliest("date").offered[18] == 20
        post(browser, "roster_start", step="start", **typed("since", MONDAY))
        assert OpenedDay.objects.earliest("date").offered[18] == 0
        assert Conflict.objects.get().day.date == date(2026, 4, 20)
        assert "まだ 枠には使っていません" not in page(browser, "staffing")
        post(browser, "roster_stop")
        assert OpenedDay.objects.earliest("date").offered[18] == 20
        assert Conflict.objects.get().outcome == "settled"

    def test_without_people_floor_and_number_it_says_what_is_missing(
        self, facility: Facility, browser: Client
    ) -> None:
        answer = post(browser, "roster_start", step="start", **typed("since", MONDAY)).content.decode()
        for said in (
            "面積を入力してください。",
            "定員を入力してください。",
            "職員の勤務の時間を入力してください。",
        ):
            assert said in answer


class TestConflict:
    @pytest.fixture
    def conflict(self, facility: Facility, browser: Client) -> Conflict:
        ill = staffed(facility, qualified=3)[0]
        make.opened(facility, MONDAY)
        fill(facility, 7)
        off(ill)
        return Conflict.objects.get()

    def test_it_stands_above_board_bookings_pattern_and_roster(
        self, conflict: Conflict, browser: Client
    ) -> None:
        for name in ("board", "bookings", "pattern", "staffing"):
            said = page(browser, name)
            assert reverse("facility:conflict", args=[conflict.pk]) in said, name
            assert "職員が たりません。" in said

    def test_whom_it_concerns_and_the_three_ways_out(self, conflict: Conflict, browser: Client) -> None:
        said = page(browser, "conflict", conflict.pk)
        assert said.count("予約をひらく") == 8  # seven, and the sentence that speaks of them
        for way in (
            "1 職員をふやす",
            "2 ご家族に相談する",
            "3 園のつごうで取り消す",
            "保育士があと1人いれば",
        ):
            assert way in said
        assert "ひだまりこども園です。4月13日(月)の予約の時間に" in said
        assert "tel:" in said

    def test_somebody_takes_it_on_and_it_stays_in_the_list_when_it_is_over(
        self, conflict: Conflict, browser: Client, facility: Facility
    ) -> None:
        assert "担当 園長 はなこ" in page(browser, "conflicts")
        other = make.browser(make.member(facility, Role.STAFF, "職員 ふみ").user)
        post(other, "conflict_take_on", conflict.pk)
        assert "担当 職員 ふみ" in page(browser, "conflicts")
        duty = Duty.objects.get()
        post(browser, "duty_usual", MONDAY, duty.carer_id)
        assert "おさまった" in page(browser, "conflicts")
        assert "することは ありません" in page(browser, "conflict", conflict.pk)

    def test_the_board_shows_load_against_staff(self, conflict: Conflict, browser: Client) -> None:
        said = words(browser, "board_of", MONDAY)
        assert "7人 多い 9:00〜 職員 2" in said

    def test_the_day_is_red_in_its_week(self, conflict: Conflict, browser: Client) -> None:
        said = page(browser, "staffing_of", MONDAY)
        assert "予約が多い" in said
        assert 'class="over"' in said
        assert "職員1人 休み" not in said

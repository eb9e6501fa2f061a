"""Several days, a series, siblings: what the check page lists is booked, and the rest is explained."""

import re
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from daredemo.booking.models import Booking
from daredemo.facilities.models import Facility
from tests import make

pytestmark = pytest.mark.django_db


def world(*, children: int = 1, **fields: Any) -> tuple[make.Family, Facility, Client]:
    family, facility = make.family(children=children), make.facility(**fields)
    for child in family.children:
        make.accepted(child, facility)
    make.opened(facility, date(2026, 4, 13), date(2026, 5, 15))
    return family, facility, make.browser(family.user)


def body(response: Any) -> str:
    return str(response.content.decode())


def at(to: str, facility: Facility, family: make.Family, **more: object) -> str:
    chosen = {"child": family.child.pk, "day": "2026-04-13", "start": "9:00", "minutes": 180, **more}
    return f"{reverse(to, args=[facility.pk])}?{urlencode(chosen, doseq=True)}"


def weekly(facility: Facility, family: make.Family, **more: object) -> str:
    return at("guardian:book_together", facility, family, **{"weekday": [0], "weeks": 4, **more})


def press(browser: Client, page: str, facility: Facility, which: str, *, off: tuple[str, ...] = ()) -> Any:
    """Send the form of a check page as it stands there, without the ticks of these days."""
    sent: dict[str, list[str]] = {"which": [which]}
    form = page[page.index('<form id="confirm"') :]
    ticks = re.findall(r'name="take"[^>]* value="([\d-]+)" checked', form)
    sent["take"] = [day for day in ticks if day not in off]
    for part in form[: form.index("</form>")].split('<input type="hidden" name="')[1:]:
        name, value = part.split('"')[0], part.split('value="')[1].split('"')[0]
        sent.setdefault(name, []).append(value)
    return browser.post(reverse("guardian:book_together", args=[facility.pk]), sent)


def test_the_booking_screen_leads_to_a_series_once_a_length_is_chosen() -> None:
    family, facility, browser = world()
    assert "くりかえし予約" not in body(
        browser.get(at("guardian:book", facility, family, start="", minutes=""))
    )
    assert reverse("guardian:book_several", args=[facility.pk]) in body(
        browser.get(at("guardian:book", facility, family))
    )
    page = body(browser.get(at("guardian:book_several", facility, family)))
    for words in ("9:00〜12:00", "4月13日(月)の週から", "4週", 'value="2026-04-14"'):
        assert words in page


def test_days_far_ahead_are_shown_around_the_chosen_one() -> None:
    family, facility, browser = world(window_days_before=180)
    make.opened(facility, date(2026, 8, 3), date(2026, 9, 11))
    page = body(browser.get(at("guardian:book_several", facility, family, day="2026-08-03")))
    assert 'value="2026-08-04"' in page
    assert 'value="2026-04-14"' not in page


def test_four_mondays_of_which_one_is_closed_and_one_is_too_much() -> None:
    family, facility, browser = world()
    make.booking(family, facility, "2026-04-17 09:00", minutes=120)
    page = body(browser.get(weekly(facility, family)))
    # 13 and 20 April take six of the eight hours left; 27 April would be nine; 4 May is a holiday.
    for words in ("4件のうち 2件 予約できます", "8時間 → <b>2時間</b>", "1,800円", "できる 2件だけ 予約する"):
        assert words in page
    assert "4月10日(金)正午まで 取り消せます" in page
    done = press(browser, page, facility, "possible")
    assert done.status_code == 302
    told = body(browser.get(done["Location"]))
    for words in ("2件 予約しました", "予約していない 2件", "5月4日(月)"):
        assert words in told
    assert Booking.objects.count() == 3


def test_a_day_whose_tick_is_taken_away_is_not_booked() -> None:
    family, facility, browser = world()
    page = body(browser.get(weekly(facility, family)))
    assert page.count('name="take"') == 3
    done = press(browser, page, facility, "possible", off=("2026-04-20",))
    assert sorted(Booking.objects.values_list("date", flat=True)) == [date(2026, 4, 13), date(2026, 4, 27)]
    told = body(browser.get(done["Location"]))
    assert "2件 予約しました" in told
    assert "4月20日" not in told


def test_looking_again_counts_the_hours_anew_and_keeps_what_is_not_wanted() -> None:
    family, facility, browser = world()
    make.booking(family, facility, "2026-04-17 09:00", minutes=120)
    page = body(browser.get(weekly(facility, family)))
    assert "8時間 → <b>2時間</b>" in page
    # Without the 13th there are hours for the 27th.
    looked = press(browser, page, facility, "look", off=("2026-04-13",))
    again = body(looked)
    assert looked.status_code == 200
    for words in (
        "4件のうち 2件を えらんでいます",
        "8時間 → <b>2時間</b>",
        "1,800円",
        "できる 2件だけ 予約する",
    ):
        assert words in again
    assert re.findall(r'name="take"[^>]* value="([\d-]+)">', again) == ["2026-04-13"]
    assert re.findall(r'value="([\d-]+)" checked', again) == ["2026-04-20", "2026-04-27"]
    assert "5月4日(月)" in again
    press(browser, again, facility, "possible")
    made = Booking.objects.exclude(date=date(2026, 4, 17)).values_list("date", flat=True)
    assert sorted(made) == [date(2026, 4, 20), date(2026, 4, 27)]


def test_without_any_tick_nothing_is_booked_and_the_days_are_still_there() -> None:
    family, facility, browser = world()
    days = ["2026-04-13", "2026-04-14"]
    page = body(browser.get(at("guardian:book_together", facility, family, on=days)))
    for which in ("all", "possible", "look"):
        none = body(press(browser, page, facility, which, off=tuple(days)))
        assert "日を えらんでください" in none
        assert none.count('name="take"') == 2
    assert not Booking.objects.exists()


def test_siblings_have_one_tick_a_day() -> None:
    family, facility, browser = world(children=2)
    also = family.children[1].pk
    days = ["2026-04-13", "2026-04-14"]
    page = body(browser.get(at("guardian:book_together", facility, family, on=days, also=also)))
    assert page.count('name="take"') == 2
    press(browser, page, facility, "all", off=("2026-04-13",))
    assert list(Booking.objects.values_list("date", flat=True)) == [date(2026, 4, 14)] * 2


def test_pressed_twice_nothing_is_made_twice_and_the_address_stays_good() -> None:
    family, facility, browser = world()
    page = body(browser.get(weekly(facility, family, minutes=60)))
    first = press(browser, page, facility, "possible")
    again = press(browser, page, facility, "possible")
    assert first["Location"] == again["Location"]
    assert Booking.objects.count() == 3
    assert "3件 予約しました" in body(browser.get(again["Location"]))


def test_all_or_none_says_so_when_one_day_is_gone_meanwhile() -> None:
    family, facility, browser = world(places=1)
    days = ["2026-04-13", "2026-04-14"]
    page = body(browser.get(at("guardian:book_together", facility, family, on=days)))
    assert "2件を 予約する" in page
    make.booking(make.family(), facility, "2026-04-14 09:00")
    answer = press(browser, page, facility, "all")
    assert answer.status_code == 409
    assert "まだ ひとつも予約していません" in body(answer)
    assert "2件のうち 1件 予約できます" in body(answer)
    assert Booking.objects.exclude(child=family.child).count() == Booking.objects.count() == 1


def test_siblings_in_one_step_from_the_booking_screen() -> None:
    family, facility, browser = world(children=2)
    other = family.children[1]
    assert f'name="also" value="{other.pk}"' in body(browser.get(at("guardian:book", facility, family)))
    answer = browser.get(at("guardian:book_check", facility, family, also=other.pk), follow=True)
    page = body(answer)
    assert page.count("10時間 → <b>7時間</b>") == 2
    done = press(browser, page, facility, "all")
    assert "2件 予約しました" in body(browser.get(done["Location"]))
    assert set(Booking.objects.values_list("child", flat=True)) == {one.pk for one in family.children}


def test_one_place_for_two_siblings_is_none() -> None:
    family, facility, browser = world(children=2, places=1)
    page = body(browser.get(weekly(facility, family, also=family.children[1].pk, weeks=2)))
    assert "4件のうち 0件 予約できます" in page
    assert "日時を えらびなおす" in page


def test_a_child_that_is_not_the_familys_is_404() -> None:
    family, facility, browser = world()
    other = make.family()
    make.accepted(other.child, facility)
    for to in ("guardian:book_several", "guardian:book_together", "guardian:booked_together"):
        assert browser.get(at(to, facility, family, also=other.child.pk)).status_code == 404


def test_nothing_chosen_leads_back() -> None:
    family, facility, browser = world()
    answer = browser.get(at("guardian:book_together", facility, family))
    assert answer["Location"].startswith(reverse("guardian:book_several", args=[facility.pk]))
    assert "はじまりの時間を えらんでください" in body(
        browser.get(reverse("guardian:book_several", args=[facility.pk]))
    )


def test_eight_weeks_ask_no_more_than_two(django_assert_max_num_queries: Any) -> None:
    family, facility, browser = world()
    for weeks in (2, 8):
        with django_assert_max_num_queries(12):
            browser.get(weekly(facility, family, weeks=weeks))

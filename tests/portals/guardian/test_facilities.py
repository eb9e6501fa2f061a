"""施設を探す: open to everyone, and one next step for a family."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from daredemo.booking import actions as booking
from daredemo.municipalities.models import Programme
from tests import make

pytestmark = pytest.mark.django_db
LIST = "/facilities/"


def text(client: Client, path: str, **query: str) -> str:
    response = client.get(path, query)
    assert response.status_code == 200
    return response.content.decode()


def test_everyone_may_look_without_a_login(client: Client) -> None:
    facility = make.facility(meals=True)
    make.interview_time(facility)
    page = text(client, LIST)
    for words in (
        "ひだまりこども園",
        "月〜金",
        "9:00〜15:00",
        "6か月〜2歳",
        "300円",
        "給食あり",
        "4月8日(水) 10:00",
    ):
        assert words in page
    assert "ログインして面談を申しこむ" in text(client, reverse("guardian:facility", args=[facility.pk]))


def test_hours_that_begin_later_are_told_with_their_first_day(client: Client) -> None:
    facility = make.facility()
    page = reverse("guardian:facility", args=[facility.pk])
    facility.patterns.update(valid_from=make.TODAY)
    assert "から<br>" not in text(client, page)
    facility.patterns.update(valid_from=make.TODAY + timedelta(days=1))
    said = text(client, page)
    assert "4月7日(火)から<br>" in said
    assert "9:00〜15:00" in said
    assert "いまは受け入れの時間がありません" not in said


def test_filters_stand_in_the_address_and_can_be_taken_away(client: Client) -> None:
    make.opened(make.facility(weekdays=[0]), date(2026, 4, 13))
    assert "ひだまりこども園" in text(client, LIST, weekday="0", who="1")
    empty = text(client, LIST, weekday="5", who="1")
    assert "条件に合う園が見つかりませんでした" in empty
    assert 'href="/facilities/?who=1"' in empty
    assert 'href="/facilities/?weekday=5"' in empty
    two = text(client, LIST + "?weekday=5&weekday=6&free=on&who=1&minutes=120&after=540&before=720")
    assert two.count(" checked") == 3
    assert 'href="/facilities/?who=1&amp;minutes=120&amp;after=540&amp;before=720&amp;free=on"' in two


@pytest.mark.parametrize("who", ["", "1"])
def test_a_weekday_means_the_days_that_are_open_within_two_weeks(client: Client, who: str) -> None:
    """Whatever the pattern of today says: one opens later, one is closed on that day, one ends before it."""
    later, closed, ends = (
        make.facility(name=name, weekdays=[0]) for name in ("あとから園", "おやすみ園", "おわる園")
    )
    for one in (later, closed):
        make.opened(one, date(2026, 4, 13), date(2026, 4, 20))
    later.patterns.update(valid_from=date(2026, 4, 10))
    for day in (13, 20):
        booking.close_day(facility=closed, day=date(2026, 4, day), reason="研修", by=None, now=make.NOW)
    ends.patterns.update(valid_until=date(2026, 4, 12))
    make.opened(make.facility(name="さきの園", weekdays=[0]), date(2026, 4, 27))
    page = text(client, LIST, weekday="0", **({"who": who} if who else {}))
    assert [name in page for name in ("あとから園", "おやすみ園", "おわる園", "さきの園")] == [
        True, False, False, False,
    ]  # fmt: skip
    assert "あとから園" not in text(client, LIST, weekday="2", **({"who": who} if who else {}))


def test_near_here_with_free_places_the_address_says_it_all(client: Client) -> None:
    near = make.facility(name="ちかい園", latitude="34.775", longitude="138.015")
    make.opened(near, date(2026, 4, 13))
    full = make.facility(name="満員の園", latitude="34.770", longitude="138.015", places=1)
    for clock in ("09:00", "12:00"):
        make.booking(make.family(), full, f"2026-04-13 {clock}", minutes=180)
    asked = "?lat=34.770&lon=138.015&who=1&minutes=120&weekday=0&weekday=2&after=600&free=on"
    page = text(client, LIST + asked)
    for words in ("ちかい園", "0.6km", "4月13日(月) 10:00", "近い順です", "面談がすむと 予約できます"):
        assert words in page
    assert "満員の園" not in page
    assert "「いまいる場所から 10km」をはずす" in page
    assert 'aria-label="「月・水」をはずす"' in page
    assert 'aria-label="「10:00から」をはずす"' in page
    without = text(client, LIST + asked.replace("&free=on", ""))
    assert without.index("満員の園") < without.index("ちかい園")
    assert "2週間のうちに、合う空きは ありません" in without


def test_a_free_time_leads_an_accepted_family_into_its_booking() -> None:
    family, facility = make.family(), make.facility(sessions=["10:00-12:00"])
    make.accepted(family.child, facility)
    make.opened(facility, date(2026, 4, 13))
    page = text(make.browser(family.user), LIST)
    child = f"child={family.child.pk}&amp;day=2026-04-13&amp;start=10%3A00&amp;minutes=120"
    assert f"/book/{facility.pk}/?{child}" in page


def test_without_an_age_nothing_is_said_of_free_places(client: Client) -> None:
    make.opened(make.facility(), date(2026, 4, 13))
    assert "空いている いちばん早い時間" not in text(client, LIST)
    assert "お子さんの年齢を えらんでください" in text(client, LIST, free="on")
    assert "4月13日(月) 9:00" in text(client, LIST, who="2")


def test_towns_come_by_prefecture_where_there_are_several(client: Client) -> None:
    make.facility()
    assert "都道府県" not in text(client, LIST)
    make.facility(city="342041", name="せとうち園")
    Programme.objects.update(facilities_public_from=date(2026, 4, 1))
    page = text(client, LIST)
    assert ("都道府県" in page, "市町村</label>" in page) == (True, False)
    assert "三原市</option>" in text(client, LIST, area="34")
    page = text(client, LIST, town="342041")
    assert ("せとうち園" in page, "ひだまりこども園" in page) == (True, False)


def test_a_child_can_be_the_filter_and_only_the_own_one() -> None:
    family = make.family()
    make.facility(name="ちいさい園", oldest_age=0)
    make.facility(name="おおきい園")
    page = text(make.browser(family.user), LIST, who=str(family.child.pk))
    assert ("おおきい園" in page, "ちいさい園" in page) == (True, False)
    stranger = text(make.browser(make.family().user), LIST, who=str(family.child.pk))
    assert "入力を見なおしてください" in stranger


@pytest.mark.parametrize("words", ["\x00", "あ" * 65536, "\u202eabc", "' OR 1=1 --", "%_\\"])
def test_whatever_is_typed_gets_a_clear_page(client: Client, words: str) -> None:
    make.facility()
    response = client.get(LIST, {"words": words})
    assert response.status_code == 200
    assert "園をさがす" in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"weekday": "9"},
        {"town": "999999"},
        {"who": "x"},
        {"minutes": "45"},
        {"after": "780", "before": "780"},
        {"after": "660", "before": "720", "minutes": "120"},
        {"lat": "99", "lon": "138"},
        {"free": "on"},
    ],
)
def test_a_filter_that_does_not_exist_is_said(client: Client, query: dict[str, str]) -> None:
    assert "入力を見なおしてください" in text(client, LIST, **query)


def test_before_the_list_is_public_the_page_says_from_when(client: Client) -> None:
    facility = make.facility()
    Programme.objects.update(facilities_public_from=date(2026, 4, 7))
    assert "2026年(令和8年)4月7日(火)" in text(client, LIST)
    assert client.get(reverse("guardian:facility", args=[facility.pk])).status_code == 404


def test_what_is_not_there_is_404(client: Client) -> None:
    hidden = make.facility(published_at=None)
    for facility_id in (uuid4(), hidden.pk):
        assert client.get(reverse("guardian:facility", args=[facility_id])).status_code == 404


def test_the_page_says_what_to_decide_by(client: Client) -> None:
    facility = make.facility(
        belongings="着がえ\nおむつ",
        insurance="園の保険で対応します",
        late_cancel_words="当日は300円",
        policy="よく遊ぶ",
    )
    facility.extras.create(name="おやつ代", yen=100, reason="材料費", in_force_from=make.BEFORE.date())
    page = text(client, reverse("guardian:facility", args=[facility.pk]))
    for words in (
        "着がえ<br>おむつ",
        "園の保険で対応します",
        "当日は300円",
        "よく遊ぶ",
        "おやつ代",
        "100円",
        "材料費",
        "tel:0537000000",
    ):
        assert words in page


def step(family: make.Family, facility: object) -> str:
    return text(make.browser(family.user), reverse("guardian:facility", args=[facility.pk]))  # type: ignore[attr-defined]


def test_each_stage_has_one_next_step() -> None:
    facility, family = make.facility(), make.family()
    assert "いま あいている面談の時間がありません" in step(family, facility)
    make.interview_time(facility, "2026-04-09 10:00")
    assert "面談を申しこむ" in step(family, facility)
    make.interview(family, facility)
    assert "面談の予定を見る" in step(family, facility)
    other = make.family()
    make.accepted(other.child, facility)
    assert "予約できます" in step(other, facility)
    assert "利用認定が必要です" in step(make.family(certified=False), facility)


def test_before_interviews_open_the_page_says_from_when() -> None:
    facility, family = make.facility(), make.family()
    make.interview_time(facility)
    Programme.objects.update(interviews_from=date(2026, 4, 10))
    page = step(family, facility)
    assert "4月10日(金)" in page
    assert reverse("guardian:interview_request", args=[facility.pk]) not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long_it_is(
    rows: int, client: Client, django_assert_num_queries: object
) -> None:
    for _ in range(rows):
        make.interview_time(make.facility())
    with django_assert_num_queries(6):  # type: ignore[operator]
        client.get(LIST)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_familys_list_costs_the_same_however_long_it_is(
    rows: int, django_assert_num_queries: object
) -> None:
    family = make.family(children=2)
    for _ in range(rows):
        make.accepted(family.child, make.facility())
    browser = make.browser(family.user)
    with django_assert_num_queries(12):  # type: ignore[operator]
        browser.get(LIST)

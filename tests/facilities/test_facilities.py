"""How facilities are found, and what they decide about themselves."""

from datetime import date, time, timedelta

import pytest

from daredemo.facilities import actions as facilities
from daredemo.facilities import queries
from daredemo.facilities.actions import Span
from daredemo.facilities.models import Facility, WeeklyPattern
from daredemo.facilities.queries import Search
from daredemo.municipalities.models import Programme
from daredemo.rules.refusal import Reason, Refused
from tests import make

pytestmark = pytest.mark.django_db
NOW, TODAY = make.NOW, make.NOW.date()
MONDAY = 0


def found(**search: object) -> list[str]:
    return [one.name for one in queries.find(Search(**search), TODAY)]  # type: ignore[arg-type]


def test_a_list_becomes_public_on_its_municipalitys_day() -> None:
    make.facility()
    Programme.objects.update(facilities_public_from=date(2026, 4, 7))
    assert found() == []
    assert [one.name for one in queries.find(Search(), date(2026, 4, 7))] == ["ひだまりこども園"]


def test_unpublished_facilities_are_not_found() -> None:
    make.facility(published_at=None)
    assert found() == []


def test_filters_narrow_by_town_age_and_words() -> None:
    make.facility(name="あおぞら園", kana="あおぞらえん", youngest_months=12, oldest_age=2)
    make.facility(name="すみれ園", kana="すみれえん", oldest_age=0, address="掛川市大東1")
    assert found() == ["あおぞら園", "すみれ園"]
    assert found(municipality="222135", age=1) == ["あおぞら園"]
    assert found(municipality="342041") == []
    assert found(age=0) == ["すみれ園"]
    assert found(age=1) == ["あおぞら園"]
    assert found(age=1, months=13) == ["あおぞら園"]
    assert found(months=11) == ["すみれ園"]
    assert found(words="スミレ", reading="すみれ") == ["すみれ園"]
    assert found(words="大東") == ["すみれ園"]
    assert found(words="%") == []


def test_near_a_place_the_nearest_comes_first_and_ten_kilometres_are_enough() -> None:
    for name, latitude in (("とおい", "34.850"), ("ちかい", "34.775"), ("よそ", "34.861")):
        make.facility(name=name, latitude=latitude, longitude="138.015")
    make.facility(name="どこか")
    near = queries.find(Search(near=queries.Point(34.7695, 138.0146)), TODAY)
    assert [(one.name, round(vars(one)["km"], 2)) for one in near] == [
        ("ちかい", 0.61),
        ("とおい", 8.96),
    ]
    assert found() == ["とおい", "ちかい", "よそ", "どこか"]


def test_towns_are_those_with_facilities_to_be_found() -> None:
    make.facility()
    make.facility(city="342041", published_at=None)
    Programme.objects.update(facilities_public_from=TODAY)
    assert (queries.prefectures(TODAY), [one.code for one in queries.towns(TODAY)]) == (["22"], ["222135"])
    make.facility(city="342041")
    Programme.objects.update(facilities_public_from=TODAY)
    assert queries.prefectures(TODAY) == ["22", "34"]
    assert [one.name for one in queries.towns(TODAY, "34")] == ["三原市"]
    assert found(prefecture="34") == ["ひだまりこども園"]


def test_a_weekday_said_anew_ends_the_old_one_the_day_before() -> None:
    facility = make.facility(weekdays=[MONDAY])
    day = date(2026, 5, 11)
    new = Span(time(9), time(12), 2, (1, 1, 2))
    facilities.set_weekday(facility=facility, weekday=MONDAY, spans=[new], valid_from=day, by=None, now=NOW)
    ends = [one.ends for one in queries.patterns_on(facility, day)]
    assert ends == [time(12)]
    assert [one.ends for one in queries.patterns_on(facility, day - timedelta(days=1))] == [time(15)]
    assert [one.valid_from for one in queries.patterns_from(facility, TODAY)] == [make.BEFORE.date(), day]
    facilities.set_weekday(facility=facility, weekday=MONDAY, spans=[], valid_from=day, by=None, now=NOW)
    assert list(queries.patterns_on(facility, day)) == []
    assert WeeklyPattern.objects.count() == 1


def test_a_span_runs_forward() -> None:
    with pytest.raises(Refused) as no:
        facilities.set_weekday(
            facility=make.facility(),
            weekday=MONDAY,
            spans=[Span(time(12), time(9), 1)],
            valid_from=TODAY,
            by=None,
            now=NOW,
        )
    assert no.value.reason == Reason.WISH_BACKWARDS
    assert WeeklyPattern.objects.filter(weekday=MONDAY).count() == 1


def test_a_price_is_followed_never_edited() -> None:
    facility = make.facility(yen=300)
    day = date(2026, 5, 1)
    price = {"facility": facility, "yen_per_hour": 400, "offers_reductions": True, "by": None, "now": NOW}
    facilities.set_price(in_force_from=day, **price)  # type: ignore[arg-type]
    assert [one.yen_per_hour for one in queries.tariffs_from(facility, TODAY)] == [300, 400]
    with pytest.raises(Refused) as no:
        facilities.set_price(in_force_from=day, **price)  # type: ignore[arg-type]
    assert no.value.facts == {"in_force_from": day, "earliest": date(2026, 5, 2)}


def test_an_extra_has_a_reason_and_ends_before_its_first_day_without() -> None:
    facility = make.facility()
    extra = facilities.add_extra(
        facility=facility, name="給食費", yen=250, reason="材料費", in_force_from=TODAY, by=None, now=NOW
    )
    assert list(queries.extras_on(facility, TODAY)) == [extra]
    facilities.end_extra(extra=extra, ends_on=date(2026, 5, 1), by=None, now=NOW)
    assert list(queries.extras_on(facility, date(2026, 4, 30))) == [extra]
    assert list(queries.extras_on(facility, date(2026, 5, 1))) == []


def test_a_facility_without_a_price_is_not_published() -> None:
    facility = make.facility(published_at=None)
    facility.tariffs.all().delete()
    with pytest.raises(Refused) as no:
        facilities.publish(facility=facility, by=None, now=NOW)
    assert no.value.reason == Reason.PRICE_MISSING


def test_unknown_columns_are_never_part_of_a_profile() -> None:
    facility = make.facility()
    with pytest.raises(KeyError, match="published_at"):
        facilities.edit_profile(facility=facility, by=make.member(facility).user, now=NOW, published_at=None)


def test_a_new_poster_code_ends_the_one_before() -> None:
    facility = make.facility()
    old = facilities.issue_code(facility=facility, by=None, now=NOW)
    new = facilities.issue_code(facility=facility, by=None, now=NOW)
    assert queries.code_in_force(facility) == new
    seen = queries.code_by_token(old.token)
    assert seen is not None
    assert seen.revoked_at == NOW


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_of_facilities_costs_two_queries(rows: int, django_assert_num_queries: object) -> None:
    for _ in range(rows):
        make.facility()
    with django_assert_num_queries(2):  # type: ignore[operator]
        listed = list(queries.find(Search(), TODAY))
        offers = queries.offers(listed, TODAY)
        assert [offers[one.pk].tariff.yen_per_hour for one in listed] == [300] * rows  # type: ignore[union-attr]


def test_staff_reach_their_own_facility_until_they_leave() -> None:
    facility = make.facility()
    member = make.member(facility)
    seen = queries.member_of(member.user)
    assert seen is not None
    assert seen.facility == facility
    member.ended_at = NOW
    member.save(update_fields=["ended_at"])
    assert queries.member_of(member.user) is None
    with pytest.raises(Facility.DoesNotExist):
        queries.facility(make.facility(published_at=None).pk)

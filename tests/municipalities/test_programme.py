"""Serving a municipality, and from when each step of the road is open there."""

from datetime import date, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from daredemo.audit.models import Entry
from daredemo.municipalities import actions, queries
from daredemo.municipalities.models import Municipality, Officer, PolicyVersion, Step
from daredemo.rules import presets
from daredemo.rules.refusal import Reason, Refused
from tests.municipalities.conftest import KAKEGAWA, MORI, history

PRESETS = sorted(path.stem for path in queries.PRESETS.glob("[0-9]*.toml"))


@pytest.mark.parametrize(
    ("step", "first"),
    [
        (Step.APPLICATIONS, date(2026, 2, 16)),
        (Step.CERTIFICATES, date(2026, 3, 2)),
        (Step.FACILITIES_PUBLIC, date(2026, 3, 2)),
        (Step.INTERVIEWS, date(2026, 3, 26)),
        (Step.USE, date(2026, 4, 1)),
    ],
)
def test_kakegawa_opens_step_by_step(kakegawa: Municipality, step: Step, first: date) -> None:
    eve = first.replace(day=first.day - 1) if first.day > 1 else date(2026, 3, 31)
    if step in (Step.CERTIFICATES, Step.FACILITIES_PUBLIC):
        eve = date(2026, 3, 1)
    assert queries.opening(KAKEGAWA, step, eve) == queries.Opening(open=False, opens_on=first)
    assert queries.opening(KAKEGAWA, step, first) == queries.Opening(open=True, opens_on=first)
    queries.require_open(KAKEGAWA, step, first)


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (Step.APPLICATIONS, Reason.BEFORE_OPENING),
        (Step.CERTIFICATES, Reason.BEFORE_OPENING),
        (Step.INTERVIEWS, Reason.INTERVIEWS_NOT_OPEN),
        (Step.USE, Reason.USE_NOT_BEGUN),
    ],
)
def test_too_early_is_refused_with_the_day_it_opens(
    kakegawa: Municipality, step: Step, reason: Reason
) -> None:
    with pytest.raises(Refused) as refused:
        queries.require_open(KAKEGAWA, step, date(2026, 2, 15))
    assert refused.value.reason == reason
    assert refused.value.possible == {"opens_on": kakegawa.programme.opens_on(step)}


def test_a_municipality_not_served_here_is_closed_and_named(mori: Municipality) -> None:
    assert queries.opening(MORI, Step.USE, date(2026, 5, 1)) == queries.Opening(open=False, opens_on=None)
    with pytest.raises(Refused) as refused:
        queries.require_open(MORI, Step.APPLICATIONS, date(2026, 5, 1))
    assert refused.value.reason == Reason.CITY_NOT_SERVED
    assert refused.value.facts == {"city": "森町", "phone": ""}


@pytest.mark.parametrize("code", PRESETS)
def test_every_preset_loads_into_rows_and_comes_back_the_same(db: None, now: datetime, code: str) -> None:
    actions.serve(municipality=Municipality.objects.get(code=code), by=None, now=now)
    versions = PolicyVersion.objects.filter(municipality_id=code).order_by("in_force_from")
    assert tuple(queries.policy_of(version.pk) for version in versions) == presets.load_all(
        queries.preset_path(code)
    )


def test_a_city_without_a_preset_begins_with_the_national_standard(mori: Municipality, now: datetime) -> None:
    programme = actions.serve(municipality=mori, by=None, now=now)
    policy = queries.policy_on(MORI, date(2026, 4, 1))
    assert (programme.served, policy.code, policy.name) == (True, MORI, "森町")
    assert policy.hours == queries.national_standard(date(2026, 4, 1)).hours


def test_serving_again_keeps_what_the_office_entered(kakegawa: Municipality, now: datetime) -> None:
    actions.describe_office(
        municipality=kakegawa,
        office="こども政策課",
        phone="0537-00-0000",
        opening_hours="平日 8:30〜17:15",
        web_page="https://city.example/",
        mayor_title="掛川市長",
        by=None,
        now=now,
    )
    again = actions.serve(municipality=kakegawa, by=None, now=now)
    assert (again.phone, again.opening_hours) == ("0537-00-0000", "平日 8:30〜17:15")
    assert kakegawa.policies.count() == len(presets.load_all(queries.preset_path(KAKEGAWA)))


def test_new_opening_dates_count_at_once_and_are_written_down(kakegawa: Municipality, now: datetime) -> None:
    actions.set_opening_dates(
        municipality=kakegawa,
        applications_from=date(2026, 2, 16),
        certificates_from=date(2026, 3, 2),
        facilities_public_from=date(2026, 3, 2),
        interviews_from=None,
        use_from=date(2026, 5, 1),
        by=None,
        now=now,
    )
    assert queries.opening(KAKEGAWA, Step.INTERVIEWS, date(2026, 4, 1)) == queries.Opening(
        open=False, opens_on=None
    )
    assert not queries.opening(KAKEGAWA, Step.USE, date(2026, 4, 30)).open
    entry = Entry.objects.get(action="municipality.set_opening_dates")
    assert entry.facts == {"changed": ["interviews_from", "use_from"]}
    kept = history("ProgrammeEvent").values_list("pgh_label", "use_from")
    assert list(kept) == [("insert", date(2026, 4, 1)), ("update", date(2026, 5, 1))]


def test_after_stopping_nothing_is_open_but_the_rules_stay(
    kakegawa: Municipality, officer: Officer, now: datetime
) -> None:
    actions.stop_serving(municipality=kakegawa, by=officer.user, now=now)
    assert not queries.opening(KAKEGAWA, Step.APPLICATIONS, date(2026, 5, 1)).open
    assert list(queries.served()) == []
    assert queries.version_on(KAKEGAWA, date(2026, 5, 1)) is not None


def test_the_pick_list_goes_from_north_to_south_in_one_query(
    kakegawa: Municipality, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert [row.name for row in queries.prefectures()][::46] == ["北海道", "沖縄県"]
    with django_assert_num_queries(1):
        shizuoka = list(queries.municipalities_in("22"))
        assert [city.name for city in shizuoka if hasattr(city, "programme")] == ["掛川市"]
    assert len(shizuoka) == 35

"""Rules by date: superseded, never changed."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import QuerySet
from pytest_django import DjangoAssertNumQueries

from daredemo.audit.models import Entry
from daredemo.municipalities import actions, loading, queries
from daredemo.municipalities.models import Municipality, NoticeText, Officer, PolicyVersion
from daredemo.rules.policy import Policy
from daredemo.rules.refusal import Reason, Refused
from tests.municipalities.conftest import KAKEGAWA, MORI


def six_hours(code: str, day: date) -> Policy:
    """The rules of that day with six hours a month, from that day on."""
    now = queries.policy_on(code, day)
    bucket = replace(now.hours.buckets[0], minutes=360)
    return replace(now, in_force_from=day, hours=replace(now.hours, buckets=(bucket,)))


def test_new_rules_hold_from_their_day_and_the_old_ones_until_its_eve(
    kakegawa: Municipality, officer: Officer, now: datetime
) -> None:
    version = actions.adopt_policy(
        municipality=kakegawa,
        policy=six_hours(KAKEGAWA, date(2026, 7, 1)),
        source_note="令和8年条例",
        by=officer.user,
        now=now,
    )
    minutes = [queries.policy_on(KAKEGAWA, day).hours.buckets[0].minutes for day in JUNE_TO_JULY]
    assert minutes == [600, 360, 360]
    assert queries.version_on(KAKEGAWA, date(2026, 7, 1)) == version
    assert queries.version_on(KAKEGAWA, date(2026, 6, 30)) != version
    assert queries.policies(officer)[0] == version
    assert Entry.objects.filter(action="municipality.adopt_policy", by_id=officer.user_id).count() == 1


JUNE_TO_JULY = (date(2026, 6, 30), date(2026, 7, 1), date(2027, 1, 1))


def test_before_the_first_version_and_where_there_is_none_the_national_standard_holds(
    kakegawa: Municipality, mori: Municipality
) -> None:
    first = date(2026, 2, 16)
    assert queries.policy_on(KAKEGAWA, first).code == KAKEGAWA
    assert queries.policy_on(KAKEGAWA, date(2026, 2, 15)).code == "000000"
    assert queries.policy_on(MORI, date(2030, 1, 1)).code == "000000"
    assert queries.version_on(MORI, date(2030, 1, 1)) is None


@pytest.mark.parametrize(
    "day",
    [date(2026, 2, 16), date(2026, 4, 5), date(2026, 4, 6), date(2026, 4, 7)],
    ids=["in force", "yesterday", "today", "taken"],
)
def test_rules_are_never_changed_backwards(
    kakegawa: Municipality, officer: Officer, now: datetime, day: date
) -> None:
    adopt(kakegawa, officer, date(2026, 4, 7), now)
    with pytest.raises(Refused) as refused:
        adopt(kakegawa, officer, day, now)
    assert refused.value.reason == Reason.POLICY_IN_FORCE
    assert refused.value.facts == {"in_force_from": day, "earliest": date(2026, 4, 8)}


def adopt(city: Municipality, officer: Officer, day: date, now: datetime) -> PolicyVersion:
    return actions.adopt_policy(
        municipality=city, policy=six_hours(city.code, day), source_note="", by=officer.user, now=now
    )


def _touch(kind: type[PolicyVersion] | type[NoticeText], field: str, value: object) -> Callable[[], object]:
    return lambda: kind.objects.update(**{field: value})


@pytest.mark.parametrize(
    "change",
    [
        _touch(PolicyVersion, "in_force_from", date(2020, 1, 1)),
        _touch(PolicyVersion, "settings", {}),
        _touch(PolicyVersion, "source_note", "…"),
        _touch(NoticeText, "body", "…"),
        lambda: PolicyVersion.objects.all()._raw_delete("default"),
        lambda: NoticeText.objects.all()._raw_delete("default"),
    ],
)
def test_the_database_itself_refuses_to_change_what_was_decided_under(
    kakegawa: Municipality, change: Callable[[], object]
) -> None:
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        change()


def test_rules_under_which_something_was_decided_cost_one_query_and_then_none(
    kakegawa: Municipality, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    version = queries.version_on(KAKEGAWA, date(2026, 5, 1))
    assert version is not None
    with django_assert_num_queries(1):
        queries.policy_of(version.pk)
        queries.policy_of(version.pk)
    with django_assert_num_queries(1):
        queries.policy_on(KAKEGAWA, date(2026, 5, 1))


def test_the_words_of_a_decision_name_mayor_and_city(kakegawa: Municipality, mori: Municipality) -> None:
    text = queries.notice_text(KAKEGAWA, NoticeText.Kind.REMEDIES, date(2026, 5, 1))
    assert "掛川市長に対して審査請求" in text
    assert "掛川市を被告として" in text
    assert "{" not in text
    assert "森町長に対して" in queries.notice_text(MORI, NoticeText.Kind.REMEDIES, date(2026, 5, 1))


def test_a_decision_never_leaves_with_a_hole_in_its_words(kakegawa: Municipality) -> None:
    with pytest.raises(KeyError, match="until"):
        queries.notice_text(
            KAKEGAWA, NoticeText.Kind.POSTPONEMENT, date(2026, 5, 1), days=30, reason="調査中"
        )


def test_what_an_applicant_wrote_is_never_read_as_a_name_to_fill(kakegawa: Municipality) -> None:
    text = queries.notice_text(
        KAKEGAWA, NoticeText.Kind.POSTPONEMENT, date(2026, 5, 1), days=30, until="5月9日", reason="{mayor}"
    )
    assert text.endswith("理由:{mayor}")


def test_own_words_come_before_the_default_from_their_day_on(
    kakegawa: Municipality, officer: Officer, now: datetime
) -> None:
    actions.adopt_notice_text(
        municipality=kakegawa,
        kind=NoticeText.Kind.REMEDIES,
        body="{mayor}に申し出ることができます。",
        in_force_from=date(2026, 7, 1),
        by=officer.user,
        now=now,
    )
    words = [queries.notice_text(KAKEGAWA, NoticeText.Kind.REMEDIES, day) for day in JUNE_TO_JULY]
    assert words[0] != words[1] == words[2] == "掛川市長に申し出ることができます。"
    with pytest.raises(Refused):
        actions.adopt_notice_text(
            municipality=kakegawa,
            kind=NoticeText.Kind.REMEDIES,
            body="…",
            in_force_from=date(2026, 7, 1),
            by=officer.user,
            now=now,
        )


def _adopt_at_once(day: date, now: datetime) -> list[str]:
    """Two officers press the button for the same day together; what each of them is told."""
    city = Municipality.objects.get(code=KAKEGAWA)
    policy = six_hours(KAKEGAWA, day)
    together, told = threading.Barrier(2), []

    def press() -> None:
        together.wait()
        try:
            actions.adopt_policy(municipality=city, policy=policy, source_note="", by=None, now=now)
            told.append("adopted")
        except Refused as refused:
            told.append(refused.reason.value)
        except IntegrityError:
            told.append("broken")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


@pytest.fixture
def served_for_real(transactional_db: None, now: datetime) -> None:
    loading.fill(apps)  # the last transactional test emptied every table
    actions.serve(municipality=Municipality.objects.get(code=KAKEGAWA), by=None, now=now)


@pytest.mark.race
@pytest.mark.usefixtures("served_for_real")
def test_of_two_officers_adopting_for_the_same_day_one_is_refused_by_name(now: datetime) -> None:
    for day in range(1, 11):
        assert _adopt_at_once(date(2026, 8, day), now) == ["adopted", "policy_in_force"]


@pytest.mark.race
@pytest.mark.usefixtures("served_for_real")
def test_without_the_lock_the_second_meets_the_constraint(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    told = [_adopt_at_once(date(2026, 8, day), now) for day in range(1, 29)]
    assert ["adopted", "broken"] in told

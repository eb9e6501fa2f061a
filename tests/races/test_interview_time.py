"""Two families, one interview time: one gets it; without lock and seat belt, two do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from daredemo.interviews import actions as interviews
from daredemo.interviews import queries
from daredemo.interviews.actions import asking
from daredemo.interviews.actions import times as locked
from daredemo.interviews.models import Interview, InterviewTime
from tests import make
from tests.races.at_once import ROUNDS, at_once, done, reasons

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def wish(family: make.Family, time: InterviewTime) -> Callable[[], Interview]:
    return partial(
        interviews.request, guardian=family.guardian, children=family.children, time=time, note="",
        wants_advice=False, consent=True, by=family.user, now=make.NOW,
    )  # fmt: skip


def test_one_interview_time_goes_to_one_family() -> None:
    facility = make.facility()
    for _ in range(ROUNDS):
        InterviewTime.objects.all().delete()
        time = make.interview_time(facility)
        answers = at_once([wish(make.family(), time) for _ in range(8)])
        assert len(done(answers)) == 1
        assert reasons(answers) == {"interview_time_taken"}
        Interview.objects.all().delete()


def test_one_child_asks_once_even_for_two_times_at_once() -> None:
    facility, family = make.facility(), make.family()
    times = [make.interview_time(facility, f"2026-04-{day:02d} 10:00") for day in (8, 9, 10)]
    answers = at_once([wish(family, time) for time in times])
    assert len(done(answers)) == 1
    assert reasons(answers) == {"interview_pending"}


def everyone_reads_first(number: int, unlocked: Callable[..., Any]) -> Callable[..., Any]:
    """What happens sooner or later without a lock happens now."""
    read = Barrier(number, timeout=120)

    def slow(*arguments: Any, **more: Any) -> Any:
        found = unlocked(*arguments, **more)
        read.wait()
        return found

    return slow


@contextmanager
def without_seat_belt() -> Iterator[None]:
    """Interviews without the index that gives a time to one family; emptied before it comes back."""
    belt = next(one for one in Interview._meta.constraints if one.name == "one_family_per_interview_time")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Interview, belt)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE interviews_interview CASCADE")
        with connection.schema_editor() as editor:
            editor.add_constraint(Interview, belt)


def test_without_lock_and_seat_belt_a_time_is_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    time = make.interview_time(make.facility())
    families = [make.family(), make.family()]
    monkeypatch.setattr(
        asking, "hold", lambda time: InterviewTime.objects.select_related("facility").get(pk=time.pk)
    )
    monkeypatch.setattr(asking, "require_free", everyone_reads_first(2, locked.require_free))
    with without_seat_belt():
        answers = at_once([wish(family, time) for family in families])
        assert len(done(answers)) == 2


def test_without_its_lock_a_child_asks_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    facility, family = make.facility(), make.family()
    times = [make.interview_time(facility, f"2026-04-{day:02d} 10:00") for day in (8, 9)]
    monkeypatch.setattr(asking, "_hold_children", lambda children: None)
    monkeypatch.setattr(queries, "outcome", everyone_reads_first(2, queries.outcome))
    answers = at_once([wish(family, time) for time in times])
    assert len(done(answers)) == 2

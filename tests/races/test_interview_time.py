"""Two families, one interview time: one gets it; without lock and seat belt, two do."""

from collections.abc import Callable
from functools import partial
from threading import Barrier
from typing import Any

import pytest

from daredemo.interviews import actions as interviews
from daredemo.interviews.actions import asking
from daredemo.interviews.models import Interview, InterviewTime
from tests import make
from tests.races.at_once import ROUNDS, at_once, done, reasons, without

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
    read = Barrier(number, timeout=20)

    def slow(*arguments: Any, **more: Any) -> Any:
        found = unlocked(*arguments, **more)
        read.wait()
        return found

    return slow


def test_without_lock_and_seat_belt_a_time_is_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    time = make.interview_time(make.facility())
    families = [make.family(), make.family()]
    monkeypatch.setattr(
        asking, "hold", lambda time: InterviewTime.objects.select_related("facility").get(pk=time.pk)
    )
    monkeypatch.setattr(asking, "require_free", everyone_reads_first(2, asking.require_free))
    with without("interviews_interview", "one_family_per_interview_time"):
        answers = at_once([wish(family, time) for family in families])
        assert len(done(answers)) == 2


def test_without_its_lock_a_child_asks_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    facility, family = make.facility(), make.family()
    times = [make.interview_time(facility, f"2026-04-{day:02d} 10:00") for day in (8, 9)]
    monkeypatch.setattr(asking, "_hold_children", lambda children: None)
    monkeypatch.setattr(asking.queries, "outcome", everyone_reads_first(2, asking.queries.outcome))
    answers = at_once([wish(family, time) for time in times])
    assert len(done(answers)) == 2

"""Two clicks on 「招待する」: one more person at most; without the lock, one too many."""

from collections.abc import Callable
from functools import partial
from threading import Barrier
from typing import Any

import pytest

from daredemo.families import actions as families
from daredemo.families.actions import people
from daredemo.families.models import Guardianship
from tests import make
from tests.races.at_once import ROUNDS, at_once, done, reasons

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def invite(family: make.Family, name: str) -> Callable[[], Any]:
    return partial(
        families.invite, guardian=family.guardian, children=family.children, part="proxy", family_name="山田",
        given_name=name, relation="other", email="", by=family.user, now=make.NOW,
    )  # fmt: skip


def one_place_left() -> make.Family:
    family = make.family()
    for number in range(families.MOST_INVITED - 1):
        invite(family, str(number))()
    return family


def let_in(family: make.Family) -> int:
    return Guardianship.objects.filter(invited_by=family.guardian, ended_at=None).count()


def test_the_last_place_goes_to_one() -> None:
    for _ in range(max(ROUNDS, 2)):
        family = one_place_left()
        answers = at_once([invite(family, name) for name in "あいうえ"])
        assert (len(done(answers)), reasons(answers)) == (1, {"too_many_people"})
        assert let_in(family) == families.MOST_INVITED


def test_the_same_person_twice_at_once_is_one() -> None:
    family = make.family()
    answers = at_once([invite(family, "はな")] * 2)
    assert (len(done(answers)), let_in(family)) == (2, 1)


def test_control_without_the_lock_both_come_in(monkeypatch: pytest.MonkeyPatch) -> None:
    family, read = one_place_left(), Barrier(2, timeout=120)
    counted = people._let_in

    def everyone_reads_first(guardian: Any) -> Any:
        found = counted(guardian)
        number = found.count()
        read.wait()
        monkeypatch.setattr(found, "count", lambda: number, raising=False)
        return found

    monkeypatch.setattr(people, "hold", lambda guardian: guardian)
    monkeypatch.setattr(people, "hold_children", list)
    monkeypatch.setattr(people, "_let_in", everyone_reads_first)
    answers = at_once([invite(family, name) for name in "あい"])
    assert (len(done(answers)), let_in(family)) == (2, families.MOST_INVITED + 1)


def second_guardian() -> tuple[make.Family, Callable[[], Any]]:
    """A family, and how its second guardian is protected, which puts the first out."""
    family = make.family()
    second, officer = make.let_in(family), make.officer()
    return family, partial(families.protect, guardian=second, by=officer.user, now=make.NOW)


def in_force(family: make.Family) -> int:
    return Guardianship.objects.filter(child=family.child, ended_at=None).count()


def test_nobody_is_let_in_while_the_child_is_protected() -> None:
    for _ in range(max(ROUNDS, 2)):
        family, protect = second_guardian()
        at_once([invite(family, "はな"), protect])
        assert in_force(family) == 1


def test_control_without_the_lock_of_the_child_somebody_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    family, protect = second_guardian()
    counted = people._let_in

    def protected_meanwhile(guardian: Any) -> Any:
        at_once([protect])
        return counted(guardian)

    monkeypatch.setattr(people, "hold_children", list)
    monkeypatch.setattr(people, "_let_in", protected_meanwhile)
    invite(family, "はな")()
    assert in_force(family) == 2

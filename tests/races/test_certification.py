"""Two officers, two sweeps, two clicks at once: one decision, one login, one application."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from daredemo.accounts.models import User
from daredemo.certification import sweeps
from daredemo.certification.actions import drafts, enacting, invitations, screening
from daredemo.certification.models import Application, Certificate, Decision
from daredemo.municipalities.models import Officer
from daredemo.notifications.models import Message
from tests import make
from tests.certification import making
from tests.races.at_once import ROUNDS, at_once, done, reasons, without

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
LATER = make.NOW + timedelta(minutes=11)


def decision(application: Application, officer: Officer) -> Callable[[], Decision]:
    return partial(
        screening.certify, application=application, version=application.version, position=1,
        amber_reason="同じ", reduction="", reduction_reason="", officer=officer, now=make.NOW,
    )  # fmt: skip


def test_two_officers_decide_at_once_and_one_does() -> None:
    officers = [make.officer() for _ in range(4)]
    for _ in range(ROUNDS):
        application = making.submitted()
        answers = at_once([decision(application, officer) for officer in officers])
        assert len(done(answers)) == 1
        assert reasons(answers) == {"status_moved"}
        assert Decision.objects.filter(applicant_child__application=application).count() == 1


@contextmanager
def without_seat_belt() -> Iterator[None]:
    """Decisions without the index that keeps one in force per child; emptied before it comes back."""
    belt = next(one for one in Decision._meta.constraints if one.name == "one_decision_in_force_per_child")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Decision, belt)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE certification_decision CASCADE")
        with connection.schema_editor() as editor:
            editor.add_constraint(Decision, belt)


def test_without_lock_and_seat_belt_both_would_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    officers = [make.officer() for _ in range(2)]
    application = making.submitted()
    read = Barrier(2, timeout=120)

    def unlocked(officer: Officer, application: Application, version: int) -> Application:
        found = Application.objects.select_related("municipality", "guardian__user").get(pk=application.pk)
        assert found.version == version
        read.wait()
        return found

    monkeypatch.setattr(screening, "_hold", unlocked)
    real = screening._undecided

    def slow(*arguments: Any) -> Any:
        found = real(*arguments)
        read.wait()
        return found

    monkeypatch.setattr(screening, "_undecided", slow)
    with without_seat_belt():
        assert len(done(at_once([decision(application, officer) for officer in officers]))) == 2


def test_several_sweeps_at_once_make_one_login() -> None:
    for _ in range(ROUNDS):
        making.certify(making.submitted(), make.officer(), amber_reason="同じ")
        before = Certificate.objects.count()
        assert sum(done(at_once([partial(sweeps.enact, LATER) for _ in range(4)]))) == 1
        assert Certificate.objects.count() == before + 1
    assert User.objects.filter(portal="guardian").count() == ROUNDS
    assert Message.objects.filter(kind="account_issued").count() == ROUNDS


def test_without_lock_and_seat_belt_two_sweeps_would_make_two_logins(monkeypatch: pytest.MonkeyPatch) -> None:
    making.certify(making.submitted(), make.officer())
    read = Barrier(2, timeout=120)
    due = enacting.is_due

    def both_look_first(*arguments: Any) -> bool:
        found = due(*arguments)
        read.wait()
        return found

    monkeypatch.setattr(enacting, "is_due", both_look_first)
    monkeypatch.setattr(Application.objects.__class__, "select_for_update", lambda self, **_: self.all())
    with without("certification_certificate", "certification_certificate_decision_id_key"):
        at_once([partial(sweeps.enact, LATER) for _ in range(2)])
        assert User.objects.filter(portal="guardian").count() == 2


def test_a_link_pressed_many_times_at_once_opens_once() -> None:
    for _ in range(ROUNDS):
        sent = invitations.invite(
            municipality=make.municipality(), email="a@example.jp", language="ja", now=make.NOW
        )
        before = Application.objects.count()
        token = making.token_of(sent)
        answers = at_once([partial(invitations.open_link, token=token, now=make.NOW) for _ in range(6)])
        assert len(done(answers)) == 1
        assert reasons(answers) == {"link_used"}
        assert Application.objects.count() == before + 1


def test_handing_in_many_times_at_once_is_one_submission() -> None:
    application = making.filled()
    hand_in = partial(drafts.submit, application=application, by=None, now=make.NOW)
    assert len(done(at_once([hand_in for _ in range(6)]))) == 6
    assert Message.objects.filter(kind="application_received").count() == 1
    assert Application.objects.get().version == 2

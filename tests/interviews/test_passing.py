"""A request that nobody answers does not wait for ever."""

from datetime import timedelta

import pytest

from daredemo.facilities.models import Facility
from daredemo.families.models import Consent
from daredemo.interviews import actions as interviews
from daredemo.interviews import queries, sweeps
from daredemo.interviews.models import Interview
from daredemo.languages import words
from daredemo.notifications import mails
from daredemo.notifications.models import Message
from tests import make

pytestmark = pytest.mark.django_db
ENDS = make.at("2026-04-08 10:30")
LATE = ENDS + sweeps.PATIENCE + timedelta(seconds=1)


@pytest.fixture
def facility() -> Facility:
    return make.facility()


@pytest.fixture
def asked(facility: Facility) -> Interview:
    return make.interview(make.family(), facility)


def test_a_day_after_its_time_the_family_is_told_and_may_ask_anew(asked: Interview) -> None:
    assert sweeps.pass_unanswered(LATE - timedelta(seconds=1)) == 0
    assert sweeps.pass_unanswered(LATE) == 1
    asked.refresh_from_db()
    assert (asked.status, asked.cancelled_at) == ("cancelled", LATE)
    assert queries.under_way(asked.guardian, asked.facility) is None
    told = Message.objects.get(kind="interview_passed")
    assert words.said(told.context["when"]) == "2026年4月8日(水)10:00〜10:30"
    assert mails.compose(told, LATE).subject == "面談の日時が すぎました"


def test_what_was_allowed_for_it_ends_with_it(asked: Interview) -> None:
    assert Consent.objects.filter(revoked_at=None).exists()
    sweeps.pass_unanswered(LATE)
    assert not Consent.objects.filter(revoked_at=None).exists()


def test_a_proposal_that_the_family_left_alone_passes_as_well(facility: Facility, asked: Interview) -> None:
    other = make.interview_time(facility, "2026-04-08 09:00")
    interviews.propose(interview=asked, time=other, words="", by=make.member(facility).user, now=make.NOW)
    assert sweeps.pass_unanswered(LATE) == 1


def test_what_was_agreed_on_waits_for_its_outcome(facility: Facility, asked: Interview) -> None:
    interviews.confirm(interview=asked, words="", by=make.member(facility).user, now=make.NOW)
    assert sweeps.pass_unanswered(LATE) == 0
    asked.refresh_from_db()
    assert asked.status == "confirmed"


def test_it_passes_once(asked: Interview) -> None:
    assert sweeps.pass_unanswered(LATE) == 1
    assert sweeps.pass_unanswered(LATE) == 0
    assert not interviews.let_pass(interview=asked, now=LATE)
    assert Message.objects.filter(kind="interview_passed").count() == 1

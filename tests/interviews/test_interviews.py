"""From asking for an interview to what came out of it."""

from datetime import date, datetime, timedelta

import pytest

from daredemo.audit.models import Entry
from daredemo.families import queries as families
from daredemo.families.models import Consent, ConsentKind
from daredemo.interviews import actions as interviews
from daredemo.interviews import queries
from daredemo.interviews.models import ChildOutcome, DeclineGround, Interview, InterviewStatus, InterviewTime
from daredemo.municipalities.models import Programme
from daredemo.notifications.models import Message
from daredemo.rules.refusal import Reason, Refused
from tests import make

pytestmark = pytest.mark.django_db
NOW = make.NOW
AFTER = make.at("2026-04-08 11:00")


def refused(reason: Reason, call: object, /, **given: object) -> Refused:
    with pytest.raises(Refused) as no:
        call(**given)  # type: ignore[operator]
    assert no.value.reason == reason
    return no.value


def ask(family: make.Family, time: InterviewTime, now: datetime = NOW, **fields: object) -> Interview:
    given: dict[str, object] = {
        "children": family.children, "note": "", "wants_advice": False, "consent": True, **fields
    }  # fmt: skip
    return interviews.request(
        guardian=family.guardian,
        time=time,
        by=family.user,
        now=now,
        **given,  # type: ignore[arg-type]
    )


def kinds() -> list[str]:
    return list(Message.objects.order_by("created_at", "id").values_list("kind", flat=True))


def test_twins_share_a_time_and_each_child_lets_the_facility_see_its_record() -> None:
    family, facility = make.family(children=2), make.facility()
    asked = make.interview(family, facility, photos=True)
    assert asked.status == InterviewStatus.REQUESTED
    assert asked.children.count() == 2
    assert queries.outcome(family.child, facility) == "pending"
    given = Consent.objects.filter(facility=facility).values_list("kind", flat=True)
    assert sorted(given) == ["photos", "photos", "record", "record"]
    assert kinds() == ["interview_requested"]
    assert Entry.objects.filter(action="interview.request", subject_id=str(asked.pk)).count() == 1


def test_the_first_box_is_needed() -> None:
    family, time = make.family(), make.interview_time(make.facility())
    no = refused(Reason.CONSENT_MISSING, ask, family=family, time=time, consent=False)
    assert no.facts == {"consent": ConsentKind.RECORD}
    assert not Consent.objects.exists()


def test_a_time_that_another_family_took_is_refused() -> None:
    facility = make.facility()
    taken = make.interview(make.family(), facility)
    refused(Reason.INTERVIEW_TIME_TAKEN, ask, family=make.family(), time=taken.time)
    assert list(queries.free_times(facility, NOW)) == []


def test_a_time_that_is_over_or_withdrawn_is_refused() -> None:
    facility, family = make.facility(), make.family()
    refused(Reason.IN_THE_PAST, ask, family=family, time=make.interview_time(facility, "2026-04-06 10:00"))
    time = make.interview_time(facility)
    interviews.withdraw_time(time=time, by=make.member(facility).user, now=NOW)
    refused(Reason.INTERVIEW_TIME_TAKEN, ask, family=family, time=time)


def test_a_child_asks_a_facility_once_at_a_time() -> None:
    facility, family = make.facility(), make.family()
    make.interview(family, facility)
    no = refused(
        Reason.INTERVIEW_PENDING, ask, family=family, time=make.interview_time(facility, "2026-04-09 10:00")
    )
    assert no.facts == {"facility": facility.name}


def test_an_uncertified_child_cannot_ask() -> None:
    family = make.family(certified=False)
    refused(Reason.NOT_CERTIFIED, ask, family=family, time=make.interview_time(make.facility()))


def test_before_the_opening_day_families_hear_since_when() -> None:
    family, time = make.family(), make.interview_time(make.facility())
    eve, day = make.at("2026-03-25 23:59"), make.at("2026-03-26 00:00")
    no = refused(Reason.INTERVIEWS_NOT_OPEN, ask, family=family, time=time, now=eve)
    assert no.facts == {"opens_on": date(2026, 3, 26)}
    assert ask(family, time, now=day).status == InterviewStatus.REQUESTED


def test_a_municipality_that_is_not_served_has_no_interviews() -> None:
    family, time = make.family(), make.interview_time(make.facility())
    Programme.objects.update(served=False)
    refused(Reason.CITY_NOT_SERVED, ask, family=family, time=time)


def test_a_facility_confirms_or_proposes_and_the_first_time_is_free_again() -> None:
    facility, family = make.facility(), make.family()
    by = make.member(facility).user
    asked, other = make.interview(family, facility), make.interview_time(facility, "2026-04-09 14:00")
    interviews.propose(interview=asked, time=other, words="午後ではいかがですか", by=by, now=NOW)
    assert [time.pk for time in queries.free_times(facility, NOW)] == [asked.time_id]
    agreed = interviews.accept_proposal(
        interview=queries.interview_of(family.guardian, asked.pk), by=family.user, now=NOW
    )
    assert (agreed.status, agreed.time_id) == (InterviewStatus.CONFIRMED, other.pk)
    assert kinds() == ["interview_requested", "interview_proposed", "interview_confirmed"]
    refused(Reason.STATUS_MOVED, interviews.confirm, interview=agreed, words="", by=by, now=NOW)


def test_a_proposal_lies_at_the_same_facility_and_ahead() -> None:
    facility, family = make.facility(), make.family()
    by = make.member(facility).user
    asked, elsewhere = make.interview(family, facility), make.interview_time(make.facility(name="べつの園"))
    refused(
        Reason.INTERVIEW_NOT_YOURS,
        interviews.propose,
        interview=asked,
        time=elsewhere,
        words="",
        by=by,
        now=NOW,
    )
    soon = make.interview_time(facility, "2026-04-07 09:00")
    proposed = interviews.propose(interview=asked, time=soon, words="", by=by, now=NOW)
    late = soon.starts_at
    refused(Reason.IN_THE_PAST, interviews.accept_proposal, interview=proposed, by=family.user, now=late)


def test_cancelling_frees_the_time_and_takes_back_what_was_allowed_for_it() -> None:
    facility, family = make.facility(), make.family()
    asked = make.interview(family, facility)
    interviews.cancel(interview=asked, by=family.user, now=NOW)
    assert [time.pk for time in queries.free_times(facility, NOW)] == [asked.time_id]
    assert not families.seen_by(facility, [family.child.pk], make.TODAY)
    assert queries.outcome(family.child, facility) == "missing"
    refused(Reason.STATUS_MOVED, interviews.cancel, interview=asked, by=family.user, now=NOW)


def test_cancelling_a_later_interview_keeps_what_an_accepted_child_allowed() -> None:
    facility, family = make.facility(), make.family()
    make.accepted(family.child, facility)
    asked = make.interview(family, facility)
    interviews.cancel(interview=asked, by=family.user, now=NOW)
    assert families.seen_by(facility, [family.child.pk], make.TODAY)


def confirmed(family: make.Family, by: object) -> Interview:
    facility = by.member.facility  # type: ignore[attr-defined]
    return interviews.confirm(interview=make.interview(family, facility), words="", by=by, now=NOW)  # type: ignore[arg-type]


def test_outcomes_stand_apart_for_twins_and_the_last_one_ends_the_interview() -> None:
    facility, family = make.facility(), make.family(children=2)
    by = make.member(facility).user
    held = confirmed(family, by)
    first, second = held.children.order_by("id")
    refused(
        Reason.INTERVIEW_NOT_YET_HELD,
        interviews.record_outcome,
        child=first,
        outcome=ChildOutcome.ACCEPTED,
        by=by,
        now=NOW,
    )
    interviews.record_outcome(
        child=first, outcome=ChildOutcome.ACCEPTED, explained=["fees", "insurance"], by=by, now=AFTER
    )
    held.refresh_from_db()
    assert (held.status, held.explained) == (InterviewStatus.CONFIRMED, ["fees", "insurance"])
    interviews.record_outcome(
        child=second, outcome=ChildOutcome.DECLINED, ground=DeclineGround.NO_PLACE_OR_STAFF,
        reason="1歳児の部屋がいっぱいです", by=by, now=AFTER,
    )  # fmt: skip
    held.refresh_from_db()
    assert held.status == InterviewStatus.HELD
    assert held.explained == ["fees", "insurance"]
    assert {queries.outcome(row.child, facility) for row in (first, second)} == {"accepted", "declined"}
    assert list(queries.accepted_facilities(first.child)) == [facility]
    assert kinds()[2:] == ["interview_accepted", "interview_declined"]


def test_a_decline_needs_a_ground_of_the_closed_list_and_a_sentence() -> None:
    facility = make.facility()
    by = make.member(facility).user
    row = confirmed(make.family(), by).children.get()
    for ground, reason in (("", "理由"), (DeclineGround.CARE_NOT_SAFE, "  ")):
        refused(
            Reason.REASON_MISSING, interviews.record_outcome, child=row, outcome=ChildOutcome.DECLINED,
            ground=ground, reason=reason, by=by, now=AFTER,
        )  # fmt: skip
        refused(
            Reason.REASON_MISSING,
            interviews.decline,
            interview=row.interview,
            ground=ground,
            reason=reason,
            by=by,
            now=NOW,
        )


def test_an_outcome_can_be_put_right_and_is_told_anew() -> None:
    facility = make.facility()
    by = make.member(facility).user
    row = confirmed(make.family(), by).children.get()
    decline = {"ground": DeclineGround.CARE_NOT_SAFE, "reason": "看護師がいません"}
    interviews.record_outcome(child=row, outcome=ChildOutcome.DECLINED, by=by, now=AFTER, **decline)
    interviews.record_outcome(
        child=row, outcome=ChildOutcome.ACCEPTED, by=by, now=AFTER + timedelta(days=1), **decline
    )
    row.refresh_from_db()
    assert (row.outcome, row.ground, row.reason) == (ChildOutcome.ACCEPTED, "", "")
    assert kinds()[-2:] == ["interview_declined", "interview_accepted"]


def test_a_request_turned_down_tells_every_child_and_seals_the_sentence() -> None:
    facility, family = make.facility(), make.family(children=2)
    by = make.member(facility).user
    asked = make.interview(family, facility)
    told = interviews.decline(
        interview=asked, ground=DeclineGround.NO_PLACE_OR_STAFF, reason="職員が足りません", by=by, now=NOW
    )
    assert (told.status, told.words) == (InterviewStatus.DECLINED, "")
    assert kinds() == ["interview_requested", "interview_declined", "interview_declined"]
    assert [time.pk for time in queries.free_times(facility, NOW)] == [asked.time_id]
    message = Message.objects.filter(kind="interview_declined").latest("created_at")
    assert message.context["reason"]["of"] == ["場所または職員が足りない", "職員が足りません"]
    assert message.context["office"].startswith("掛川市 こども政策課")


def test_a_family_that_did_not_come_may_ask_again() -> None:
    facility, family = make.facility(), make.family()
    by = make.member(facility).user
    held = confirmed(family, by)
    refused(Reason.INTERVIEW_NOT_YET_HELD, interviews.note_missed, interview=held, by=by, now=NOW)
    interviews.note_missed(interview=held, by=by, now=AFTER)
    again = make.interview(family, facility, "2026-04-10 10:00", now=AFTER)
    assert again.status == InterviewStatus.REQUESTED


def test_times_are_offered_once_never_in_the_past_and_again_after_being_withdrawn() -> None:
    facility = make.facility()
    by = make.member(facility).user
    starts = [make.at("2026-04-06 09:00"), make.at("2026-04-07 09:00"), make.at("2026-04-07 10:00")]
    offer = {"facility": facility, "starts": starts, "by": by, "now": NOW}
    assert interviews.offer_times(minutes=30, **offer) == 2  # type: ignore[arg-type]
    assert interviews.offer_times(minutes=30, **offer) == 0  # type: ignore[arg-type]
    interviews.withdraw_time(time=facility.interview_times.earliest("starts_at"), by=by, now=NOW)
    assert interviews.offer_times(minutes=45, **offer) == 1  # type: ignore[arg-type]
    first = facility.interview_times.earliest("starts_at")
    assert first.ends_at - first.starts_at == timedelta(minutes=45)
    assert first.withdrawn_at is None


def test_a_time_that_a_family_took_cannot_be_withdrawn() -> None:
    facility = make.facility()
    asked = make.interview(make.family(), facility)
    refused(
        Reason.INTERVIEW_TIME_TAKEN,
        interviews.withdraw_time,
        time=asked.time,
        by=make.member(facility).user,
        now=NOW,
    )


def test_a_facility_does_not_see_the_interviews_of_another() -> None:
    asked = make.interview(make.family(), make.facility())
    stranger = make.member(make.facility(name="べつの園"))
    assert list(queries.asked_of(stranger)) == []
    with pytest.raises(Interview.DoesNotExist):
        queries.asked(stranger, asked.pk)
    with pytest.raises(Interview.DoesNotExist):
        queries.interview_of(make.family().guardian, asked.pk)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_desk_costs_the_same_however_many_families_wait(
    rows: int, django_assert_num_queries: object
) -> None:
    facility = make.facility()
    member = make.member(facility)
    for number in range(rows):
        make.interview(make.family(), facility, f"2026-04-{8 + number:02d} 10:00")
    with django_assert_num_queries(2):  # type: ignore[operator]
        desk = queries.desk(member, NOW)
        assert len([row.child.called for one in desk.waiting for row in one.children.all()]) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_next_free_times_of_many_are_one_query(rows: int, django_assert_num_queries: object) -> None:
    facilities = [make.facility() for _ in range(rows)]
    times = {one.pk: make.interview_time(one).starts_at for one in facilities}
    make.interview(make.family(), facilities[0], "2026-04-07 10:00")  # taken
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert queries.next_times(facilities, NOW) == times

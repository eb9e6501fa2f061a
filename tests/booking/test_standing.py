"""What a booking stands on may end after it was made: certificate, enrolment, move, interview."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.urls import reverse

from daredemo.booking import actions as booking
from daredemo.booking import invariants, letters_moving, sweeps
from daredemo.booking.models import Booking, ChildMonth, OpenedDay
from daredemo.certification.actions import certificates
from daredemo.certification.models import Certificate, EndReason
from daredemo.facilities.models import Facility
from daredemo.families import actions as families
from daredemo.interviews import actions as interviews
from daredemo.interviews.models import ChildOutcome, InterviewChild
from daredemo.municipalities.models import Officer
from daredemo.notifications import mails
from daredemo.notifications import sweeps as deliveries
from daredemo.notifications.models import Message
from tests import make

pytestmark = pytest.mark.django_db
DAYS = ("2026-04-14 09:00", "2026-04-15 09:00", "2026-04-16 09:00")
AYASE = "142182"


@pytest.fixture
def facility() -> Facility:
    return make.facility()


def booked(facility: Facility, count: int = 3) -> tuple[make.Family, list[Booking]]:
    family = make.family()
    return family, [make.booking(family, facility, day) for day in DAYS[:count]]


def end(family: make.Family, last: date, reason: EndReason) -> None:
    certificate = family.child.certificates.get()
    certificates.end(
        certificate=certificate, ended_on=last, reason=reason, officer=make.officer(), now=make.NOW
    )


def refuse(family: make.Family, facility: Facility, outcome: ChildOutcome = ChildOutcome.DECLINED) -> None:
    interviews.record_outcome(
        child=InterviewChild.objects.get(child=family.child, interview__facility=facility),
        outcome=outcome, ground="care_not_safe", reason="かみつくことがあります",
        by=make.member(facility).user, now=make.NOW,
    )  # fmt: skip


def states(bookings: list[Booking]) -> list[tuple[str, str]]:
    found = (Booking.objects.get(pk=one.pk) for one in bookings)
    return [(one.status, one.cause) for one in found]


def broken(at: str) -> dict[str, list[tuple[Any, ...]]]:
    """What does not hold then, with every promise on its way."""
    deliveries.queue(make.at(at))
    return invariants.broken(make.at(at))


GONE = ("cancelled", "certificate")
STANDS = ("booked", "")


def enrols(family: make.Family, facility: Facility) -> None:
    families.enrol(child=family.child, since=date(2026, 4, 14), by=None, now=make.NOW)


def leaves(family: make.Family, facility: Facility) -> None:
    end(family, date(2026, 4, 13), EndReason.WITHDRAWAL)


WAYS = [
    (leaves, sweeps.end_uncertified, "certificate", "認定が終わったため"),
    (enrols, sweeps.end_uncertified, "enrolment", "入園の日からあと"),
    (refuse, sweeps.end_unaccepted, "interview", "面談の結果がかわった"),
]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("happens", "sweep", "cause", "words"), WAYS)
def test_what_is_booked_for_later_goes_at_no_cost_and_the_family_reads_why(
    facility: Facility, happens: Callable[..., None], sweep: Callable[[datetime], int],
    cause: str, words: str, count: int,
) -> None:  # fmt: skip
    family, made = booked(facility, count)
    other = make.booking(make.family(), facility, "2026-04-14 09:00")
    assert sweep(make.NOW) == 0
    happens(family, facility)
    assert invariants.broken() != {}
    assert (sweep(make.NOW), sweep(make.NOW)) == (count, 0)
    assert states(made) == [("cancelled", cause)] * count
    assert states([other]) == [STANDS]
    assert ChildMonth.objects.get(child=family.child).spent_minutes == 0
    assert sum(sum(day.booked_1) for day in OpenedDay.objects.all()) == 2  # the other's two half hours
    told = Message.objects.filter(kind="booking_cancelled")
    assert told.count() == count
    mail = mails.compose(told[0], make.NOW)
    assert words in mail.body
    assert "お支払いはありません" in mail.body
    assert invariants.broken() == {}


@pytest.mark.parametrize(("happens", "sweep", "cause", "words"), WAYS)
def test_a_sweep_that_is_cut_off_goes_on_where_it_stopped(
    facility: Facility, happens: Callable[..., None], sweep: Callable[[datetime], int],
    cause: str, words: str, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    family, made = booked(facility)
    happens(family, facility)
    done: list[Any] = []
    real = booking.cancel_by_facility

    def dies(**given: Any) -> Booking:
        if done:
            raise SystemExit
        done.append(real(**given))
        return made[0]

    monkeypatch.setattr(booking, "cancel_by_facility", dies)
    with pytest.raises(SystemExit):
        sweep(make.NOW)
    monkeypatch.undo()
    assert sweep(make.NOW) == 2
    assert states(made) == [("cancelled", cause)] * 3
    assert Message.objects.filter(kind="booking_cancelled").count() == 3
    assert invariants.broken() == {}


@pytest.mark.parametrize(("happens", "sweep", "cause", "words"), WAYS)
def test_who_is_here_already_stays(
    facility: Facility, happens: Callable[..., None], sweep: Callable[[datetime], int], cause: str, words: str
) -> None:
    family, (made,) = booked(facility, 1)
    happens(family, facility)
    booking.begin_use(booking=made, by=make.member(facility).user, now=make.at("2026-04-14 08:55"))
    assert sweep(make.at("2026-04-14 08:56")) == 0
    assert states([made]) == [STANDS]
    assert broken("2026-04-14 08:56") == {}


def test_an_acceptance_that_comes_again_keeps_what_is_left(facility: Facility) -> None:
    family, made = booked(facility, 1)
    refuse(family, facility)
    refuse(family, facility, ChildOutcome.ACCEPTED)
    assert sweeps.end_unaccepted(make.NOW) == 0
    assert states(made) == [STANDS]


def test_a_certificate_that_ends_by_enrolment_says_from_when(facility: Facility) -> None:
    family, made = booked(facility, 3)
    end(family, date(2026, 4, 14), EndReason.ENROLMENT)
    family.child.refresh_from_db()
    assert family.child.enrolled_from == date(2026, 4, 15)
    assert sweeps.end_uncertified(make.NOW) == 2
    assert states(made) == [STANDS, ("cancelled", "enrolment"), ("cancelled", "enrolment")]


class TestMoving:
    """引っこし: what is booked for later waits as 認定待ち until its free deadline."""

    DEADLINES = ("2026-04-13 12:00", "2026-04-14 12:00", "2026-04-15 12:00")

    def moved(self, facility: Facility) -> tuple[make.Family, list[Booking]]:
        family, made = booked(facility)
        end(family, date(2026, 4, 13), EndReason.MOVE)
        return family, made

    def test_until_the_deadline_nothing_is_lost_and_then_each_goes_at_no_cost(
        self, facility: Facility
    ) -> None:
        family, made = self.moved(facility)
        for gone, deadline in enumerate(self.DEADLINES):
            assert sweeps.end_uncertified(make.at(deadline)) == 0
            assert broken(deadline) == {}
            assert sweeps.end_uncertified(make.at(f"{deadline}:00.001")) == 1
            assert states(made) == [GONE] * (gone + 1) + [STANDS] * (2 - gone)
        assert ChildMonth.objects.get(child=family.child).spent_minutes == 0

    def test_who_says_it_late_pays_nothing_either(self, facility: Facility) -> None:
        family, made = booked(facility)
        end(family, date(2026, 4, 13), EndReason.MOVE)
        assert sweeps.end_uncertified(make.at("2026-04-14 08:00")) == 1
        assert Booking.objects.get(pk=made[0].pk).hours_consumed is False

    def test_the_new_city_certifies_in_time_and_counts_from_then_on(self, facility: Facility) -> None:
        family, made = self.moved(facility)
        certificate(family, date(2026, 4, 14))
        assert (sweeps.follow_certificates(make.NOW), sweeps.follow_certificates(make.NOW)) == (3, 0)
        assert sweeps.end_uncertified(make.at("2026-04-13 13:00")) == 0
        kept = [Booking.objects.get(pk=one.pk) for one in made]
        assert {one.home_id for one in kept} == {AYASE}
        assert [one.deadline_at for one in kept] == [one.deadline_at for one in made]
        assert broken("2026-04-13 13:00") == {}

    def test_hours_left_are_those_of_the_new_city_less_what_was_used_anywhere(
        self, facility: Facility
    ) -> None:
        family, _ = self.moved(facility)
        certificate(family, date(2026, 4, 14))
        make.opened(facility, date(2026, 4, 20))
        more = make.booking(family, facility, "2026-04-20 09:00", minutes=180)
        assert ChildMonth.objects.get(child=family.child).spent_minutes == 360  # 6 h are all of 綾瀬市
        with pytest.raises(Exception, match="no_hours_left"):
            make.booking(family, facility, "2026-04-20 13:00")
        assert more.home_id == AYASE

    def test_the_family_is_told_once_what_becomes_of_each_visit_and_until_when(
        self, facility: Facility
    ) -> None:
        family, _ = self.moved(facility)
        assert [sweeps.tell_moving(make.NOW) for _ in range(3)] == [1, 0, 0]
        told = Message.objects.get(kind="moving")
        mail = mails.compose(told, make.NOW)
        for words in (
            "ひなたさんの 掛川市の認定は 2026年4月13日(月)までです",
            "2026年4月14日(火)9:00〜10:00 ひだまりこども園",
            "2026年4月13日(月)正午までに あたらしい市町村で認定されると",
            "2026年4月15日(水)正午までに あたらしい市町村で認定されると",
            "時間はもどり、お支払いはありません",
        ):
            assert words in mail.body
        assert letters_moving.is_still_waited_for(told, make.NOW)
        certificate(family, date(2026, 4, 14))
        assert not letters_moving.is_still_waited_for(told, make.NOW)

    def test_whoever_has_nothing_booked_or_is_too_late_is_not_told(self, facility: Facility) -> None:
        family, made = self.moved(facility)
        assert sweeps.tell_moving(make.at("2026-04-15 12:00:00.001")) == 0
        end(make.family(), date(2026, 4, 13), EndReason.MOVE)
        leaves(booked(facility, 1)[0], facility)
        for one in made:
            booking.cancel(booking=one, by=family.user, now=make.NOW)
        assert sweeps.tell_moving(make.NOW) == 0

    @pytest.mark.parametrize("count", [1, 3])
    def test_telling_asks_as_often_for_one_family_as_for_three(
        self, count: int, facility: Facility, django_assert_num_queries: Any
    ) -> None:
        for _ in range(count):
            self.moved(facility)
        sweeps.tell_moving(make.NOW)
        with django_assert_num_queries(3):
            assert sweeps.tell_moving(make.NOW) == 0

    def test_both_sides_read_that_it_waits(
        self, facility: Facility, standing_clock: datetime, django_assert_num_queries: Any
    ) -> None:
        family, made = self.moved(facility)
        detail = make.browser(family.user).get(reverse("guardian:booking", args=[made[0].pk]))
        assert "4月13日(月)正午" in detail.content.decode()
        assert "認定待ち" in detail.content.decode()
        listed = make.browser(family.user).get(reverse("guardian:bookings")).content.decode()
        assert listed.count("認定待ち") == 3
        staff = make.browser(make.member(facility).user)
        week = staff.get(reverse("facility:bookings") + "?week=2026-04-13").content.decode()
        assert week.count("認定待ち") == 3
        assert "認定待ち" in staff.get(reverse("facility:booking", args=[made[0].pk])).content.decode()


def certificate(family: make.Family, since: date) -> Certificate:
    """The city the family moved to has certified the child."""
    by = make.officer(AYASE, Officer.Role.APPROVER).user
    return make.certificate(family.child, city=AYASE, valid_from=since, by=by)

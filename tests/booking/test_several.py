"""Several at once: siblings and series. All or none, or each possible one, and never anything twice."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daredemo.booking import actions as booking
from daredemo.booking import invariants
from daredemo.booking import queries as bookings
from daredemo.booking.models import Booking, ChildMonth, LedgerEntry, Wish
from daredemo.facilities.models import Approval, Facility
from daredemo.notifications.models import Message
from daredemo.rules.refusal import Reason, Refused
from tests import make

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 4, 13)
NINE = make.at("2026-04-13 09:00")
WEEK = timedelta(days=7)


def ready(*, children: int = 1, places: int = 6, until: date = date(2026, 5, 29)) -> make.Family:
    """A family whose children are accepted at the one nursery there is."""
    facility, family = make.facility(places=places), make.family(children=children)
    for child in family.children:
        make.accepted(child, facility)
    make.opened(facility, MONDAY, until)
    return family


def wanted(
    family: make.Family, days: Iterable[int], minutes: int = 60, key: UUID | None = None
) -> tuple[bookings.Asked, ...]:
    starts = [NINE + timedelta(days=day) for day in days]
    return bookings.asked_for([child.pk for child in family.children], starts, minutes, key or uuid4())


def book_all(family: make.Family, asked: Iterable[bookings.Asked]) -> list[Booking]:
    return booking.book_all(
        guardian=family.guardian, facility=Facility.objects.get().pk, asked=tuple(asked),
        by=family.user, now=make.NOW,
    )  # fmt: skip


def book_each(family: make.Family, asked: Iterable[bookings.Asked]) -> list[Booking | Refused]:
    return booking.book_each(
        guardian=family.guardian, facility=Facility.objects.get().pk, asked=tuple(asked),
        by=family.user, now=make.NOW,
    )  # fmt: skip


def test_siblings_come_together() -> None:
    family = ready(children=2)
    made = book_all(family, wanted(family, [0], 120))
    assert [one.child for one in made] == list(family.children)
    assert ChildMonth.objects.filter(spent_minutes=120, cap_minutes=600).count() == 2
    assert Message.objects.get(kind="booked_together").context["visits"][1]["number"] == made[1].number
    assert invariants.broken() == {}


def test_siblings_for_whom_one_place_is_left_are_refused_together() -> None:
    family = ready(children=2, places=1)
    with pytest.raises(Refused) as caught:
        book_all(family, wanted(family, [0]))
    assert (caught.value.reason, caught.value.which) == (Reason.NO_PLACE, 1)
    assert not Booking.objects.exists()
    assert Wish.objects.get().reason == "no_place"


def test_several_days_spend_one_allowance_which_is_granted_once() -> None:
    family = ready()
    assert len(book_all(family, wanted(family, [0, 1, 2], 180))) == 3
    assert LedgerEntry.objects.filter(kind="granted").count() == 1
    assert ChildMonth.objects.get().spent_minutes == 540
    assert invariants.broken() == {}


def test_all_or_none_where_the_hours_end_on_the_fourth_day() -> None:
    family = ready()
    with pytest.raises(Refused) as caught:
        book_all(family, wanted(family, [0, 1, 2, 3], 180))
    assert (caught.value.reason, caught.value.which) == (Reason.NO_HOURS_LEFT, 3)
    assert caught.value.facts["left"] == 60
    assert not Booking.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_a_series_books_what_is_possible_and_says_why_the_rest_is_not() -> None:
    family = ready()
    weeks = [7 * n for n in range(5)] + [49]  # 13, 20, 27 April, 4 May (みどりの日), 11 May, 1 June
    found = book_each(family, wanted(family, weeks, 180))
    said = [one.reason.value if isinstance(one, Refused) else "ok" for one in found]
    assert said == ["ok", "ok", "ok", "day_not_open", "ok", "day_not_open"]
    assert invariants.broken() == {}


def test_the_same_form_sent_again_makes_nothing_twice() -> None:
    family, key = ready(), uuid4()
    first = book_each(family, wanted(family, [0, 1], key=key))
    again = book_each(family, wanted(family, [0, 1], key=key))
    together = book_all(family, wanted(family, [0, 1], key=key))
    assert [one.pk for one in first if isinstance(one, Booking)] == [one.pk for one in together]
    assert [one.pk for one in again if isinstance(one, Booking)] == [one.pk for one in together]
    assert Booking.objects.count() == 2


def test_what_a_screen_says_beforehand_is_what_happens() -> None:
    family = ready(children=2, places=1)
    facility, asked = Facility.objects.get(), wanted(family, [0, 1], 180)
    seen = bookings.look_at_all(facility.pk, asked, make.NOW, guardian=family.guardian.pk)
    before = [isinstance(one, bookings.Decided) for one in bookings.possible(seen, asked)]
    after = [isinstance(one, Booking) for one in book_each(family, asked)]
    assert before == after == [False] * 4  # siblings come together or not at all
    alone = [one for one in asked if one.child == family.child.pk]
    assert all(isinstance(one, Booking) for one in book_each(family, alone))


def test_a_child_of_another_family_opens_nothing() -> None:
    family = ready()
    other = make.family()
    make.accepted(other.child, Facility.objects.get())
    with pytest.raises(type(other.child).DoesNotExist):
        book_all(family, [*wanted(family, [0]), *wanted(other, [0])])
    assert not Booking.objects.exists()


def test_one_booking_costs_no_more_than_it_did() -> None:
    family = ready()
    book_all(family, wanted(family, [0]))
    with CaptureQueriesContext(connection) as asked:
        book_all(family, wanted(family, [1]))
    # The test's own for the facility; the look; a savepoint, locks, count, writing, the savepoint's end.
    assert len(asked) == 7


def test_each_facility_says_in_how_many_business_days_it_answers() -> None:
    family = make.family()
    slow = make.facility(approval=Approval.ON_REQUEST, answer_days=3)
    quick = make.facility(name="べつの園", approval=Approval.ON_REQUEST, answer_days=1)
    ends = [
        make.booking(family, slow, "2026-04-13 09:00").expires_at,
        make.booking(family, quick, "2026-04-13 12:00").expires_at,
    ]
    assert ends == [make.at("2026-04-10 00:00"), make.at("2026-04-08 00:00")]


def test_the_facility_that_answers_itself_has_answered_when_it_books() -> None:
    facility, family = make.facility(approval=Approval.ON_REQUEST), make.family()
    made = make.booking(family, facility, "2026-04-13 09:00", by=make.member(facility).user)
    assert made.status == "booked"

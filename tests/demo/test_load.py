"""The demo city as it is loaded: nothing in it is against the rules, and no page of a family is empty."""

from datetime import datetime

import pytest

from daredemo.booking import invariants
from daredemo.booking import queries as bookings
from daredemo.booking.models import Offer, Waiting
from daredemo.demo import households, load
from daredemo.families.models import Guardian
from tests import make

pytestmark = pytest.mark.django_db


def of(home: households.Household) -> Guardian:
    return Guardian.objects.get(family_name=home.family, given_name=home.given)


@pytest.mark.parametrize("now", ["2026-04-07 10:00", "2026-05-31 22:30", "2026-08-01 09:30"])
def test_one_family_is_in_line_and_another_has_an_offer(now: str) -> None:
    loaded: datetime = make.at(now)
    load.load(loaded)
    [wait] = bookings.waits_of(of(households.KATO), loaded)
    assert (wait.entry.status, wait.place) == ("waiting", 1)
    [offer] = bookings.open_offers(of(households.SILVA), loaded)
    assert bookings.quote_offer(offer, loaded).terms.minutes >= 60
    assert (Waiting.objects.count(), Offer.objects.count()) == (2, 1)
    assert invariants.broken(loaded).keys() <= {"message_without_job"}  # nobody has sent anything yet

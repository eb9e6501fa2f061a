"""One family booked from 9 to 11 on a Monday, at a facility whose code hangs at the door."""

from dataclasses import dataclass
from datetime import datetime

import pytest

from daredemo.attendance import queries
from daredemo.booking.models import Booking
from daredemo.facilities import actions as facilities
from daredemo.facilities.models import Facility, Member, PosterCode
from daredemo.families import actions as families
from daredemo.families.models import ConsentKind
from tests import make

DAY = "2026-04-13"


@dataclass(frozen=True)
class Morning:
    family: make.Family
    facility: Facility
    member: Member
    code: PosterCode
    booking: Booking

    def at(self, clock: str) -> datetime:
        return make.at(f"{DAY} {clock}")

    def state(self, clock: str = "12:00") -> str:
        return queries.row_of(self.member, self.booking.pk, self.at(clock)).state


@pytest.fixture
def morning(db: None) -> Morning:
    family, facility = make.family(), make.facility()
    booking = make.booking(family, facility, f"{DAY} 09:00", minutes=120)
    families.give_consent(
        child=family.child, facility=facility, kind=ConsentKind.RECORD, by=family.user, now=make.NOW
    )
    families.write_care_record(
        child=family.child,
        allergies="たまご",
        no_allergies=False,
        emergency_contacts=[{"name": "山田", "relation": "母", "phone": "09012345678"}],
        by=family.user,
        now=make.NOW,
    )
    return Morning(
        family=family,
        facility=facility,
        member=make.member(facility),
        code=facilities.issue_code(facility=facility, by=None, now=make.NOW),
        booking=booking,
    )

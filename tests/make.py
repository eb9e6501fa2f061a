"""Things for tests: each function fills what does not matter. Everything happens in 掛川市 unless said.

family = make.family()                      # a guardian with a certified child
facility = make.facility()                  # open Monday to Friday 9:00–15:00, three places, 300 yen
make.accepted(family.child, facility)       # the first interview ended well
make.opened(facility, date(2026, 4, 13))    # places from the weekly pattern
make.booking(family, facility, "2026-04-13 09:00")
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from daredemo.accounts import adapter
from daredemo.accounts.models import Portal, User
from daredemo.booking import actions as bookings
from daredemo.booking.models import Booking, OpenedDay
from daredemo.certification.models import (
    ApplicantChild,
    Application,
    ApplicationStatus,
    Certificate,
    Decision,
    Outcome,
)
from daredemo.facilities.models import Facility, Kind, Member, Provider, Role, Tariff, WeeklyPattern
from daredemo.families import actions as families
from daredemo.families.models import Child, Guardian, Guardianship, Relation
from daredemo.interviews import actions as interviews
from daredemo.interviews.models import ChildOutcome, Interview, InterviewChild, InterviewStatus, InterviewTime
from daredemo.municipalities import actions as municipalities
from daredemo.municipalities import queries as municipalities_asked
from daredemo.municipalities import tables
from daredemo.municipalities.models import Municipality, Officer, PolicyVersion
from daredemo.rules.age import last_day_of_use
from daredemo.rules.hours import JST
from tests.authenticator import SECRET

KAKEGAWA = "222135"
NOW = datetime(2026, 4, 6, 10, 0, tzinfo=JST)  # Monday of the programme's first school week
BEFORE = datetime(2026, 3, 2, 9, 0, tzinfo=JST)  # when everything that comes before was done
TODAY, OPENED = NOW.date(), BEFORE.date()
_numbers = count(1)


def at(text: str) -> datetime:
    """ "2026-04-13 09:00" in Japan."""
    return datetime.fromisoformat(text).replace(tzinfo=JST)


def municipality(code: str = KAKEGAWA) -> Municipality:
    """One of the 1,741, served from its preset; also after a test that emptied every table."""
    row = next(row for row in tables.municipalities() if row.code == code)
    found, _ = Municipality.objects.get_or_create(code=code, defaults=row._asdict())
    if not PolicyVersion.objects.filter(municipality=found).exists():
        municipalities.serve(municipality=found, by=None, now=BEFORE)
    return found


def policy(code: str = KAKEGAWA, day: date = TODAY) -> PolicyVersion | None:
    """The rules in force, as something is pinned to them."""
    return municipalities_asked.version_on(municipality(code).code, day)


def user(portal: str = Portal.GUARDIAN, **fields: Any) -> User:
    number = next(_numbers)
    values = {
        "login_id": f"{portal}-{number}",
        "email": f"{portal}-{number}@example.jp",
        "created_at": BEFORE,
    }
    return User.objects.create(portal=portal, **{**values, **fields})


def guardian(*, city: str = KAKEGAWA, **fields: Any) -> Guardian:
    values = {
        "family_name": "山田", "given_name": "まなみ", "family_kana": "やまだ", "given_kana": "まなみ",
        "relation": Relation.MOTHER, "post_code": "4368650", "address": "掛川市長谷一丁目1番地の1",
        "phone": "09012345678", "created_at": BEFORE,
    }  # fmt: skip
    return Guardian.objects.create(
        user=fields.pop("user", None) or user(), municipality=municipality(city), **{**values, **fields}
    )


def child(*guardians: Guardian, born: date = date(2024, 8, 20), **fields: Any) -> Child:
    """A child, certified or not; one year and seven months old on the day most tests happen."""
    values = {
        "family_name": "山田", "given_name": "ひなた", "family_kana": "やまだ", "given_kana": "ひなた",
        "created_at": BEFORE,
    }  # fmt: skip
    made = Child.objects.create(born=born, **{**values, **fields})
    for answering in guardians:
        Guardianship.objects.create(guardian=answering, child=made, since=BEFORE)
    return made


def officer(code: str = KAKEGAWA, role: Officer.Role = Officer.Role.APPROVER) -> Officer:
    return Officer.objects.create(
        user=user(Portal.CITY), municipality=municipality(code), role=role, name="掛川 よしこ"
    )


def certificate(
    certified: Child, *, city: str = KAKEGAWA, valid_from: date = OPENED, **fields: Any
) -> Certificate:
    """A certificate until the child's last day, with the application and decision behind it."""
    by = fields.pop("by", None) or officer(city).user
    number = next(_numbers)
    applied = Application.objects.create(
        number=f"A{number:09d}", municipality=municipality(city), status=ApplicationStatus.DECIDED,
        family_name=certified.family_name, created_at=BEFORE, saved_at=BEFORE, submitted_at=BEFORE,
    )  # fmt: skip
    applicant = ApplicantChild.objects.create(
        application=applied,
        position=1,
        family_name=certified.family_name,
        born=certified.born,
        child=certified,
    )
    until = fields.pop("valid_until", None) or last_day_of_use(certified.born)
    decided = Decision.objects.create(
        applicant_child=applicant, outcome=Outcome.CERTIFIED, valid_from=valid_from, valid_until=until,
        policy=policy(city, valid_from), decided_at=BEFORE, decided_by=by, enacted_at=BEFORE,
    )  # fmt: skip
    return Certificate.objects.create(
        number=f"C{number:011d}", child=certified, municipality=municipality(city), decision=decided,
        decided_on=BEFORE.date(), valid_from=valid_from, valid_until=until, created_at=BEFORE, **fields,
    )  # fmt: skip


@dataclass(frozen=True)
class Family:
    guardian: Guardian
    children: tuple[Child, ...]

    @property
    def child(self) -> Child:
        return self.children[0]

    @property
    def user(self) -> User:
        return self.guardian.user


def family(*, children: int = 1, city: str = KAKEGAWA, certified: bool = True, **fields: Any) -> Family:
    """A guardian with children of one birthday, all certified."""
    answering = guardian(city=city)
    made = tuple(child(answering, **fields) for _ in range(children))
    if certified:
        by = officer(city).user
        for one in made:
            certificate(one, city=city, by=by)
    return Family(answering, made)


def facility(
    *,
    city: str = KAKEGAWA,
    places: int = 3,
    weekdays: Sequence[int] = range(5),
    opens: time = time(9),
    closes: time = time(15),
    yen: int = 300,
    **fields: Any,
) -> Facility:
    """A published facility with a price and one pattern for all its weekdays."""
    values = {
        "name": "ひだまりこども園", "kana": "ひだまりこどもえん", "kind": Kind.GENERAL,
        "post_code": "4360079", "address": "静岡県掛川市掛川1", "phone": "0537000000",
        "window_time": time(9), "published_at": BEFORE, "created_at": BEFORE,
    }  # fmt: skip
    made = Facility.objects.create(
        provider=Provider.objects.create(name="社会福祉法人ひだまり"), municipality=municipality(city),
        **{**values, **fields},
    )  # fmt: skip
    Tariff.objects.create(facility=made, in_force_from=OPENED, yen_per_hour=yen)
    WeeklyPattern.objects.bulk_create(
        WeeklyPattern(
            facility=made, weekday=weekday, starts=opens, ends=closes, places=places, valid_from=OPENED
        )
        for weekday in weekdays
    )
    return made


def member(facility: Facility, role: Role = Role.MANAGER, name: str = "園長 はなこ") -> Member:
    return Member.objects.create(user=user(Portal.FACILITY), facility=facility, name=name, role=role)


def accepted(child: Child, facility: Facility) -> Interview:
    """A first interview that was held and ended well."""
    number = next(_numbers)
    starts_at = BEFORE + timedelta(hours=number % 500)  # held before NOW, however many came before it
    slot = InterviewTime.objects.create(
        facility=facility, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30)
    )
    answering = child.guardianships.select_related("guardian").get(invited_by=None).guardian
    held = Interview.objects.create(
        facility=facility, guardian=answering, time=slot, status=InterviewStatus.HELD, requested_at=BEFORE
    )
    InterviewChild.objects.create(
        interview=held, child=child, outcome=ChildOutcome.ACCEPTED, recorded_at=starts_at
    )
    return held


def opened(facility: Facility, day: date, until: date | None = None) -> OpenedDay:
    """Open a day (or a span of them) from the weekly pattern; returns the first."""
    bookings.publish_days(facility=facility, since=day, until=until or day, by=None, now=NOW)
    return OpenedDay.objects.get(facility=facility, date=day)


def booking(
    family: Family, facility: Facility, starts: str, *, minutes: int = 60, now: datetime = NOW, **fields: Any
) -> Booking:
    """A booking by the family's guardian; opens the day and holds the interview where that is missing."""
    starts_at = at(starts)
    who: Child = fields.pop("child", None) or family.child
    if not InterviewChild.objects.filter(child=who, interview__facility=facility).exists():
        accepted(who, facility)
    if not OpenedDay.objects.filter(facility=facility, date=starts_at.date()).exists():
        opened(facility, starts_at.date())
    return bookings.book(
        child=who.pk, facility=facility.pk, starts_at=starts_at, minutes=minutes, guardian=family.guardian,
        by=fields.pop("by", family.user), request_key=fields.pop("request_key", None) or uuid4(),
        now=now, **fields,
    )  # fmt: skip


def interview_time(facility: Facility, starts: str = "2026-04-08 10:00", minutes: int = 30) -> InterviewTime:
    """A time that families may ask for."""
    starts_at = at(starts)
    return InterviewTime.objects.create(
        facility=facility, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes)
    )


def interview(
    family: Family,
    facility: Facility,
    starts: str = "2026-04-08 10:00",
    *,
    now: datetime = NOW,
    **fields: Any,
) -> Interview:
    """An interview that a family has asked for, for all its children unless said."""
    values = {"children": family.children, "note": "", "wants_advice": False, "consent": True}
    return interviews.request(
        guardian=family.guardian, time=interview_time(facility, starts), by=family.user, now=now,
        **{**values, **fields},
    )  # fmt: skip


def let_in(family: Family, part: str = "guardian", **fields: Any) -> Guardian:
    """Somebody else who comes in for all the family's children, with a password."""
    values = {
        "family_name": "山田", "given_name": "たろう", "relation": Relation.FATHER,
        "email": "taro@example.jp", "children": family.children,
    }  # fmt: skip
    made = families.invite(
        guardian=family.guardian, part=part, by=family.user, now=NOW, **{**values, **fields}
    ).guardian
    User.objects.filter(pk=made.user.pk).update(password_changed_at=NOW)
    made.user.refresh_from_db()
    return made


def browser(user: User) -> Client:
    """A browser whose login is done; staff and officers have shown their second factor."""
    client = Client()
    client.force_login(user)
    if user.needs_second_factor:
        TOTP.activate(user, SECRET)
        session = client.session
        session[adapter.SHOWN] = str(user.pk)
        session.save()
    return client

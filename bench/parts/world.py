"""A demo city of any size: nurseries with opened days, families with certificate and accepted interview.

Everything comes from a fixed seed and the day it is made on; only ids differ from run to run. Families come
in two kinds that differ in nothing: those that book through the web, and those that pgbench books for.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.db import connection

from bench.parts.copying import copy, without_triggers
from bench.parts.turns import ALLOWANCE, CLOSES, DAY, OPENS, TURNS, Months, first_turn, open_dates
from daredemo.accounts.models import Portal, User
from daredemo.booking import actions as booking
from daredemo.booking.models import CELLS, ChildMonth, LedgerEntry, LedgerKind, OpenedDay
from daredemo.certification.models import (
    ApplicantChild,
    Application,
    ApplicationStatus,
    Certificate,
    Decision,
    Outcome,
)
from daredemo.facilities.models import Extra, Facility, Kind, Provider, Tariff
from daredemo.families.models import Child, Guardian, Guardianship, Relation
from daredemo.interviews.models import ChildOutcome, Interview, InterviewChild, InterviewStatus, InterviewTime
from daredemo.municipalities import actions as municipalities
from daredemo.municipalities.models import Municipality, Officer, PolicyVersion
from daredemo.rules import codes
from daredemo.rules.age import last_day_of_use
from daredemo.rules.hours import JST

KAKEGAWA = "222135"
SEED = 20260401
PLACES = 200  # enough for the longest run; what binds in life is not what is measured here
RUSH_NURSERIES, RUSH_DAYS = 5, 10  # fifty opened days that everybody wants
FAMILIES_EACH = 150  # families of one nursery
SURNAMES = ("鈴木", "佐藤", "渡辺", "山本", "伊藤", "杉山", "松浦", "戸塚", "榛葉", "大石")
GIVEN = ("ひなた", "はると", "つむぎ", "さくら", "あおい", "ゆい", "りく", "めい", "そうた", "いちか")


SHAPE = ("offered", "lawful", "ceiling_all", "ceiling_0", "ceiling_1", "ceiling_2")


def cells_with(places: int) -> list[int]:
    """So many places from opening to closing."""
    return [places if OPENS * 2 <= cell < CLOSES * 2 else 0 for cell in range(CELLS)]


@dataclass(frozen=True)
class Family:
    """One guardian with one child, accepted at one nursery."""

    user: User
    guardian: Guardian
    child: Child
    facility: Facility


class World:
    """What is in the database, and the families by number."""

    def __init__(self, now: datetime, months: Months) -> None:
        self.now, self.months = now, months
        self.before = now - timedelta(days=60)
        self.chance = random.Random(SEED)
        self.city = Municipality.objects.get(code=KAKEGAWA)
        municipalities.serve(municipality=self.city, by=None, now=self.before)
        in_force = PolicyVersion.objects.filter(municipality=self.city, in_force_from__lte=now.date())
        self.policy = in_force.latest("in_force_from")
        self.password = make_password("kakegawa-no-cha-2026")
        self.facilities: list[Facility] = []
        self.made = self.opened = 0

    def build(self, *sizes: tuple[int, int]) -> list[list[Family]]:
        """Groups of families, each given as (families, turns)."""
        with without_triggers():
            self._open_nurseries(-(-sum(size for size, _ in sizes) // FAMILIES_EACH))
            self._employ()
            groups = [self._settle(size, turns, self.facilities) for size, turns in sizes]
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        return groups

    def gather(self, size: int) -> tuple[list[Family], Months]:
        """Families that all want the same fifty days, and which days these are."""
        with without_triggers():
            families = self._settle(size, TURNS, self.facilities[:RUSH_NURSERIES])
        return families, Months((self.months.days[0][:RUSH_DAYS],))

    def fill_a_day(self, size: int) -> list[Family]:
        """Families that want the first day of a nursery whose only place is taken from opening to closing."""
        day, hours = self.months.days[0][0], (CLOSES - OPENS) // 2
        with without_triggers():
            full, *_ = self._nurseries(1)
            early, late, *others = self._settle(size + 2, TURNS, [full])
        OpenedDay.objects.filter(facility=full, date=day).update(
            **dict.fromkeys(("offered", "lawful"), cells_with(1))
        )
        for n, family in enumerate((early, late)):
            booking.book(
                guardian=family.guardian, child=family.child.pk, facility=full.pk, by=family.user,
                starts_at=datetime.combine(day, time(OPENS + n * hours), JST), minutes=hours * 60,
                request_key=uuid4(), now=self.now,
            )  # fmt: skip
        return others

    def _open_nurseries(self, count: int) -> None:
        self.facilities = self._nurseries(count)

    def _nurseries(self, count: int) -> list[Facility]:
        provider = Provider(name="社会福祉法人ひだまり")
        facilities = [
            Facility(
                provider=provider, municipality=self.city, name=f"ひだまりこども園 {n:03d}",
                kana=f"ひだまりこどもえん{n:03d}", kind=Kind.GENERAL, post_code="4360079",
                address=f"掛川市掛川{n + 1}", phone="0537000000", window_time=time(9),
                belongings="おむつ、着替え、飲みもの", late_cancel_words="キャンセル料はかかりません。",
                published_at=self.before, created_at=self.before,
            )
            for n in range(count)
        ]  # fmt: skip
        since = self.before.date()
        copy([provider])
        copy(facilities)
        copy([Tariff(facility=one, in_force_from=since, yen_per_hour=300) for one in facilities])
        copy(
            [
                Extra(facility=one, in_force_from=since, name="おやつ代", yen=100, reason="午前のおやつ")
                for one in facilities
            ]
        )
        last = self.months.days[-1][-1]
        shape = dict.fromkeys(SHAPE, cells_with(PLACES))
        opened = [
            OpenedDay(facility=one, date=day, published_at=self.before, **shape)
            for day in open_dates(self.now.date(), last + DAY)
            for one in facilities
        ]
        copy(opened)
        self.opened += len(opened)
        return facilities

    def _employ(self) -> None:
        user = User(
            login_id="bench-officer", portal=Portal.CITY, password=self.password, created_at=self.before
        )
        copy([user])
        copy([Officer(user=user, municipality=self.city, role=Officer.Role.APPROVER, name="掛川 よしこ")])
        self.officer = user

    def _settle(self, size: int, turns: int, facilities: Sequence[Facility]) -> list[Family]:
        families = [self._family(self.made + n, facilities[n % len(facilities)]) for n in range(size)]
        self.made += size
        copy([one.user for one in families])
        copy([one.guardian for one in families])
        copy([one.child for one in families])
        copy([Guardianship(guardian=f.guardian, child=f.child, since=self.before) for f in families])
        self._certify(families)
        self._interview(families)
        self._grant([(one, first_turn(n, turns)) for n, one in enumerate(families)])
        return families

    def _family(self, n: int, facility: Facility) -> Family:
        digits = f"{n:09d}"
        user = User(
            login_id=digits + codes.login_check_digit(digits), portal=Portal.GUARDIAN,
            email=f"family-{n}@example.jp", password=self.password, created_at=self.before,
        )  # fmt: skip
        surname, name = self.chance.choice(SURNAMES), self.chance.choice(GIVEN)
        guardian = Guardian(
            user=user, municipality=self.city, family_name=surname, given_name="まなみ",
            relation=Relation.MOTHER, post_code="4368650", address=f"掛川市長谷一丁目{n}番地",
            phone=f"090{n:08d}", created_at=self.before,
        )  # fmt: skip
        born = self.now.date() - DAY * self.chance.randrange(430, 700)
        child = Child(family_name=surname, given_name=name, born=born, created_at=self.before)
        return Family(user, guardian, child, facility)

    def _certify(self, families: list[Family]) -> None:
        applications, applicants, decisions, certificates = [], [], [], []
        base, when = self.made - len(families), self.before
        for n, family in enumerate(families, start=base):
            until = last_day_of_use(family.child.born)
            applied = Application(
                number=f"A{n:09d}", municipality=self.city, guardian=family.guardian,
                status=ApplicationStatus.DECIDED, family_name=family.child.family_name,
                created_at=when, saved_at=when, submitted_at=when, decided_at=when, enacted_at=when,
            )  # fmt: skip
            applicant = ApplicantChild(
                application=applied, position=1, family_name=family.child.family_name,
                born=family.child.born, child=family.child,
            )  # fmt: skip
            decided = Decision(
                applicant_child=applicant, outcome=Outcome.CERTIFIED, valid_from=when.date(),
                valid_until=until, policy=self.policy, decided_at=when, decided_by=self.officer,
                enacted_at=when,
            )  # fmt: skip
            certificate = Certificate(
                number=f"C{n:011d}", child=family.child, municipality=self.city, decision=decided,
                decided_on=when.date(), valid_from=when.date(), valid_until=until, created_at=when,
            )  # fmt: skip
            applications.append(applied)
            applicants.append(applicant)
            decisions.append(decided)
            certificates.append(certificate)
        copy(applications)
        copy(applicants)
        copy(decisions)
        copy(certificates)

    def _interview(self, families: list[Family]) -> None:
        times, interviews, children = [], [], []
        base = self.made - len(families)
        for n, family in enumerate(families, start=base):
            starts_at = self.before + timedelta(minutes=n)
            time_ = InterviewTime(
                facility=family.facility, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30)
            )
            held = Interview(
                facility=family.facility, guardian=family.guardian, time=time_,
                status=InterviewStatus.HELD, requested_at=self.before,
            )  # fmt: skip
            times.append(time_)
            interviews.append(held)
            children.append(
                InterviewChild(
                    interview=held,
                    child=family.child,
                    outcome=ChildOutcome.ACCEPTED,
                    recorded_at=self.before,
                )
            )
        copy(times)
        copy(interviews)
        copy(children)

    def _grant(self, entering: list[tuple[Family, int]]) -> None:
        """Open the month of those who are in the middle of one."""
        opened = [
            ChildMonth(
                child=family.child,
                month=self.months.days[turn // TURNS][0].replace(day=1),
                cap_minutes=ALLOWANCE,
            )
            for family, turn in entering
            if turn % TURNS
        ]
        copy(opened)
        copy(
            [
                LedgerEntry(
                    child_month=month,
                    kind=LedgerKind.GRANTED,
                    minutes=ALLOWANCE,
                    effect=ALLOWANCE,
                    at=self.before,
                )
                for month in opened
            ]
        )

"""The chaos's town: few places, few families, few days, so that everybody stands in everybody's way."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils.crypto import get_random_string

from bench.parts import turns
from bench.parts.browsers import fresh_token, logged_in
from bench.parts.copying import copy
from bench.parts.mob import Person, Scene
from bench.parts.world import FAMILIES_EACH, Family, World
from daredemo.accounts.models import Portal, User
from daredemo.booking import actions as booking
from daredemo.booking.models import CELLS
from daredemo.facilities.models import Approval, Facility, Member, Role, WeeklyPattern
from daredemo.families.models import Guardianship

NURSERIES, PLACES, DAYS, BUSY, CROWD = 2, 2, 6, 40, 10  # of the families of each nursery so many are about
BELTS = {
    "booking_openedday": ("no_more_booked_than_offered", "no_more_booked_a_day"),
    "booking_childmonth": ("no_more_than_the_cap",),
    "booking_booking": ("one_child_in_one_place", "booking_booking_request_key_key"),
}


def build(
    now: datetime, port: int, *, processes: int, seed: int, operations: int, seconds: float, kill: bool,
    without_locks: bool,
) -> list[Scene]:  # fmt: skip
    """Fill the empty database; what each process is told."""
    world = World(now, turns.months(now, 1))
    (families,) = world.build((NURSERIES * FAMILIES_EACH, turns.TURNS))
    days = tuple(day for day in world.months.days[0] if day.weekday() < 5)[:DAYS]
    Facility.objects.filter(pk=world.facilities[-1].pk).update(approval=Approval.ON_REQUEST)
    staff = tuple((one.pk, _staffed(one, world)) for one in world.facilities)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE booking_openedday SET offered = %s, lawful = %s", [[0] * CELLS] * 2)
    for facility in world.facilities:
        booking.publish_days(facility=facility, since=days[0], until=days[-1], by=None, now=now)
    if without_locks:
        _unfasten()
    # Without locks a few who want the same day are enough to show it.
    about, days = (CROWD, days[:1]) if without_locks else (NURSERIES * BUSY, days)
    people = tuple(_browsers(families[:about], now))
    return [
        Scene(
            number, seed, port, -(-operations // processes), seconds, kill, without_locks, world.policy.pk,
            days, people, staff,
        )
        for number in range(processes)
    ]  # fmt: skip


def _staffed(facility: Facility, world: World) -> UUID:
    """A weekly pattern, and a manager who answers."""
    since = world.before.date()
    WeeklyPattern.objects.bulk_create(
        WeeklyPattern(
            facility=facility, weekday=weekday, starts=time(turns.OPENS), ends=time(turns.CLOSES),
            places=PLACES, valid_from=since,
        )
        for weekday in range(5)
    )  # fmt: skip
    user = User.objects.create(
        login_id=f"bench-staff-{facility.kana[-3:]}", portal=Portal.FACILITY, password=world.password,
        created_at=world.before,
    )  # fmt: skip
    Member.objects.create(user=user, facility=facility, name="園長 はなこ", role=Role.MANAGER)
    key: UUID = user.pk
    return key


def _unfasten() -> None:
    with connection.cursor() as cursor:
        for table, belts in BELTS.items():
            for belt in belts:
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{belt}"')


def _browsers(families: list[Family], now: datetime) -> list[Person]:
    """Of two families of one nursery the first answers for the other's child, too (もう一人の保護者)."""
    store, until = SessionStore(), now + timedelta(days=30)
    made: list[Person] = []
    sessions: list[Session] = []
    answering: list[Guardianship] = []
    for one, other in zip(families, [*families[NURSERIES:], *families[:NURSERIES]], strict=True):
        key = get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789")
        sessions.append(
            Session(session_key=key, session_data=store.encode(logged_in(one)), expire_date=until)
        )
        sibling = other.child if len(made) % 4 < NURSERIES and other.facility == one.facility else None
        if sibling:
            answering.append(Guardianship(guardian=one.guardian, child=sibling, since=now))
        who = (one.user.pk, one.guardian.pk, one.child.pk, one.facility.pk)
        made.append(Person(*who, key, *fresh_token(), sibling.pk if sibling else None))
    copy(sessions)
    copy(answering)
    return made

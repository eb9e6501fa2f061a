"""How a facility and its people come in."""

from datetime import datetime, time

from django.db import transaction

from daredemo.accounts import actions as accounts
from daredemo.accounts.models import Portal, User
from daredemo.audit import actions as audit
from daredemo.facilities.actions.profile import add_member
from daredemo.facilities.models import Facility, Kind, Provider, Role
from daredemo.municipalities.models import Municipality
from daredemo.notifications.models import Message

WINDOW_TIME = time(9)  # [I] booking of a month opens at 9:00 until the facility says otherwise


@transaction.atomic
def add_facility(
    *,
    municipality: Municipality,
    provider: str,
    name: str,
    kana: str,
    kind: Kind,
    post_code: str,
    address: str,
    phone: str,
    by: User | None,
    now: datetime,
) -> Facility:
    """Let a facility take part. Families find it once it has a price and publishes itself."""
    facility = Facility.objects.create(
        provider=Provider.objects.get_or_create(name=provider)[0],
        municipality=municipality,
        name=name,
        kana=kana,
        kind=kind,
        post_code=post_code,
        address=address,
        phone=phone,
        window_time=WINDOW_TIME,
        created_at=now,
    )
    audit.record(by=by, action="facility.add", subject=facility, now=now, facts={"city": municipality})
    return facility


@transaction.atomic
def employ(
    *,
    facility: Facility,
    login_id: str,
    name: str,
    email: str,
    role: Role,
    by: User | None,
    now: datetime,
) -> Message:
    """Give a person of the facility a login and promise the link that sets its password.

    ValueError for a word that cannot be a login ID, IntegrityError for one that is taken.
    """
    user = accounts.create_login(portal=Portal.FACILITY, login_id=login_id, email=email, by=by, now=now)
    add_member(facility=facility, user=user, name=name, role=role, by=by, now=now)
    return accounts.promise_password_link(user=user, by=by, now=now, kind="staff_login", place=facility.name)

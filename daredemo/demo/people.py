"""The invented people of the demo who can log in, and the codes their second factor shows now.

Their password is known to everyone who reads this line, which is why the demo runs on loopback only.
"""

import time
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from daredemo.accounts.models import Portal, User
from daredemo.demo import households
from daredemo.facilities.models import Member
from daredemo.families.models import Guardian
from daredemo.municipalities.models import Officer
from daredemo.rules import codes
from daredemo.rules.hours import day_of

if not settings.DEMO:
    raise ImproperlyConfigured("daredemo.demo has known passwords and never runs in production.")

FAMILIES = 200_000_000
PASSWORD = "hidamari-no-sanpo"  # noqa: S105  the demo's known password
SECRET = "NBUWIYLNMFZGSIDON4QHGYLOOBXSAMRQ"  # noqa: S105  base32, known like the password


@dataclass(frozen=True, slots=True)
class Login:
    """A line of the login list."""

    who: str
    note: str
    login_id: str
    portal_url: str
    password: str = PASSWORD
    code: str = ""


def logins(now: datetime) -> list[Login]:
    """Everyone who can log in: officers, staff, then guardians by how long they have been here."""
    codes = _codes()
    officers = Officer.objects.select_related("user", "municipality").order_by("municipality", "name")
    members = (
        Member.objects.filter(ended_at=None).select_related("user", "facility").order_by("facility__kana")
    )
    families = Guardian.objects.select_related("user", "municipality").prefetch_related(
        "children", "guardianships"
    )
    return [
        *(
            _login(one.user, f"{one.municipality.name} {one.name}", one.get_role_display(), codes)
            for one in officers
        ),
        *(
            _login(one.user, f"{one.facility.name} {one.name}", one.get_role_display(), codes)
            for one in members
        ),
        *(
            _login(one.user, f"{_part(one)} {one.name}", _children(one, now), codes)
            for one in families.order_by("created_at", "id")
            if one.user.has_usable_password()
        ),
    ]


def _part(guardian: Guardian) -> str:
    parts = {held.get_part_display() for held in guardian.guardianships.all()}
    return parts.pop() if len(parts) == 1 else "保護者"


def _children(guardian: Guardian, now: datetime) -> str:
    today = day_of(now)
    return "、".join(
        f"{child.called}さん({(today - child.born).days // 365}歳)" for child in guardian.children.all()
    )


def _login(user: User, who: str, note: str, codes: dict[object, str]) -> Login:
    return Login(
        who=who,
        note=note,
        login_id=user.login_id,
        portal_url=reverse(f"{user.portal}:login"),
        code=codes.get(user.pk, ""),
    )


def _codes() -> dict[object, str]:
    """What an authenticator app would show this half minute, by user."""
    counter = int(time.time()) // 30
    factors = Authenticator.objects.filter(type=Authenticator.Type.TOTP)
    return {
        factor.user_id: totp.format_hotp_value(totp.hotp_value(_secret(factor), counter))
        for factor in factors
    }


def _secret(factor: Authenticator) -> str:
    from allauth.mfa.utils import decrypt

    return str(decrypt(factor.data["secret"]))


def number_of(position: int) -> str:
    """The login ID of the demo's nth family, the same on every machine."""
    return codes.login_id(FAMILIES + position)


def let_in(user: User) -> None:
    """Give a login the known password; staff and officers also an authenticator whose codes are listed."""
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    if user.portal != Portal.GUARDIAN:
        totp.TOTP.activate(user, SECRET)


def banner(now: datetime) -> list[str]:
    """What `run.py` prints: one login for each portal; the rest, and the codes, are on the demo's page."""
    known = {login.login_id: login for login in logins(now)}
    kato = number_of(households.ALL.index(households.KATO) + 1)
    lines = [
        f"{login.who}  {login.login_id} / {PASSWORD}"
        for login_id in (kato, "hidamari", "shinsa-222135")
        if (login := known.get(login_id))
    ]
    return (
        [*lines, f"確認コードと ほかのログイン  {settings.PUBLIC_URL}{reverse('demo:panel')}"]
        if lines
        else []
    )

"""Who may come in, and by which link, code or browser."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from daredemo.accounts.models import OneTimeSecret, Portal, Purpose, TrustedDevice, User
from daredemo.rules import codes
from daredemo.sealed.index import blind
from daredemo.sealed.tokens import hash_token

CHOSEN_WORD = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
EMAIL = "email"


def tidy_login_id(portal: str, typed: str) -> str:
    """The login ID a person meant; "" where it cannot be one of this portal.

    Guardians: ("guardian", "１２３４ ５６７８-95") → "1234567895", full width, spaces and hyphens forgiven.
    Staff and officers: a chosen word, capitals forgiven.
    """
    if portal == Portal.GUARDIAN:
        digits = codes.tidy(typed)
        return digits if codes.is_login_id(digits) else ""
    word = "".join(unicodedata.normalize("NFKC", typed).casefold().split())
    return word if CHOSEN_WORD.fullmatch(word) else ""


def login(portal: str, login_id: str) -> User | None:
    """The login in use with this (tidied) ID at this portal."""
    if not login_id:
        return None
    return User.objects.filter(portal=portal, login_id=login_id, is_active=True).first()


def login_called(login_id: str) -> User | None:
    """Whoever has this (tidied) login ID, at whichever portal, closed logins included."""
    return User.objects.filter(login_id=login_id).first()


def login_with_address(portal: str, login_id: str, email: str) -> User | None:
    """The login whose ID and e-mail address both fit; addresses alone are not unique."""
    index = blind(email, EMAIL)
    if not login_id or not index:
        return None
    return User.objects.filter(portal=portal, login_id=login_id, email_index=index, is_active=True).first()


def is_trusted(user: User, raw: str, now: datetime) -> bool:
    """Has this browser (the value of its cookie) shown a mailed code for this login within 90 days?"""
    return bool(raw) and devices_of(user, now).filter(token_hash=hash_token(raw)).exists()


def devices_of(user: User, now: datetime) -> QuerySet[TrustedDevice]:
    """The browsers that need no mailed code, newest first."""
    return TrustedDevice.objects.filter(user=user, revoked_at=None, expires_at__gt=now).order_by(
        "-created_at"
    )


MACHINES = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "CrOS", "Linux")
BROWSERS = (
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)


def browser_name(user_agent: str) -> str:
    """ "Mozilla/5.0 (iPhone; …) … Safari/604.1" → "iPhone Safari"; "" where nothing is recognised."""
    machine = next((name for name in MACHINES if name in user_agent), "")
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    return f"{machine} {browser}".strip().replace("Macintosh", "Mac")


@dataclass(frozen=True, slots=True)
class Link:
    """What a password link is now: `open`, `expired`, `used` (also: replaced by a newer one) or `unknown`."""

    state: str
    user: User | None = None
    expires_at: datetime | None = None


def password_link(portal: str, token: str, now: datetime) -> Link:
    """Look at a password link without consuming it: mail scanners look, too."""
    secret = (
        OneTimeSecret.objects.filter(
            token_hash=hash_token(token), purpose=Purpose.PASSWORD, user__portal=portal, user__is_active=True
        )
        .select_related("user")
        .first()
    )
    if secret is None:
        return Link("unknown")
    if secret.used_at or secret.superseded_at:
        return Link("used", secret.user)
    state = "open" if now < secret.expires_at else "expired"
    return Link(state, secret.user, secret.expires_at)

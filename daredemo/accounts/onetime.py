"""Secrets that work once: how they are kept (hashed, bound to purpose and login) and tried."""

import secrets
from datetime import datetime

from django.db import transaction

from daredemo.accounts.models import OneTimeSecret, Purpose, User
from daredemo.rules import codes
from daredemo.rules.refusal import Reason, Refused
from daredemo.sealed.index import blind
from daredemo.sealed.tokens import hash_token

TRIES = 5


def supersede(user: User, purpose: Purpose, now: datetime) -> None:
    """New kills old."""
    old = OneTimeSecret.objects.filter(user=user, purpose=purpose, used_at=None, superseded_at=None)
    old.update(superseded_at=now)


def keep_token(user: User, purpose: Purpose, token: str, now: datetime, expires_at: datetime) -> None:
    """Keep the SHA-256 of a token of 256 bits."""
    OneTimeSecret.objects.create(
        user=user, purpose=purpose, token_hash=hash_token(token), created_at=now, expires_at=expires_at
    )


def keep_code(user: User, purpose: Purpose, code: str, now: datetime, expires_at: datetime) -> None:
    """Keep a code of few digits."""
    secret = OneTimeSecret(user=user, purpose=purpose, created_at=now, expires_at=expires_at)
    secret.tries_left = TRIES
    secret.token_hash = code_hash(secret, code)
    secret.save(force_insert=True)


def code_hash(secret: OneTimeSecret, code: str) -> str:
    """64 hex characters. Few digits could be found from a plain hash: a key hashes these, and their row."""
    return blind(f"{secret.pk}/{code}", f"code/{secret.purpose}")


def use_up(secret: OneTimeSecret, now: datetime) -> None:
    secret.used_at = now
    secret.save(update_fields=["used_at"])


def try_code(user: User, purpose: Purpose, code: str, now: datetime) -> None:
    """Compare once, use it up if it is right; Refused: CODE_WRONG, CODE_EXPIRED.

    The try counts even though a refusal follows, so it is committed before that.
    """
    with transaction.atomic():
        refusal = _compared(user, purpose, code, now)
    if refusal:
        raise refusal


def _compared(user: User, purpose: Purpose, code: str, now: datetime) -> Refused | None:
    open_codes = OneTimeSecret.objects.filter(user=user, purpose=purpose, used_at=None, superseded_at=None)
    secret = open_codes.filter(tries_left__gt=0).select_for_update().first()
    if secret is None:
        return Refused(Reason.CODE_WRONG)
    if now >= secret.expires_at:
        return Refused(Reason.CODE_EXPIRED, expired_at=secret.expires_at)
    if secrets.compare_digest(secret.token_hash, code_hash(secret, codes.tidy(code))):
        use_up(secret, now)
        return None
    secret.tries_left -= 1
    secret.save(update_fields=["tries_left"])
    return Refused(Reason.CODE_WRONG)

"""Make logins, let people set their password, show that a browser is theirs, end sessions."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from daredemo.accounts import adapter, onetime, queries
from daredemo.accounts.models import OneTimeSecret, Portal, Purpose, TrustedDevice, User
from daredemo.accounts.passwords import MINIMUM
from daredemo.audit import actions as audit
from daredemo.notifications import actions as notifications
from daredemo.notifications.models import Message
from daredemo.rules import codes
from daredemo.rules.refusal import Reason, Refused
from daredemo.sealed.index import blind
from daredemo.sealed.tokens import hash_token, make_token

# The mail says "seven days from when it came"; a mail is tried for up to one more day.
LINK_LASTS = timedelta(days=7 + 1)
CODE_LASTS = timedelta(minutes=10)
# A code is for ten minutes from its delivery, which takes seconds, or minutes on a bad day.
DELIVERY = timedelta(minutes=5)
ACTIVATION_LASTS = timedelta(days=30)
DEVICE_LASTS = timedelta(days=90)


@transaction.atomic
def create_login(
    *,
    portal: str,
    login_id: str | None = None,
    email: str,
    language: str = "ja",
    by: User | None,
    now: datetime,
) -> User:
    """Make a login without a password. Guardians get a number; staff and officers bring a chosen word.

    ValueError for a word that cannot be one, IntegrityError for a word that is taken.
    """
    if portal == Portal.GUARDIAN:
        name = _free_number()
    elif not (name := queries.tidy_login_id(portal, login_id or "")):
        raise ValueError(f"a login ID has 3 to 40 of a–z, 0–9, . _ -: {login_id!r}")
    user = User(login_id=name, portal=portal, language=language, created_at=now)
    _set_email(user, email)
    user.set_unusable_password()
    user.save(force_insert=True)
    audit.record(by=by, action="login.create", subject=user, now=now, facts={"portal": portal})
    return user


def _free_number() -> str:
    """A login ID that nobody has, not to be guessed from the ones before."""
    while True:
        number = codes.login_id(100_000_000 + secrets.randbelow(900_000_000))
        if not User.objects.filter(login_id=number).exists():
            return number


def _set_email(user: User, email: str) -> None:
    user.email, user.email_index = email.strip(), blind(email, queries.EMAIL)


@transaction.atomic
def change_email(*, user: User, email: str, by: User, now: datetime) -> User:
    """Take another address for mails; "" takes it away."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    _set_email(locked, email)
    locked.save(update_fields=["email", "email_index"])
    audit.record(by=by, action="login.change_email", subject=locked, now=now)
    return locked


@transaction.atomic
def change_language(*, user: User, language: str, by: User, now: datetime) -> None:
    """Remember the language for screens, mails and papers."""
    User.objects.filter(pk=user.pk).update(language=language)
    audit.record(by=by, action="login.change_language", subject=user, now=now, facts={"language": language})


# ── links and codes ────────────────────────────────────────────────────────────────────


@transaction.atomic
def promise_password_link(
    *, user: User, now: datetime, by: User | None = None, kind: str = "password_link", **words: str
) -> Message:
    """Promise the mail with the link that sets a password; older links die.

    `kind="account_issued", municipality="…"` is the first one a guardian gets, `kind="staff_login",
    place="…"` the first of staff and officers.
    """
    onetime.supersede(user, Purpose.PASSWORD, now)
    token = make_token()
    onetime.keep_token(user, Purpose.PASSWORD, token, now, now + LINK_LASTS)
    context: dict[str, object] = {"login_id": user.login_id, **words}
    context["url"] = reverse(f"{user.portal}:password_set", args=[token])
    audit.record(by=by, action="login.promise_password_link", subject=user, now=now, facts={"kind": kind})
    return notifications.promise(
        kind=kind, to=user, address=user.email, language=user.language, context=context, now=now
    )


@transaction.atomic
def set_password(*, portal: str, token: str, password: str, now: datetime) -> User:
    """Set the password by a mailed link, which is used up; every session of the login ends."""
    link = queries.password_link(portal, token, now)
    if link.user is None:
        raise Refused(Reason.LINK_UNKNOWN)
    secret = (
        OneTimeSecret.objects.select_for_update()
        .select_related("user")
        .get(token_hash=hash_token(token), purpose=Purpose.PASSWORD)
    )
    if used_at := secret.used_at or secret.superseded_at:
        raise Refused(Reason.LINK_USED, used_at=used_at)
    if now >= secret.expires_at:
        raise Refused(Reason.LINK_EXPIRED, expired_at=secret.expires_at)
    _take_password(secret.user, password, now)
    onetime.use_up(secret, now)
    user = secret.user
    audit.record(by=user, action="login.set_password", subject=user, now=now, facts={"by": "link"})
    return user


def _take_password(user: User, password: str, now: datetime) -> None:
    require_strong(password, user)
    user.set_password(password)
    user.password_changed_at = now
    user.save(update_fields=["password", "password_changed_at"])
    adapter.end_sessions_of(user)
    onetime.supersede(user, Purpose.PASSWORD, now)
    onetime.supersede(user, Purpose.ACTIVATION, now)


def require_strong(password: str, user: User | None = None) -> None:
    """Refuse a password that is short, common, or made of words at hand."""
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise Refused(Reason.PASSWORD_WEAK, minimum=MINIMUM) from weak


def ask_password_link(*, portal: str, login_id: str, email: str, now: datetime) -> None:
    """パスワードを忘れた: mail a link where ID and address fit; nobody learns whether they did."""
    user = queries.login_with_address(portal, queries.tidy_login_id(portal, login_id), email)
    if user is not None:
        promise_password_link(user=user, now=now)


@transaction.atomic
def send_again(*, portal: str, token: str, now: datetime) -> Message:
    """An expired link is renewed in place: the new one goes to the address of the login."""
    link = queries.password_link(portal, token, now)
    if link.user is None or link.state != "expired":
        raise Refused(Reason.LINK_UNKNOWN)
    return promise_password_link(user=link.user, now=now)


@transaction.atomic
def issue_activation_code(*, user: User, by: User | None, now: datetime) -> str:
    """登録コード for those without e-mail: twelve digits for a letter or the counter, shown this once.

    Older codes die. Also how staff help someone who has lost the password and has no address.
    """
    onetime.supersede(user, Purpose.ACTIVATION, now)
    code = f"{secrets.randbelow(10**12):012d}"
    onetime.keep_code(user, Purpose.ACTIVATION, code, now, now + ACTIVATION_LASTS)
    audit.record(by=by, action="login.issue_activation_code", subject=user, now=now)
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def activate(*, portal: str, login_id: str, code: str, password: str, now: datetime) -> User:
    """Set the first password by ID and activation code. Unknown IDs and wrong codes get the same answer."""
    require_strong(password)
    user = queries.login(portal, queries.tidy_login_id(portal, login_id))
    if user is None:
        raise Refused(Reason.CODE_WRONG)
    require_strong(password, user)
    onetime.try_code(user, Purpose.ACTIVATION, code, now)
    with transaction.atomic():
        _take_password(user, password, now)
        audit.record(by=user, action="login.set_password", subject=user, now=now, facts={"by": "code"})
    return user


@transaction.atomic
def send_login_code(*, user: User, now: datetime) -> Message:
    """Mail six digits to the address of a login that comes from a new browser; older codes die."""
    onetime.supersede(user, Purpose.LOGIN_CODE, now)
    code = f"{secrets.randbelow(10**6):06d}"
    onetime.keep_code(user, Purpose.LOGIN_CODE, code, now, now + CODE_LASTS + DELIVERY)
    audit.record(by=user, action="login.send_code", subject=user, now=now)
    return notifications.promise(
        kind="login_code",
        to=user,
        address=user.email,
        language=user.language,
        context={"code": code},
        now=now,
    )


def confirm_login_code(*, user: User, code: str, now: datetime) -> None:
    """The mailed code is right and used up, or Refused: CODE_WRONG, CODE_EXPIRED."""
    onetime.try_code(user, Purpose.LOGIN_CODE, code, now)


# ── browsers and sessions ──────────────────────────────────────────────────────────────


@transaction.atomic
def trust_device(*, user: User, label: str, now: datetime) -> str:
    """Believe this browser for 90 days; returns the value of its cookie, which is kept nowhere else."""
    raw = make_token()
    device = TrustedDevice(
        user=user,
        token_hash=hash_token(raw),
        label=label[:100],
        created_at=now,
        expires_at=now + DEVICE_LASTS,
    )
    device.save(force_insert=True)
    audit.record(by=user, action="login.trust_device", subject=device, now=now)
    return raw


@transaction.atomic
def forget_device(*, user: User, device_id: UUID, now: datetime) -> None:
    """The next login from that browser needs a mailed code again, and everyone logged in is logged out.

    DoesNotExist for a browser that is not the user's.
    """
    device = queries.devices_of(user, now).select_for_update().get(pk=device_id)
    device.revoked_at = now
    device.save(update_fields=["revoked_at"])
    adapter.end_sessions_of(user)
    audit.record(by=user, action="login.forget_device", subject=device, now=now)


@transaction.atomic
def end_sessions(*, user: User, by: User | None, now: datetime) -> int:
    """Log the person out everywhere: their role changed, or something is lost. Returns how many sessions."""
    ended = adapter.end_sessions_of(user)
    audit.record(by=by, action="login.end_sessions", subject=user, now=now, facts={"ended": ended})
    return ended


@transaction.atomic
def forget_devices(*, user: User, by: User, now: datetime) -> None:
    """No browser is trusted any more, and everyone logged in is logged out."""
    queries.devices_of(user, now).update(revoked_at=now)
    end_sessions(user=user, by=by, now=now)


@transaction.atomic
def reset_second_factor(*, user: User, by: User, now: datetime) -> None:
    """A telephone was lost: the next login sets up a new second factor."""
    adapter.drop_factors(user)
    adapter.end_sessions_of(user)
    audit.record(by=by, action="login.reset_second_factor", subject=user, now=now)


@transaction.atomic
def reseal_second_factors() -> int:
    """After a new key came into the ring: seal the secrets of second factors under it. Returns how many."""
    stale = adapter.stale_factors()
    for factor in stale:
        adapter.reseal(factor)
    return len(stale)


@transaction.atomic
def close_login(*, user: User, by: User | None, now: datetime) -> None:
    """Nobody comes in with this login any more; what it did stays on record."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    adapter.end_sessions_of(user)
    audit.record(by=by, action="login.close", subject=user, now=now)

"""What was in a form that could not be taken: for the page that offers to send it again.

Where a login had ended meanwhile, it waits sealed in the session for whoever was logged in before, and for
nobody else: another person at the same browser never reads it.
"""

import base64
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest

from daredemo.accounts import entrance
from daredemo.accounts.models import TrustedDevice, User
from daredemo.sealed import keys
from daredemo.sealed.tokens import hash_token

# In the names of fields that are never kept: passwords, codes, tokens, passkeys; a post code is no code.
SECRET = re.compile(r"password|csrf|(?<![a-z])(again|(?<!post_)code|pin|otp|credential)(?![a-z])")
MOST_FIELDS = 400
MOST_BYTES = 64 * 1024  # more than any form of ours holds; a session stays small
KEPT = "unsent"
LASTS = timedelta(minutes=30)
PURPOSE = "unsent form"
Typed = list[tuple[str, str]]


def fields(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """The fields that were sent, without secrets and files."""
    pairs = [(name, value) for name, values in request.POST.lists() for value in values]
    for name, value in pairs[:MOST_FIELDS]:
        if not SECRET.search(name.lower()):
            yield name, str(value)


def keep(request: HttpRequest, now: datetime) -> bool:
    """Keep what was sent until its owner has logged in; False where nothing tells who that is."""
    owner = _was_here(request, now)
    content = json.dumps({"to": request.get_full_path(), "typed": list(fields(request))}).encode()
    if owner is None or len(content) > MOST_BYTES:
        return False
    sealed = keys.seal(content, purpose=PURPOSE, place=owner)
    until = (now + LASTS).timestamp()
    request.session[KEPT] = {"owner": owner, "until": until, "sealed": base64.b64encode(sealed).decode()}
    return True


def take(request: HttpRequest, user: User, now: datetime) -> tuple[str, Typed] | None:
    """Where it was to go and what was in it, once; None for anybody else and after half an hour."""
    kept = request.session.pop(KEPT, None)
    if kept is None or kept["owner"] != str(user.pk) or now.timestamp() > kept["until"]:
        return None
    content = json.loads(keys.unseal(base64.b64decode(kept["sealed"]), purpose=PURPOSE, place=kept["owner"]))
    return content["to"], [(name, value) for name, value in content["typed"]]


def _was_here(request: HttpRequest, now: datetime) -> str | None:
    """The id of the login whose session ended in this browser, or whose trusted browser it is."""
    ended = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    trusted = hash_token(request.COOKIES.get(entrance.DEVICE_COOKIE, ""))
    found = (
        UserSession.objects.filter(session_key=ended).values_list("user_id", flat=True).first()
        or TrustedDevice.objects.filter(token_hash=trusted, revoked_at=None, expires_at__gt=now)
        .values_list("user_id", flat=True)
        .first()
    )
    return str(found) if found else None

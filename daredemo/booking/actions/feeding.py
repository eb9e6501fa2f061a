"""Opening and closing a family's calendar feed. A new address ends the old one."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.booking.models import Feed
from daredemo.families import actions as families
from daredemo.families.models import Guardian
from daredemo.sealed.tokens import hash_token, make_token

MINUTE = timedelta(minutes=1)


@transaction.atomic
def open_feed(*, guardian: Guardian, by: User, now: datetime) -> str:
    """The secret of a new address, told this once. One statement: of several at a time the last counts."""
    token = make_token()
    fresh = Feed(guardian=guardian, token_hash=hash_token(token), created_at=now)
    Feed.objects.bulk_create(
        [fresh], update_conflicts=True, unique_fields=["guardian"],
        update_fields=["token_hash", "created_at", "fetched_at"],
    )  # fmt: skip
    audit.record(by=by, action="calendar.open", subject=guardian, now=now, facts={})
    return token


@transaction.atomic
def close_feed(*, guardian: Guardian, by: User, now: datetime) -> None:
    """From now on the address opens nothing. Twice does no harm."""
    closed, _ = Feed.objects.filter(guardian=guardian).delete()
    if closed:
        audit.record(by=by, action="calendar.close", subject=guardian, now=now, facts={})


@transaction.atomic
def protect(*, guardian: Guardian, by: User, now: datetime) -> None:
    """支援措置: the family is protected, and from the same moment who knows the address reads no visits."""
    families.protect(guardian=guardian, by=by, now=now)
    close_feed(guardian=guardian, by=by, now=now)


def note_fetch(*, feed: Feed, now: datetime) -> None:
    """When it was last fetched, to the minute."""
    stale = Q(fetched_at=None) | Q(fetched_at__lte=now - MINUTE)
    Feed.objects.filter(stale, pk=feed.pk).update(fetched_at=now)

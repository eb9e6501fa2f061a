"""What a family's calendar feed holds, and whose it is."""

from datetime import datetime, timedelta

from daredemo.booking.models import Booking, Cause, Feed
from daredemo.booking.queries.bookings import bookings_of
from daredemo.families.models import Guardian
from daredemo.interviews import queries as interviews
from daredemo.interviews.models import Interview, InterviewStatus
from daredemo.sealed.tokens import hash_token

LOOK_BACK = timedelta(days=366)


def feed_of(guardian: Guardian) -> Feed | None:
    """The guardian's own, if there is one."""
    return Feed.objects.filter(guardian=guardian).first()


def feed_by_token(token: str) -> Feed | None:
    """The feed that this secret opens, while its owner may log in."""
    open_ones = Feed.objects.filter(guardian__user__is_active=True).select_related("guardian__user")
    return open_ones.filter(token_hash=hash_token(token)).first()


def bookings_in_feed(guardian: Guardian, now: datetime) -> list[Booking]:
    """A year back and all that lies ahead, by time; of a booking that was moved only where it is now."""
    own = bookings_of(guardian).exclude(cause=Cause.CHANGED).filter(ends_at__gte=now - LOOK_BACK)
    return list(own.select_related("guardian__user").order_by("starts_at", "id"))


def interviews_in_feed(guardian: Guardian, now: datetime) -> list[Interview]:
    """Those that were agreed on, and those of them that were cancelled."""
    agreed = (InterviewStatus.CONFIRMED, InterviewStatus.HELD, InterviewStatus.CANCELLED)
    own = interviews.interviews_of(guardian).filter(status__in=agreed, answered_at__isnull=False)
    return list(own.filter(time__ends_at__gte=now - LOOK_BACK))

"""What was promised, what became of it, and what staff must look at."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet

from daredemo.notifications.models import Channel, Message, Status

JOBLESS_AFTER = timedelta(seconds=60)


def message(pk: UUID) -> Message | None:
    return Message.objects.filter(pk=pk).first()


def by_key(key: str) -> Message | None:
    """The message promised under this key."""
    return Message.objects.filter(key=key).first()


def handed_over_at(key: str) -> datetime | None:
    """When the mail server took it; None while it has not."""
    return Message.objects.filter(key=key).values_list("handed_over_at", flat=True).first()


def dead_letters() -> QuerySet[Message]:
    """Messages that will not arrive unless somebody acts, newest first."""
    return Message.objects.filter(status=Status.DEAD).order_by("-settled_at", "-pk")


def dead_letters_to(users: models.QuerySet[Any]) -> QuerySet[Message]:
    """The dead letters to these people, given as a queryset of users or of their ids."""
    return dead_letters().filter(to__in=users)


def delayed() -> QuerySet[Message]:
    """Tried at least once and still not handed over."""
    return Message.objects.filter(status__in=[Status.QUEUED, Status.SENDING], attempts__gt=0).order_by(
        "due_at"
    )


def to_tell(now: datetime) -> QuerySet[Message]:
    """Rows for the telephone or the post that are due, oldest first."""
    rows = Message.objects.filter(status=Status.PROMISED, due_at__lte=now).exclude(channel=Channel.MAIL)
    return rows.order_by("due_at", "pk")


def jobless(now: datetime) -> QuerySet[Message]:
    """Messages older than a minute that no job carries; the invariant is that there are none."""
    under_way = Q(status__in=[Status.QUEUED, Status.SENDING], queued_at__lt=now - JOBLESS_AFTER)
    return Message.objects.filter(under_way).extra(
        where=[
            """NOT EXISTS (SELECT FROM procrastinate_jobs job
               WHERE job.task_name = 'notifications.deliver' AND job.status IN ('todo', 'doing')
                 AND job.args ->> 'message' = notifications_message.id::text)"""
        ]
    )


def overdue(now: datetime) -> QuerySet[Message]:
    """Promises a minute past due that nobody queued; the invariant is that there are none."""
    return Message.objects.filter(
        status=Status.PROMISED, channel=Channel.MAIL, due_at__lt=now - JOBLESS_AFTER
    ).order_by("due_at")

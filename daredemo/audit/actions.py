"""Write down who did or saw what, in the transaction of the deed."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django.db import models

from daredemo.audit.models import Entry
from daredemo.rules.hours import JST, day_of

if TYPE_CHECKING:
    from daredemo.accounts.models import User


def entry(
    *,
    by: "User | None",
    action: str,
    subject: models.Model | None = None,
    now: datetime,
    facts: dict[str, Any] | None = None,
    actor: str = "",
) -> Entry:
    """An entry not yet saved, for actions that write many rows in one statement."""
    return Entry(
        at=now,
        by_id=by.pk if by is not None else None,
        actor=actor or (by.portal if by is not None else "system"),
        action=action,
        subject_type=subject._meta.label if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        facts={name: plain(value) for name, value in (facts or {}).items()},
    )


def plain(value: Any) -> Any:
    """What JSON can hold: objects become their ids, days and instants ISO text."""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, list | tuple | set):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if value is None or isinstance(value, bool | int | float):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def record(
    *,
    by: "User | None",
    action: str,
    subject: models.Model | None = None,
    now: datetime,
    facts: dict[str, Any] | None = None,
    actor: str = "",
) -> None:
    """Append one entry. `facts` are ids, numbers, code words; a `child` in them counts for `who_saw`."""
    entry(by=by, action=action, subject=subject, now=now, facts=facts, actor=actor).save(force_insert=True)


def read(*, by: "User | None", subject: models.Model, now: datetime, what: str, actor: str = "") -> None:
    """Append that `by` looked at `what` of a record, such as "record", "proof", "export"."""
    record(by=by, action=f"read.{what}", subject=subject, now=now, actor=actor)


def read_today(*, by: "User", subjects: Sequence[models.Model], now: datetime, what: str) -> int:
    """The same for a page that is opened again and again: once a day for each reader and subject."""
    action, midnight = f"read.{what}", datetime.combine(day_of(now), time(), JST)
    noted = set(
        Entry.objects.filter(
            by=by, action=action, at__gte=midnight, subject_id__in=[str(one.pk) for one in subjects]
        ).values_list("subject_id", flat=True)
    )
    fresh = [
        entry(by=by, action=action, subject=one, now=now) for one in subjects if str(one.pk) not in noted
    ]
    return len(Entry.objects.bulk_create(fresh))

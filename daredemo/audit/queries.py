"""Who saw a child's record, and whether the book was tampered with."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Q, QuerySet

from daredemo.audit import chain
from daredemo.audit.models import ChainDay, Entry
from daredemo.rules.hours import JST

LATE = timedelta(hours=1)


def who_saw(child: Any) -> QuerySet[Entry]:
    """Every entry about this child, or with it among its facts, newest first."""
    return _about(child).order_by("-at", "-pk")


def who_read(child: Any) -> QuerySet[Entry]:
    """Only the reads among them."""
    return who_saw(child).filter(action__startswith="read.")


def last_reads(subjects: Sequence[Any], what: Sequence[str]) -> list[tuple[UUID, UUID, datetime]]:
    """When each person last opened one of `what` of each subject: (subject, reader, instant); one query."""
    if not subjects:
        return []
    own = Entry.objects.filter(
        subject_type=subjects[0]._meta.label,
        subject_id__in=[str(one.pk) for one in subjects],
        action__in=[f"read.{one}" for one in what],
    ).exclude(by=None)
    found = own.order_by().values_list("subject_id", "by_id").annotate(at=Max("at"))
    return [(UUID(subject), reader, at) for subject, reader, at in found]


def _about(child: Any) -> QuerySet[Entry]:
    own = Q(subject_type=child._meta.label, subject_id=str(child.pk))
    return Entry.objects.filter(own | Q(facts__child=str(child.pk)))


def of_subject(subject: Any) -> QuerySet[Entry]:
    """What happened to one thing, oldest first."""
    rows = Entry.objects.filter(subject_type=subject._meta.label, subject_id=str(subject.pk))
    return rows.order_by("at", "pk")


@dataclass(frozen=True)
class Finding:
    """One thing wrong with the book.

    `what`: edited (or moved), missing, foreign (beyond the day's end), unlinked, backdated, cut.
    """

    what: str
    day: date | None
    seq: int | None = None
    entry: str = ""


def verify() -> list[Finding]:
    """Read the whole book; an empty list says that nothing was edited, removed, put in, moved or cut off."""
    findings: list[Finding] = []
    days = list(ChainDay.objects.order_by("day"))
    known = {day.day for day in days}
    for before, day in pairwise([None, *days]):
        if day is not None:
            findings += _day(day, bytes(before.head) if before else chain.START)
    for orphan in Entry.objects.exclude(seq=None).exclude(chain_day__in=known):
        findings.append(Finding("foreign", orphan.chain_day, orphan.seq, str(orphan.pk)))
    half = Q(seq=None) & (~Q(hash=None) | ~Q(chain_day=None))
    findings += [Finding("edited", row.chain_day, None, str(row.pk)) for row in Entry.objects.filter(half)]
    return findings + list(_backdated(days)) + list(_cut(days))


def _day(day: ChainDay, before: bytes) -> Iterator[Finding]:
    if bytes(day.seal) != chain.seal(day):
        yield Finding("edited", day.day)
    if bytes(day.before) != before:
        yield Finding("unlinked", day.day)
    head, expected = bytes(day.before), 1
    for entry in Entry.objects.filter(chain_day=day.day).exclude(seq=None).order_by("seq").iterator(2000):
        seq = entry.seq or 0
        if seq > day.count:
            yield Finding("foreign", day.day, seq, str(entry.pk))
            continue
        for lost in range(expected, seq):
            yield Finding("missing", day.day, lost)
        # After a gap the chain cannot be joined; each entry is then judged by the hash before it as stored.
        if seq == expected and bytes(entry.hash or b"") != chain.link(head, entry, day.day, seq):
            yield Finding("edited", day.day, seq, str(entry.pk))
        head, expected = bytes(entry.hash or b""), seq + 1
    for lost in range(expected, day.count + 1):
        yield Finding("missing", day.day, lost)
    if expected == day.count + 1 and head != bytes(day.head):
        yield Finding("edited", day.day, day.count)


def _backdated(days: list[ChainDay]) -> Iterator[Finding]:
    """Entries dated before a day that was over when they were chained, or is over and they still are not."""
    for day in days:
        start = _start(day.day) - LATE
        for entry in Entry.objects.filter(chain_day=day.day, at__lt=start):
            yield Finding("backdated", day.day, entry.seq, str(entry.pk))
    if days:
        for entry in Entry.objects.filter(seq=None, at__lt=_start(days[-1].day) - LATE):
            yield Finding("backdated", None, None, str(entry.pk))


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), JST)


def _cut(days: list[ChainDay]) -> Iterator[Finding]:
    """The end told outside the database must still be in it."""
    path = getattr(settings, "AUDIT_ANCHOR", "")
    if not path or not Path(path).exists():
        return
    told, count, head = Path(path).read_text().split()
    day = date.fromisoformat(told)
    kept = next((row for row in days if row.day == day), None)
    place = Entry.objects.filter(chain_day=day, seq=int(count)).values_list("hash", flat=True).first()
    if kept is None or kept.count < int(count) or place is None or bytes(place).hex() != head:
        yield Finding("cut", day, int(count))

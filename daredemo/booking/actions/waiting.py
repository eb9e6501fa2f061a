"""空き待ち: enter the line, leave it, be offered a place, take or decline it, let it pass.

The order of locks is that of every booking: child-month, opened day, then the entry. An offer holds a place
and no hours; taking it is the one booking of `booking.book`, with the place given back in its transaction.
"""

from collections.abc import Container, Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.booking import letters_waiting as letters
from daredemo.booking import queries
from daredemo.booking.actions import booking, hours, offering, wishing
from daredemo.booking.models import (
    IN_LINE,
    Booking,
    Offer,
    OfferStatus,
    OpenedDay,
    Waiting,
    WaitingStatus,
)
from daredemo.booking.queries import choosing
from daredemo.booking.queries.situation import Situation
from daredemo.families.models import Guardian
from daredemo.rules import waiting as rules
from daredemo.rules.hours import day_of, span_minutes
from daredemo.rules.refusal import Reason, Refused

# What says nothing about the child: the family may look again and take it.
STILL_KEPT = (Reason.OFFER_OVER, Reason.CONSENT_MISSING, Reason.STATUS_MOVED)


def join(
    *,
    guardian: Guardian,
    child: UUID,
    facility: UUID,
    since: datetime,
    until: datetime,
    minutes: int,
    by: User,
    now: datetime,
) -> Waiting:
    """Enter the line of a day: any use of at least so many minutes between two times would do.

    The same wish again is the same entry. Refused PLACE_FREE, TOO_LATE_TO_WAIT, ALREADY_WAITING,
    WISH_BACKWARDS, TOO_SHORT, and with what a booking is refused for anything but a place. The wish is kept
    without a person, too.
    """
    day = day_of(since)
    seen = queries.look(child, facility, day, day, now, guardian=guardian.pk)
    seen = replace(seen, is_offered=True)
    uses = queries.wished_uses(seen, since, until, minutes)
    rules.check_entry((since, until), minutes, uses, now, seen.here.waiting)
    shortest = {use.start: use for use in uses}  # the longest come first
    rules.check_full(shortest.values(), lambda wish: choosing.check(seen, wish, seen.facts(wish)))
    entry = Waiting(
        child=seen.child, guardian=guardian, facility=seen.facility, day=seen.counted.days[day], date=day,
        starts_at=since, ends_at=until, minutes=minutes, created_at=now,
    )  # fmt: skip
    try:
        _enter(entry, by=by, now=now)
    except IntegrityError:
        return _same(entry)
    wishing.keep(seen, uses[-1], Reason.NO_PLACE)
    return entry


@transaction.atomic
def _enter(entry: Waiting, *, by: User, now: datetime) -> None:
    """Under the lock of the day: a closing ends who is in line, and nobody enters behind its back."""
    day = queries.hold_days([entry.day_id])[entry.day_id]
    shut = queries.hours_off(entry.facility, entry.date, entry.date).get(entry.date, frozenset())
    if day.closed_at is not None or not queries.would_do(entry, shut):
        raise Refused(Reason.FACILITY_CLOSED, day=entry.date)
    entry.save(force_insert=True)
    facts = {"child": entry.child_id, "facility": entry.facility_id, "date": entry.date}
    audit.record(by=by, action="waiting.join", subject=entry, now=now, facts=facts)


def _same(entry: Waiting) -> Waiting:
    """The entry that is already there, where it says the same; Refused ALREADY_WAITING where it does not."""
    there = Waiting.objects.filter(child=entry.child, day=entry.day, status__in=IN_LINE).first()
    if there is not None and (there.starts_at, there.ends_at, there.minutes) == (
        entry.starts_at, entry.ends_at, entry.minutes,
    ):  # fmt: skip
        return there
    raise Refused(Reason.ALREADY_WAITING, day=entry.date)


@transaction.atomic
def leave(*, entry: Waiting, by: User, now: datetime) -> Waiting:
    """Wait no longer; a place that was kept is free again. Twice does no harm."""
    held = queries.hold_waiting(entry.pk)
    if held.entry.status in IN_LINE:
        offering.give_back(held, OfferStatus.DECLINED, WaitingStatus.LEFT, by=by, now=now)
        audit.record(
            by=by, action="waiting.leave", subject=held.entry, now=now, facts={"child": entry.child_id}
        )
    return held.entry


@transaction.atomic
def decline(*, offer: Offer, by: User, now: datetime) -> Offer:
    """「いらない」: the next in line is asked. Refused OFFER_OVER where it is over anyway."""
    held = offering.must_be_open(offer, now)
    offering.give_back(held, OfferStatus.DECLINED, WaitingStatus.DECLINED, by=by, now=now)
    audit.record(
        by=by, action="waiting.decline", subject=held.entry, now=now, facts={"child": offer.child_id}
    )
    return offer


def accept(
    *,
    offer: Offer,
    guardian: Guardian,
    by: User,
    request_key: UUID,
    now: datetime,
    agreed: UUID | None = None,
    wants_advice: bool = False,
) -> Booking:
    """「この枠をうけとる」: book the place that is kept, by the same decision as any booking.

    Refused OFFER_OVER after its deadline, and with whatever a booking is refused: hours are not kept. What
    the law refuses passes at once to the next in line.
    """
    try:
        return booking.book(
            guardian=guardian, child=offer.child_id, facility=offer.waiting.facility_id,
            starts_at=offer.starts_at, minutes=span_minutes(offer.starts_at, offer.ends_at),
            by=by, request_key=request_key, now=now, agreed=agreed, wants_advice=wants_advice, offer=offer,
        )  # fmt: skip
    except Refused as no:
        if no.reason not in STILL_KEPT and _refuse(offer=offer, by=by, now=now):
            offer_along(queries.line(now).filter(day=offer.day_id), now=now)
        raise


@transaction.atomic
def _refuse(*, offer: Offer, by: User, now: datetime) -> bool:
    """The place is free again, and the child waits for another; False where it was over already."""
    held = queries.hold_waiting(offer.waiting_id)
    if held.offer != offer or now > offer.answer_by:
        return False
    offering.give_back(held, OfferStatus.DROPPED, WaitingStatus.WAITING, by=by, now=now)
    letters.tell_over(held, offer, why="refused", now=now, due_at=now)
    facts = {"child": offer.child_id, "facility": held.entry.facility_id}
    audit.record(by=by, action="waiting.refused", subject=held.entry, now=now, facts=facts)
    return True


def offer_along(line: Iterable[Waiting], *, now: datetime) -> int:
    """Along a line, keep what is free for the first who can use it: how many were offered a place.

    Keeping only takes places, so one walk is enough.
    """
    able = [entry for entry in line if queries.may_fit(entry)]
    return sum(offer_to(entry=entry, now=now) is not None for entry in able)


def offer_to(*, entry: Waiting, now: datetime) -> Offer | None:
    """Keep a place for this child if one is free that it can use; None where not, or where it moved."""
    # The child waits, whoever put it into the line and whether that person still comes in for it.
    seen = queries.look(entry.child_id, entry.facility_id, entry.date, entry.date, now)
    if queries.fitting(seen, entry, queries.kept_spans(entry.child_id, entry.date)) is None:
        return None
    month = entry.date.replace(day=1)
    if month not in seen.counted.months:
        hours.open_month(entry.child_id, month)
    return _offer(seen, entry)


@transaction.atomic
def _offer(seen: Situation, entry: Waiting) -> Offer | None:
    """Lock, look again, decide, keep; the family is told, at night in the morning."""
    day, now = entry.date, seen.now
    queries.hold([(entry.child_id, day.replace(day=1))], [entry.day_id])
    held = queries.hold_waiting(entry.pk)
    if held.entry.status != WaitingStatus.WAITING:
        return None
    fresh = replace(seen, counted=queries.count(seen.child.pk, seen.facility.pk, day, day))
    found = queries.fitting(fresh, held.entry, queries.kept_spans(entry.child_id, day))
    if found is None:
        return None
    wish, terms = found
    answer_by = rules.answer_by(wish.start, now, seen.here.waiting)
    if answer_by is None:
        return None
    made = offering.keep(held.entry, wish, age=terms.age, answer_by=answer_by, now=now)
    letters.tell_offer(made, terms, now=now, due_at=rules.clock_runs_from(now, seen.here.waiting))
    facts = {"child": made.child_id, "facility": seen.facility, "answer_by": answer_by}
    audit.record(by=None, action="waiting.offer", subject=held.entry, now=now, facts=facts)
    return made


@transaction.atomic
def expire_offer(*, offer: Offer, now: datetime) -> bool:
    """The deadline has passed, or nobody can use the place any more; False where it moved meanwhile.

    Whoever let it pass leaves the line. Where the day was closed or the child is elsewhere, it stays in line.
    """
    held = queries.hold_waiting(offer.waiting_id)
    if held.offer != offer or not queries.offers_over(now).filter(pk=offer.pk).exists():
        return False
    _end(held, offer, is_closed=held.day.closed_at is not None, now=now)
    return True


def end_line(day: OpenedDay, shut: Container[int], reason: str, *, by: User | None, now: datetime) -> None:
    """Half hours are closed, and with them every use that would do: nobody waits for them any more.

    A place that was kept is given back. The caller holds the day, and reads it again afterwards.
    """
    for entry in queries.hopeless(day, shut, now):
        held = queries.hold_waiting(entry.pk)
        offering.give_back(held, OfferStatus.DROPPED, WaitingStatus.CLOSED, by=by, now=now)
        runs_from = rules.clock_runs_from(now, queries.rule_of(held.entry.facility, now))
        letters.tell_closed(held.entry, reason, now=now, due_at=runs_from)
        facts = {"child": entry.child_id, "facility": entry.facility_id}
        audit.record(by=by, action="waiting.close", subject=held.entry, now=now, facts=facts)


def drop_offers(day: OpenedDay, starts_at: datetime, ends_at: datetime, *, now: datetime) -> None:
    """Hours were closed: what is kept there is given back, and the child stays in line.

    The caller holds the day, and reads it again afterwards.
    """
    kept = Offer.objects.filter(
        day=day, status=OfferStatus.OPEN, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    for offer in kept.order_by("id"):
        _end(queries.hold_waiting(offer.waiting_id), offer, is_closed=True, now=now)


def _end(held: queries.HeldWaiting, offer: Offer, *, is_closed: bool, now: datetime) -> None:
    late = now > offer.answer_by
    status = OfferStatus.EXPIRED if late else OfferStatus.DROPPED
    entry = WaitingStatus.EXPIRED if late else WaitingStatus.WAITING
    offering.give_back(held, status, entry, by=None, now=now)
    if late or is_closed:
        runs_from = rules.clock_runs_from(now, queries.rule_of(held.entry.facility, now))
        letters.tell_over(held, offer, why="closed" if is_closed else "late", now=now, due_at=runs_from)
    facts = {"child": offer.child_id, "facility": held.entry.facility_id}
    audit.record(by=None, action=f"waiting.{status}", subject=held.entry, now=now, facts=facts)

"""Booking places (利用予約): one function for every door, for one child and time or for several at once.

Three steps: a look without locks, where most refusals end; under the locks the counted facts once more and
the decision of `rules`; then everything written, one statement a booking. docs/decisions/0011 says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from daredemo.accounts.models import Portal, User
from daredemo.audit import actions as audit
from daredemo.booking import letters, numbers, queries
from daredemo.booking.actions import ending, hours, offering, places, reminding, wishing
from daredemo.booking.models import Booking, BookingStatus, ChildMonth, LedgerKind, Offer, OpenedDay
from daredemo.booking.queries import several
from daredemo.booking.queries.several import Asked, Decided, Situations
from daredemo.booking.queries.situation import Situation
from daredemo.facilities.models import Approval
from daredemo.families.models import Guardian
from daredemo.prepared import rows
from daredemo.rules import booking as rules
from daredemo.rules.refusal import Reason, Refused

TRIES = 3


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for at once, and by whom: all of it is booked, or none."""

    guardian: Guardian
    facility: UUID
    asked: Sequence[Asked]
    by: User
    now: datetime
    agreed: UUID | None = None
    wants_advice: bool = False
    offer: Offer | None = None  # the place of the waiting list that this takes
    instead_of: Booking | None = None  # a change of time: this one gives way

    @property
    def days(self) -> list[date]:
        """Those of the old booking and of the new ones."""
        old = [self.instead_of.date] if self.instead_of else []
        return [*old, *(one.day for one in self.asked)]

    @property
    def by_staff(self) -> bool:
        return self.by.portal == Portal.FACILITY


def book(
    *,
    guardian: Guardian,
    child: UUID,
    facility: UUID,
    starts_at: datetime,
    minutes: int,
    by: User,
    request_key: UUID,
    now: datetime,
    agreed: UUID | None = None,
    wants_advice: bool = False,
    offer: Offer | None = None,
) -> Booking:
    """Book, or ask where the facility answers itself; the same request key gives the same booking.

    The child is one of the guardian's, else Child.DoesNotExist. `agreed` is the policy version the family
    saw; another one in force is refused as CONSENT_MISSING. Staff (当日受付, by phone) need not wait for the
    window, and have answered. `offer` is the place of the waiting list that this takes. A refusal is kept as
    a wish without a person; `queries.other_starts` says what would do instead.
    """
    asked = (Asked(child, starts_at, minutes, request_key),)
    [made] = carry_out(Order(guardian, facility, asked, by, now, agreed, wants_advice, offer))
    return made


def book_all(
    *,
    guardian: Guardian,
    facility: UUID,
    asked: Sequence[Asked],
    by: User,
    now: datetime,
    agreed: UUID | None = None,
    wants_advice: bool = False,
) -> list[Booking]:
    """Book several times or children (きょうだい) of one family: all of them, or none.

    Refused like `book`, with `which` telling the first that is not possible; a repeat gives what was made.
    """
    return carry_out(Order(guardian, facility, asked, by, now, agreed, wants_advice))


def book_each(
    *,
    guardian: Guardian,
    facility: UUID,
    asked: Sequence[Asked],
    by: User,
    now: datetime,
    agreed: UUID | None = None,
    wants_advice: bool = False,
) -> list[Booking | Refused]:
    """Book the possible ones of a series (くりかえし): what became of each, in order of time.

    Each time is a step of its own; siblings at one time come together or not at all.
    """
    found: list[Booking | Refused] = []
    for at_once in several.by_time(asked):
        try:
            found += carry_out(Order(guardian, facility, at_once, by, now, agreed, wants_advice))
        except Refused as no:
            found += [no] * len(at_once)
    return found


def carry_out(order: Order) -> list[Booking]:
    """Look, then book under the locks; once more where two requests met."""
    for tries in range(TRIES):
        seen = several.look_at_all(
            order.facility, order.asked, order.now, guardian=order.guardian.pk, days=order.days
        )
        try:
            if before := _made_before(seen):
                return before
            seen = _making_room(seen, order)
            several.decide(seen, order.asked, by_staff=order.by_staff)
            _check_agreed(seen, order.agreed)
            return _book(seen, order)
        except Refused as refused:
            one = order.asked[refused.which]
            wishing.keep(seen[one.child], one.wish, refused.reason)
            raise
        except IntegrityError:
            # The constraints are the seat belt: a key used twice at once, a number drawn twice. Look again.
            if tries + 1 == TRIES:
                raise
    raise AssertionError("unreachable")


@transaction.atomic
def _book(seen: Situations, order: Order) -> list[Booking]:
    """Lock, look again, decide, write."""
    fresh = _held(seen, order)
    keys = {one.key for one in order.asked}
    own = (one for each in fresh.values() for one in each.counted.bookings)
    if repeated := [one for one in own if one.request_key in keys]:
        return repeated
    fresh = _making_room(fresh, order)
    decided = several.decide(fresh, order.asked, by_staff=order.by_staff)
    for each in fresh.values():
        _end_undo(each, order)
    granted: set[tuple[UUID, date]] = set()
    made = []
    for one in decided:
        month = (one.asked.child, one.terms.month)
        made.append(_write(one, order, grant=month not in granted))
        granted.add(month)
    return made


def _held(seen: Situations, order: Order) -> Situations:
    """The situations of these days under their locks: what is counted is read anew."""
    months = {(one.child, one.day.replace(day=1)) for one in order.asked}
    for child, month in sorted(months):
        if month not in seen[child].counted.months:
            hours.open_month(child, month)
    days = {seen[one.child].counted.days[one.day].pk for one in order.asked}
    for child, each in seen.items():
        months |= {(child, one.date.replace(day=1)) for one in each.counted.waiting}
        days |= {one.day_id for one in each.counted.waiting}
    queries.hold(months, days)
    return {child: _anew(each, order.days) for child, each in seen.items()}


def _anew(seen: Situation, days: Sequence[date]) -> Situation:
    waiting = seen.counted.waiting
    fresh = queries.count(seen.child.pk, seen.facility.pk, min(days), max(days))
    # What was cancelled since is not locked and stays as it is.
    known = tuple(one for one in fresh.bookings if one.status != BookingStatus.CANCELLED or one in waiting)
    return replace(seen, counted=replace(fresh, bookings=known))


def _making_room(seen: Situations, order: Order) -> Situations:
    """With the place of an offer, and of a booking that is changed, which is Refused where it may not be."""
    old = order.instead_of
    seen = {child: replace(each, kept=order.offer) for child, each in seen.items()} if order.offer else seen
    if old is None:
        return seen
    here = seen[old.child_id]
    found = next((one for one in here.counted.bookings if one.pk == old.pk), None)
    if found is None:
        raise Refused(Reason.STATUS_MOVED, status="", expected=BookingStatus.BOOKED.value)
    queries.check_change(found, order.now, by_staff=order.by_staff)
    return {**seen, old.child_id: here.without(old.pk)}


def _end_undo(fresh: Situation, order: Order) -> None:
    """Booking something else ends the undo of what was cancelled: its hours and place may be needed now."""
    for one in fresh.counted.waiting:
        if order.instead_of == one:
            ending.give_way(one, by=order.by, now=fresh.now)
        month = ChildMonth.objects.get(child=fresh.child, month=one.date.replace(day=1))
        ending.release(one, month, OpenedDay.objects.get(pk=one.day_id), by=order.by, now=fresh.now)


def _made(one: Decided, order: Order) -> Booking:
    """The booking as it will stand: what was promised is pinned."""
    seen, wish, terms, day = one.seen, one.asked.wish, one.terms, one.asked.day
    on_request = seen.facility.approval == Approval.ON_REQUEST and not order.by_staff
    home = seen.home_code(day)
    return Booking(
        number=numbers.booking_number(),
        request_key=one.asked.key,
        child=seen.child,
        guardian=order.guardian,
        facility=seen.facility,
        home_id=home,
        day=seen.counted.days[day],
        date=day,
        starts_at=wish.start,
        ends_at=wish.end,
        age_group=terms.age,
        minutes=terms.minutes,
        status=BookingStatus.REQUESTED if on_request else BookingStatus.BOOKED,
        policy_id=seen.versions.get(home),
        place_policy_id=seen.versions.get(seen.facility.municipality_id),
        deadline_at=terms.hours_free_until,
        fee_deadline_at=terms.fee_free_until,
        yen=terms.bill.total,
        lines=_lines(terms),
        wants_advice=order.wants_advice,
        booked_by=order.by,
        created_at=order.now,
        expires_at=rules.request_expires_at(wish, terms, one.facts) if on_request else None,
        **_moved(order.instead_of, one.seen),
    )


def _moved(old: Booking | None, seen: Situation) -> dict[str, Any]:
    """After a change of time: which booking gave way, and its entry in the family's calendar, one step on."""
    gone = next((one for one in seen.counted.waiting if one == old), None)
    if gone is None:
        return {}
    return {"moved_from": gone, "entry_id": gone.entry_id or gone.pk, "revision": gone.revision}


def _lines(terms: rules.Terms) -> list[dict[str, object]]:
    """The bill as it was shown."""
    return [
        {"what": line.kind.value, "name": line.name, "yen": line.yen, "minutes": line.minutes}
        for line in terms.bill.lines
    ]


def _write(one: Decided, order: Order, *, grant: bool) -> Booking:
    """The booking with everything that goes with it, in one statement; a month's allowance with its first."""
    made, terms, counted, by, now = _made(one, order), one.terms, one.seen.counted, order.by, order.now
    if order.offer is not None:
        offering.take(order.offer, made)
    month = counted.months[terms.month]
    lacking = hours.lacking(one.facts.home.hours, terms.month, counted.granted(terms.month)) if grant else ()
    granted = hours.lines(month, LedgerKind.GRANTED, lacking, booking=None, by=None, now=now)
    reserved = hours.lines(month, LedgerKind.RESERVED, terms.buckets, booking=made, by=by, now=now)
    told = {"child": made.child_id, "facility": made.facility_id, "minutes": made.minutes}
    done = "booking.change" if made.moved_from else f"booking.{made.status}"
    entry = audit.entry(by=by, action=done, subject=made, now=now, facts=told)
    is_booked = made.status == BookingStatus.BOOKED
    message = letters.made(made, now=now)
    reminders = reminding.reminders(made, now) if is_booked else []
    rows.insert(
        [made, *granted, *reserved, *reminders, message, entry],
        hours.moved(month, [*granted, *reserved]),
        places.counted(made, 1),
    )
    if not is_booked:
        letters.ask_facility(made, now=now)
    return made


def _made_before(seen: Situations) -> list[Booking]:
    """What an earlier copy of this request made; a key of another child is nobody's business here."""
    earlier = [(child, one) for child, each in seen.items() for one in each.earlier]
    if any(one.child_id != child for child, one in earlier):
        raise Refused(Reason.STATUS_MOVED, status="", expected="")
    return [one for _, one in earlier]


def _check_agreed(seen: Situations, agreed: UUID | None) -> None:
    if agreed is not None and any(agreed not in each.versions.values() for each in seen.values()):
        raise Refused(Reason.CONSENT_MISSING, consent="policy")

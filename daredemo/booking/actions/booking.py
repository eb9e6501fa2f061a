"""Booking places (利用予約): one function for every door, for one child and time or for several at once.

Three steps: a look without locks, where most refusals end; under the locks the counted facts once more and
the decision of `rules`; then everything written, one statement a booking. docs/decisions/0011 says why.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.booking import letters, letters_together, queries
from daredemo.booking.actions import ending, hours, offering, ordering, places, reminding, wishing
from daredemo.booking.actions.ordering import Order
from daredemo.booking.models import Booking, BookingStatus, ChildMonth, LedgerKind, Offer, OpenedDay
from daredemo.booking.queries import several
from daredemo.booking.queries.several import Asked, Decided, Situations
from daredemo.booking.queries.situation import Situation
from daredemo.families.models import Guardian
from daredemo.prepared import rows
from daredemo.rules.refusal import Reason, Refused

TRIES = 3


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
    return carry_out(Order(guardian, facility, asked, by, now, agreed, wants_advice, letter=_letter(asked)))


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
    letter = _letter(asked)
    for at_once in several.by_time(asked):
        try:
            order = Order(guardian, facility, at_once, by, now, agreed, wants_advice, letter=letter)
            found += carry_out(order)
        except Refused as no:
            found += [no] * len(at_once)
    return found


def _letter(asked: Sequence[Asked]) -> UUID | None:
    """One mail for several, the same for each step of a series: nobody wants ten mails for ten days."""
    return asked[0].key if len(asked) > 1 else None


def carry_out(order: Order) -> list[Booking]:
    """Look, then book under the locks; once more where two requests met."""
    for tries in range(TRIES):
        seen = several.look_at_all(
            order.facility, order.asked, order.now, guardian=order.guardian.pk, days=order.days
        )
        try:
            if before := _made_before(seen):
                return before
            decided = several.decide(_making_room(seen, order), order.asked, by_staff=order.by_staff)
            _check_agreed(seen, order.agreed)
            return _book(seen, decided, order)
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
def _book(seen: Situations, decided: list[Decided], order: Order) -> list[Booking]:
    """Lock, look again, decide again where anything that is counted is not as it was, write."""
    fresh = _held(seen, order)
    moved = order.instead_of or any(each is not seen[child] for child, each in fresh.items())
    keys = {one.key for one in order.asked}
    own = (one for each in fresh.values() for one in each.counted.bookings)
    if repeated := [one for one in own if one.request_key in keys]:
        return repeated
    fresh = _making_room(fresh, order)
    if moved:
        decided = several.decide(fresh, order.asked, by_staff=order.by_staff)
    for each in fresh.values():
        _end_undo(each, order)
    granted: set[tuple[UUID, date]] = set()
    made = []
    for one in decided:
        month = (one.asked.child, one.terms.month)
        made.append(_write(one, order, grant=month not in granted))
        granted.add(month)
    _tell(made, order)
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
    fresh = queries.count(seen.child.pk, seen.facility.pk, min(days), max(days), seen.counted)
    if fresh is seen.counted:
        return seen
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


def _write(one: Decided, order: Order, *, grant: bool) -> Booking:
    """The booking with everything that goes with it, in one statement; a month's allowance with its first."""
    made = ordering.made(one, order)
    terms, counted, by, now = one.terms, one.seen.counted, order.by, order.now
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
    message = [] if order.letter else [letters.made(made, now=now)]
    reminders = reminding.reminders(made, now) if is_booked else []
    rows.insert(
        [made, *granted, *reserved, *reminders, *message, entry],
        hours.moved(month, [*granted, *reserved]),
        places.counted(made, 1),
    )
    return made


def _tell(made: Sequence[Booking], order: Order) -> None:
    """What was not promised with the booking itself: one mail for several, and the facility's mail."""
    if order.letter:
        letters_together.tell(made, order.letter, now=order.now)
    elif made[0].status == BookingStatus.REQUESTED:
        letters.ask_facility(made[0], now=order.now)


def _made_before(seen: Situations) -> list[Booking]:
    """What an earlier copy of this request made; a key of another child is nobody's business here."""
    earlier = [(child, one) for child, each in seen.items() for one in each.earlier]
    if any(one.child_id != child for child, one in earlier):
        raise Refused(Reason.STATUS_MOVED, status="", expected="")
    return [one for _, one in earlier]


def _check_agreed(seen: Situations, agreed: UUID | None) -> None:
    if agreed is not None and any(agreed not in each.versions.values() for each in seen.values()):
        raise Refused(Reason.CONSENT_MISSING, consent="policy")

"""Booking a place (利用予約): one function for every door.

Three steps: a look without locks, where most refusals end; under the locks the counted facts once more and
the decision of `rules`; then everything written by one statement. docs/decisions/0011 says what each gives.
"""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from daredemo.accounts.models import Portal, User
from daredemo.audit import actions as audit
from daredemo.booking import letters, numbers, queries
from daredemo.booking.actions import ending, hours, offering, places, reminding, wishing
from daredemo.booking.models import Booking, BookingStatus, ChildMonth, LedgerKind, Offer, OpenedDay
from daredemo.booking.queries import choosing
from daredemo.booking.queries.situation import Counted, Situation
from daredemo.facilities.models import Approval
from daredemo.families.models import Guardian
from daredemo.prepared import rows
from daredemo.rules import booking as rules
from daredemo.rules.hours import day_of
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
    window. `offer` is the place of the waiting list that this takes. A refusal is kept as a wish without a
    person; `queries.other_starts` says what would do instead.
    """
    day, wish = day_of(starts_at), choosing.wished(starts_at, minutes)
    for tries in range(TRIES):
        seen = queries.look(child, facility, day, day, now, guardian=guardian.pk, request=request_key)
        seen = replace(seen, kept=offer)
        if seen.earlier is not None:
            return _same(seen.earlier, seen)
        try:
            facts = seen.facts(wish, by_staff=by.portal == Portal.FACILITY)
            choosing.check(seen, wish, facts)
            _check_agreed(seen, agreed)
            return _book(
                seen=seen, wish=wish, guardian=guardian, by=by, request_key=request_key,
                wants_advice=wants_advice,
            )  # fmt: skip
        except Refused as refused:
            wishing.keep(seen, wish, refused.reason)
            raise
        except IntegrityError:
            # The constraints are the seat belt: a key used twice at once, a number drawn twice. Look again.
            if tries + 1 == TRIES:
                raise
    raise AssertionError("unreachable")


@transaction.atomic
def _book(
    *,
    seen: Situation,
    wish: rules.Wish,
    guardian: Guardian,
    by: User,
    request_key: UUID,
    wants_advice: bool,
) -> Booking:
    """Lock, look again, decide, write."""
    fresh = _held(seen, day_of(wish.start))
    if repeated := next((one for one in fresh.counted.bookings if one.request_key == request_key), None):
        return repeated
    facts = fresh.facts(wish, by_staff=by.portal == Portal.FACILITY)
    terms = choosing.check(fresh, wish, facts)
    _end_undo(fresh, by)
    opened = fresh.counted.days[day_of(wish.start)]
    made = _made(fresh, wish, terms, facts, opened=opened, guardian=guardian, by=by)
    made.request_key, made.wants_advice = request_key, wants_advice
    if seen.kept is not None:
        offering.take(seen.kept, made)
    _write(made, terms, facts, fresh.counted, by=by)
    return made


def _held(seen: Situation, day: date) -> Situation:
    """The situation of a day under its locks: what is counted is read anew."""
    waiting, month = seen.counted.waiting, day.replace(day=1)
    if month not in seen.counted.months:
        hours.open_month(seen.child.pk, month)
    months = {month, *(one.date.replace(day=1) for one in waiting)}
    days = {seen.counted.days[day].pk, *(one.day_id for one in waiting)}
    queries.hold(((seen.child.pk, each) for each in months), days)
    fresh = queries.count(seen.child.pk, seen.facility.pk, day, day)
    # What was cancelled since is not locked and stays as it is.
    known = tuple(one for one in fresh.bookings if one.status != BookingStatus.CANCELLED or one in waiting)
    return replace(seen, counted=replace(fresh, bookings=known))


def _end_undo(fresh: Situation, by: User) -> None:
    """Booking something else ends the undo of what was cancelled: its hours and place may be needed now."""
    for one in fresh.counted.waiting:
        month = ChildMonth.objects.get(child=fresh.child, month=one.date.replace(day=1))
        ending.release(one, month, OpenedDay.objects.get(pk=one.day_id), by=by, now=fresh.now)


def _made(
    seen: Situation,
    wish: rules.Wish,
    terms: rules.Terms,
    facts: rules.Facts,
    *,
    opened: OpenedDay,
    guardian: Guardian,
    by: User,
) -> Booking:
    """The booking as it will stand: what was promised is pinned."""
    day, on_request = day_of(wish.start), seen.facility.approval == Approval.ON_REQUEST
    home = seen.home_code(day)
    return Booking(
        number=numbers.booking_number(),
        child=seen.child,
        guardian=guardian,
        facility=seen.facility,
        home_id=home,
        day=opened,
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
        lines=[
            {"what": line.kind.value, "name": line.name, "yen": line.yen, "minutes": line.minutes}
            for line in terms.bill.lines
        ],
        booked_by=by,
        created_at=seen.now,
        expires_at=rules.request_expires_at(wish, terms, facts) if on_request else None,
    )


def _write(made: Booking, terms: rules.Terms, facts: rules.Facts, counted: Counted, *, by: User) -> None:
    """The booking with everything that goes with it, in one statement."""
    now, month = made.created_at, counted.months[terms.month]
    lacking = hours.lacking(facts.home.hours, terms.month, counted.granted(terms.month))
    granted = hours.lines(month, LedgerKind.GRANTED, lacking, booking=None, by=None, now=now)
    reserved = hours.lines(month, LedgerKind.RESERVED, terms.buckets, booking=made, by=by, now=now)
    told = {"child": made.child_id, "facility": made.facility_id, "minutes": made.minutes}
    entry = audit.entry(by=by, action=f"booking.{made.status}", subject=made, now=now, facts=told)
    is_booked = made.status == BookingStatus.BOOKED
    message = letters.draft("booked" if is_booked else "booking_requested", made, now=now)
    reminders = reminding.reminders(made, now) if is_booked else []
    rows.insert(
        [made, *granted, *reserved, *reminders, message, entry],
        hours.moved(month, [*granted, *reserved]),
        places.counted(made, 1),
    )
    if not is_booked:
        letters.ask_facility(made, now=now)


def _same(earlier: Booking, seen: Situation) -> Booking:
    """The booking an earlier copy of this request made; a key of another child is nobody's business here."""
    if earlier.child_id != seen.child.pk:
        raise Refused(Reason.STATUS_MOVED, status="", expected="")
    return earlier


def _check_agreed(seen: Situation, agreed: UUID | None) -> None:
    if agreed is not None and agreed not in seen.versions.values():
        raise Refused(Reason.CONSENT_MISSING, consent="policy")

"""Booking a place (利用予約): one function for every door."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from daredemo.accounts.models import Portal, User
from daredemo.audit import actions as audit
from daredemo.booking import cells, letters, numbers, queries
from daredemo.booking.actions import ending, hours, places, reminding
from daredemo.booking.models import (
    Booking,
    BookingStatus,
    ChildMonth,
    LedgerKind,
    OpenedDay,
    Wish,
)
from daredemo.booking.queries import choosing
from daredemo.booking.queries.situation import Counted, Situation
from daredemo.facilities.models import Approval, Facility
from daredemo.families.models import Child, Guardian
from daredemo.rules import allowance
from daredemo.rules import booking as rules
from daredemo.rules.age import age_group
from daredemo.rules.hours import day_of
from daredemo.rules.refusal import Reason, Refused

TRIES = 3
# A form filled in wrongly is no wish for a place.
NO_WISH = (
    Reason.WISH_BACKWARDS,
    Reason.NOT_ONE_DAY,
    Reason.IN_THE_PAST,
    Reason.OFF_THE_GRID,
    Reason.CONSENT_MISSING,
    Reason.STATUS_MOVED,
)


def book(
    *,
    child: Child,
    facility: Facility,
    starts_at: datetime,
    minutes: int,
    guardian: Guardian,
    by: User,
    request_key: UUID,
    now: datetime,
    agreed: UUID | None = None,
    wants_advice: bool = False,
) -> Booking:
    """Book, or ask where the facility answers itself; the same request key gives the same booking.

    The caller has reached child and guardian through their owner. `agreed` is the policy version the family
    saw; another one in force is refused as CONSENT_MISSING. Staff (当日受付, by phone) need not wait for the
    window. A refusal carries `same_day` and `nearest` starts where another time would help, and is kept as a
    wish without a person.
    """
    day, wish = day_of(starts_at), choosing.wished(starts_at, minutes)
    for tries in range(TRIES):
        if earlier := _same_request(request_key, child):
            return earlier
        seen = queries.look(child, facility, day, day, now)
        try:
            facts = seen.facts(wish, by_staff=by.portal == Portal.FACILITY)
            terms = choosing.check(seen, wish, facts)
            _check_agreed(seen, agreed)
            if _lacks_hours(seen, facts, terms.month):
                hours.grant(child=child, month=terms.month, policy=facts.home, now=now)
            return _book(
                seen=seen,
                wish=wish,
                guardian=guardian,
                by=by,
                request_key=request_key,
                wants_advice=wants_advice,
            )
        except Refused as refused:
            # The look without locks may have seen what the same request wrote a moment ago.
            if earlier := _same_request(request_key, child):
                return earlier
            raise _helped(refused, seen, wish) from None
        except IntegrityError:
            # The constraints are the seat belt: a key used twice at once, a number drawn twice. Look again.
            if tries + 1 == TRIES:
                raise
    raise AssertionError("unreachable")


def _helped(refused: Refused, seen: Situation, wish: rules.Wish) -> Refused:
    """The refusal with the starts that would do, where another time helps; the wish is kept."""
    _keep_wish(seen, wish, refused.reason)
    if refused.reason in choosing.HELPED_BY_ANOTHER_TIME and wish.start < wish.end:
        refused.facts.update(choosing.other_starts(seen, wish))
    return refused


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
    child, now, day = seen.child, seen.now, day_of(wish.start)
    waiting = seen.counted.waiting
    months = queries.hold_months(
        child.pk, {day.replace(day=1), *(one.date.replace(day=1) for one in waiting)}
    )
    days = queries.hold_days({seen.counted.days[day].pk, *(one.day_id for one in waiting)})
    own = tuple(queries.own_bookings(child, day.replace(day=1), day).select_for_update(no_key=True))
    if repeated := next((one for one in own if one.request_key == request_key), None):
        return repeated
    month, opened = months[day.replace(day=1)], days[seen.counted.days[day].pk]
    fresh = replace(seen, counted=Counted({day: opened}, months, own))
    facts = fresh.facts(wish, by_staff=by.portal == Portal.FACILITY)
    terms = choosing.check(fresh, wish, facts)
    # Booking something else ends the undo of what was cancelled: its hours and place may be needed now.
    for one in fresh.counted.waiting:
        if one.day_id in days and one.date.replace(day=1) in months:
            ending.release(one, months[one.date.replace(day=1)], days[one.day_id], by=by, now=now)
    made = _made(fresh, wish, terms, facts, opened=opened, guardian=guardian, by=by)
    made.request_key, made.wants_advice = request_key, wants_advice
    _write(made, terms, month=month, opened=opened, by=by, now=now)
    return made


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


def _write(
    made: Booking, terms: rules.Terms, *, month: ChildMonth, opened: OpenedDay, by: User, now: datetime
) -> None:
    """The booking with everything that goes with it; the row everybody wants comes last."""
    made.save(force_insert=True)
    hours.write(month, LedgerKind.RESERVED, terms.buckets, booking=made, by=by, now=now)
    if made.status == BookingStatus.BOOKED:
        reminding.remind(made, now)
        letters.tell("booked", made, now=now)
    else:
        letters.tell("booking_requested", made, now=now)
        letters.ask_facility(made, now=now)
    facts = {"child": made.child_id, "facility": made.facility_id, "minutes": made.minutes}
    audit.record(by=by, action=f"booking.{made.status}", subject=made, now=now, facts=facts)
    places.take(opened, made)


def _same_request(request_key: UUID, child: Child) -> Booking | None:
    """The booking an earlier copy of this request made; a key of another child is nobody's business here."""
    earlier = Booking.objects.filter(request_key=request_key).first()
    if earlier is not None and earlier.child_id != child.pk:
        raise Refused(Reason.STATUS_MOVED, status="", expected="")
    return earlier


def _check_agreed(seen: Situation, agreed: UUID | None) -> None:
    if agreed is not None and agreed not in seen.versions.values():
        raise Refused(Reason.CONSENT_MISSING, consent="policy")


def _lacks_hours(seen: Situation, facts: rules.Facts, month: date) -> bool:
    """No month yet, or one opened under a smaller allowance than the one in force now."""
    held = seen.counted.months.get(month)
    return held is None or held.cap_minutes < allowance.cap(facts.home.hours, month)


def _keep_wish(seen: Situation, wish: rules.Wish, reason: Reason) -> None:
    """What a family wanted and did not get, after its own transaction is over, without a person."""
    if reason in NO_WISH:
        return
    day = day_of(wish.start)
    span = cells.cells_of(wish.start, wish.end)
    Wish.objects.create(
        facility=seen.facility,
        district=seen.home_code(day),
        date=day,
        first_cell=span.start,
        last_cell=max(span.start, span.stop - 1),
        age_group=age_group(seen.child.born, day),
        reason=reason,
        at=seen.now,
    )

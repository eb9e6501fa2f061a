"""The roster as its own staff keep it, and as the law counts it."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from daredemo.facilities import models
from daredemo.facilities.duty import Roster
from daredemo.facilities.models import Carer, Duty, Enrolled, EnrolledDay, Facility, Member, Premises, Shift

# The word that portals ask by; they know no tables.
Form = models.Form


def premises_of(facility: Facility) -> Premises:
    """設備と定員; one that is not saved where nothing was entered yet."""
    return Premises.objects.filter(facility=facility).first() or Premises(facility=facility)


def roster_between(facility: Facility, first: date, last: date) -> Roster:
    """Everything about the days of a span, both ends included: five queries."""
    carers = Carer.objects.filter(Q(ends_on=None) | Q(ends_on__gte=first), facility=facility)
    in_force = Q(valid_from__lte=last) & (Q(valid_until=None) | Q(valid_until__gte=first))
    shifts = Shift.objects.filter(in_force, carer__facility=facility)
    duties = Duty.objects.filter(carer__facility=facility, date__range=(first, last))
    days = EnrolledDay.objects.filter(facility=facility, date__range=(first, last))
    return Roster(
        carers=tuple(carers.order_by("-qualified", "name", "id")),
        shifts=tuple(shifts.order_by("weekday", "starts")),
        duties=tuple(duties),
        enrolled=tuple(Enrolled.objects.filter(in_force, facility=facility).order_by("valid_from")),
        enrolled_days=tuple(days),
    )


def carers_of(member: Member, day: date) -> QuerySet[Carer]:
    """Who works at the member's facility on a day or later, 保育士 first."""
    own = Carer.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), facility=member.facility_id)
    return own.order_by("-qualified", "name", "id")


def carer_of(member: Member, carer_id: UUID) -> Carer:
    """One of the member's own facility; raises Carer.DoesNotExist for any other."""
    return Carer.objects.get(pk=carer_id, facility=member.facility_id)


def shifts_from(carer: Carer, day: date) -> QuerySet[Shift]:
    """The week in force on a day and what is decided for later, by weekday."""
    ahead = carer.shifts.filter(Q(valid_until=None) | Q(valid_until__gte=day))
    return ahead.order_by("weekday", "valid_from", "starts")


def enrolled_from(facility: Facility, day: date) -> QuerySet[Enrolled]:
    """Children of each class by weekday, in force on a day or later."""
    ahead = facility.enrolled.filter(Q(valid_until=None) | Q(valid_until__gte=day))
    return ahead.order_by("weekday", "valid_from")


def enrolled_days_from(facility: Facility, day: date) -> QuerySet[EnrolledDay]:
    """The dates from a day on that differ from the week."""
    return facility.enrolled_days.filter(date__gte=day).order_by("date")

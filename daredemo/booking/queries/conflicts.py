"""Conflicts as the facility sees them: which half hours, who is affected."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from daredemo.booking import cells
from daredemo.booking.models import HOLDING, Booking, Conflict
from daredemo.facilities.models import Member
from daredemo.rules.hours import day_of
from daredemo.rules.places import Limit

LOOK_BACK = timedelta(days=31)


def conflicts(member: Member, now: datetime) -> QuerySet[Conflict]:
    """What waits to be settled at the member's facility, from today on, the nearest day first."""
    own = Conflict.objects.filter(day__facility=member.facility_id, resolved_at=None)
    return own.filter(day__date__gte=day_of(now)).select_related("day", "owner").order_by("day__date")


def conflicts_past(member: Member, now: datetime) -> QuerySet[Conflict]:
    """What was settled, or passed, in the last month, latest first."""
    own = Conflict.objects.filter(day__facility=member.facility_id, resolved_at__gte=now - LOOK_BACK)
    return own.select_related("day", "owner").order_by("-resolved_at")


def conflict_of(member: Member, conflict_id: UUID) -> Conflict:
    """One of the member's own facility; raises Conflict.DoesNotExist for any other."""
    own = Conflict.objects.filter(day__facility=member.facility_id)
    return own.select_related("day", "owner").get(pk=conflict_id)


def affected(conflict: Conflict) -> list[Booking]:
    """Whose booking lies in the half hours of a conflict; of the whole day where the day has too many."""
    held = Booking.objects.filter(day=conflict.day_id, status__in=HOLDING)
    found = held.select_related("child", "guardian__user").order_by("starts_at", "child__family_kana", "id")
    over = set(conflict.cells)
    return [
        booking
        for booking in found
        if Limit.DAY in conflict.limits or over & set(cells.cells_of(booking.starts_at, booking.ends_at))
    ]

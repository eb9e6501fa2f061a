"""Opened days and their places (利用枠): bookings are the truth of places."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from uuid_utils.compat import uuid7

from daredemo.facilities.models import Facility

CELLS = 48  # half hours of a day, 0 = 0:00


def no_places() -> list[int]:
    """A day on which every half hour holds nothing."""
    return [0] * CELLS


def one_each() -> list[int]:
    """Every child weighs one unit, whatever its age: ceilings set by hand count heads."""
    return [1, 1, 1]


def _cells() -> "ArrayField[list[int], list[int]]":
    return ArrayField(models.SmallIntegerField(), size=CELLS, default=no_places)


class OpenedDay(models.Model):
    """One facility on one date: per half hour what is offered, and what is booked by age.

    `offered` is in units; a child of age group i weighs `weights[i]`. It is never lowered below what is
    booked: `lawful` may fall under it, and the difference is a conflict for a person to settle.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="opened_days")
    date = models.DateField()
    weights = ArrayField(models.SmallIntegerField(), size=3, default=one_each)
    offered = _cells()
    lawful = _cells()
    # Ceilings per age group by hand; the day's whole offer where an age has none of its own.
    ceiling_0 = _cells()
    ceiling_1 = _cells()
    ceiling_2 = _cells()
    booked_0 = _cells()
    booked_1 = _cells()
    booked_2 = _cells()
    published_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["facility", "date"], name="opened_day_once"),
            models.CheckConstraint(
                condition=Q(
                    Func(
                        F("weights"),
                        F("offered"),
                        F("ceiling_0"),
                        F("ceiling_1"),
                        F("ceiling_2"),
                        F("booked_0"),
                        F("booked_1"),
                        F("booked_2"),
                        function="day_fits",
                        output_field=models.BooleanField(),
                    )
                ),
                name="no_more_booked_than_offered",
            ),
        )

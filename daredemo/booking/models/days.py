"""Opened days and their places (利用枠): bookings are the truth of places."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from uuid_utils.compat import uuid7

from daredemo.facilities.models import Facility, Member

CELLS = 48  # half hours of a day, 0 = 0:00
# What the function `day_fits` of the database is told, in this order.
FITS = (
    "weights", "offered", "ceiling_all", "ceiling_0", "ceiling_1", "ceiling_2", "areas", "room",
    "booked_0", "booked_1", "booked_2",
)  # fmt: skip


# What `day_free` is told.
FREE = (*FITS, "day_ceiling", "day_booked")


def no_places() -> list[int]:
    """A day on which every half hour holds nothing."""
    return [0] * CELLS


def one_each() -> list[int]:
    """Every child weighs one unit, whatever its age: ceilings set by hand count heads."""
    return [1, 1, 1]


def no_floor() -> list[int]:
    """Floor that nobody measures."""
    return [0, 0, 0]


def _cells() -> "ArrayField[list[int], list[int]]":
    return ArrayField(models.SmallIntegerField(), size=CELLS, default=no_places)


class OpenedDay(models.Model):
    """One facility on one date: per half hour what is offered, and what is booked by age.

    `offered` is in units; a child of age group i weighs `weights[i]`. From a roster they are those of the
    staffing law (rules.places), by hand each child is one. Nothing is ever lowered below what is booked:
    `lawful` is what may be booked, and where more is, nobody more fits and there is a conflict.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # Found by facility and date together: an index on the facility alone would only mislead the planner.
    facility = models.ForeignKey(
        Facility, on_delete=models.PROTECT, related_name="opened_days", db_index=False
    )
    date = models.DateField()
    weights = ArrayField(models.SmallIntegerField(), size=3, default=one_each)
    offered = _cells()
    lawful = _cells()
    # Children at once: 定員 and the facility's own number, and for each age the same or a number of its own.
    ceiling_all = _cells()
    ceiling_0 = _cells()
    ceiling_1 = _cells()
    ceiling_2 = _cells()
    # The floor: what a child of each age takes, and what there is; nothing where places are set by hand.
    areas = ArrayField(models.IntegerField(), size=3, default=no_floor)
    room = ArrayField(models.IntegerField(), size=CELLS, default=no_places)
    booked_0 = _cells()
    booked_1 = _cells()
    booked_2 = _cells()
    # Different children in the whole day: offered (None: no limit), lawful, and counted.
    day_ceiling = models.SmallIntegerField(null=True)
    day_lawful = models.SmallIntegerField(null=True)
    day_booked = models.SmallIntegerField(default=0)
    published_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    # For each age a number whose bit n is set where one more child fits in half hour n. The database makes it
    # with every write of the row, so that looking over many facilities reads three numbers a day.
    free = models.GeneratedField(
        expression=Func(*map(F, FREE), function="day_free"),
        output_field=ArrayField(models.BigIntegerField(), size=3),
        db_persist=True,
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["facility", "date"], name="opened_day_once"),
            models.CheckConstraint(
                condition=Q(Func(*map(F, FITS), function="day_fits", output_field=models.BooleanField())),
                name="no_more_booked_than_offered",
            ),
            models.CheckConstraint(
                condition=Q(day_booked__gte=0) & (Q(day_ceiling=None) | Q(day_booked__lte=F("day_ceiling"))),
                name="no_more_booked_a_day",
            ),
        )


class Outcome(models.TextChoices):
    """How a conflict ended."""

    SETTLED = "settled", "おさまった"
    CLOSED = "closed", "休園にした"
    PASSED = "passed", "その日がすぎた"


class Conflict(models.Model):
    """On a day more is booked than lawful: for its owner to settle, and kept as history afterwards.

    It opens and ends in the transaction that makes it so; nobody is thrown out by it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    day = models.ForeignKey(OpenedDay, on_delete=models.PROTECT, related_name="conflicts")
    cells = ArrayField(
        models.SmallIntegerField(), default=list
    )  # half hours; none: only the day has too many
    limits = ArrayField(models.CharField(max_length=10), default=list)  # rules.places.Limit
    owner = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="conflicts")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default="", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["day"], condition=Q(resolved_at=None), name="one_open_conflict_a_day"
            ),
        )

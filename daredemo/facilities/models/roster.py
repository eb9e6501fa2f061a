"""Who looks after the children and who is enrolled, day by day: what the staffing law counts (職員配置)."""

from datetime import date

import pghistory
from django.db import models
from uuid_utils.compat import uuid7

from daredemo.facilities.models.profile import Facility, Kind
from daredemo.rules import places


class Form(models.TextChoices):
    """How a 一般型 is run."""

    TOGETHER = "together", "在園児合同"
    DEDICATED = "dedicated", "専用室"
    INDEPENDENT = "independent", "独立施設"


@pghistory.track()
class Premises(models.Model):
    """設備と定員: what the law counts besides people. From `roster_from` on it decides about places.

    Without that day, or before it, places are what the weekly pattern says, by hand.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    facility = models.OneToOneField(Facility, on_delete=models.CASCADE, related_name="premises")
    form = models.CharField(max_length=12, choices=Form.choices, default=Form.DEDICATED)
    area_cm2 = models.PositiveIntegerField(null=True)
    capacity = models.PositiveSmallIntegerField(null=True)  # 定員 of the classes 0 to 2, or of the room
    supported = models.BooleanField(default=False)  # staff of a nursery step in: one 保育士 may do
    most_a_day = models.PositiveSmallIntegerField(null=True)  # different children in a day, by hand
    roster_from = models.DateField(null=True)

    @property
    def place_form(self) -> places.Form:
        """The form by which the law counts."""
        forms: dict[str, places.Form] = {"together": "together", "independent": "independent"}
        return "spare" if self.facility.kind == Kind.SPARE else forms.get(self.form, "dedicated")

    def by_roster(self, day: date) -> bool:
        """Do the law and the roster decide about this day's places?"""
        return self.roster_from is not None and self.roster_from <= day


@pghistory.track()
class Carer(models.Model):
    """保育にあたる職員: counted for the ratio while on duty. Not a login."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="carers")
    name = models.CharField(max_length=100)
    qualified = models.BooleanField()  # 保育士
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)  # the last day


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Shift(models.Model):
    """On duty on this weekday between these times, from a date on; a break lies between two of them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    carer = models.ForeignKey(Carer, on_delete=models.CASCADE, related_name="shifts")
    weekday = models.PositiveSmallIntegerField()  # Monday = 0
    starts = models.TimeField()
    ends = models.TimeField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(starts__lt=models.F("ends")), name="shift_starts_before_end"
            ),
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="shift_weekday"),
        )


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Duty(models.Model):
    """One date that differs from the week: on duty between these times instead, or not at all (休み)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    carer = models.ForeignKey(Carer, on_delete=models.CASCADE, related_name="duties")
    date = models.DateField()
    starts = models.TimeField(null=True)
    ends = models.TimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["carer", "date"], name="one_duty_a_day"),
            models.CheckConstraint(
                condition=models.Q(starts=None, ends=None) | models.Q(starts__lt=models.F("ends")),
                name="duty_starts_before_end",
            ),
        )


class Counted(models.Model):
    """在園児: how many of each class (0, 1, 2) are there."""

    age_0 = models.PositiveSmallIntegerField()
    age_1 = models.PositiveSmallIntegerField()
    age_2 = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True

    @property
    def by_age(self) -> tuple[int, int, int]:
        return self.age_0, self.age_1, self.age_2


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Enrolled(Counted):
    """On this weekday, from a date on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="enrolled")
    weekday = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(weekday__lte=6), name="enrolled_weekday"),)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class EnrolledDay(Counted):
    """One date that differs from the week."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="enrolled_days")
    date = models.DateField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["facility", "date"], name="one_enrolment_a_day"),)

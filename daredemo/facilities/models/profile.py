"""Facilities (施設): profile, weekly pattern, calendar, prices, staff, the code on the poster."""

from datetime import time

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid_utils.compat import uuid7

from daredemo.municipalities.models import Municipality
from daredemo.sealed.fields import SealedText


class Provider(models.Model):
    """事業者: who runs facilities."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=100)


class Kind(models.TextChoices):
    SPARE = "spare", "余裕活用型"
    GENERAL = "general", "一般型"


class Approval(models.TextChoices):
    INSTANT = "instant", "すぐに確定"
    ON_REQUEST = "on_request", "園の返事を待つ"


class Care(models.TextChoices):
    """What a facility is prepared for, beyond what all of them are."""

    MEDICAL = "medical", "医療的ケア"
    DISABILITY = "disability", "障害のあるお子さん"
    ALLERGY = "allergy", "食物アレルギー"


@pghistory.track()
class Facility(models.Model):
    """A nursery that takes part. Texts are what families read; numbers are what booking obeys."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="facilities")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="facilities")
    name = models.CharField(max_length=100)
    kana = models.CharField(max_length=100)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    post_code = models.CharField(max_length=7)
    address = models.CharField(max_length=200)  # from the prefecture on, as families read it
    phone = models.CharField(max_length=15)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    youngest_months = models.PositiveSmallIntegerField(default=6)
    oldest_age = models.PositiveSmallIntegerField(default=2)
    about = models.TextField(default="", blank=True)
    policy = models.TextField(default="", blank=True)
    belongings = models.TextField(default="", blank=True)
    access = models.TextField(default="", blank=True)
    insurance = models.TextField(default="", blank=True)
    late_cancel_words = models.TextField(default="", blank=True)
    meals = models.BooleanField(default=False)
    # besides Japanese, as in daredemo.languages.spoken
    languages = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    cares = ArrayField(models.CharField(max_length=10, choices=Care.choices), default=list, blank=True)
    approval = models.CharField(max_length=10, choices=Approval.choices, default=Approval.INSTANT)
    answer_days = models.PositiveSmallIntegerField(default=2)  # business days to answer a request in
    # Booking opens at `window_time`, on that day of the month for the next month or, where
    # `window_days_before` is set, so many days before each day. It closes hours before the start or, where
    # `window_closes_days` is set, so many days before at `window_closes_time`.
    window_day = models.PositiveSmallIntegerField(default=1)
    window_time = models.TimeField()
    window_days_before = models.PositiveSmallIntegerField(null=True, blank=True)
    window_closes_hours = models.PositiveSmallIntegerField(default=24)
    window_closes_days = models.PositiveSmallIntegerField(null=True, blank=True)
    window_closes_time = models.TimeField(default=time(17))
    residents_first_days = models.PositiveSmallIntegerField(default=0)
    longest_minutes = models.PositiveSmallIntegerField(default=180)
    # 決まった時間: the only uses there are, as 09:00-11:00; none: any length up to the longest.
    sessions = ArrayField(models.CharField(max_length=11), default=list, blank=True)
    published_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["municipality", "kana"], name="facility_by_town"),
            models.Index(
                fields=["latitude", "longitude"],
                condition=models.Q(published_at__isnull=False),
                name="facility_by_place",
            ),
            models.Index(
                fields=["kana", "id"],
                condition=models.Q(published_at__isnull=False),
                name="facility_by_reading",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def by_class(self) -> bool:
        """A child takes the place of its class (余裕活用型), else that of its age on the day."""
        return self.kind == Kind.SPARE


class Tariff(models.Model):
    """利用料 by date: yen for each counted hour. Superseded, never edited."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="tariffs")
    in_force_from = models.DateField()
    yen_per_hour = models.PositiveIntegerField()
    offers_reductions = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["facility", "in_force_from"], name="one_tariff_a_day"),
        )


class Extra(models.Model):
    """実費: a line besides the fee, with its written reason."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="extras")
    in_force_from = models.DateField()
    in_force_until = models.DateField(null=True)
    name = models.CharField(max_length=60)
    yen = models.PositiveIntegerField()
    reason = models.CharField(max_length=200)


class WeeklyPattern(models.Model):
    """開園の型: on this weekday, between these times, so many children of each age and in all.

    A ceiling for an age is None where only the sum binds.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="patterns")
    weekday = models.PositiveSmallIntegerField()  # Monday = 0
    starts = models.TimeField()
    ends = models.TimeField()
    places = models.PositiveSmallIntegerField()
    places_age_0 = models.PositiveSmallIntegerField(null=True, blank=True)
    places_age_1 = models.PositiveSmallIntegerField(null=True, blank=True)
    places_age_2 = models.PositiveSmallIntegerField(null=True, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(starts__lt=models.F("ends")), name="pattern_starts_before_end"
            ),
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="pattern_weekday"),
        )


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class FacilityClosure(models.Model):
    """休園日: known to families from `announced_at`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="closures")
    date = models.DateField()
    reason = models.CharField(max_length=100, default="")
    announced_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["facility", "date"], name="one_closure_a_day"),)


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class ClosedHours(models.Model):
    """一部の時間のお休み: within a day that is open otherwise. They may overlap; all of them count."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="closed_hours")
    date = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=100)
    announced_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["facility", "starts_at", "ends_at"], name="closed_hours_once"),
            models.CheckConstraint(
                condition=models.Q(starts_at__lt=models.F("ends_at")), name="closed_hours_span"
            ),
        )


class Role(models.TextChoices):
    MANAGER = "manager", "園長・管理者"
    STAFF = "staff", "職員"


class Member(models.Model):
    """A login that works at a facility."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="member")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="members")
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=8, choices=Role.choices)
    ended_at = models.DateTimeField(null=True)


class PosterCode(models.Model):
    """二次元コード of the poster: findable by its hash, printable again from the sealed token."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="poster_codes")
    token = SealedText()
    token_hash = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["facility"], condition=models.Q(revoked_at=None), name="one_code_in_force"
            ),
        )

"""空き待ち: who waits for a place on a full day, and the place that is kept for one of them at a time."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from daredemo.booking.models.bookings import Booking
from daredemo.booking.models.days import OpenedDay
from daredemo.booking.models.spans import one_at_a_time
from daredemo.facilities.models import Facility
from daredemo.families.models import Child, Guardian


class WaitingStatus(models.TextChoices):
    WAITING = "waiting", "空き待ち"
    OFFERED = "offered", "あきました"
    BOOKED = "booked", "予約ずみ"
    LEFT = "left", "やめました"
    DECLINED = "declined", "いらない"
    EXPIRED = "expired", "返事がないまま終わりました"
    CLOSED = "closed", "園がお休みになりました"  # the day, or all hours that would have done


IN_LINE = (WaitingStatus.WAITING, WaitingStatus.OFFERED)


class Waiting(models.Model):
    """One child in line for one facility and day: some time between `starts_at` and `ends_at`.

    `minutes` is the shortest use that would still do. The order of the line is `created_at`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="waiting")
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, related_name="waiting")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="waiting")
    day = models.ForeignKey(OpenedDay, on_delete=models.PROTECT, related_name="waiting")
    date = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=8, choices=WaitingStatus.choices, default=WaitingStatus.WAITING)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["child", "day"], condition=Q(status__in=IN_LINE), name="waiting_once"
            ),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="waiting_span"),
        )
        indexes = (
            models.Index(
                fields=["date", "day", "created_at"], condition=Q(status__in=IN_LINE), name="waiting_line"
            ),
            models.Index(fields=["facility", "date"], name="waiting_at_facility"),
        )


class OfferStatus(models.TextChoices):
    OPEN = "open", "とりおき中"
    TAKEN = "taken", "予約ずみ"
    DECLINED = "declined", "いらない"
    EXPIRED = "expired", "返事がないまま終わりました"
    DROPPED = "dropped", "使えなくなりました"  # closed then, the child elsewhere, or the law says no


class Offer(models.Model):
    """A place kept for one child in line until `answer_by`: while it is open, the day counts it as booked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    waiting = models.ForeignKey(Waiting, on_delete=models.PROTECT, related_name="offers")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    day = models.ForeignKey(OpenedDay, on_delete=models.PROTECT, related_name="offers")
    date = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    age_group = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=8, choices=OfferStatus.choices, default=OfferStatus.OPEN)
    offered_at = models.DateTimeField()
    answer_by = models.DateTimeField()  # the instant included
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, null=True, related_name="offer")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["waiting"], condition=Q(status=OfferStatus.OPEN), name="one_offer_at_a_time"
            ),
            one_at_a_time("one_place_kept_at_a_time", Q(status=OfferStatus.OPEN)),
        )
        indexes = (
            models.Index(fields=["answer_by"], condition=Q(status=OfferStatus.OPEN), name="offer_open"),
        )

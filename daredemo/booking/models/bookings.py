"""Bookings and hours (予約・時間): the ledger is the truth of hours."""

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from daredemo.booking.models.days import OpenedDay
from daredemo.booking.models.spans import one_at_a_time
from daredemo.facilities.models import Facility
from daredemo.families import telling
from daredemo.families.models import Child, Guardian
from daredemo.interviews.models import DeclineGround
from daredemo.municipalities.models import Municipality, PolicyVersion


class ChildMonth(models.Model):
    """How much of a month's allowance a child has spent, in minutes; derived from the ledger beside it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="months", db_index=False)
    month = models.DateField()  # its first day
    cap_minutes = models.PositiveIntegerField()
    spent_minutes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["child", "month"], name="child_month_once"),
            models.CheckConstraint(
                condition=Q(spent_minutes__lte=F("cap_minutes")), name="no_more_than_the_cap"
            ),
        )


class BookingStatus(models.TextChoices):
    REQUESTED = "requested", "園の返事待ち"
    BOOKED = "booked", "予約ずみ"
    CANCELLED = "cancelled", "取り消し"
    DECLINED = "declined", "園でおことわり"
    EXPIRED = "expired", "返事がないまま終わりました"


HOLDING = (BookingStatus.REQUESTED, BookingStatus.BOOKED)


class Cause(models.TextChoices):
    """Why a booking ended, in the words of the cancellation table."""

    FAMILY = "family", "家庭の都合"
    ILLNESS = "illness", "体調"
    FACILITY = "facility", "園の都合"
    CITY_CLOSURE = "city_closure", "市の休園指示"
    CERTIFICATE = "certificate", "認定の終わり"
    ENROLMENT = "enrolment", "入園"
    INTERVIEW = "interview", "面談の結果"
    UNDONE = "undone", "まちがい"  # taken back within ten minutes, as if never booked
    CHANGED = "changed", "時間の変更"  # another booking stands in its place: `moved_to`


NOT_THE_FAMILY = (
    Cause.FACILITY, Cause.CITY_CLOSURE, Cause.CERTIFICATE, Cause.ENROLMENT, Cause.INTERVIEW,
)  # fmt: skip


def _noted(to: "type[models.Model] | str", **more: Any) -> "models.ForeignKey[Any, Any]":
    """Who or what a booking was made by or under, without a constraint or index of its own.

    Everybody books under the same few rules and at the same few facilities: looking each of them up, and
    locking its row against being deleted, would make bookings wait for each other over nothing. Django
    still protects what is pointed at (docs/decisions/0011).
    """
    options = {"on_delete": models.PROTECT, "related_name": "+", "db_constraint": False, "db_index": False}
    return models.ForeignKey(to, **{**options, **more})


class Booking(models.Model):
    """予約: this child at this facility from `starts_at` until `ends_at` of one day.

    What was promised is pinned: policy, deadline, price. After a cancellation place and hours
    stay reserved until `released_at`, so that ten minutes of undo cost nobody anything.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=10)
    request_key = models.UUIDField(unique=True)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="bookings", db_index=False)
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, related_name="bookings", db_index=False)
    facility = _noted(Facility, related_name="bookings")
    home = _noted(Municipality)
    day = models.ForeignKey(OpenedDay, on_delete=models.PROTECT, related_name="bookings", db_index=False)
    date = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    age_group = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()  # counted, by the home municipality's unit
    status = models.CharField(max_length=10, choices=BookingStatus.choices)
    # The home municipality's rules decide the hours, those of the facility's municipality the fee;
    # None is 国の標準. They are the same unless the facility lies elsewhere (広域利用).
    policy = _noted(PolicyVersion, null=True)
    place_policy = _noted(PolicyVersion, null=True)
    deadline_at = models.DateTimeField()  # cancelling costs no hours until then, the instant included
    fee_deadline_at = models.DateTimeField()
    yen = models.PositiveIntegerField()
    lines = models.JSONField(default=list)  # [{"what", "yen", ...}] as shown before booking
    wants_advice = models.BooleanField(default=False)
    booked_by = _noted(settings.AUTH_USER_MODEL)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)  # a request without an answer
    answered_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=20, choices=DeclineGround.choices, default="", blank=True)
    words = models.CharField(max_length=500, default="", blank=True)  # of the facility to the family
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = _noted(settings.AUTH_USER_MODEL, null=True)
    called_at = models.DateTimeField(null=True)  # when the family phoned; None is 「電話まだ」
    call_reason = models.CharField(max_length=200, default="", blank=True)
    call_noted_by = _noted(settings.AUTH_USER_MODEL, null=True)
    cause = models.CharField(max_length=12, choices=Cause.choices, default="", blank=True)
    hours_consumed = models.BooleanField(null=True)
    fee_charged = models.CharField(max_length=8, default="", blank=True)  # yes, no, facility
    benefit = models.BooleanField(null=True)
    released_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)  # the child was received: from here on nothing is cancelled
    settled_at = models.DateTimeField(null=True)  # the use is over and its hours are used or forfeited
    # Grows with each change of status: the SEQUENCE of its calendar entry, which moves on with the time.
    revision = models.PositiveSmallIntegerField(default=0)
    revised_at = models.DateTimeField(null=True)  # None: not since it was made
    entry_id = models.UUIDField(null=True)  # the booking that began the entry; None: this one
    moved_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["number"], name="booking_number"),
            models.UniqueConstraint(
                fields=["moved_from"], condition=Q(moved_from__isnull=False), name="booking_moved_once"
            ),
            one_at_a_time("one_child_in_one_place", Q(status__in=HOLDING)),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="booking_span"),
            models.CheckConstraint(
                condition=~Q(benefit=True, hours_consumed=False), name="benefit_only_with_hours"
            ),
        )
        indexes = (
            models.Index(fields=["facility", "date"], name="booking_board"),
            models.Index(fields=["child", "date"], name="booking_of_child"),
            models.Index(
                fields=["cancelled_at"],
                condition=Q(status=BookingStatus.CANCELLED, released_at=None),
                name="booking_to_release",
            ),
            models.Index(
                fields=["expires_at"], condition=Q(status=BookingStatus.REQUESTED), name="booking_to_expire"
            ),
            models.Index(fields=["guardian", "starts_at"], name="booking_of_guardian"),
        )

    @property
    def told_guardian(self) -> Guardian | None:
        """Whom the facility is told of."""
        return telling.named(self.guardian, [self.child])

    @property
    def moved_to(self) -> "Booking | None":
        """After a change of time the booking that stands in this one's place."""
        return Booking.objects.filter(moved_from=self).first()


class LedgerKind(models.TextChoices):
    GRANTED = "granted", "もらった時間"
    RESERVED = "reserved", "予約"
    RETURNED = "returned", "もどった時間"
    USED = "used", "利用"
    FORFEITED = "forfeited", "使ったことになった時間"
    OVERRUN = "overrun", "おむかえの おくれ"
    CORRECTED = "corrected", "なおし"


class LedgerEntry(models.Model):
    """One line of the passbook, append-only: `effect` is what it changes in the minutes left."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    child_month = models.ForeignKey(ChildMonth, on_delete=models.PROTECT, related_name="entries")
    bucket = models.CharField(max_length=20, default="national")
    kind = models.CharField(max_length=10, choices=LedgerKind.choices)
    minutes = models.PositiveIntegerField()
    effect = models.IntegerField()
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, null=True, related_name="entries")
    reason = models.CharField(max_length=200, default="", blank=True)
    by = _noted(settings.AUTH_USER_MODEL, null=True)
    at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
        constraints = (
            models.CheckConstraint(
                condition=Q(effect=0) | Q(effect=F("minutes")) | Q(effect=-F("minutes")), name="ledger_effect"
            ),
        )


class ReminderKind(models.TextChoices):
    BEFORE_DEADLINE = "before_deadline", "取り消せる期限のまえ"
    EVE = "eve", "利用日のまえの日"


class Reminder(models.Model):
    """A message that becomes due; what it says is looked at again when it is sent."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    booking = models.ForeignKey(
        Booking, on_delete=models.CASCADE, related_name="reminders", db_index=False
    )  # found by `reminder_once`
    kind = models.CharField(max_length=16, choices=ReminderKind.choices)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["booking", "kind"], name="reminder_once"),)
        indexes = (models.Index(fields=["due_at"], condition=Q(done_at=None), name="reminder_due"),)


class Abandoned(models.TextChoices):
    """How a request ended that might have become a booking (rules.refusal.Reason names the refusals)."""

    DECLINED = "request_declined", "園が受けられない"
    EXPIRED = "request_unanswered", "園の返事がない"
    WITHDRAWN = "request_withdrawn", "返事の前に取り下げた"
    CLOSED = "request_closed", "返事の前に園がお休みにした"


class Wish(models.Model):
    """A refused or abandoned wish, without a person: what families wanted and did not get.

    `reason` is one of rules.refusal.Reason or of Abandoned.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, null=True, related_name="+")
    district = models.CharField(max_length=7)  # the family's municipality code
    date = models.DateField()
    first_cell = models.PositiveSmallIntegerField()
    last_cell = models.PositiveSmallIntegerField()
    age_group = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=40)
    at = models.DateTimeField()

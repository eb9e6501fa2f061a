"""Use (利用): what the family said at the door, what staff saw, what was put right afterwards."""

from django.conf import settings
from django.db import models
from uuid_utils.compat import uuid7

from daredemo.booking.models import Booking
from daredemo.sealed.fields import SealedText


class VisitState(models.TextChoices):
    EXPECTED = "expected", "来る"
    ARRIVED = "arrived", "来ました"
    HERE = "here", "いる"
    LEAVING = "leaving", "帰ります"
    GONE = "gone", "帰った"
    ABSENT = "absent", "休み"


class Visit(models.Model):
    """利用実績 of one booking. A scan says, a person decides: only HERE and LEAVING count as present."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="visit")
    state = models.CharField(max_length=8, choices=VisitState.choices)
    said_arrived_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    said_leaving_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    collected_by = SealedText(default="")
    reachable_at = SealedText(default="")  # きょう つながる電話
    absent_at = models.DateTimeField(null=True)
    coming_at = models.DateTimeField(null=True)  # おくれて いきます: about when, as the family said
    collecting_at = models.DateTimeField(null=True)  # おむかえが おくれます: about when
    no_show = models.BooleanField(default=False)


class ProposalKind(models.TextChoices):
    NO_SHOW = "no_show", "連絡のないお休み"
    FORGOTTEN_CHECK_OUT = "forgotten_check_out", "降園の記録もれ"


class Proposal(models.Model):
    """What a sweep noticed; a person confirms or dismisses it. Nothing changes until then."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=20, choices=ProposalKind.choices)
    proposed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    confirmed = models.BooleanField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["booking", "kind"], name="proposal_once"),)


class Correction(models.Model):
    """登園・降園の時刻をなおす: what a field said before and after, with reason and author."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="corrections")
    field = models.CharField(max_length=20)
    before = models.DateTimeField(null=True)
    after = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Overrun(models.Model):
    """A late pick-up beyond the grace: a line of its own at the facility's price, outside the benefit."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="overrun")
    minutes = models.PositiveSmallIntegerField()
    yen = models.PositiveIntegerField()
    consumed_minutes = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()

"""Interviews (面談): times a facility offers, a family's request, the outcome for each child."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from daredemo.facilities.models import Facility
from daredemo.families import telling
from daredemo.families.models import Child, Guardian
from daredemo.sealed.fields import SealedText


class InterviewTime(models.Model):
    """面談の時間: one family at a time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="interview_times")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["facility", "starts_at"], name="interview_time_once"),
            models.CheckConstraint(
                condition=models.Q(starts_at__lt=models.F("ends_at")), name="interview_time_span"
            ),
        )


class InterviewStatus(models.TextChoices):
    REQUESTED = "requested", _("園の返事待ち")
    PROPOSED = "proposed", _("べつの日時の提案")
    CONFIRMED = "confirmed", _("決まりました")
    HELD = "held", _("おわりました")
    CANCELLED = "cancelled", _("取り消し")
    DECLINED = "declined", _("園でおことわり")


class Explained(models.TextChoices):
    """What a facility goes through with the family (掛川市: 保育方針や内容、利用料、持ち物)."""

    POLICY = "policy", "保育方針"
    DAY = "day", "過ごし方・内容"
    FEES = "fees", "利用料と実費"
    BELONGINGS = "belongings", "持ち物"
    CANCELLING = "cancelling", "取り消しのきまり"
    INSURANCE = "insurance", "けがと保険"


UNANSWERED = (InterviewStatus.REQUESTED, InterviewStatus.PROPOSED)
TAKING_A_TIME = (*UNANSWERED, InterviewStatus.CONFIRMED)


class Interview(models.Model):
    """A first interview of one family at one facility; `time` is the one asked for or proposed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="interviews")
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, related_name="interviews")
    time = models.ForeignKey(InterviewTime, on_delete=models.PROTECT, related_name="interviews")
    status = models.CharField(max_length=10, choices=InterviewStatus.choices)
    note = SealedText(default="")
    wants_advice = models.BooleanField(default=False)  # 育児相談
    requested_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    words = models.CharField(max_length=500, default="", blank=True)  # what the facility says to the family
    explained = ArrayField(
        models.CharField(max_length=12, choices=Explained.choices), default=list, blank=True
    )
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["time"],
                condition=models.Q(status__in=TAKING_A_TIME),
                name="one_family_per_interview_time",
            ),
        )
        indexes = (models.Index(fields=["facility", "status"], name="interview_list"),)

    @property
    def told_guardian(self) -> Guardian | None:
        """Whom the facility is told of."""
        return telling.named(self.guardian, [one.child for one in self.children.all()])


class ChildOutcome(models.TextChoices):
    OPEN = "open", _("まだ")
    ACCEPTED = "accepted", _("受け入れできます")
    DECLINED = "declined", _("準備がととのいませんでした")


class DeclineGround(models.TextChoices):
    """正当な理由: the closed list of scheme and law; a sentence goes with it."""

    NO_PLACE_OR_STAFF = "no_place_or_staff", _("場所または職員が足りない")
    CARE_NOT_SAFE = "care_not_safe", _("必要なケアを安全に行えない")
    DANGER_TO_OTHERS = "danger_to_others", _("ほかのこどもへの危険")


class InterviewChild(models.Model):
    """One child of an interview; twins share a time, their outcomes stand apart."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="children")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="interviews")
    outcome = models.CharField(max_length=8, choices=ChildOutcome.choices, default=ChildOutcome.OPEN)
    ground = models.CharField(max_length=20, choices=DeclineGround.choices, default="", blank=True)
    reason = SealedText(default="")
    recorded_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["interview", "child"], name="child_once_per_interview"),
        )

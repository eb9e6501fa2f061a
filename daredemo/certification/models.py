"""Certification (認定): invitation, application, screening, decision, certificate."""

import pghistory
from django.conf import settings
from django.db import models
from uuid_utils.compat import uuid7

from daredemo.families.models import Child, Guardian, Relation
from daredemo.municipalities.models import Municipality, PolicyVersion
from daredemo.notifications.models import Message
from daredemo.sealed.fields import SealedText


class Invitation(models.Model):
    """申請URL: a mailed link that opens an application once, until 24 h after its mail was handed over.

    The end is read from `message.handed_over_at`; a new invitation supersedes the old.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(
        "Application", on_delete=models.CASCADE, null=True, related_name="invitations"
    )
    email = SealedText()
    email_index = models.CharField(max_length=64, db_index=True)
    language = models.CharField(max_length=10, default="ja")
    token_hash = models.CharField(max_length=64, unique=True)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)


class ApplicationStatus(models.TextChoices):
    DRAFT = "draft", "書きかけ"
    RECEIVED = "received", "受付"
    SCREENING = "screening", "審査中"
    RETURNED = "returned", "なおしをお願いしています"
    DECIDED = "decided", "結果が出ました"
    WITHDRAWN = "withdrawn", "取り下げ"


class Channel(models.TextChoices):
    WEB = "web", "この画面"
    COUNTER = "counter", "窓口・紙"


class Notice(models.TextChoices):
    SCREEN = "screen", "この画面で"
    POST = "post", "郵送で"


class ReductionClass(models.TextChoices):
    NONE = "none", "申請しない"
    WELFARE = "welfare", "生活保護"
    UNTAXED = "untaxed", "市町村民税非課税"
    LOW_INCOME = "low_income", "所得割の額が基準より少ない"
    SUPPORT = "support", "要支援など"


class Application(models.Model):
    """利用認定申請, from the first saved draft to the decision; only what certification needs."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=12, unique=True)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, null=True, related_name="applications")
    status = models.CharField(max_length=10, choices=ApplicationStatus.choices)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.WEB)
    language = models.CharField(max_length=10, default="ja")
    email = SealedText(default="")
    email_index = models.CharField(max_length=64, default="", blank=True, db_index=True)
    family_name = models.CharField(max_length=100, default="", blank=True)
    given_name = models.CharField(max_length=100, default="", blank=True)
    family_kana = models.CharField(max_length=100, default="", blank=True)
    given_kana = models.CharField(max_length=100, default="", blank=True)
    relation = models.CharField(max_length=12, choices=Relation.choices, default="", blank=True)
    phone = SealedText(default="")
    post_code = models.CharField(max_length=7, default="", blank=True)
    address = SealedText(default="")  # 都道府県から町域まで
    street = SealedText(default="")  # 番地・建物
    address_differs_reason = SealedText(default="")
    reduction = SealedText(default="")  # a ReductionClass, or empty
    notice = models.CharField(max_length=8, choices=Notice.choices, default="", blank=True)
    agreed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    screening_since = models.DateTimeField(null=True)
    screener = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # What the city asked to be repaired, in words the family reads.
    returned_words = SealedText(default="")
    returned_parts = models.JSONField(default=list)  # names of `drafts.PARTS`, for links to the very page
    returned_at = models.DateTimeField(null=True)
    resubmitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)  # the last of its children's decisions
    enacted_at = models.DateTimeField(null=True)
    # Counts each submission, return and decision: who decides on an older one has not read the newest.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = (models.Index(fields=["municipality", "status", "submitted_at"], name="application_queue"),)

    @property
    def name(self) -> str:
        return f"{self.family_name} {self.given_name}".strip()


class ApplicantChild(models.Model):
    """A child as the application names it; becomes a `Child` when a certification is enacted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="children")
    position = models.PositiveSmallIntegerField()
    family_name = models.CharField(max_length=100, default="", blank=True)
    given_name = models.CharField(max_length=100, default="", blank=True)
    family_kana = models.CharField(max_length=100, default="", blank=True)
    given_kana = models.CharField(max_length=100, default="", blank=True)
    born = models.DateField(null=True)
    enrolment = models.CharField(max_length=30, default="", blank=True)  # rules.eligibility.Enrolment
    child = models.ForeignKey(Child, on_delete=models.PROTECT, null=True, related_name="+")
    decided: "list[Decision]"  # the decision in force, or none: filled by `queries.in_force`

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["application", "position"], name="applicant_child_position"),
        )

    @property
    def name(self) -> str:
        return f"{self.family_name} {self.given_name}".strip()


class Proof(models.Model):
    """A document (減免の書類): the most secret data; its file is sealed and outside the database."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="proofs")
    file_name = SealedText()  # as the family named it
    stored_as = models.CharField(max_length=80, unique=True)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField()


class Outcome(models.TextChoices):
    CERTIFIED = "certified", "認定"
    DECLINED = "declined", "却下"


class Decision(models.Model):
    """処分: what the city decided for one child. Enacted ten minutes later; until then it may be undone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    applicant_child = models.ForeignKey(ApplicantChild, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    article = models.CharField(max_length=100, default="", blank=True)
    reason = SealedText(default="")
    possible = models.TextField(default="", blank=True)
    instruction = models.TextField(default="", blank=True)  # 教示
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, null=True, related_name="+")
    amber_reason = SealedText(default="")
    reduction = SealedText(default="")  # the ReductionClass granted, or empty
    reduction_reason = SealedText(default="")  # why another one than applied for
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    enacted_at = models.DateTimeField(null=True)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="+")
    letter = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["applicant_child"],
                condition=models.Q(undone_at=None),
                name="one_decision_in_force_per_child",
            ),
        )
        indexes = (
            models.Index(
                fields=["decided_at"],
                condition=models.Q(undone_at=None, enacted_at=None),
                name="decision_to_enact",
            ),
        )


class EndReason(models.TextChoices):
    ENROLMENT = "enrolment", "入園"
    MOVE = "move", "転出"
    WITHDRAWAL = "withdrawal", "認定をおわる とどけ"
    REVOCATION = "revocation", "取消"


@pghistory.track()
class Certificate(models.Model):
    """認定証: this child may use the programme from `valid_from` to `valid_until`, both included."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=14, unique=True)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="certificates")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="certificate")
    decided_on = models.DateField()
    valid_from = models.DateField()
    valid_until = models.DateField()
    reduction = SealedText(default="")
    reduction_from = models.DateField(null=True)
    ended_on = models.DateField(null=True)  # the last day it was good for, when it ended early
    end_reason = models.CharField(max_length=10, choices=EndReason.choices, default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(valid_from__lte=models.F("valid_until")), name="certificate_span"
            ),
        )
        indexes = (models.Index(fields=["child", "valid_until"], name="certificate_of_child"),)

"""What a municipality is to the programme: who it is, when it opened, by which rules, who works there."""

from datetime import date

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from uuid_utils.compat import uuid7

USER = settings.AUTH_USER_MODEL
IMMUTABLE = (pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete),)


class Step(models.TextChoices):
    """The steps of the road that a municipality opens on a day of its own (利用の流れ)."""

    APPLICATIONS = "applications"  # 利用認定申請の受付
    CERTIFICATES = "certificates"  # 認定証の交付
    FACILITIES_PUBLIC = "facilities_public"  # 実施施設の公表
    INTERVIEWS = "interviews"  # 面談の予約
    USE = "use"


class Kind(models.TextChoices):
    CITY = "city"
    DESIGNATED = "designated"  # 政令指定都市: divided into wards that are not municipalities
    WARD_OF_TOKYO = "ward_of_tokyo"  # 特別区: a municipality of its own
    TOWN = "town"
    VILLAGE = "village"


class Municipality(models.Model):
    """One of the 1,741 municipalities (市区町村) that certify children; never a ward of a designated city."""

    code = models.CharField(max_length=6, primary_key=True)  # 全国地方公共団体コード with its check digit
    prefecture_code = models.CharField(max_length=2)
    prefecture = models.CharField(max_length=4)
    county = models.CharField(max_length=12, blank=True)  # 郡, or the island that stands in its place
    name = models.CharField(max_length=24)
    kana = models.CharField(max_length=48)
    kind = models.CharField(max_length=16, choices=Kind)

    class Meta:
        indexes = (models.Index(fields=["prefecture_code", "code"], name="municipality_by_prefecture"),)

    def __str__(self) -> str:
        return f"{self.prefecture}{self.name}"


class Ward(models.Model):
    """A ward (行政区) of a designated city: it has a code of its own, but its city certifies."""

    code = models.CharField(max_length=6, primary_key=True)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="wards")
    name = models.CharField(max_length=24)
    kana = models.CharField(max_length=48)

    def __str__(self) -> str:
        return f"{self.municipality}{self.name}"


@pghistory.track()
class Programme(models.Model):
    """How one municipality runs the programme here: which steps are open from when, and whom to ask."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    municipality = models.OneToOneField(Municipality, on_delete=models.PROTECT, related_name="programme")
    served = models.BooleanField(default=False)
    # The five steps of the road; empty means the day has not been announced.
    applications_from = models.DateField(null=True)
    certificates_from = models.DateField(null=True)
    facilities_public_from = models.DateField(null=True)
    interviews_from = models.DateField(null=True)
    use_from = models.DateField(null=True)
    office = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    opening_hours = models.CharField(max_length=120, blank=True)
    web_page = models.URLField(blank=True)
    mayor_title = models.CharField(max_length=30, blank=True)  # who signs the decisions (市長名)

    def opens_on(self, step: Step) -> date | None:
        """The day this step opens; None while it has not been announced."""
        opens: date | None = getattr(self, f"{step}_from")
        return opens


class PolicyVersion(models.Model):
    """The rules of one municipality from a day on; superseded by the next one, never edited."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="policies")
    in_force_from = models.DateField()
    settings = models.JSONField()  # rules.policy.Policy.to_dict()
    source_note = models.TextField()
    adopted_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["municipality", "in_force_from"], name="one_policy_per_day"),
        )
        triggers = IMMUTABLE


class NoticeText(models.Model):
    """Words that go with a decision, checked by the city's lawyer; without a municipality: for all."""

    class Kind(models.TextChoices):
        REMEDIES = "remedies"  # 教示: objection to the mayor, lawsuit
        POSTPONEMENT = "postponement"  # 延期通知
        HEARING = "hearing"  # 弁明の機会の付与, before a revocation

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    municipality = models.ForeignKey(
        Municipality, null=True, on_delete=models.PROTECT, related_name="notice_texts"
    )
    kind = models.CharField(max_length=16, choices=Kind)
    in_force_from = models.DateField()
    body = models.TextField()  # may name {city} and {mayor}

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["municipality", "kind", "in_force_from"],
                name="one_notice_text_per_day",
                nulls_distinct=False,
            ),
        )
        triggers = IMMUTABLE


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class ClosedDay(models.Model):
    """A day on which this municipality's offices do not work, besides weekends and national holidays."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="closed_days")
    date = models.DateField()
    name = models.CharField(max_length=60)
    announced_at = models.DateTimeField()  # a closure announced later never moves a deadline forward

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["municipality", "date"], name="one_closed_day_per_date"),
        )


@pghistory.track()
class Officer(models.Model):
    """A person of the municipality's office who works in this system."""

    class Role(models.TextChoices):
        VIEWER = "viewer", "閲覧"
        SCREENER = "screener", "審査担当"
        APPROVER = "approver", "決裁者"
        ADMIN = "admin", "管理者"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(USER, on_delete=models.PROTECT, related_name="officer")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="officers")
    role = models.CharField(max_length=16, choices=Role)
    name = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.name

    def may(self, role: Role) -> bool:
        """Each role may do what the ones before it may: viewer, screener, approver, admin."""
        order = list(self.Role)
        return order.index(self.Role(self.role)) >= order.index(role)

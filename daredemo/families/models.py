"""Guardians (保護者) and children (こども): who they are, what staff must know, who may know it."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from daredemo.facilities.models import Facility
from daredemo.municipalities.models import Municipality
from daredemo.sealed.fields import SealedJSON, SealedText


class Relation(models.TextChoices):
    FATHER = "father", _("父")
    MOTHER = "mother", _("母")
    FOSTER = "foster", _("里親")
    GRANDPARENT = "grandparent", _("祖父母")
    LEGAL = "legal", _("未成年後見人")
    OTHER = "other", _("その他")


@pghistory.track()
class Guardian(models.Model):
    """A certified guardian. The e-mail address belongs to the login (`accounts.User`)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="guardian")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    family_name = models.CharField(max_length=100)
    given_name = models.CharField(max_length=100, default="", blank=True)
    family_kana = models.CharField(max_length=100, default="", blank=True)
    given_kana = models.CharField(max_length=100, default="", blank=True)
    relation = models.CharField(max_length=12, choices=Relation.choices)
    post_code = models.CharField(max_length=7, default="", blank=True)
    address = SealedText(default="")
    phone = SealedText(default="")
    phone_index = models.CharField(max_length=64, default="", blank=True, db_index=True)
    created_at = models.DateTimeField()

    protected_at = models.DateTimeField(null=True)  # 支援措置

    only_helps = False  # set where the login is looked up: a 代理人 of every child, 保護者 of none

    @property
    def name(self) -> str:
        return f"{self.family_name} {self.given_name}".strip()

    @property
    def told_phone(self) -> str:
        """The telephone number as others are told it: none of a protected guardian."""
        return "" if self.protected_at else self.phone


@pghistory.track()
class Child(models.Model):
    """A child. `born` decides first and last day of use."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    family_name = models.CharField(max_length=100)
    given_name = models.CharField(max_length=100, default="", blank=True)
    family_kana = models.CharField(max_length=100, default="", blank=True)
    given_kana = models.CharField(max_length=100, default="", blank=True)
    call_name = models.CharField(max_length=100, default="", blank=True)
    born = models.DateField()
    enrolled_from = models.DateField(null=True)
    protected_at = models.DateTimeField(null=True)  # 支援措置: nobody else learns which nursery
    created_at = models.DateTimeField()
    guardians = models.ManyToManyField(
        Guardian, through="Guardianship", through_fields=("child", "guardian"), related_name="children"
    )

    class Meta:
        indexes = (models.Index(fields=["born"], name="child_by_birth"),)

    @property
    def name(self) -> str:
        return f"{self.family_name} {self.given_name}".strip()

    @property
    def called(self) -> str:
        """What the child is called on boards and in messages."""
        return self.call_name or self.given_name or self.family_name


class Part(models.TextChoices):
    """What somebody is to a child: a 保護者 answers for it, a 代理人 books, cancels and brings it."""

    GUARDIAN = "guardian", "保護者"
    PROXY = "proxy", "代理人"


class Guardianship(models.Model):
    """This guardian answers for this child, or helps, until ended."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, related_name="guardianships")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="guardianships")
    part = models.CharField(max_length=8, choices=Part.choices, default=Part.GUARDIAN)
    # Who let this person in; None: certified by a municipality.
    invited_by = models.ForeignKey(Guardian, on_delete=models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["guardian", "child"],
                condition=models.Q(ended_at=None),
                name="guardian_once_per_child",
            ),
        )


@pghistory.track()
class CareRecord(models.Model):
    """What staff must know of a child, once for all facilities: 「面談のまえに書いてください」."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    child = models.OneToOneField(Child, on_delete=models.CASCADE, related_name="care")
    allergies = SealedText(default="")
    no_allergies = models.BooleanField(default=False)
    health = SealedText(default="")
    development = SealedText(default="")
    doctor = SealedText(default="")
    emergency_contacts = SealedJSON(default=list)  # [{"name", "relation", "phone"}], first to call first
    pick_up_people = SealedText(default="")  # one a line
    answered_at = models.DateTimeField(null=True)


class ConsentKind(models.TextChoices):
    RECORD = "record", _("この園がこどもの記録を見ること")
    PHOTOS = "photos", _("写真")
    NOTES = "notes", _("ほかの園への短い申し送り")


class Consent(models.Model):
    """同意: given for one child and one facility; revoked at once, never deleted.

    `until` is its last day; without one it ends with the certificate.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="consents")
    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=ConsentKind.choices)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    until = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["child", "facility", "kind"],
                condition=models.Q(revoked_at=None),
                name="one_consent_in_force",
            ),
        )
        indexes = (
            models.Index(
                fields=["until"],
                condition=models.Q(revoked_at=None, until__isnull=False),
                name="consent_to_end",
            ),
        )

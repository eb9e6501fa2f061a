"""Logins: one person, one account per portal. Who the person is stands in the later steps."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from uuid_utils.compat import uuid7

from daredemo.sealed.fields import SealedText


class Portal(models.TextChoices):
    GUARDIAN = "guardian", "保護者"
    FACILITY = "facility", "施設"
    CITY = "city", "市町村"
    OPERATOR = "operator", "運用者"


class Users(BaseUserManager["User"]):
    """What Django's own parts need to find a login; logins are made by `actions`."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(login_id=username)


class User(AbstractBaseUser):
    """A login. `login_id` is 利用者ログインID for guardians, a chosen word for staff and officers."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    login_id = models.CharField(max_length=40, unique=True)
    portal = models.CharField(max_length=10, choices=Portal.choices)
    language = models.CharField(max_length=10, default="ja")
    email = SealedText(default="")
    email_index = models.CharField(max_length=64, default="", blank=True, db_index=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    password_changed_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "login_id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[Users] = Users()

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def needs_second_factor(self) -> bool:
        """Staff, officers and operators do; guardians only on a new device."""
        return self.portal != Portal.GUARDIAN

    # Django's permission questions; portals have gates of their own.
    def has_perm(self, perm: str, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return False

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002
        return False


class Purpose(models.TextChoices):
    PASSWORD = "password", "パスワードの設定"
    LOGIN_CODE = "login_code", "新しい端末の確認"
    ACTIVATION = "activation", "手紙の登録コード"


class OneTimeSecret(models.Model):
    """A link, code or letter code that works once (SHA-256 at rest, bound to its purpose)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField(default=5)
    used_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)


class TrustedDevice(models.Model):
    """A browser that has shown a mailed code once and is believed for 90 days."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    token_hash = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=100, default="")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

"""Messages promised to people. A row is the promise; delivery follows from the worker."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from daredemo.sealed.fields import SealedJSON, SealedText


class Channel(models.TextChoices):
    MAIL = "mail", "メール"
    PHONE = "phone", "電話"
    LETTER = "letter", "手紙"


class Status(models.TextChoices):
    PROMISED = "promised", "予定"
    QUEUED = "queued", "送信待ち"
    SENDING = "sending", "送信中"
    HANDED_OVER = "handed_over", "送信ずみ"
    DEAD = "dead", "届きませんでした"
    WITHDRAWN = "withdrawn", "とりやめ"


class Message(models.Model):
    """One message to one person."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=40)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )  # found by `message_to`
    address = SealedText(default="")
    language = models.CharField(max_length=10, default="ja")
    context = SealedJSON(default=dict)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.MAIL)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PROMISED)
    key = models.CharField(max_length=120, null=True)
    message_id = models.CharField(max_length=120)

    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="message_key")]
        indexes = [
            models.Index(fields=["due_at"], name="message_waiting", condition=Q(status="promised")),
            models.Index(fields=["settled_at"], name="message_dead", condition=Q(status="dead")),
            models.Index(
                fields=["queued_at"], name="message_under_way", condition=Q(status__in=["queued", "sending"])
            ),
            models.Index(fields=["to", "created_at"], name="message_to"),
        ]

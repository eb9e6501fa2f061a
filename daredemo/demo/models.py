"""What only the demo keeps."""

from django.db import models
from uuid_utils.compat import uuid7


class Mail(models.Model):
    """A mail that the demo's own mail server took instead of sending it to anybody."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    received_at = models.DateTimeField()
    recipients = models.CharField(max_length=1000)
    subject = models.CharField(max_length=500)
    source = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["-received_at", "-id"], name="mail_newest")]


class Clock(models.Model):
    """How far the demo's time runs ahead of the machine's. One row, read by web and worker alike."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    ahead = models.DurationField()

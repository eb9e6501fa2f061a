"""The address under which a family's own calendar program fetches its bookings."""

from django.db import models
from uuid_utils.compat import uuid7

from daredemo.families.models import Guardian


class Feed(models.Model):
    """カレンダーのアドレス: one for a guardian; only the hash of its secret is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    guardian = models.OneToOneField(Guardian, on_delete=models.CASCADE, related_name="feed")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True)

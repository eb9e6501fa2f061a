"""Who did or saw what: append-only, ids only, chained per day."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.fields.json import KT
from uuid_utils.compat import uuid7

# An entry is written once. Only the sweep that chains may fill the empty chain columns, and only once.
KEEP = pgtrigger.Trigger(
    name="append_only",
    when=pgtrigger.Before,
    operation=pgtrigger.Update | pgtrigger.Delete,
    func="""
        IF TG_OP = 'UPDATE' AND OLD.seq IS NULL AND NEW.seq IS NOT NULL
           AND (to_jsonb(OLD) - '{seq,chain_day,hash}'::text[])
             = (to_jsonb(NEW) - '{seq,chain_day,hash}'::text[]) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'audit entries are append-only';
    """,
)


class Entry(models.Model):
    """One thing done or seen. `facts` holds ids, numbers and code words, never a name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )  # found by `audit_by`
    actor = models.CharField(max_length=40, default="", blank=True)
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60, default="", blank=True)
    subject_id = models.CharField(max_length=40, default="", blank=True)
    facts = models.JSONField(default=dict)

    chain_day = models.DateField(null=True)
    seq = models.PositiveIntegerField(null=True)
    hash = models.BinaryField(max_length=32, null=True)

    class Meta:
        triggers = [KEEP]
        constraints = [
            models.UniqueConstraint(
                fields=["chain_day", "seq"],
                name="audit_one_place_in_the_chain",
                condition=~models.Q(seq=None),
            ),
        ]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "at"], name="audit_subject"),
            models.Index(KT("facts__child"), "at", name="audit_child"),
            models.Index(fields=["by", "at"], name="audit_by"),
            models.Index(fields=["id"], name="audit_unchained", condition=models.Q(seq=None)),
        ]


class ChainDay(models.Model):
    """The end of one day's chain; days are linked by `before`, and `seal` proves the row itself."""

    day = models.DateField(primary_key=True)
    before = models.BinaryField(max_length=32)
    count = models.PositiveIntegerField(default=0)
    head = models.BinaryField(max_length=32)
    seal = models.BinaryField(max_length=32)

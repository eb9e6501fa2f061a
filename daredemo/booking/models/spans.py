"""A child is in one place at a time: the constraint that says so, for whatever keeps a span of time."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db.models import F, Func, Q


def one_at_a_time(name: str, holding: Q) -> ExclusionConstraint:
    """No two rows that hold overlap for one child, in [starts_at, ends_at)."""
    span = Func(
        F("starts_at"), F("ends_at"), RangeBoundary(), function="tstzrange", output_field=DateTimeRangeField()
    )
    return ExclusionConstraint(
        name=name,
        expressions=[("child", RangeOperators.EQUAL), (span, RangeOperators.OVERLAPS)],
        condition=holding,
    )

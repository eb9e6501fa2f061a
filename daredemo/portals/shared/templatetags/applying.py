"""`{% load applying %}`: the answers of an application in words."""

from django import template

from daredemo.certification import numbers
from daredemo.portals.shared import applying

register = template.Library()

for name in ("relation", "enrolment", "reduction", "notice", "end_reason", "part"):
    choices = getattr(applying, f"{name}s".upper())
    register.filter(f"{name}_word", lambda value, choices=choices: applying.word(choices, value or ""))


@register.filter
def postcode(value: str) -> str:
    """4368650 → 436-8650"""
    return f"{value[:3]}-{value[3:]}" if len(value or "") == 7 else value


@register.filter
def application_number(value: str) -> str:
    """A123456789 → A123-456-789, to be read out."""
    return numbers.written(value or "")

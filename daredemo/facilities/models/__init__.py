"""Facilities (施設): what they say about themselves, and who works there."""

from daredemo.facilities.models.profile import (
    Approval,
    Extra,
    Facility,
    FacilityClosure,
    Kind,
    Member,
    PosterCode,
    Provider,
    Role,
    Tariff,
    WeeklyPattern,
)

__all__ = [
    "Approval", "Extra", "Facility", "FacilityClosure", "Kind", "Member", "PosterCode", "Provider", "Role",
    "Tariff", "WeeklyPattern",
]  # fmt: skip

"""Facilities (施設): what they say about themselves, and who works there."""

from daredemo.facilities.models.profile import (
    Approval,
    Care,
    ClosedHours,
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
from daredemo.facilities.models.roster import (
    Carer,
    Duty,
    Enrolled,
    EnrolledDay,
    Form,
    Premises,
    Shift,
)

__all__ = [
    "Approval",
    "Care",
    "Carer",
    "ClosedHours",
    "Duty",
    "Enrolled",
    "EnrolledDay",
    "Extra",
    "Facility",
    "FacilityClosure",
    "Form",
    "Kind",
    "Member",
    "PosterCode",
    "Premises",
    "Provider",
    "Role",
    "Shift",
    "Tariff",
    "WeeklyPattern",
]

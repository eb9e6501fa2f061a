"""Facilities as families find them and as their staff run them."""

from daredemo.facilities.queries.finding import (
    Offer,
    Point,
    Search,
    find,
    listed,
    matching,
    offers,
    prefectures,
    towns,
)
from daredemo.facilities.queries.profile import (
    Approval,
    check_sessions,
    closures_between,
    closures_from,
    code_by_token,
    code_in_force,
    extra_of,
    extras_from,
    extras_on,
    facility,
    facility_called,
    member_of,
    patterns_between,
    patterns_from,
    patterns_on,
    published,
    sessions_on,
    tariff_on,
    tariffs_from,
    uses,
    window_of,
)
from daredemo.facilities.queries.roster import (
    Form,
    carer_of,
    carers_of,
    enrolled_days_from,
    enrolled_from,
    premises_of,
    roster_between,
    shifts_from,
)

__all__ = [
    "Approval", "Form", "Offer", "Point", "Search", "carer_of", "carers_of", "check_sessions",
    "closures_between", "closures_from", "code_by_token", "code_in_force", "enrolled_days_from",
    "enrolled_from", "extra_of", "extras_from", "extras_on", "facility", "facility_called", "find",
    "listed", "matching", "member_of", "offers", "patterns_between", "patterns_from", "patterns_on",
    "prefectures", "premises_of", "published", "roster_between", "sessions_on", "shifts_from",
    "tariff_on", "tariffs_from", "towns", "uses", "window_of",
]  # fmt: skip

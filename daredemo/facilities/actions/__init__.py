"""What a facility decides about itself. Opening and closing days belongs to booking, which has the days."""

from daredemo.facilities.actions.profile import (
    PROFILE_FIELDS,
    Span,
    add_extra,
    add_member,
    edit_profile,
    end_extra,
    end_patterns,
    issue_code,
    publish,
    set_pattern,
    set_price,
    set_weekday,
)

__all__ = [
    "PROFILE_FIELDS", "Span", "add_extra", "add_member", "edit_profile", "end_extra", "end_patterns",
    "issue_code", "publish", "set_pattern", "set_price", "set_weekday",
]  # fmt: skip

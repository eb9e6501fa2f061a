"""What a facility decides about itself. Opening and closing days belongs to booking, which has the days."""

from daredemo.facilities.actions.beginning import add_facility, employ
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
from daredemo.facilities.actions.roster import (
    PREMISES_FIELDS,
    Days,
    add_carer,
    clear_duty,
    clear_enrolled_day,
    describe_premises,
    edit_carer,
    end_carer,
    set_duty,
    set_enrolled,
    set_enrolled_day,
    set_shifts,
    use_roster,
)

__all__ = [
    "PREMISES_FIELDS", "PROFILE_FIELDS", "Days", "Span", "add_carer", "add_extra", "add_facility",
    "add_member", "clear_duty", "clear_enrolled_day", "describe_premises", "edit_carer", "edit_profile",
    "employ", "end_carer", "end_extra", "end_patterns", "issue_code", "publish", "set_duty", "set_enrolled",
    "set_enrolled_day", "set_pattern", "set_price", "set_shifts", "set_weekday", "use_roster",
]  # fmt: skip

"""The waiting list in a family's words: about where in line, and for how long a place is kept."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from daredemo.languages.words import hours
from daredemo.rules import waiting

if TYPE_CHECKING:
    from daredemo.rules.policy_waiting import WaitingList


def band(place: int, rule: "WaitingList") -> str:
    """1〜3番目, 4〜10番目, 11番目以降"""
    first, last = waiting.band(place, rule)
    if last is None:
        return _("%(first)d番目以降") % {"first": first}
    return _("%(first)d〜%(last)d番目") % {"first": first, "last": last}


def holds(rule: "WaitingList") -> list[tuple[str, str]]:
    """How far ahead, and how long a place is kept then: 「72時間より前」「12時間」."""
    return [
        (
            (_("%(ahead)d時間より前") if one.beyond else _("%(ahead)d時間前まで"))
            % {"ahead": one.hours_ahead},
            hours(one.minutes),
        )
        for one in rule.holds
    ]

"""登園・降園の時刻をなおす: times of the day of the booking, and why."""

from datetime import date, datetime, time

from django.utils.translation import gettext_lazy as _

from daredemo.portals.shared.forms import Form, Line, TimeField
from daredemo.rules.hours import JST


class CorrectForm(Form):
    """Cleaned into the arguments of `repair.correct`; empty times mean 「まだ」."""

    received_at = TimeField(label=_("登園した時刻"), required=False)
    handed_over_at = TimeField(label=_("降園した時刻"), required=False)
    reason = Line(label=_("なおす理由"))

    def __init__(self, *given: object, day: date, **options: object) -> None:
        self.day = day
        super().__init__(*given, **options)

    def clean_received_at(self) -> datetime | None:
        return at(self.day, self.cleaned_data["received_at"])

    def clean_handed_over_at(self) -> datetime | None:
        return at(self.day, self.cleaned_data["handed_over_at"])


class CheckOutForm(Form):
    """When the child left, as a person remembers it."""

    at = TimeField(label=_("降園した時刻"))

    def __init__(self, *given: object, day: date, **options: object) -> None:
        self.day = day
        super().__init__(*given, **options)

    def clean_at(self) -> datetime | None:
        return at(self.day, self.cleaned_data["at"])


def at(day: date, clock: time | None) -> datetime | None:
    """That time on the day of the booking, in Japan."""
    return datetime.combine(day, clock, JST) if clock is not None else None

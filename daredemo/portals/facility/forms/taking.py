"""What staff say when a family books by telephone, or comes today: day, time, length, for how many weeks."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daredemo.languages.words import hours, jdate
from daredemo.portals.shared.forms import Form, TimeField
from daredemo.rules.hours import JST

WEEK = timedelta(days=7)
WEEKS = (1, 2, 3, 4, 6, 8)


class TakingForm(Form):
    """Its cleaned data: `starts`, one instant for each week, and `minutes`."""

    day = forms.ChoiceField(label=_("日"))
    start = TimeField(label=_("はじまり"), help_text=_("例: 9:00"))
    minutes = forms.TypedChoiceField(label=_("利用する時間"), coerce=int)
    weeks = forms.TypedChoiceField(label=_("毎週"), coerce=int, initial=1)

    def __init__(self, *given: Any, days: Sequence[date], lengths: Sequence[int], **options: Any) -> None:
        super().__init__(*given, **options)
        choices: dict[str, list[tuple[str, str]]] = {
            "day": [(day.isoformat(), jdate(day)) for day in days],
            "minutes": [(str(length), hours(length)) for length in lengths],
            "weeks": [(str(n), str(_("1回だけ") if n == 1 else _("%(n)d週") % {"n": n})) for n in WEEKS],
        }
        if days:
            self.fields["day"].help_text = _("%(day)sまで") % {"day": jdate(days[-1])}
        for name, offered in choices.items():
            if name not in self.fields:
                continue
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if self.errors:
            return said
        first = datetime.combine(date.fromisoformat(said["day"]), said["start"], JST)
        return {"starts": [first + WEEK * n for n in range(said.get("weeks", 1))], "minutes": said["minutes"]}


class MovingForm(TakingForm):
    """Another time for one booking."""

    weeks = None  # type: ignore[assignment]

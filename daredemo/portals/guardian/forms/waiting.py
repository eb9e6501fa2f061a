"""What a family says when it waits for a place, and when it takes one that is kept for it."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from daredemo.languages.words import hours, jtime
from daredemo.portals.guardian import asking
from daredemo.portals.shared.forms import Form

if TYPE_CHECKING:
    from daredemo.booking.queries import Waitable


class WaitForm(Form):
    """Its cleaned data are arguments of `booking.join`: `since`, `until` and `minutes`."""

    since = forms.ChoiceField(label=_("何時から"))
    until = forms.ChoiceField(label=_("何時まで"))
    minutes = forms.TypedChoiceField(
        label=_("短くても これだけは 使いたい"), coerce=int, widget=forms.RadioSelect
    )

    def __init__(self, *given: Any, day: date, offered: "Waitable", **options: Any) -> None:
        super().__init__(*given, **options)
        self.day = day
        choices: dict[str, Sequence[tuple[str, str]]] = {
            "since": [(jtime(start), jtime(start)) for start in offered.starts],
            "until": [(jtime(end), jtime(end)) for end in offered.ends],
            "minutes": [(str(length), hours(length)) for length in offered.lengths],
        }
        first = {"since": 0, "until": -1, "minutes": 0}
        for name, some in choices.items():
            self.fields[name].choices = some  # type: ignore[attr-defined]
            self.fields[name].initial = some[first[name]][0]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if self.errors:
            return said
        day = self.day.isoformat()
        since, until = (asking.read({"day": day, "start": said[name]}).start for name in ("since", "until"))
        if since is None or until is None:
            raise ValidationError(_("時間を えらんでください。"), code="unread")
        return {"since": since, "until": until, "minutes": said["minutes"]}


class TakeForm(Form):
    """Its cleaned data are arguments of `booking.accept`."""

    request_key = forms.UUIDField()
    agreed = forms.UUIDField(required=False)
    wants_advice = forms.BooleanField(required=False, label=_("育児相談をしたい"))

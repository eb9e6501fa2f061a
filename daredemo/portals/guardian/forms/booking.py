"""What a family sends when it books, and when it cancels."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from daredemo.portals.guardian import asking
from daredemo.portals.shared.forms import Form

CHOOSE_TIME = _("はじまりの時間を えらんでください。")
CAUSES = (("family", _("家の つごう")), ("illness", _("からだの 調子がわるい")))


class BookForm(Form):
    """Its cleaned data are the arguments of `booking.book`; day and start become one instant."""

    child = forms.UUIDField()
    day = forms.CharField(max_length=10, error_messages={"required": CHOOSE_TIME})
    start = forms.CharField(max_length=5, error_messages={"required": CHOOSE_TIME})
    minutes = forms.IntegerField(min_value=1, max_value=24 * 60)
    request_key = forms.UUIDField()
    agreed = forms.UUIDField(required=False)
    wants_advice = forms.BooleanField(required=False, label=_("育児相談をしたい"))

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        choice = asking.read({name: answers.get(name) for name in ("day", "start")})
        if not self.errors and choice.start is None:
            raise ValidationError(CHOOSE_TIME, code="unread")
        kept = ("child", "minutes", "request_key", "agreed", "wants_advice")
        return {"starts_at": choice.start, **{name: answers.get(name) for name in kept}}

    @property
    def again(self) -> str:
        """What was chosen, as the query of the check page's address."""
        names = ("child", "day", "start", "minutes", "wants_advice")
        return urlencode({name: self.data[name] for name in names if name in self.data})


class ChangeForm(BookForm):
    """Its cleaned data are the arguments of `booking.change`; the child is that of the booking."""

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        return {name: said.get(name) for name in ("starts_at", "minutes", "request_key", "agreed")}


LOOK = "look"


class TogetherForm(Form):
    """All of a list, or the possible ones, or only a look; what the list holds stands in the same form."""

    which = forms.ChoiceField(choices=(("all", ""), ("possible", ""), (LOOK, "")))
    request_key = forms.UUIDField()
    agreed = forms.UUIDField(required=False)


class CancelForm(Form):
    """Why, and which consequence stood on the screen when the button was pressed."""

    cause = forms.ChoiceField(
        label=_("やすむ わけ"),
        choices=CAUSES,
        initial="family",
        widget=forms.RadioSelect,
    )
    seen = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)


def months_choice(text: str | None, months: list[date], default: date) -> date:
    """「2026-04」 from an address: one of the months there are, else the default."""
    try:
        found = datetime.strptime(text or "", "%Y-%m").date()  # noqa: DTZ007  a month, no instant
    except ValueError:
        return default
    return found if found in months else default

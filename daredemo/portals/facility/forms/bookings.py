"""What staff say about bookings: answers to requests, calls they took, days that do not take place."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from daredemo.interviews import queries as interviews
from daredemo.portals.facility.forms.interviews import Words
from daredemo.portals.shared.forms import DateField, Form, Line, TimeField
from daredemo.rules.hours import JST

CAUSES = (("family", _("家のつごう")), ("illness", _("体調がわるい")))


class ApproveForm(Form):
    words = Words(
        label=_("ご家族へのひとこと"),
        help_text=_("メールにも書かれます。例: 帽子を持ってきてください。"),
        lines=2,
        required=False,
        max_length=500,
    )


class DeclineForm(Form):
    """正当な理由 from the closed list, and a sentence that the family will read."""

    ground = forms.ChoiceField(
        label=_("理由"),
        choices=interviews.Ground.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("理由を えらんでください。")},
    )
    words = Words(
        label=_("ご家族に伝える文"),
        help_text=_("なぜ受け入れられないかを、短く書いてください。"),
        lines=3,
        max_length=500,
    )


class CancelForm(Form):
    """The facility's own cause: the words that the family will read."""

    words = Words(
        label=_("ご家族に伝える文"),
        help_text=_("例: 職員が足りず、この日は受け入れができなくなりました。申しわけありません。"),
        lines=3,
        max_length=500,
    )


class CallForm(Form):
    """「電話あり」: when the family phoned; day and time become one instant."""

    day = DateField(label=_("電話の日"))
    time = TimeField(label=_("電話の時刻"), help_text=_("例: 9:30"))
    reason = Line(label=_("メモ"), help_text=_("例: 朝、お母さんから電話"), max_length=200)

    def __init__(self, *given: Any, today: date, **options: Any) -> None:
        options.setdefault("initial", {})
        options["initial"] = {"day": today, **options["initial"]}
        super().__init__(*given, **options)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if self.errors:
            return answers
        day, time = answers.pop("day"), answers.pop("time")
        try:
            called_at = datetime.combine(day, time, JST)
        except OverflowError as wrong:
            raise ValidationError(_("日づけを たしかめてください。"), code="day") from wrong
        return {"called_at": called_at, **answers}


class PhonedForm(CallForm):
    """A cancellation that the family asked for on the telephone."""

    cause = forms.ChoiceField(label=_("わけ"), choices=CAUSES, widget=forms.RadioSelect, initial="family")

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if not self.errors:
            answers["call_reason"] = answers.pop("reason")
        return answers

"""What a family tells when it asks for a first interview."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from daredemo.interviews import queries as interviews
from daredemo.portals.shared.forms import Form, Text
from daredemo.rules.refusal import Reason

if TYPE_CHECKING:
    from daredemo.facilities.models import Facility
    from daredemo.families.models import Child
    from daredemo.interviews.models import InterviewTime

TAKEN = _("この時間は、ほかの方の申しこみが入りました。べつの時間を えらんでください。")
NO_TIME = _("えらんでください。")


class RequestForm(Form):
    """Its fields are the arguments of `interviews.request`."""

    children = forms.MultipleChoiceField(
        label=_("面談に行くお子さん"),
        widget=forms.CheckboxSelectMultiple,
    )
    time = forms.CharField(label=_("面談の時間"), max_length=36, error_messages={"required": NO_TIME})
    note = Text(
        label=_("園につたえたいこと"),
        help_text=_("通いたい曜日、気になること、いっしょに行く人など。"),
        lines=4,
        required=False,
        max_length=1000,
    )
    wants_advice = forms.BooleanField(label=_("育児相談をしたい"), required=False)
    consent = forms.BooleanField(
        label=_("① この園が、こどもの記録を見ることに同意します"),
        help_text=_("アレルギー、体のこと、緊急の連絡先などです。"),
        error_messages={"required": _("面談には、この同意が必要です。")},
    )
    photos = forms.BooleanField(label=_("② 園での ようすの写真を とることに同意します"), required=False)
    notes = forms.BooleanField(label=_("③ ほかの園に、短い申し送りをすることに同意します"), required=False)
    refusals_of_time: ClassVar[tuple[Reason, ...]] = (Reason.INTERVIEW_TIME_TAKEN, Reason.IN_THE_PAST)

    def __init__(
        self, *given: Any, facility: "Facility", children: "list[Child]", now: datetime, **options: Any
    ) -> None:
        super().__init__(*given, **options)
        self.facility, self.now = facility, now
        self.own = {str(child.pk): child for child in children}
        names = [(pk, _("%(child)sさん") % {"child": child.called}) for pk, child in self.own.items()]
        self.fields["children"].choices = names  # type: ignore[attr-defined]
        if len(names) == 1:
            self.fields["children"].initial = [names[0][0]]

    def clean_children(self) -> "list[Child]":
        return [self.own[pk] for pk in self.cleaned_data["children"]]

    def clean_time(self) -> "InterviewTime":
        try:
            wanted = UUID(self.cleaned_data["time"])
        except ValueError as wrong:
            raise ValidationError(NO_TIME, code="unknown") from wrong
        found = interviews.free_time(self.facility, wanted, self.now)
        if found is None:
            raise ValidationError(TAKEN, code="taken")
        return found

    @property
    def lost_its_time(self) -> bool:
        """Was the time gone, when it was sent?"""
        gone = self.has_error("time", "taken")
        return gone or (self.refused is not None and self.refused.reason in self.refusals_of_time)

"""What staff say about interviews: times offered, answers to families, what came out."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from daredemo.interviews import queries as interviews
from daredemo.languages.words import jdate, jspan, jtime
from daredemo.portals.shared.forms import CHOOSE, REQUIRED, DateField, Form, Text
from daredemo.rules.hours import JST

if TYPE_CHECKING:
    from daredemo.interviews.models import InterviewTime

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
LONGEST_SPAN = timedelta(days=92)
HALF_HOURS = [time(hour, minute) for hour in range(8, 19) for minute in (0, 30)]
MINUTES = ((30, _("30分")), (45, _("45分")), (60, _("60分")))
ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)


class Words(Text):
    """What a family gets by mail: addresses of other sites would make the mail look like a fraud."""

    def shape(self, text: str) -> str:
        if ADDRESS.search(text):
            raise ValidationError(_("ホームページのアドレス(URL)は書けません。"), code="address")
        return text


class OfferForm(Form):
    """A span of days × weekdays × times; cleaned into the arguments of `interviews.offer_times`."""

    since = DateField(label=_("はじめの日"))
    until = DateField(label=_("おわりの日"))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("曜日"),
        coerce=int,
        choices=[(day, WEEKDAYS[day]) for day in range(6)],
        widget=forms.CheckboxSelectMultiple,
    )
    times = forms.MultipleChoiceField(
        label=_("はじまる時刻"),
        choices=[(f"{at:%H:%M}", jtime(at)) for at in HALF_HOURS],
        widget=forms.CheckboxSelectMultiple,
    )
    minutes = forms.TypedChoiceField(
        label=_("1回の長さ"), coerce=int, choices=MINUTES, widget=forms.RadioSelect, initial=30
    )

    def __init__(self, *given: Any, today: date, closed: Iterable[date], **options: Any) -> None:
        month = {"since": today + DAY, "until": today + 4 * WEEK}
        super().__init__(*given, initial=month, **options)
        self.today, self.closed = today, set(closed)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        since, until = answers.get("since"), answers.get("until")
        if since and until:
            self._span(since, until)
        if answers.get("times") and answers.get("minutes"):
            self._apart(answers["times"], answers["minutes"])
        if self.errors:
            return answers
        starts = list(self._starts(answers))
        if not starts:
            self.add_error("weekdays", _("この期間には、あてはまる日がありません。"))
        return {"starts": starts, "minutes": answers["minutes"]}

    def _span(self, since: date, until: date) -> None:
        if until < self.today:
            self.add_error("until", _("もう すぎた日です。"))
        if until < since:
            self.add_error("until", _("おわりの日は、はじめの日よりあとにしてください。"))
        elif until - since > LONGEST_SPAN:
            self.add_error("until", _("一度に出せるのは3か月分までです。"))

    def _apart(self, times: list[str], minutes: int) -> None:
        starts = sorted(int(at[:2]) * 60 + int(at[3:]) for at in times)
        if any(later - earlier < minutes for earlier, later in pairwise(starts)):
            self.add_error("times", _("時間が重なっています。1回の長さより、間をあけてください。"))

    def _starts(self, answers: dict[str, Any]) -> Iterable[datetime]:
        day = max(answers["since"], self.today)
        while day <= answers["until"]:
            if day.weekday() in answers["weekdays"] and day not in self.closed:
                yield from (datetime.combine(day, time.fromisoformat(at), JST) for at in answers["times"])
            day += DAY


class ConfirmForm(Form):
    words = Words(
        label=_("ご家族へのひとこと"),
        help_text=_("メールにも書かれます。例: 駐車場は園の東側です。"),
        lines=2,
        required=False,
        max_length=500,
    )


class ProposeForm(Form):
    """Another of the facility's own times."""

    time = forms.ChoiceField(label=_("べつの日時"))
    words = Words(label=_("ご家族へのひとこと"), lines=2, required=False, max_length=500)

    def __init__(self, *given: Any, free: "Iterable[InterviewTime]", **options: Any) -> None:
        super().__init__(*given, **options)
        self.free = {str(one.pk): one for one in free}
        self.fields["time"].choices = [  # type: ignore[attr-defined]
            ("", _("えらんでください")),
            *(
                (pk, f"{jdate(at.starts_at)} {jspan(at.starts_at, at.ends_at)}")
                for pk, at in self.free.items()
            ),
        ]

    def clean_time(self) -> "InterviewTime":
        return self.free[self.cleaned_data["time"]]


class DeclineForm(Form):
    """正当な理由 from the closed list, and a sentence that the family will read."""

    ground = forms.ChoiceField(
        label=_("理由"),
        choices=interviews.Ground.choices,
        widget=forms.RadioSelect,
    )
    reason = Words(
        label=_("ご家族に伝える文"),
        help_text=_("何を調べて、なぜそう考えたかを、短く書いてください。"),
        lines=3,
        max_length=500,
    )


class OutcomeForm(Form):
    """What came out for one child; declining asks for the ground and the sentence."""

    outcome = forms.ChoiceField(
        label=_("結果"),
        choices=[one for one in interviews.Outcome.choices if one[0] != interviews.Outcome.OPEN],
        widget=forms.RadioSelect,
    )
    explained = forms.MultipleChoiceField(
        label=_("ご家族に説明したこと"),
        choices=interviews.Topics.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    ground = forms.ChoiceField(
        label=_("受け入れられない理由"),
        choices=interviews.Ground.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    reason = Words(
        label=_("受け入れられないとき、ご家族に伝える文"),
        help_text=_("何を調べて、なぜそう考えたかを、短く書いてください。"),
        lines=3,
        required=False,
        max_length=500,
    )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if answers.get("outcome") == interviews.Outcome.DECLINED:
            if not answers.get("ground") and "ground" not in self.errors:
                self.add_error("ground", CHOOSE)
            if not answers.get("reason") and "reason" not in self.errors:
                self.add_error("reason", REQUIRED)
        return answers

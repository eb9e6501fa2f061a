"""When a facility takes children: a weekday's places from a date on, and days off."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daredemo.facilities.actions import Span
from daredemo.languages.words import jtime
from daredemo.portals.facility.forms.profile import number
from daredemo.portals.shared.forms import DateField, Form, Line
from daredemo.rules.hours import JST, at_clock

if TYPE_CHECKING:
    from daredemo.facilities.models import WeeklyPattern

SPANS = (1, 2)
AGES = (0, 1, 2)
FARTHEST = timedelta(days=366)
TIMES = [time(hour, minute) for hour in range(6, 22) for minute in (0, 30)]
CHOICES = [("", "—"), *((f"{at:%H:%M}", jtime(at)) for at in TIMES)]
WORDS = {
    "invalid_choice": _("時刻を えらんでください。"),
    "required": _("時間を えらぶか、「この曜日は受け入れない」を えらんでください。"),
}
MOST = 99


def clock(label: Any, **options: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=CHOICES,
        coerce=time.fromisoformat,
        empty_value=None,
        error_messages=WORDS,
        **options,
    )


class WeekdayForm(Form):
    """Up to two spans (a break lies between them); cleaned into the arguments of `facilities.set_weekday`."""

    closed = forms.BooleanField(label=_("この曜日は受け入れない"), required=False)
    starts_1, ends_1 = clock(_("はじまり")), clock(_("おわり"))
    places_1 = number(_("全部で何人"), 0, MOST)
    age_0_1, age_1_1, age_2_1 = (number(_("%(age)d歳") % {"age": n}, 0, MOST, required=False) for n in AGES)
    starts_2, ends_2 = clock(_("はじまり"), required=False), clock(_("おわり"), required=False)
    places_2 = number(_("全部で何人"), 0, MOST, required=False)
    age_0_2, age_1_2, age_2_2 = (number(_("%(age)d歳") % {"age": n}, 0, MOST, required=False) for n in AGES)
    valid_from = DateField(label=_("いつから"))

    def __init__(self, *given: Any, today: date, **options: Any) -> None:
        super().__init__(*given, **options)
        self.today = today
        if self.data.get("closed"):
            for name in ("starts_1", "ends_1", "places_1"):
                self.fields[name].required = False

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if not self.today <= day <= self.today + FARTHEST:
            raise forms.ValidationError(_("きょうから1年までの日にしてください。"), code="day")
        return day

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        spans = [] if answers.get("closed") else [span for n in SPANS if (span := self._span(answers, n))]
        if len(spans) == len(SPANS) and spans[0].ends > spans[1].starts:
            self.add_error("starts_2", _("2つめの時間は、1つめが終わってからにしてください。"))
        return answers if self.errors else {"spans": spans, "valid_from": answers["valid_from"]}

    def _span(self, answers: dict[str, Any], n: int) -> Span | None:
        starts, ends, places = (answers.get(f"{name}_{n}") for name in ("starts", "ends", "places"))
        if n > 1 and starts is None and ends is None and places is None:
            return None
        if {f"{name}_{n}" for name in ("starts", "ends", "places")} & set(self.errors):
            return None
        if starts is None or ends is None or starts >= ends:
            self.add_error(f"ends_{n}", _("はじまりより あとの時刻を えらんでください。"))
            return None
        if places is None:
            self.add_error(f"places_{n}", _("人数を入力してください。"))
            return None
        by_age = tuple(answers.get(f"age_{age}_{n}") for age in AGES)
        return Span(starts, ends, places, by_age)  # type: ignore[arg-type]

    @property
    def pairs(self) -> list[dict[str, Any]]:
        """The fields of each span, for the page."""
        return [
            {
                "n": n,
                "starts": self[f"starts_{n}"],
                "ends": self[f"ends_{n}"],
                "places": self[f"places_{n}"],
                "ages": [self[f"age_{age}_{n}"] for age in AGES],
            }
            for n in SPANS
        ]


def before(patterns: "Iterable[WeeklyPattern]") -> dict[str, Any]:
    """What the weekday offers now, as the form's first answers."""
    initial: dict[str, Any] = {}
    for n, pattern in zip(SPANS, patterns, strict=False):
        initial |= {f"starts_{n}": f"{pattern.starts:%H:%M}", f"ends_{n}": f"{pattern.ends:%H:%M}"}
        initial[f"places_{n}"] = pattern.places
        for age in AGES:
            initial[f"age_{age}_{n}"] = getattr(pattern, f"places_age_{age}")
    return initial


class ClosureForm(Form):
    """A day off, or hours of it, with the reason that families read.

    Cleaned into the arguments of `booking.close_day` or, where `is_part`, of `booking.close_hours`.
    """

    day = DateField(label=_("休む日"))
    starts, ends = clock(_("はじまり"), required=False), clock(_("おわり"), required=False)
    reason = Line(
        label=_("理由"),
        help_text=_("ご家族へのお知らせに書かれます。例: 職員研修、感染症のため"),
        max_length=100,
    )

    def __init__(self, *given: Any, today: date, **options: Any) -> None:
        super().__init__(*given, **options)
        self.today = today

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not self.today <= day <= self.today + FARTHEST:
            raise forms.ValidationError(_("きょうから1年までの日にしてください。"), code="day")
        return day

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        starts, ends = answers.pop("starts", None), answers.pop("ends", None)
        is_chosen = self.is_part and not {"starts", "ends"} & set(self.errors)
        if is_chosen and (starts is None or ends is None or starts >= ends):
            self.add_error("ends", _("はじまりより あとの時刻を えらんでください。"))
        if self.errors:
            return answers
        day = answers["day"]
        self.span = at_clock(day, "00:00"), at_clock(day, "24:00")
        if not self.is_part:
            return answers
        self.span = datetime.combine(day, starts, JST), datetime.combine(day, ends, JST)
        return {"starts_at": self.span[0], "ends_at": self.span[1], "reason": answers["reason"]}

    @property
    def is_part(self) -> bool:
        """Only some hours of the day."""
        return bool(self.data.get("starts") or self.data.get("ends"))

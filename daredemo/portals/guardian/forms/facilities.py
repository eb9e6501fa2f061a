"""What a family looks for in a facility."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daredemo.languages.words import hours, weekdays
from daredemo.portals.shared.forms import Form, Line, PostcodeField
from daredemo.portals.shared.sheets import CARES, LANGUAGES

if TYPE_CHECKING:
    from daredemo.families.models import Child
    from daredemo.municipalities.models import Municipality
    from daredemo.municipalities.tables import PrefectureRow

AGES = (("0", _("0歳")), ("1", _("1歳")), ("2", _("2歳")))
LENGTH = 100
OPENS, CLOSES = 7, 19
CLOCKS = [(str(hour * 60), f"{hour}:00") for hour in range(OPENS, CLOSES + 1)]
LENGTHS = (60, 120, 180, 240, 300, 360)
JAPAN = {"lat": (20, 46), "lon": (122, 154)}  # degrees
DISTANCES, USUAL = (2, 5, 10, 20, 50), 10  # km
AHEAD = timedelta(days=92)
TIMES = ("free", "minutes", "after", "before")  # what is free at a time depends on the age


def degrees(name: str) -> forms.FloatField:
    """Filled in by the phone; what it cannot be is not said, only left out."""
    low, high = JAPAN[name]
    return forms.FloatField(required=False, min_value=low, max_value=high, widget=forms.HiddenInput)


def number(label: Any, otherwise: int) -> forms.TypedChoiceField:
    """A number, of minutes mostly, with what is meant where nothing is chosen."""
    return forms.TypedChoiceField(label=label, required=False, coerce=int, empty_value=otherwise)  # type: ignore[arg-type]


class DayField(forms.DateField):
    """One day in the address as 2026-04-13; browsers bring their own calendar for it."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "w12"})

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], required=False, **options)


class SearchForm(Form):
    """All fields are free; in the address as ?who=1&weekday=1&weekday=3&minutes=120&after=540&free=on…

    Times are minutes of the day; `lat` and `lon` are where the phone is; ?view=map shows the map.
    """

    who = forms.ChoiceField(label=_("お子さん・年齢"), required=False)
    minutes = number(_("使いたい長さ"), 60)
    day = DayField(label=_("通いたい日"))
    weekday = forms.TypedMultipleChoiceField(
        label=_("通いたい曜日"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    after = number(_("何時から"), 0)
    before = number(_("何時まで"), 24 * 60)
    free = forms.BooleanField(label=_("空きのある園だけ"), required=False)
    code = PostcodeField(label=_("郵便番号"), required=False, help_text=_("この近くの園から 順に出ます。"))
    km = number(_("きょり"), USUAL)
    area = forms.ChoiceField(label=_("都道府県"), required=False)
    town = forms.ChoiceField(label=_("市町村"), required=False)
    words = Line(label=_("園の名前・住所"), required=False, max_length=LENGTH)
    language = forms.ChoiceField(label=_("園で話せることば"), required=False)
    care = forms.MultipleChoiceField(
        label=_("園に できてほしいこと"),
        required=False,
        choices=CARES.items(),
        widget=forms.CheckboxSelectMultiple,
    )
    meals = forms.BooleanField(label=_("給食のある園だけ"), required=False)
    view = forms.ChoiceField(required=False, choices=[("", ""), ("map", "")], widget=forms.HiddenInput)
    lat, lon = degrees("lat"), degrees("lon")

    def __init__(
        self,
        *given: Any,
        areas: "Iterable[PrefectureRow]",
        towns: "Iterable[Municipality]",
        children: "Iterable[Child]",
        today: date,
        **options: Any,
    ) -> None:
        super().__init__(*given, **options)
        for field in self.fields.values():
            field.sometimes = True  # type: ignore[attr-defined]  # no ※任意 at each: it is said once
        own = [(str(child.pk), _("%(child)sさん") % {"child": child.called}) for child in children]
        self.knows_age, self.today = bool(own), today
        self._offer("who", _("えらばない"), [*own, *AGES])
        self._offer("minutes", _("1時間から"), [(str(n), hours(n)) for n in LENGTHS])
        self._offer("after", _("いつでも"), CLOCKS[:-1])
        self._offer("before", _("いつでも"), CLOCKS[1:])
        others = [(str(km), _("%(km)dkmまで") % {"km": km}) for km in DISTANCES if km != USUAL]
        self._offer("km", _("%(km)dkmまで") % {"km": USUAL}, others)
        self._offer("area", _("すべて"), [(one.code, one.name) for one in areas])
        self._offer("town", _("すべて"), [(town.pk, town.name) for town in towns])
        self._offer("language", _("えらばない"), [*LANGUAGES.items()])
        self.fields["weekday"].choices = [(str(day), name) for day, name in enumerate(weekdays())]  # type: ignore[attr-defined]
        self.fields["day"].widget.attrs |= {"min": today.isoformat(), "max": (today + AHEAD).isoformat()}
        if len(self.fields["area"].choices) < 3:  # type: ignore[attr-defined]
            del self.fields["area"]

    def _offer(self, name: str, nothing: Any, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = [("", nothing), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if not (answers.get("who") or self.knows_age or "who" in self.errors) and self.timed():
            self.add_error("who", _("空きをさがすには、お子さんの年齢を えらんでください。"))
        span = answers.get("before", 24 * 60) - answers.get("after", 0)
        if span < answers.get("minutes", 0):
            self.add_error("before", _("使いたい長さが入るように、おそい時刻を えらんでください。"))
        if (day := answers.get("day")) and not self.today <= day <= self.today + AHEAD:
            self.add_error("day", _("きょうから 3か月のあいだの日を えらんでください。"))
        return answers

    def timed(self) -> bool:
        """Whether something was chosen that only an age makes sense of."""
        return any(self[name].value() for name in TIMES)

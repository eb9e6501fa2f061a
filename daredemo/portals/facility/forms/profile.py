"""What a facility says about itself to families, and what it asks for."""

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from daredemo.facilities import queries as facilities
from daredemo.portals.shared import sheets, typed
from daredemo.portals.shared.forms import (
    REQUIRED,
    DateField,
    Form,
    KanaField,
    Line,
    NameField,
    PhoneField,
    PostcodeField,
    Text,
    TimeField,
    sentence,
)
from daredemo.rules.refusal import Refused

if TYPE_CHECKING:
    from daredemo.facilities.models import Facility

MONTHS = [(6, _("6か月")), (8, _("8か月")), (10, _("10か月")), (12, _("1歳")), (24, _("2歳"))]
AGES = [(0, _("0歳")), (1, _("1歳")), (2, _("2歳"))]
USES = [("any", _("えらべる")), ("sessions", _("決まった時間だけ"))]
OPENS = [("month", _("毎月の日に、翌月の分を")), ("days", _("利用日の何日まえから"))]
CLOSES = [("hours", _("はじまりの何時間まえまで")), ("days", _("利用日の何日まえまで"))]
LENGTHS = [(hours * 60, _("%(n)d時間") % {"n": hours}) for hours in range(1, 11)]


def number(label: Any, low: int, high: int, **options: Any) -> forms.IntegerField:
    """A small number typed in digits."""
    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "w4 num", "autocomplete": "off"})
    wrong = _("%(low)dから%(high)dまでの数字で入力してください。") % {"low": low, "high": high}
    words: dict[str, Any] = {
        "required": _("入力してください。"),
        "invalid": wrong,
        "min_value": wrong,
        "max_value": wrong,
    }
    return forms.IntegerField(
        label=label, min_value=low, max_value=high, widget=widget, error_messages=words, **options
    )


class SessionsField(forms.Field):
    """「9:00〜11:00」, one a line, in any of the ways people write it → ["09:00-11:00"]."""

    widget = forms.Textarea(attrs={"rows": 3})
    line = re.compile(r"(\S+?)(?:から|[~〜−ー–-])(\S+?)(?:まで)?")
    wrong = _("1行に1つ、「9:00〜11:00」のように書いてください。")
    default_error_messages = {"required": REQUIRED}
    text, clock = Text(lines=3, required=False), TimeField()

    def to_python(self, value: Any) -> list[str]:
        lines = self.text.clean(value).splitlines()
        return sorted(self._session(line) for line in lines if line.strip())

    def _session(self, line: str) -> str:
        found = self.line.fullmatch(typed.one_line(line).replace(" ", ""))
        try:
            starts, ends = map(self.clock.clean, found.groups() if found else ("", ""))
        except ValidationError:
            starts = ends = None
        if starts is None or ends is None or starts >= ends:
            raise ValidationError(self.wrong, code="session")
        return f"{starts:%H:%M}-{ends:%H:%M}"

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(session.removeprefix("0").replace("-", "〜") for session in value)


class PlaceField(Text):
    """「34.7687, 138.0150」, as maps give it → latitude and longitude, or None."""

    wrong = _("「34.7687, 138.0150」のように、緯度と経度を数字で書いてください。")

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text.strip():
            return None
        numbers = re.fullmatch(
            r"(\d{2}(?:\.\d{1,20})?)[,、 ]+(\d{3}(?:\.\d{1,20})?)", typed.one_line(text), re.ASCII
        )
        found = tuple(round(Decimal(number), 6) for number in numbers.groups()) if numbers else (0, 0)
        if not (20 <= found[0] <= 46 and 122 <= found[1] <= 154):
            raise ValidationError(self.wrong, code="place")
        return found

    def prepare_value(self, value: Any) -> Any:
        return f"{value[0]}, {value[1]}" if isinstance(value, tuple) else value


class ProfileForm(Form):
    """Its fields are the facility's columns of the same name; three choices say which of them count."""

    name = NameField(label=_("園の名前"))
    kana = KanaField(label=_("園の名前(ふりがな)"))
    post_code = PostcodeField(label=_("郵便番号"))
    address = Line(label=_("住所"), max_length=200, help_text=_("都道府県から。例: 静岡県掛川市長谷1-1-1"))
    phone = PhoneField(label=_("電話番号"), max_length=15)
    place = PlaceField(
        label=_("地図の場所(緯度, 経度)"),
        help_text=_("ご家族が近い園をさがすときに使います。例: 34.7687, 138.0150"),
        required=False,
    )
    youngest_months = forms.TypedChoiceField(label=_("何か月から"), coerce=int, choices=MONTHS)
    oldest_age = forms.TypedChoiceField(label=_("何歳まで"), coerce=int, choices=AGES)
    lengths = forms.ChoiceField(label=_("1回の時間"), choices=USES, widget=forms.RadioSelect)
    longest_minutes = forms.TypedChoiceField(label=_("1回のいちばん長い時間"), coerce=int, choices=LENGTHS)
    sessions = SessionsField(label=_("決まった時間"), help_text=_("1行に1つ。例: 9:00〜11:00"))
    meals = forms.BooleanField(label=_("給食がある"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("日本語のほかに 話せることば"),
        required=False,
        choices=sheets.LANGUAGES.items(),
        widget=forms.CheckboxSelectMultiple,
    )
    cares = forms.MultipleChoiceField(
        label=_("受け入れの準備があること"),
        help_text=_("ご家族が園をさがすときに使います。くわしいことは面談で話します。"),
        required=False,
        choices=sheets.CARES.items(),
        widget=forms.CheckboxSelectMultiple,
    )
    about = Text(label=_("園の紹介"), lines=3, required=False)
    policy = Text(label=_("保育方針"), lines=3, required=False)
    belongings = Text(
        label=_("持ちもの"), help_text=_("1行に1つずつ書くと、読みやすくなります。"), lines=4, required=False
    )
    access = Text(label=_("行き方・駐車場"), lines=2, required=False)
    insurance = Text(
        label=_("けがと保険"), help_text=_("治療費を園の保険で対応できるか。"), lines=2, required=False
    )
    late_cancel_words = Text(
        label=_("取り消しがおそくなったときの利用料"),
        help_text=_("金額と、いつから かかるか。"),
        lines=2,
        required=False,
    )
    approval = forms.ChoiceField(
        label=_("予約の決まり方"),
        choices=facilities.Approval.choices,
        widget=forms.RadioSelect,
    )
    answer_days = number(
        _("何営業日のうちに返事をするか"), 1, 10, help_text=_("すぎると、申しこみは なかったことになります。")
    )
    opens = forms.ChoiceField(label=_("予約のはじまり"), choices=OPENS, widget=forms.RadioSelect)
    window_day = number(_("毎月 何日から"), 1, 28)
    window_days_before = number(_("何日まえから"), 0, 365)
    window_time = TimeField(label=_("はじまる時刻"))
    residents_first_days = number(
        _("市内の方が先の日数"), 0, 31, help_text=_("ほかの市町村の方は、この日数だけ おそく はじまります。")
    )
    closes = forms.ChoiceField(label=_("予約のおわり"), choices=CLOSES, widget=forms.RadioSelect)
    window_closes_hours = number(_("何時間まえまで"), 0, 336)
    window_closes_days = number(_("何日まえまで"), 0, 60)
    window_closes_time = TimeField(label=_("その日の何時まで"))

    facility: "Facility"
    today: date
    # The answer of a choice → the fields that it needs; those of the other answer are not shown.
    needs: ClassVar[dict[tuple[str, str], tuple[str, ...]]] = {
        ("opens", "month"): ("window_day",),
        ("opens", "days"): ("window_days_before",),
        ("closes", "hours"): ("window_closes_hours",),
        ("closes", "days"): ("window_closes_days", "window_closes_time"),
        ("lengths", "any"): ("longest_minutes",),
        ("lengths", "sessions"): ("sessions",),
        ("approval", "on_request"): ("answer_days",),
    }
    # The answer of a choice → the column that says that the other one was not given.
    empties: ClassVar[dict[str, dict[str, Any]]] = {
        "month": {"window_days_before": None},
        "hours": {"window_closes_days": None},
        "any": {"sessions": []},
    }

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        for name in self._left():
            self.fields[name].required = False

    def _left(self) -> list[str]:
        """The fields of answers that were not given: whatever stands in them does not count."""
        pairs = self.needs.items() if self.is_bound else ()
        return [
            name for (choice, answer), names in pairs if self.data.get(choice) != answer for name in names
        ]

    def clean_sessions(self) -> list[str]:
        sessions: list[str] = self.cleaned_data["sessions"]
        try:
            facilities.check_sessions(self.facility, sessions, self.today)
        except Refused as no:
            raise ValidationError(sentence(no), code="session") from no
        return sessions

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        youngest, oldest = answers.get("youngest_months"), answers.get("oldest_age")
        if youngest is not None and oldest is not None and youngest >= (oldest + 1) * 12:
            self.add_error("oldest_age", _("「何か月から」より大きい年れいを えらんでください。"))
        for name in self._left():
            self.errors.pop(name, None)
            answers.pop(name, None)
        if self.errors:
            return answers
        answers["latitude"], answers["longitude"] = answers.pop("place") or (None, None)
        chosen = [answers.pop(choice) for choice in ("opens", "closes", "lengths")]
        return {**answers, **{k: v for answer in chosen for k, v in self.empties.get(answer, {}).items()}}

    @classmethod
    def of(cls, facility: "Facility", data: Any, today: date) -> "ProfileForm":
        """The form as the facility stands."""
        held = {name: getattr(facility, name) for name in cls.base_fields if hasattr(facility, name)}
        if facility.latitude is not None and facility.longitude is not None:
            held["place"] = (facility.latitude, facility.longitude)
        held["opens"] = "month" if facility.window_days_before is None else "days"
        held["closes"] = "hours" if facility.window_closes_days is None else "days"
        held["lengths"] = "sessions" if facility.sessions else "any"
        form = cls(data, initial=held)
        form.facility, form.today = facility, today
        for name, choices in (("youngest_months", MONTHS), ("longest_minutes", LENGTHS)):
            held = getattr(facility, name)
            if held not in dict(choices):  # set from elsewhere: keep it choosable
                form.fields[name].choices = sorted([*choices, (held, held)])  # type: ignore[attr-defined]
        return form


class PriceForm(Form):
    yen_per_hour = number(_("利用料(1時間・円)"), 0, 10_000)
    offers_reductions = forms.BooleanField(label=_("利用料の減免をする"), required=False, initial=True)
    in_force_from = DateField(label=_("いつから"))

    def __init__(self, *given: Any, today: date, **options: Any) -> None:
        super().__init__(*given, **options)
        self.today = today

    def clean_in_force_from(self) -> date:
        return ahead(self.cleaned_data["in_force_from"], self.today)


class ExtraForm(Form):
    """実費: each line with its written reason."""

    name = Line(label=_("何の費用"), help_text=_("例: 給食費、おやつ代"), max_length=60)
    yen = number(_("1回の金額(円)"), 0, 10_000)
    reason = Line(label=_("集める理由"), help_text=_("ご家族が読みます。"), max_length=200)
    in_force_from = DateField(label=_("いつから"))

    def __init__(self, *given: Any, today: date, **options: Any) -> None:
        super().__init__(*given, **options)
        self.today = today

    def clean_in_force_from(self) -> date:
        return ahead(self.cleaned_data["in_force_from"], self.today)


def ahead(day: date, today: date) -> date:
    """Prices are told before they count."""
    if day < today:
        raise ValidationError(_("きょうか、それよりあとの日にしてください。"), code="past")
    return day
